"""Weekly counts, what is dirty in them, and the signals that rules raise."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.words import InboxState, ItemKind, Level, Subject
from tracker.store.columns import UtcDateTime, ulid, words
from tracker.store.tables.base import Base, Child, Closed, Labelled, LabelledRow


class WeekCount(LabelledRow, Base):
    """Stories of one country, theme, ISO week and source kind at one label; a cut is a sum of such rows.

    `org_id` tells holders apart for AMBER+STRICT and is the host's otherwise. RED enters no row.
    """

    __tablename__ = "week_count"
    __seen__ = Labelled()
    __table_args__ = (
        Index("uq_week_count_cell", "country", "theme", "week", "item_kind", "tlp", "org_id", unique=True),
    )

    theme: Mapped[str] = mapped_column(String(32))
    week: Mapped[str] = mapped_column(String(8))
    item_kind: Mapped[ItemKind] = mapped_column(words(ItemKind, "week_count_item_kind"))
    story_count: Mapped[int]
    severity_sum: Mapped[int]


class DirtyWeek(Base):
    """A country and week whose counts no longer agree with the items: what detection looks at next."""

    __tablename__ = "dirty_week"
    __seen__ = Closed()

    country: Mapped[str] = mapped_column(String(3), primary_key=True)
    week: Mapped[str] = mapped_column(String(8), primary_key=True)
    marked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Signal(LabelledRow, Base):
    """A rule's statement about one country at one time. What it says never changes; the inbox columns do.

    `key` is unique among the signals not hidden (docs/decisions/0003). `gravity` is 1 to 5, `unusual` the
    observed count over the bound (NULL for a single report), `source_count` the independent sources.
    """

    __tablename__ = "signal"
    __seen__ = Labelled()
    __table_args__ = (
        Index(
            "uq_signal_key",
            "key",
            unique=True,
            sqlite_where=text("hidden_at IS NULL"),
            postgresql_where=text("hidden_at IS NULL"),
        ),
        Index(None, "inbox_state", "inbox_due_at"),
        Index(None, "country", "flagged_at"),
        Index(None, "flagged_at"),
    )

    key: Mapped[str] = mapped_column(String(200))
    rule: Mapped[str] = mapped_column(String(32))
    rule_version: Mapped[int]
    theme: Mapped[str] = mapped_column(String(32))
    subject: Mapped[Subject] = mapped_column(words(Subject, "signal_subject"))
    subject_value: Mapped[str] = mapped_column(String(32))
    level: Mapped[Level] = mapped_column(words(Level, "signal_level"))
    observed: Mapped[float | None] = mapped_column(Float)
    expected: Mapped[float | None] = mapped_column(Float)
    bound: Mapped[float | None] = mapped_column(Float)
    gravity: Mapped[int | None]
    unusual: Mapped[float | None] = mapped_column(Float)
    source_count: Mapped[int]
    sentence: Mapped[str] = mapped_column(Text)
    emerged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    flagged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    inbox_state: Mapped[InboxState] = mapped_column(words(InboxState, "signal_inbox_state"))
    inbox_due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    snoozed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(default=1)


class SignalSeries(Base):
    """The weeks that a signal is shown with, apart so that lists and figures need not carry them."""

    __tablename__ = "signal_series"
    __seen__ = (Child(key="signal_id", of="Signal"),)

    signal_id: Mapped[str] = mapped_column(ForeignKey("signal.id"), primary_key=True)
    weeks: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class SignalEvidence(Base):
    """An item version that a signal rests on; seen by who may see both."""

    __tablename__ = "signal_evidence"
    __seen__ = (Child(key="signal_id", of="Signal"), Child(key="item_id", of="Item"))
    __table_args__ = (Index(None, "item_id"),)

    signal_id: Mapped[str] = mapped_column(ForeignKey("signal.id"), primary_key=True)
    version_id: Mapped[str] = mapped_column(ForeignKey("item_version.id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"))


class Triage(LabelledRow, Base):
    """What a person did with a signal in the inbox, and why."""

    __tablename__ = "triage"
    __seen__ = Labelled()
    __table_args__ = (Index(None, "signal_id"),)

    signal_id: Mapped[str] = mapped_column(ForeignKey("signal.id"))
    state: Mapped[InboxState] = mapped_column(words(InboxState, "triage_state"))
    reason: Mapped[str | None] = mapped_column(String(32))
    note: Mapped[str | None] = mapped_column(Text)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    alert_id: Mapped[str | None] = mapped_column(ulid())
    actor: Mapped[str] = mapped_column(String(64))
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)
