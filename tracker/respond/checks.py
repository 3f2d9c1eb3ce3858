"""When one has to ask what came of what was done: of responses, never of actions that are only steps."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from tracker.domain.words import Level
from tracker.respond.policy import Policy
from tracker.respond.steps import level_of
from tracker.store import ViewerSession
from tracker.store.reads.actions import DoneAction, done_actions
from tracker.store.reads.alerts import AlertFilter, AlertRow, alerts

_AT_ONCE = 500


@dataclass(frozen=True)
class OutcomeCheck:
    """That one has to ask at an instant (UTC) what came of an action of a kind, done about an alert."""

    alert: AlertRow
    kind: str
    due_at: datetime


def checks_of(
    view: ViewerSession, rows: Iterable[AlertRow], policy: Policy, done: tuple[datetime, datetime]
) -> list[OutcomeCheck]:
    """Return what one has to ask next about some alerts, of what was done between two instants (UTC)."""
    heads = {row.id: row for row in rows}
    actions = done_actions(view, policy.vocabulary.responses, done, heads)
    return list(_checks(heads.values(), actions, policy))


def checks_due(
    view: ViewerSession, policy: Policy, first: datetime, last: datetime, known_by: datetime | None = None
) -> list[OutcomeCheck]:
    """Return what one has to ask from one instant to another (UTC), both included, about alerts in any state.

    What was done or told from `known_by` on is left out.
    """
    window = policy.deadlines.done_between(first, last)
    done = [
        action
        for action in done_actions(view, policy.vocabulary.responses, window, known_by=known_by)
        if any(_is_within(_due(policy, level, action), first, last) for level in Level)
    ]
    rows = _rows(view, sorted({action.alert_id for action in done}))
    return [check for check in _checks(rows, done, policy) if first <= check.due_at <= last]


def _checks(rows: Iterable[AlertRow], done: Iterable[DoneAction], policy: Policy) -> Iterator[OutcomeCheck]:
    heads = {row.id: row for row in rows}
    for action in done:
        if head := heads.get(action.alert_id):
            due_at = _due(policy, level_of(head), action)
            if due_at is not None:
                yield OutcomeCheck(head, action.kind, due_at)


def _due(policy: Policy, level: Level, action: DoneAction) -> datetime | None:
    return policy.deadlines.check_due_at(level, action.done_at, action.told_at)


def _is_within(at: datetime | None, first: datetime, last: datetime) -> bool:
    return at is not None and first <= at <= last


def _rows(view: ViewerSession, ids: list[str]) -> Iterator[AlertRow]:
    for start in range(0, len(ids), _AT_ONCE):
        some = tuple(ids[start : start + _AT_ONCE])
        yield from alerts(view, AlertFilter(open_only=False, ids=some), limit=len(some))
