"""Who is on duty, who is away, how they are reached, what they were told. All closed: habits of people."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.words import ChannelState, Level, Occasion, Stage
from tracker.store.columns import UtcDateTime, ulid, words
from tracker.store.tables.base import Base, Closed


class DutyPlan(Base):
    """Who takes turns in a layer from a day on; appended and never altered. The one set last is in force.

    `people` holds users' ids in their order, `only` days and hours where the layer is not on around the clock.
    """

    __tablename__ = "duty_plan"
    __seen__ = Closed()

    id: Mapped[str] = mapped_column(ulid(), primary_key=True)
    layer: Mapped[int]
    people: Mapped[list[str]] = mapped_column(JSON)
    zone: Mapped[str] = mapped_column(String(64))
    hands_over_at: Mapped[str] = mapped_column(String(5))
    turn_days: Mapped[int]
    from_day: Mapped[date] = mapped_column(Date)
    until_day: Mapped[date | None] = mapped_column(Date)
    only: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    set_by: Mapped[str] = mapped_column(String(64))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DutyCover(Base):
    """A stretch in which one person is on in a layer, whoever's turn it is."""

    __tablename__ = "duty_cover"
    __seen__ = Closed()
    __table_args__ = (Index(None, "until"),)

    id: Mapped[str] = mapped_column(ulid(), primary_key=True)
    layer: Mapped[int]
    user_id: Mapped[str] = mapped_column(ForeignKey("app_user.id"))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Absence(Base):
    """A stretch in which a person cannot be reached, as they said."""

    __tablename__ = "absence"
    __seen__ = Closed()
    __table_args__ = (Index(None, "until"),)

    id: Mapped[str] = mapped_column(ulid(), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("app_user.id"))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Channel(Base):
    """A way besides mail to reach a person. The address is sealed with the installation's key; `shown` is masked."""

    __tablename__ = "channel"
    __seen__ = Closed()
    __table_args__ = (Index(None, "user_id"),)

    id: Mapped[str] = mapped_column(ulid(), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("app_user.id"))
    address: Mapped[bytes] = mapped_column(LargeBinary)
    shown: Mapped[str] = mapped_column(String(100))
    from_level: Mapped[Level] = mapped_column(words(Level, "channel_from_level"))
    state: Mapped[ChannelState] = mapped_column(words(ChannelState, "channel_state"))
    reason: Mapped[str | None] = mapped_column(Text)
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Reminder(Base):
    """That a person was, or is about to be, told of one thing at one stage of its deadline; kept, so never again.

    `thing_id` is the signal, alert, decision or action; `notice_id` the notice that tells of it with others.
    `lost_at` is since when it is known that the notice did not arrive: somebody else is told, and not they again.
    """

    __tablename__ = "reminder"
    __seen__ = Closed()
    __table_args__ = (
        UniqueConstraint("thing_id", "occasion", "stage", "recipient_id"),
        Index(None, "notice_id"),
    )

    id: Mapped[str] = mapped_column(ulid(), primary_key=True)
    thing_id: Mapped[str] = mapped_column(ulid())
    alert_id: Mapped[str | None] = mapped_column(ulid())
    occasion: Mapped[Occasion] = mapped_column(words(Occasion, "reminder_occasion"))
    stage: Mapped[Stage] = mapped_column(words(Stage, "reminder_stage"))
    recipient_id: Mapped[str] = mapped_column(ForeignKey("app_user.id"))
    notice_id: Mapped[str] = mapped_column(ulid())
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lost_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
