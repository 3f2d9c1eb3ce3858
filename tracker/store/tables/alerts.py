"""What people work on, the signals under it, its history and its chain."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.words import AlertState, Credibility, HowKnown, Level, MilestoneKind, Verification
from tracker.store.columns import UtcDateTime, ulid, words
from tracker.store.tables.base import Base, Child, Labelled, LabelledRow


class Alert(Base):
    """One country, one theme. It has no label: it exists for who may see one of its signals.

    It carries codes and dates only; words about it stand in labelled rows. `level` is the highest of all
    its signals and serves the deadline job; a page shows the highest among those its viewer may see.
    """

    __tablename__ = "alert"
    __seen__ = (Child(key="id", of="AlertSignal", parent_key="alert_id"),)
    __table_args__ = (
        Index(
            "uq_alert_open_key",
            "open_key",
            unique=True,
            sqlite_where=text("open_key IS NOT NULL"),
            postgresql_where=text("open_key IS NOT NULL"),
        ),
        Index(None, "state", "opened_at"),
        Index(None, "country", "opened_at"),
        Index(None, "opened_at"),
        Index(None, "verify_due_at"),
        Index(None, "decide_due_at"),
        Index(None, "respond_due_at"),
    )

    id: Mapped[str] = mapped_column(ulid(), primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    country: Mapped[str] = mapped_column(String(3))
    theme: Mapped[str] = mapped_column(String(32))
    open_key: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[AlertState] = mapped_column(words(AlertState, "alert_state"))
    level: Mapped[Level] = mapped_column(words(Level, "alert_level"))
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("app_user.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_because: Mapped[str | None] = mapped_column(String(32))
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("alert.id"))
    verification: Mapped[Verification] = mapped_column(words(Verification, "alert_verification"))
    verify_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decide_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    respond_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(default=1)


class AlertSignal(Base):
    """A signal that an alert rests on. A signal belongs to one alert."""

    __tablename__ = "alert_signal"
    __seen__ = (Child(key="signal_id", of="Signal"),)
    __table_args__ = (Index(None, "alert_id"),)

    signal_id: Mapped[str] = mapped_column(ForeignKey("signal.id"), primary_key=True)
    alert_id: Mapped[str] = mapped_column(ForeignKey("alert.id"))
    attached_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Check(LabelledRow, Base):
    """One attempt to verify an alert: what was found, with grade, method and who."""

    __tablename__ = "alert_check"
    __seen__ = Labelled()
    __table_args__ = (Index(None, "alert_id"),)

    alert_id: Mapped[str] = mapped_column(ForeignKey("alert.id"))
    verification: Mapped[Verification] = mapped_column(words(Verification, "alert_check_verification"))
    credibility: Mapped[Credibility] = mapped_column(words(Credibility, "alert_check_credibility"))
    method: Mapped[str] = mapped_column(String(200))
    note: Mapped[str | None] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(String(64))
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class History(LabelledRow, Base):
    """One dated, attributed change, appended and never altered; states elsewhere are a cache of it.

    `subject` and `subject_id` name the row that changed, `deed` the move, `rule_version` the rule where a
    rule did it.
    """

    __tablename__ = "history"
    __seen__ = Labelled()
    __table_args__ = (Index(None, "alert_id", "happened_at"), Index(None, "subject_id"))

    subject: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[str] = mapped_column(ulid())
    alert_id: Mapped[str | None] = mapped_column(ulid())
    deed: Mapped[str] = mapped_column(String(32))
    from_state: Mapped[str | None] = mapped_column(String(32))
    to_state: Mapped[str | None] = mapped_column(String(32))
    reason: Mapped[str | None] = mapped_column(String(32))
    note: Mapped[str | None] = mapped_column(Text)
    rule_version: Mapped[int | None]
    actor: Mapped[str] = mapped_column(String(64))
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    learned_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MilestoneFact(LabelledRow, Base):
    """A dated fact of an alert's chain: when it happened, when we learned it, from whom, how we know."""

    __tablename__ = "milestone"
    __seen__ = Labelled()
    __table_args__ = (
        Index("uq_milestone_fact", "alert_id", "kind", "fact_id", unique=True),
        Index(None, "kind", "happened_at"),
    )

    alert_id: Mapped[str] = mapped_column(ForeignKey("alert.id"))
    kind: Mapped[MilestoneKind] = mapped_column(words(MilestoneKind, "milestone_kind"))
    fact_id: Mapped[str] = mapped_column(ulid())
    told_by: Mapped[str] = mapped_column(String(200))
    how_known: Mapped[HowKnown] = mapped_column(words(HowKnown, "milestone_how_known"))
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    learned_at: Mapped[datetime] = mapped_column(UtcDateTime)
