"""Where items come from, and how each source is doing."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.words import Reliability, SourceKind, SourceState, Tlp
from tracker.store.columns import UtcDateTime, words
from tracker.store.tables.base import Base, Closed, Labelled, LabelledRow


class Source(LabelledRow, Base):
    """A feed, a partner, the open form. Its row is its own health record.

    `country` is its focus; `default_tlp` the label its items arrive with; `guid_churns` is set once its
    guids proved fresh at every poll, so that they no longer identify anything. `trouble` says what kind of
    trouble a failing one has (Trouble), `state_since` since when it stands so, `last_new_at` when it last gave
    something new. `held_until` is how long its host wants to be left alone, `says_every` how many seconds its
    document says that it may be kept, `moved_to` and `moved_count` which move for good was seen how often.
    """

    __tablename__ = "source"
    __seen__ = Labelled()
    __table_args__ = (
        Index(None, "next_poll_at"),
        CheckConstraint("failure_count >= 0", name="failure_count"),
    )

    name: Mapped[str] = mapped_column(String(300))
    kind: Mapped[SourceKind] = mapped_column(words(SourceKind, "source_kind"))
    url: Mapped[str | None] = mapped_column(String(2000), unique=True)
    publisher: Mapped[str | None] = mapped_column(String(300))
    independence_group: Mapped[str] = mapped_column(String(300))
    lang: Mapped[str | None] = mapped_column(String(16))
    reliability: Mapped[Reliability] = mapped_column(words(Reliability, "source_reliability"))
    default_tlp: Mapped[Tlp] = mapped_column(words(Tlp, "source_default_tlp"))
    no_redistribute: Mapped[bool] = mapped_column(default=False)
    steward_id: Mapped[str | None] = mapped_column(ForeignKey("app_user.id"))
    state: Mapped[SourceState] = mapped_column(words(SourceState, "source_state"))
    reason: Mapped[str | None] = mapped_column(String(500))
    guid_churns: Mapped[bool] = mapped_column(default=False)
    etag: Mapped[str | None] = mapped_column(String(500))
    last_modified: Mapped[str | None] = mapped_column(String(200))
    body_digest: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_polled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_ok_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_poll_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure_count: Mapped[int] = mapped_column(default=0)
    item_count: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str | None] = mapped_column(String(32))
    state_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_new_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    says_every: Mapped[int | None]
    moved_to: Mapped[str | None] = mapped_column(String(2000))
    moved_count: Mapped[int] = mapped_column(default=0)


class SourceAddress(Base):
    """An address that a source had before: whoever adds it again means that source."""

    __tablename__ = "source_address"
    __seen__ = Closed()

    url: Mapped[str] = mapped_column(String(2000), primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"))
    left_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PartnerSource(Base):
    """Whose reports arrive under a source: told to nobody, since it names who reports."""

    __tablename__ = "partner_source"
    __seen__ = Closed()

    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("app_user.id"), unique=True)
