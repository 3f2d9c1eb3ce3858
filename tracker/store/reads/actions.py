"""Actions as a viewer may see them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from tracker.domain.words import ActionStatus, Tlp
from tracker.errors import NotFoundError
from tracker.store.session import ViewerSession
from tracker.store.tables import Action, Outcome

UNFINISHED = (
    ActionStatus.PROPOSED,
    ActionStatus.AGREED,
    ActionStatus.UNDER_WAY,
    ActionStatus.BLOCKED,
)


@dataclass(frozen=True)
class ActionRow:
    """One action. `due_on` is a day in UTC."""

    id: str
    alert_id: str
    kind: str
    title: str
    owner: str
    owner_org: str | None
    due_on: date
    status: ActionStatus
    cause: str | None
    evidence: str | None
    created_at: datetime
    started_at: datetime | None
    done_at: datetime | None
    tlp: Tlp
    country: str | None
    revision: int


def alert_of(view: ViewerSession, action_id: str) -> str:
    """Return the alert that an action belongs to.

    Raises:
        NotFoundError: there is no such action for this viewer.
    """
    found = view.scalar(select(Action.alert_id).where(Action.id == action_id))
    if found is None:
        raise NotFoundError("action", action_id)
    return found


def actions_of(view: ViewerSession, alert_id: str) -> list[ActionRow]:
    """Return the actions of an alert, oldest first."""
    rows = select(Action).where(Action.alert_id == alert_id).order_by(Action.id).limit(200)
    return [_row(row) for row in view.scalars(rows)]


def unfinished_actions(view: ViewerSession, limit: int = 50) -> list[ActionRow]:
    """Return actions that are not done, the longest overdue first."""
    rows = select(Action).where(Action.status.in_(UNFINISHED)).order_by(Action.due_on, Action.id).limit(limit)
    return [_row(row) for row in view.scalars(rows)]


def unfinished_count(view: ViewerSession) -> int:
    """Return how many actions are not done."""
    rows = select(func.count()).select_from(Action).where(Action.status.in_(UNFINISHED))
    return view.scalar(rows) or 0


@dataclass(frozen=True)
class DoneAction:
    """An action that was done, and when each of its outcomes was recorded, UTC."""

    id: str
    alert_id: str
    kind: str
    done_at: datetime
    told_at: tuple[datetime, ...]


def done_actions(
    view: ViewerSession,
    kinds: Collection[str],
    done: tuple[datetime, datetime],
    alert_ids: Collection[str] | None = None,
    known_by: datetime | None = None,
) -> list[DoneAction]:
    """Return the actions of some kinds done from one instant to another, both included, oldest first.

    Every one of them, so that no outcome goes unasked; `alert_ids` limits them to some alerts. What was done or told
    from `known_by` on is left out.
    """
    wanted = [Action.status == ActionStatus.DONE, Action.kind.in_(kinds), Action.done_at.between(*done)]
    if alert_ids is not None:
        wanted.append(Action.alert_id.in_(alert_ids))
    if known_by is not None:
        wanted.append(Action.done_at < known_by)
    rows = select(Action.id, Action.alert_id, Action.kind, Action.done_at).where(*wanted)
    outcomes = (
        select(Outcome.action_id, Outcome.recorded_at)
        .join(Action, Action.id == Outcome.action_id)
        .where(*wanted)
    )
    if known_by is not None:
        outcomes = outcomes.where(Outcome.recorded_at < known_by)
    told: dict[str, list[datetime]] = defaultdict(list)
    for action_id, at in view.execute(outcomes):
        told[action_id].append(at)
    return [
        DoneAction(id_, alert_id, kind, done_at, tuple(told[id_]))
        for id_, alert_id, kind, done_at in view.execute(rows.order_by(Action.done_at, Action.id))
        if done_at is not None
    ]


def _row(row: Action) -> ActionRow:
    return ActionRow(**{name: getattr(row, name) for name in ActionRow.__dataclass_fields__})
