"""What keeps the house running: rules in force, outbox, jobs, lease, audit, keys. Nobody's content."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.words import OutboxKind, OutboxState, RunState
from tracker.store.columns import UtcDateTime, ulid, words
from tracker.store.tables.base import Base, Closed, Open


class RuleVersion(Base):
    """One version of a vocabulary or rule file as loaded; the newest of a name is in force."""

    __tablename__ = "rule_version"
    __seen__ = Open()
    __table_args__ = (UniqueConstraint("name", "number"),)

    id: Mapped[str] = mapped_column(ulid(), primary_key=True)
    name: Mapped[str] = mapped_column(String(32))
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Outbox(Base):
    """Something that must leave the house: kind and ids only; it is rendered when it is sent.

    `channel_id` is the recipient's channel that it leaves by; None for mail.
    """

    __tablename__ = "outbox"
    __seen__ = Closed()
    __table_args__ = (Index(None, "state", "next_try_at"),)

    id: Mapped[str] = mapped_column(ulid(), primary_key=True)
    kind: Mapped[OutboxKind] = mapped_column(words(OutboxKind, "outbox_kind"))
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    recipient_id: Mapped[str] = mapped_column(ForeignKey("app_user.id"))
    subject_id: Mapped[str] = mapped_column(String(32))
    channel_id: Mapped[str | None] = mapped_column(ulid())
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    state: Mapped[OutboxState] = mapped_column(words(OutboxState, "outbox_state"))
    try_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    in_flight_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(String(500))


class JobRun(Base):
    """One firing of a job, claimed by its insert; the heartbeat tells whether it still lives."""

    __tablename__ = "job_run"
    __seen__ = Closed()
    __table_args__ = (Index(None, "started_at"),)

    job: Mapped[str] = mapped_column(String(32), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    node: Mapped[str] = mapped_column(String(100))
    state: Mapped[RunState] = mapped_column(words(RunState, "job_run_state"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    heartbeat_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    summary: Mapped[str | None] = mapped_column(Text)


class Lease(Base):
    """Which node schedules, until when, in the database's own time."""

    __tablename__ = "lease"
    __seen__ = Closed()

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    node: Mapped[str] = mapped_column(String(100))
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class AuditRow(Base):
    """A deed that must be accountable. Rows are hash-chained later, by one sealer: `seal` covers the last one."""

    __tablename__ = "audit"
    __seen__ = Closed()
    __table_args__ = (Index(None, "number", unique=True),)

    id: Mapped[str] = mapped_column(ulid(), primary_key=True)
    number: Mapped[int | None]
    actor: Mapped[str] = mapped_column(String(64))
    deed: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(String(500))
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seal: Mapped[str | None] = mapped_column(String(64))


class PublicKey(Base):
    """The public half of the coordinator's key pair; the private half is never here."""

    __tablename__ = "public_key"
    __seen__ = Closed()

    id: Mapped[str] = mapped_column(ulid(), primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Secret(Base):
    """A secret of this installation, such as the one that signs unsubscribe addresses."""

    __tablename__ = "secret"
    __seen__ = Closed()

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary)


class AlertNumber(Base):
    """The last number given to an alert of a country; counted up in the transaction that opens one."""

    __tablename__ = "alert_number"
    __seen__ = Closed()

    country: Mapped[str] = mapped_column(String(3), primary_key=True)
    last: Mapped[int]


class Program(Base):
    """Which program version upgraded the database to which schema, and when."""

    __tablename__ = "program"
    __seen__ = Closed()

    schema: Mapped[str] = mapped_column(String(32), primary_key=True)
    version: Mapped[str] = mapped_column(String(32))
    upgraded_at: Mapped[datetime] = mapped_column(UtcDateTime)
