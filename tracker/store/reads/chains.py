"""Chains of alerts in codes and instants, never in words: what every figure is computed from."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from tracker.domain.labels import highest
from tracker.domain.life import OPEN_STATES
from tracker.domain.words import AlertState, DecisionKind, HowKnown, Level, MilestoneKind, Verification
from tracker.store.session import ViewerSession
from tracker.store.tables import Alert, Decision, MilestoneFact, Signal


@dataclass(frozen=True)
class Decided:
    """A decision: its kind, when it was made, the code of its reason, and whether its review was kept.

    A review is kept while its day has not come, and once somebody looked; None where none was asked for.
    """

    kind: DecisionKind
    at: datetime
    reason: str | None = None
    review_on: date | None = None
    reviewed: bool = False


@dataclass(frozen=True)
class AlertChain:
    """One alert's chain: when each milestone was first reached and how we know, and what it was raised by.

    `decisions` are oldest first; `source_count` is the most independent sources under one of its signals.
    """

    alert_id: str
    state: AlertState
    owner_id: str | None
    opened_at: datetime
    raised: tuple[tuple[Level, datetime], ...]
    reached: Mapping[MilestoneKind, datetime]
    closed_at: datetime | None = None
    closed_because: str | None = None
    country: str = ""
    theme: str = ""
    verification: Verification = Verification.UNVERIFIED
    source_count: int = 0
    known: Mapping[MilestoneKind, HowKnown] = field(default_factory=dict)
    decisions: tuple[Decided, ...] = ()

    @property
    def level(self) -> Level | None:
        """The highest level that it was raised at; None where the viewer sees none."""
        return highest(level for level, _ in self.raised) if self.raised else None


class _Themed(Protocol):
    @property
    def country(self) -> str: ...
    @property
    def theme(self) -> str: ...
    @property
    def level(self) -> Level | None: ...


@dataclass(frozen=True)
class ChainFilter:
    """Which chains: of alerts opened from an instant on and before another (UTC); None means any.

    `level` is the highest among the signals that the viewer may see.
    """

    since: datetime | None
    until: datetime
    country: str | None = None
    theme: str | None = None
    level: Level | None = None

    def is_about(self, what: _Themed) -> bool:
        """Return whether an alert or a signal is of the country, the theme and the level asked for."""
        asked = ((self.country, what.country), (self.theme, what.theme), (self.level, what.level))
        return all(want is None or want == has for want, has in asked)

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what an alert must meet; a merged one never does."""
        wanted = [Alert.opened_at < self.until, Alert.state != AlertState.MERGED]
        if self.since is not None:
            wanted.append(Alert.opened_at >= self.since)
        return wanted + self.about(Alert)

    def about(self, table: Any) -> list[ColumnElement[bool]]:
        """Return what a row of any table must meet to be of the country and the theme asked for."""
        asked = ((table.country, self.country), (table.theme, self.theme))
        return [column == want for column, want in asked if want is not None]


def chains_since(
    view: ViewerSession, since: datetime, until: datetime, known_by: datetime | None = None
) -> list[AlertChain]:
    """Return the chains of the alerts opened in a period, merged ones left out: four queries.

    With `known_by`, only what was known before that instant counts.
    """
    return chains(view, ChainFilter(since, until), known_by)


def open_chains(view: ViewerSession, opened_before: datetime, at: datetime) -> list[AlertChain]:
    """Return the chains of the alerts opened before an instant that were still open at another."""
    still_open = or_(Alert.state.in_(OPEN_STATES), Alert.closed_at >= at)
    return _chains(view, [*ChainFilter(None, opened_before).conditions(), still_open], at)


def chains(view: ViewerSession, wanted: ChainFilter, known_by: datetime | None = None) -> list[AlertChain]:
    """Return chains: four queries, whatever their number. With `known_by`, of what was known before then."""
    found = _chains(view, wanted.conditions(), known_by)
    return found if wanted.level is None else [each for each in found if each.level is wanted.level]


_HEAD = (
    Alert.id,
    Alert.state,
    Alert.owner_id,
    Alert.opened_at,
    Alert.closed_at,
    Alert.closed_because,
    Alert.country,
    Alert.theme,
    Alert.verification,
)


