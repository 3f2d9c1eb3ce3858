"""Alerts as a viewer may see them: the list, and everything on the page of one."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from tracker.domain.chain import Chain, Milestone, chain_of
from tracker.domain.life import OPEN_STATES
from tracker.domain.words import (
    AlertState,
    Confidence,
    Credibility,
    DecisionKind,
    HowKnown,
    Level,
    Likelihood,
    MilestoneKind,
    Tlp,
    Verification,
)
from tracker.errors import NotFoundError
from tracker.store.reads.inbox import SignalRow, signal_rows, weeks_since
from tracker.store.session import ViewerSession
from tracker.store.tables import (
    Alert,
    AlertSignal,
    Brief,
    Check,
    Decision,
    Delivery,
    History,
    Lesson,
    MilestoneFact,
    Outcome,
    ReleaseLine,
    Signal,
)
from tracker.store.tables.base import LabelledRow


@dataclass(frozen=True)
class AlertRow:
    """One alert in a list. `raised` holds level and attachment of each signal that the viewer may see."""

    id: str
    ref: str
    country: str
    theme: str
    state: AlertState
    verification: Verification
    owner_id: str | None
    opened_at: datetime
    closed_at: datetime | None
    merged_into: str | None
    revision: int
    raised: tuple[tuple[Level, datetime], ...]
    tlp: tuple[Tlp, ...]
    source_count: int
    chain: Chain


@dataclass(frozen=True)
class AlertFilter:
    """Which alerts a list shows; None means any.

    With `reached`, those that got to a milestone, without the merged and dismissed ones: figures count them apart.
    """

    open_only: bool = True
    country: str | None = None
    theme: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    ids: tuple[str, ...] | None = None
    reached: MilestoneKind | None = None


def alerts(view: ViewerSession, wanted: AlertFilter, limit: int = 50, offset: int = 0) -> list[AlertRow]:
    """Return alerts, newest first, each with its visible signals and its chain: three queries in all."""
    rows = select(Alert)
    if wanted.open_only:
        rows = rows.where(Alert.state.in_(OPEN_STATES))
    if wanted.country:
        rows = rows.where(Alert.country == wanted.country)
    if wanted.theme:
        rows = rows.where(Alert.theme == wanted.theme)
    if wanted.since:
        rows = rows.where(Alert.opened_at >= wanted.since)
    if wanted.until:
        rows = rows.where(Alert.opened_at < wanted.until)
    if wanted.ids is not None:
        rows = rows.where(Alert.id.in_(wanted.ids))
    if wanted.reached:
        got = select(MilestoneFact.alert_id).where(MilestoneFact.kind == wanted.reached)
        apart = (AlertState.MERGED, AlertState.DISMISSED)
        rows = rows.where(Alert.id.in_(got), Alert.state.not_in(apart))
    rows = rows.order_by(Alert.opened_at.desc(), Alert.id.desc()).limit(limit).offset(offset)
    return _with_chains(view, view.scalars(rows).all())


def alert(view: ViewerSession, alert_id: str) -> AlertRow:
    """Return one alert.

    Raises:
        NotFoundError: there is none for this viewer.
    """
    found = _with_chains(view, view.scalars(select(Alert).where(Alert.id == alert_id)).all())
    if not found:
        raise NotFoundError("alert", alert_id)
    return found[0]


def open_alert_count(view: ViewerSession) -> int:
    """Return how many alerts are open."""
    rows = select(func.count()).select_from(Alert).where(Alert.state.in_(OPEN_STATES))
    return view.scalar(rows) or 0


def _with_chains(view: ViewerSession, rows: Iterable[Alert]) -> list[AlertRow]:
    found = list(rows)
    ids = [row.id for row in found]
    raised: dict[str, list[tuple[Level, datetime, Tlp, int]]] = defaultdict(list)
    signals = (
        select(AlertSignal.alert_id, Signal.level, AlertSignal.attached_at, Signal.tlp, Signal.source_count)
        .join(Signal, Signal.id == AlertSignal.signal_id)
        .where(AlertSignal.alert_id.in_(ids))
    )
    for alert_id, level, at, tlp, source_count in view.execute(signals):
        raised[alert_id].append((level, at, tlp, source_count))
    chains = chains_of(view, ids)
    return [_alert_row(row, raised[row.id], chains[row.id]) for row in found]


def _alert_row(row: Alert, raised: list[tuple[Level, datetime, Tlp, int]], chain: Chain) -> AlertRow:
    return AlertRow(
        id=row.id,
        ref=row.ref,
        country=row.country,
        theme=row.theme,
        state=row.state,
        verification=row.verification,
        owner_id=row.owner_id,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        merged_into=row.merged_into,
        revision=row.revision,
        raised=tuple((level, at) for level, at, _, _ in raised),
        tlp=tuple({tlp for _, _, tlp, _ in raised}),
        source_count=max((count for *_, count in raised), default=0),
        chain=chain,
    )


def chains_of(view: ViewerSession, alert_ids: list[str]) -> dict[str, Chain]:
    """Return the chain of each alert from the milestones that the viewer may see."""
    facts: dict[str, list[Milestone]] = defaultdict(list)
    rows = select(
        MilestoneFact.alert_id,
        MilestoneFact.kind,
        MilestoneFact.happened_at,
        MilestoneFact.learned_at,
        MilestoneFact.told_by,
        MilestoneFact.how_known,
    ).where(MilestoneFact.alert_id.in_(alert_ids))
    for alert_id, kind, happened_at, learned_at, told_by, how_known in view.execute(rows):
        facts[alert_id].append(Milestone(kind, happened_at, learned_at, told_by, how_known))
    return {alert_id: chain_of(facts[alert_id]) for alert_id in alert_ids}


def signal_labels(view: ViewerSession, alert_id: str) -> list[Tlp]:
    """Return the labels of an alert's visible signals: what a text about it rests on."""
    rows = (
        select(Signal.tlp)
        .join(AlertSignal, AlertSignal.signal_id == Signal.id)
        .where(AlertSignal.alert_id == alert_id)
        .distinct()
    )
    return list(view.scalars(rows))


