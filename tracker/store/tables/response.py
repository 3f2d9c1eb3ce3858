"""From brief to lesson: every row carries its own label, so that nobody learns more than they may."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.words import (
    ActionStatus,
    Answer,
    BriefState,
    Confidence,
    DecisionKind,
    HowKnown,
    Likelihood,
    OutcomeResult,
)
from tracker.store.columns import UtcDateTime, words
from tracker.store.tables.base import Base, Labelled, LabelledRow


class Brief(LabelledRow, Base):
    """One version of the one-page warning. A draft may change; a frozen version was delivered."""

    __tablename__ = "brief"
    __seen__ = Labelled()
    __table_args__ = (UniqueConstraint("alert_id", "number"),)

    alert_id: Mapped[str] = mapped_column(ForeignKey("alert.id"))
    number: Mapped[int]
    state: Mapped[BriefState] = mapped_column(words(BriefState, "brief_state"))
    headline: Mapped[str] = mapped_column(Text)
    bottom_line: Mapped[str] = mapped_column(Text)
    why_now: Mapped[str] = mapped_column(Text)
    outlook: Mapped[Likelihood] = mapped_column(words(Likelihood, "brief_outlook"))
    confidence: Mapped[Confidence] = mapped_column(words(Confidence, "brief_confidence"))
    would_change_our_mind: Mapped[str] = mapped_column(Text)
    options: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    claims: Mapped[list[dict[str, Any]]] = mapped_column(JSON, server_default="[]")
    decision_needed_by: Mapped[datetime] = mapped_column(UtcDateTime)
    author_id: Mapped[str] = mapped_column(ForeignKey("app_user.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(default=1)


class Delivery(LabelledRow, Base):
    """A frozen brief given to a named person, and their answer."""

    __tablename__ = "delivery"
    __seen__ = Labelled()
    __table_args__ = (
        UniqueConstraint("brief_id", "recipient_id"),
        Index(None, "alert_id"),
        Index(None, "recipient_id", "delivered_at"),
    )

    alert_id: Mapped[str] = mapped_column(ForeignKey("alert.id"))
    brief_id: Mapped[str] = mapped_column(ForeignKey("brief.id"))
    recipient_id: Mapped[str] = mapped_column(ForeignKey("app_user.id"))
    delivered_by: Mapped[str] = mapped_column(String(64))
    delivered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[Answer | None] = mapped_column(words(Answer, "delivery_answer"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    how_known: Mapped[HowKnown | None] = mapped_column(words(HowKnown, "delivery_how_known"))
    option_number: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(Text)
    review_on: Mapped[date | None] = mapped_column(Date)
    revision: Mapped[int] = mapped_column(default=1)


class Decision(LabelledRow, Base):
    """Act, watch or not acting now: who decided, who recorded it, how we know, when each."""

    __tablename__ = "decision"
    __seen__ = Labelled()
    __table_args__ = (Index(None, "alert_id"), Index(None, "review_on"), Index(None, "decided_at"))

    alert_id: Mapped[str] = mapped_column(ForeignKey("alert.id"))
    delivery_id: Mapped[str | None] = mapped_column(ForeignKey("delivery.id"))
    kind: Mapped[DecisionKind] = mapped_column(words(DecisionKind, "decision_kind"))
    reason: Mapped[str | None] = mapped_column(String(32))
    note: Mapped[str | None] = mapped_column(Text)
    option_number: Mapped[int | None]
    review_on: Mapped[date | None] = mapped_column(Date)
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str] = mapped_column(String(200))
    decided_by_id: Mapped[str | None] = mapped_column(ForeignKey("app_user.id"))
    recorded_by: Mapped[str] = mapped_column(String(64))
    how_known: Mapped[HowKnown] = mapped_column(words(HowKnown, "decision_how_known"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Action(LabelledRow, Base):
    """Who does what by when. Kinds that are only steps never count as a response."""

    __tablename__ = "action"
    __seen__ = Labelled()
    __table_args__ = (Index(None, "alert_id"), Index(None, "status", "due_on"))

    alert_id: Mapped[str] = mapped_column(ForeignKey("alert.id"))
    decision_id: Mapped[str | None] = mapped_column(ForeignKey("decision.id"))
    kind: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(String(200))
    owner_org: Mapped[str | None] = mapped_column(String(200))
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("app_user.id"))
    due_on: Mapped[date] = mapped_column(Date)
    status: Mapped[ActionStatus] = mapped_column(words(ActionStatus, "action_status"))
    cause: Mapped[str | None] = mapped_column(Text)
    evidence: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(default=1)


class Outcome(LabelledRow, Base):
    """What came of an action, whose claim that is, and how we know."""

    __tablename__ = "outcome"
    __seen__ = Labelled()
    __table_args__ = (Index(None, "alert_id"), Index(None, "action_id"))

    alert_id: Mapped[str] = mapped_column(ForeignKey("alert.id"))
    action_id: Mapped[str] = mapped_column(ForeignKey("action.id"))
    result: Mapped[OutcomeResult] = mapped_column(words(OutcomeResult, "outcome_result"))
    note: Mapped[str] = mapped_column(Text)
    claimed_by: Mapped[str] = mapped_column(String(200))
    how_known: Mapped[HowKnown] = mapped_column(words(HowKnown, "outcome_how_known"))
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(String(64))


class Lesson(LabelledRow, Base):
    """What others can use next time."""

    __tablename__ = "lesson"
    __seen__ = Labelled()
    __table_args__ = (Index(None, "alert_id"),)

    alert_id: Mapped[str] = mapped_column(ForeignKey("alert.id"))
    action_id: Mapped[str | None] = mapped_column(ForeignKey("action.id"))
    note: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(String(64))


class ReleaseLine(LabelledRow, Base):
    """The only words about an alert that leave the house: approved by a named person, on stated consent."""

    __tablename__ = "release_line"
    __seen__ = Labelled(release=True)
    __table_args__ = (Index(None, "alert_id"), Index(None, "approved_at"))

    alert_id: Mapped[str] = mapped_column(ForeignKey("alert.id"))
    line: Mapped[str] = mapped_column(Text)
    consent: Mapped[str] = mapped_column(Text)
    approved_by_id: Mapped[str] = mapped_column(ForeignKey("app_user.id"))
    approved_at: Mapped[datetime] = mapped_column(UtcDateTime)
