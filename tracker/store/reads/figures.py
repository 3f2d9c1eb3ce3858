"""What figures and the digest are made from besides chains: counts and dated facts, in codes, never in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select

from tracker.domain.words import (
    ActionStatus,
    AlertState,
    DecisionKind,
    InboxState,
    OutcomeResult,
    SourceKind,
    SourceState,
)
from tracker.store.reads.chains import ChainFilter
from tracker.store.session import ViewerSession
from tracker.store.tables import (
    Action,
    Alert,
    Decision,
    Outcome,
    ReleaseLine,
    Signal,
    Source,
)


def signal_counts(
    view: ViewerSession, since: datetime, until: datetime, about: ChainFilter | None = None
) -> tuple[int, int]:
    """Return how many signals were flagged in a period, and how many of them a person or the machine settled.

    With `about`, those of its country, theme and level.
    """
    rows = select(Signal.inbox_state, func.count()).where(
        Signal.flagged_at >= since, Signal.flagged_at < until, *_about(about)
    )
    rows = rows.group_by(Signal.inbox_state)
    counts = {state: count for state, count in view.execute(rows)}
    return sum(counts.values()), sum(counts.values()) - counts.get(InboxState.WAITING, 0)


def _about(wanted: ChainFilter | None) -> list[ColumnElement[bool]]:
    if wanted is None:
        return []
    level = [] if wanted.level is None else [Signal.level == wanted.level]
    return [*wanted.about(Signal), *level]


@dataclass(frozen=True)
class ReleasedLine:
    """A release line as those outside the analysts' circle see it."""

    id: str
    alert_id: str
    country: str | None
    line: str
    tlp: str
    approved_at: datetime


def release_lines(view: ViewerSession, since: datetime | None = None, limit: int = 100) -> list[ReleasedLine]:
    """Return release lines, newest first."""
    rows = select(ReleaseLine).order_by(ReleaseLine.approved_at.desc(), ReleaseLine.id.desc()).limit(limit)
    if since is not None:
        rows = rows.where(ReleaseLine.approved_at >= since)
    return [
        ReleasedLine(row.id, row.alert_id, row.country, row.line, row.tlp, row.approved_at)
        for row in view.scalars(rows)
    ]


def lines_of(view: ViewerSession, alert_ids: Iterable[str]) -> dict[str, str]:
    """Return the newest release line of each alert that has one."""
    rows = (
        select(ReleaseLine.alert_id, ReleaseLine.line)
        .where(ReleaseLine.alert_id.in_(list(alert_ids)))
        .order_by(ReleaseLine.approved_at, ReleaseLine.id)
    )
    return {alert_id: line for alert_id, line in view.execute(rows)}


@dataclass(frozen=True)
class DecidedFact:
    """A decision that became known: its kind, the code of its reason, the day to look again (UTC)."""

    alert_id: str
    kind: DecisionKind
    reason: str | None
    review_on: date | None


def decisions_between(view: ViewerSession, since: datetime, until: datetime) -> list[DecidedFact]:
    """Return the decisions recorded in a period, oldest first."""
    rows = (
        select(Decision.alert_id, Decision.kind, Decision.reason, Decision.review_on)
        .where(Decision.recorded_at >= since, Decision.recorded_at < until)
        .order_by(Decision.id)
    )
    return [DecidedFact(*row) for row in view.execute(rows)]


@dataclass(frozen=True)
class ActedFact:
    """An action that was started or done: the code of its kind, and its status."""

    alert_id: str
    kind: str
    status: ActionStatus


def actions_between(view: ViewerSession, since: datetime, until: datetime) -> list[ActedFact]:
    """Return the actions started or done in a period, oldest first."""
    started = (Action.started_at >= since) & (Action.started_at < until)
    done = (Action.done_at >= since) & (Action.done_at < until)
    rows = select(Action.alert_id, Action.kind, Action.status).where(or_(started, done)).order_by(Action.id)
    return [ActedFact(*row) for row in view.execute(rows)]


def outcomes_between(
    view: ViewerSession, since: datetime, until: datetime
) -> list[tuple[str, OutcomeResult]]:
    """Return alert and result of the outcomes recorded in a period, oldest first."""
    rows = (
        select(Outcome.alert_id, Outcome.result)
        .where(Outcome.recorded_at >= since, Outcome.recorded_at < until)
        .order_by(Outcome.id)
    )
    return [(alert_id, result) for alert_id, result in view.execute(rows)]


def closed_between(view: ViewerSession, since: datetime, until: datetime) -> list[str]:
    """Return the alerts closed in a period, oldest first."""
    rows = (
        select(Alert.id)
        .where(Alert.state == AlertState.CLOSED, Alert.closed_at >= since, Alert.closed_at < until)
        .order_by(Alert.closed_at, Alert.id)
    )
    return list(view.scalars(rows))


@dataclass(frozen=True)
class Blindness:
    """What could not be seen: feeds that fail and partners from whom nothing came, each of how many."""

    failing: int
    feeds: int
    silent: int
    partners: int


def blindness(view: ViewerSession, silent_since: datetime) -> Blindness:
    """Count failing feeds and silent partners among the sources in use."""
    rows = select(Source.kind, Source.state, Source.last_ok_at).where(Source.state != SourceState.DISABLED)
    found = list(view.execute(rows))
    feeds = [state for kind, state, _ in found if kind is SourceKind.FEED]
    heard = [last for kind, _, last in found if kind is SourceKind.PARTNER]
    silent = sum(1 for last in heard if last is None or last < silent_since)
    return Blindness(feeds.count(SourceState.FAILING), len(feeds), silent, len(heard))