@dataclass(frozen=True)
class BriefRow:
    """A version of the brief. `options` hold what, owner and by, in words; `claims` what, who and grade."""

    id: str
    number: int
    frozen_at: datetime | None
    tlp: Tlp
    headline: str
    bottom_line: str
    why_now: str
    outlook: Likelihood
    confidence: Confidence
    would_change_our_mind: str
    options: tuple[dict[str, Any], ...]
    claims: tuple[dict[str, str], ...]
    decision_needed_by: datetime
    written_at: datetime
    revision: int


def brief_row(row: Brief) -> BriefRow:
    """Turn a brief into the value that pages show."""
    return BriefRow(
        id=row.id,
        number=row.number,
        frozen_at=row.frozen_at,
        tlp=row.tlp,
        headline=row.headline,
        bottom_line=row.bottom_line,
        why_now=row.why_now,
        outlook=row.outlook,
        confidence=row.confidence,
        would_change_our_mind=row.would_change_our_mind,
        options=tuple(row.options),
        claims=tuple(row.claims),
        decision_needed_by=row.decision_needed_by,
        written_at=row.written_at,
        revision=row.revision,
    )


@dataclass(frozen=True)
class DeliveryRow:
    """A brief in somebody's hands, and what they answered."""

    id: str
    brief_id: str
    recipient_id: str
    delivered_at: datetime
    answer: str | None
    answered_at: datetime | None
    reason: str | None
    review_on: date | None


@dataclass(frozen=True)
class DecisionRow:
    """A decision, with who made it and how we know."""

    id: str
    kind: DecisionKind
    decided_by: str
    how_known: HowKnown
    decided_at: datetime
    recorded_at: datetime
    reason: str | None
    note: str | None
    review_on: date | None
    reviewed_at: datetime | None
    tlp: Tlp