_REACHED_BY_PEOPLE = (
    MilestoneKind.VERIFIED,
    MilestoneKind.DELIVERED,
    MilestoneKind.DECIDED,
    MilestoneKind.FIRST_RESPONSE,
    MilestoneKind.OUTCOME,
)
_BY_NAME = 500
"""Up to so many alerts are named in a statement: databases take a limited number of parameters."""


def _chains(
    view: ViewerSession, of: list[ColumnElement[bool]], known_by: datetime | None
) -> list[AlertChain]:
    heads = view.execute(select(*_HEAD).where(*of)).all()
    if not heads:
        return []
    ids = [head.id for head in heads]
    raised: dict[str, list[tuple[Level, datetime]]] = defaultdict(list)
    sources: dict[str, int] = defaultdict(int)
    for alert_id, level, count, at in view.execute(_signals_of(ids, known_by)):
        raised[alert_id].append((level, at))
        sources[alert_id] = max(count, sources[alert_id])
    reached: dict[str, dict[MilestoneKind, datetime]] = defaultdict(dict)
    known: dict[str, dict[MilestoneKind, HowKnown]] = defaultdict(dict)
    for alert_id, kind, at, how in view.execute(_facts_of(ids, known_by)):
        if kind not in reached[alert_id]:
            reached[alert_id][kind] = at
            known[alert_id][kind] = how
    decisions: dict[str, list[Decided]] = defaultdict(list)
    for alert_id, kind, at, reason, review_on, reviewed_at in view.execute(_decisions_of(ids, known_by)):
        decisions[alert_id].append(Decided(kind, at, reason, review_on, reviewed_at is not None))
    return [
        AlertChain(
            alert_id=head.id,
            state=head.state,
            owner_id=head.owner_id,
            opened_at=head.opened_at,
            raised=tuple(raised[head.id]),
            reached=reached[head.id],
            closed_at=head.closed_at,
            closed_because=head.closed_because,
            country=head.country,
            theme=head.theme,
            verification=head.verification,
            source_count=sources[head.id],
            known=known[head.id],
            decisions=tuple(decisions[head.id]),
        )
        for head in heads
    ]


def of_alerts(alert_id: InstrumentedAttribute[Any], ids: Sequence[str]) -> ColumnElement[bool]:
    """Return a condition that holds for all rows of these alerts, and of many for rows of others between them too.

    Ids grow with time, so of a period they are a stretch; who reads drops what belongs to no alert of theirs.
    """
    if len(ids) <= _BY_NAME:
        return alert_id.in_(ids)
    return alert_id.between(min(ids), max(ids))


def _signals_of(ids: Sequence[str], known_by: datetime | None) -> Select[*tuple[Any, ...]]:
    """When a signal of each level first joined, by the milestone that says so: both carry their own label."""
    rows = (
        select(
            MilestoneFact.alert_id,
            Signal.level,
            func.max(Signal.source_count),
            func.min(MilestoneFact.happened_at),
        )
        .join(Signal, Signal.id == MilestoneFact.fact_id)
        .where(of_alerts(MilestoneFact.alert_id, ids), MilestoneFact.kind == MilestoneKind.ALERTED)
        .group_by(MilestoneFact.alert_id, Signal.level)
    )
    return rows if known_by is None else rows.where(MilestoneFact.happened_at < known_by)


def _facts_of(ids: Sequence[str], known_by: datetime | None) -> Select[*tuple[Any, ...]]:
    """What people did, the first of each kind first."""
    rows = (
        select(MilestoneFact.alert_id, MilestoneFact.kind, MilestoneFact.happened_at, MilestoneFact.how_known)
        .where(of_alerts(MilestoneFact.alert_id, ids), MilestoneFact.kind.in_(_REACHED_BY_PEOPLE))
        .order_by(MilestoneFact.happened_at, MilestoneFact.learned_at, MilestoneFact.id)
    )
    return rows if known_by is None else rows.where(MilestoneFact.learned_at < known_by)


def _decisions_of(ids: Sequence[str], known_by: datetime | None) -> Select[*tuple[Any, ...]]:
    rows = (
        select(
            Decision.alert_id,
            Decision.kind,
            Decision.decided_at,
            Decision.reason,
            Decision.review_on,
            Decision.reviewed_at,
        )
        .where(of_alerts(Decision.alert_id, ids))
        .order_by(Decision.decided_at, Decision.id)
    )
    return rows if known_by is None else rows.where(Decision.recorded_at < known_by)
