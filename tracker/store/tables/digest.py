"""The weekly mail: how far each week has come, and what its editors did to it. Nobody's content but the editors'."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.words import EditKind
from tracker.store.columns import UtcDateTime, ulid, words
from tracker.store.tables.base import Base, Closed


class DigestWeek(Base):
    """The digest of one ISO week: when its draft was opened, who approved it, when its sending began.

    Unapproved, it goes only to readers inside.
    """

    __tablename__ = "digest_week"
    __seen__ = Closed()

    week: Mapped[str] = mapped_column(String(8), primary_key=True)
    drafted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_by_id: Mapped[str | None] = mapped_column(ForeignKey("app_user.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    queued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DigestEdit(Base):
    """One thing that an editor did to a week's digest; appended, never altered. What holds is their sum."""

    __tablename__ = "digest_edit"
    __seen__ = Closed()

    week: Mapped[str] = mapped_column(ForeignKey("digest_week.week"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[EditKind] = mapped_column(words(EditKind, "digest_edit_kind"))
    alert_id: Mapped[str | None] = mapped_column(ulid(), ForeignKey("alert.id"))
    lead: Mapped[str | None] = mapped_column(Text)
    editor_id: Mapped[str] = mapped_column(ForeignKey("app_user.id"))
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime)