@dataclass(frozen=True)
class CheckRow:
    """An attempt to verify."""

    verification: Verification
    credibility: Credibility
    method: str
    note: str | None
    checked_at: datetime
    tlp: Tlp


@dataclass(frozen=True)
class OutcomeRow:
    """What came of an action, and whose claim that is."""

    action_id: str
    result: str
    note: str
    claimed_by: str
    how_known: HowKnown
    happened_at: datetime
    tlp: Tlp


@dataclass(frozen=True)
class LineRow:
    """A release line in force."""

    id: str
    line: str
    consent: str
    tlp: Tlp
    approved_by_id: str
    approved_at: datetime


@dataclass(frozen=True)
class HistoryRow:
    """One change, as the history shows it."""

    subject: str
    deed: str
    from_state: str | None
    to_state: str | None
    reason: str | None
    note: str | None
    actor: str
    happened_at: datetime
    learned_at: datetime


@dataclass(frozen=True)
class AlertFile:
    """All that one viewer may see of one alert; `since` is what `weeks_since` tells of its signals."""

    alert: AlertRow
    signals: list[SignalRow] = field(default_factory=list)
    since: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    briefs: list[BriefRow] = field(default_factory=list)
    deliveries: list[DeliveryRow] = field(default_factory=list)
    decisions: list[DecisionRow] = field(default_factory=list)
    outcomes: list[OutcomeRow] = field(default_factory=list)
    lessons: list[str] = field(default_factory=list)
    checks: list[CheckRow] = field(default_factory=list)
    lines: list[LineRow] = field(default_factory=list)
    history: list[HistoryRow] = field(default_factory=list)


def alert_file(view: ViewerSession, alert_id: str) -> AlertFile:
    """Return everything on the page of one alert but its items and actions, which have reads of their own.

    Raises:
        NotFoundError: there is none for this viewer.
    """
    signals = _signals(view, alert_id)
    return AlertFile(
        alert=alert(view, alert_id),
        signals=signals,
        since=weeks_since(view, signals),
        briefs=[brief_row(row) for row in _newest(view, Brief, alert_id, Brief.number)],
        deliveries=[_copied(DeliveryRow, row) for row in _newest(view, Delivery, alert_id)],
        decisions=decisions_of(view, alert_id),
        outcomes=[_copied(OutcomeRow, row) for row in _newest(view, Outcome, alert_id)],
        lessons=[row.note for row in _newest(view, Lesson, alert_id)],
        checks=[_copied(CheckRow, row) for row in _newest(view, Check, alert_id)],
        lines=[_copied(LineRow, row) for row in _newest(view, ReleaseLine, alert_id)],
        history=[_copied(HistoryRow, row) for row in _newest(view, History, alert_id)],
    )


def decisions_of(view: ViewerSession, alert_id: str) -> list[DecisionRow]:
    """Return the decisions about an alert, the last one recorded first."""
    return [_copied(DecisionRow, row) for row in _newest(view, Decision, alert_id)]


def _signals(view: ViewerSession, alert_id: str) -> list[SignalRow]:
    rows = (
        select(Signal)
        .join(AlertSignal, AlertSignal.signal_id == Signal.id)
        .where(AlertSignal.alert_id == alert_id)
        .order_by(Signal.flagged_at.desc(), Signal.id)
        .limit(100)
    )
    return signal_rows(view, rows)


def _newest(view: ViewerSession, table: Any, alert_id: str, by: Any = None) -> Iterable[Any]:
    order = table.id if by is None else by
    rows = select(table).where(table.alert_id == alert_id).order_by(order.desc()).limit(200)
    return view.scalars(rows)


def _copied(kind: Any, row: LabelledRow) -> Any:
    return kind(**{name: getattr(row, name) for name in kind.__dataclass_fields__})
