"""Actions as a viewer may see them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from tracker.domain.words import ActionStatus, Tlp
from tracker.errors import NotFoundError
from tracker.store.session import ViewerSession
from tracker.store.tables import Action

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


def _row(row: Action) -> ActionRow:
    return ActionRow(**{name: getattr(row, name) for name in ActionRow.__dataclass_fields__})
