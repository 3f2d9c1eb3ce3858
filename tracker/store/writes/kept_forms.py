"""What people had typed when their sign-in ended: kept sealed for them, by form, until they sent it or it is old."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from tracker.store.session import SystemSession
from tracker.store.tables import KeptForm


@dataclass(frozen=True)
class KeptBox:
    """What was in the fields of a form, sealed, and when it was kept (UTC)."""

    box: bytes
    kept_at: datetime


def keep(work: SystemSession, user_id: str, form: str, box: bytes) -> None:
    """Keep what somebody typed into a form, in place of what was kept of it before."""
    drop(work, user_id, form)
    work.add(KeptForm(user_id=user_id, form=form, box=box, kept_at=work.now))


def drop(work: SystemSession, user_id: str, form: str) -> None:
    """Forget what was kept of a form."""
    work.execute(delete(KeptForm).where(KeptForm.user_id == user_id, KeptForm.form == form))


def kept_for(work: SystemSession, user_id: str) -> dict[str, KeptBox]:
    """Return what is kept for a person, by form."""
    rows = select(KeptForm).where(KeptForm.user_id == user_id)
    return {row.form: KeptBox(row.box, row.kept_at) for row in work.scalars(rows)}
