"""What the doctor asks the database itself."""

from datetime import datetime

from sqlalchemy import func, select, text

from tracker.store.session import SystemSession
from tracker.store.tables import Item


def database_fault(work: SystemSession) -> str | None:
    """Return what SQLite finds wrong in its own file, with the mend; None where nothing, and on PostgreSQL."""
    if work.get_bind().dialect.name != "sqlite":
        return None
    said = str(work.scalar(text("PRAGMA quick_check(1)")))
    return None if said == "ok" else f"The database file is damaged ({said}). Restore the last backup."


def oldest_pending(work: SystemSession) -> datetime | None:
    """Return when the oldest item that no tagger has read came in; None where none waits."""
    return work.scalar(
        select(func.min(Item.fetched_at)).where(Item.tagged_with == 0, Item.hidden_at.is_(None))
    )
