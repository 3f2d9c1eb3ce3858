"""What a person may see of signals and actions that notices tell of: whether each still waits, and by when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from tracker.domain.words import InboxState, Level
from tracker.store.reads.actions import UNFINISHED
from tracker.store.session import ViewerSession
from tracker.store.tables import Action, Signal


@dataclass(frozen=True)
class SignalSeen:
    """A signal's level, whether it waits in the inbox, and by when it is to be looked at (UTC)."""

    level: Level
    waits: bool
    due_at: datetime


def signals_seen(view: ViewerSession, ids: Iterable[str]) -> dict[str, SignalSeen]:
    """Return these signals, as far as the viewer may see them."""
    rows = select(Signal.id, Signal.level, Signal.inbox_state, Signal.inbox_due_at).where(
        Signal.id.in_(set(ids))
    )
    return {
        id_: SignalSeen(level, state is InboxState.WAITING, due_at)
        for id_, level, state, due_at in view.execute(rows)
    }


def actions_to_do(view: ViewerSession, ids: Iterable[str]) -> dict[str, date]:
    """Return the day on which each of these actions is due, if it is unfinished and the viewer may see it."""
    rows = select(Action.id, Action.due_on).where(Action.id.in_(set(ids)), Action.status.in_(UNFINISHED))
    return {id_: day for id_, day in view.execute(rows)}
