"""What sources said. An item is never edited: a correction is a new version; words live apart in item_content."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.words import (
    DateOrigin,
    DatePrecision,
    HowReporterKnows,
    ItemKind,
    KeyKind,
    ReportKind,
    ReportWhen,
)
from tracker.store.columns import UtcDateTime, ulid, words
from tracker.store.tables.base import Base, Child, Closed, Labelled, LabelledRow

DIGEST_LENGTH = 32


class Item(LabelledRow, Base):
    """One thing a source said. `country` is the main one; all of them stand in item_country.

    `published_at` is the date used, `tagged_with` the tagger version that read the current item version
    (0: pending). Items that tell of the same share `story_id`, those that carry one text `wire_id` (NULL: it waits
    to be placed); both are random, so that neither says that there is another item, or since when.
    """

    __tablename__ = "item"
    __seen__ = Labelled()
    __table_args__ = (
        Index(None, "published_at", "id"),
        Index(None, "source_id", "published_at"),
        Index(None, "country", "published_at"),
        Index(None, "kind", "published_at"),
        Index(None, "tagged_with"),
        Index(None, "story_id"),
        Index(
            "ix_item_unplaced",
            "published_at",
            "id",
            sqlite_where=text("wire_id IS NULL"),
            postgresql_where=text("wire_id IS NULL"),
        ),
    )

    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"))
    kind: Mapped[ItemKind] = mapped_column(words(ItemKind, "item_kind"))
    story_id: Mapped[str] = mapped_column(ulid())
    wire_id: Mapped[str | None] = mapped_column(ulid())
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_claimed: Mapped[str | None] = mapped_column(String(200))
    date_origin: Mapped[DateOrigin] = mapped_column(words(DateOrigin, "item_date_origin"))
    date_precision: Mapped[DatePrecision] = mapped_column(words(DatePrecision, "item_date_precision"))
    fetched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version_id: Mapped[str] = mapped_column(ulid())
    version_count: Mapped[int] = mapped_column(default=1)
    tagged_with: Mapped[int] = mapped_column(default=0)
    lang: Mapped[str | None] = mapped_column(String(16))
    category: Mapped[str | None] = mapped_column(String(32))
    theme: Mapped[str | None] = mapped_column(String(32))
    severity: Mapped[int | None]
    relevant: Mapped[bool | None]
    revision: Mapped[int] = mapped_column(default=1)


class ItemKey(Base):
    """What an item is recognised by. A key seen on two items of one document identifies neither (item_id NULL)."""

    __tablename__ = "item_key"
    __seen__ = Closed()
    __table_args__ = (Index(None, "item_id"),)

    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"), primary_key=True)
    kind: Mapped[KeyKind] = mapped_column(words(KeyKind, "item_key_kind"), primary_key=True)
    value: Mapped[str] = mapped_column(String(DIGEST_LENGTH), primary_key=True)
    item_id: Mapped[str | None] = mapped_column(ForeignKey("item.id"))


class ItemVersion(Base):
    """One wording of an item; evidence points here."""

    __tablename__ = "item_version"
    __seen__ = (Child(key="item_id", of="Item"),)
    __table_args__ = (UniqueConstraint("item_id", "number"),)

    id: Mapped[str] = mapped_column(ulid(), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"))
    number: Mapped[int]
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    content_digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH))


class ItemContent(Base):
    """The words of a version, apart from everything else so that they can be erased."""

    __tablename__ = "item_content"
    __seen__ = (Child(key="version_id", of="ItemVersion"),)

    version_id: Mapped[str] = mapped_column(ForeignKey("item_version.id"), primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    guid: Mapped[str | None] = mapped_column(Text)
    place: Mapped[str | None] = mapped_column(Text)
    country_said: Mapped[str | None] = mapped_column(Text)
    help: Mapped[str | None] = mapped_column(Text)


class ItemCountry(Base):
    """A country that an item is about, with where its text says so (offsets into title, newline, text)."""

    __tablename__ = "item_country"
    __seen__ = (Child(key="item_id", of="Item"),)
    __table_args__ = (Index(None, "country", "published_at"),)

    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"), primary_key=True)
    country: Mapped[str] = mapped_column(String(3), primary_key=True)
    rank: Mapped[int]
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ItemTag(Base):
    """What one tagger version read in one item version, with its evidence as codes and offsets, never words."""

    __tablename__ = "item_tag"
    __seen__ = (Child(key="version_id", of="ItemVersion"),)

    version_id: Mapped[str] = mapped_column(ForeignKey("item_version.id"), primary_key=True)
    tagger_version: Mapped[int] = mapped_column(primary_key=True)
    tagged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lang: Mapped[str] = mapped_column(String(16))
    categories: Mapped[list[str]] = mapped_column(JSON)
    severity: Mapped[int | None]
    relevant: Mapped[bool]
    grave: Mapped[str | None] = mapped_column(String(8))
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class FieldReport(Base):
    """What a field report says in codes and numbers, and what its sender consents to. NULL is "not said".

    `country_uncertain` is set until a person settles which country is meant, `conflicts_with` until one settles
    which of two reports under one client id holds. `channel` is how it came, where somebody else wrote it down.
    """

    __tablename__ = "field_report"
    __seen__ = (Child(key="item_id", of="Item"),)
    __table_args__ = (Index(None, "country_uncertain"), Index(None, "conflicts_with"))

    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"), primary_key=True)
    kind: Mapped[ReportKind | None] = mapped_column(words(ReportKind, "field_report_kind"))
    when_said: Mapped[ReportWhen | None] = mapped_column(words(ReportWhen, "field_report_when"))
    happened_on: Mapped[date | None]
    how_known: Mapped[HowReporterKnows | None] = mapped_column(
        words(HowReporterKnows, "field_report_how_known")
    )
    killed: Mapped[int | None]
    may_contact: Mapped[bool] = mapped_column(default=False)
    may_share_un: Mapped[bool] = mapped_column(default=False)
    may_share_authorities: Mapped[bool] = mapped_column(default=False)
    country_uncertain: Mapped[bool] = mapped_column(default=False, server_default=false())
    conflicts_with: Mapped[str | None] = mapped_column(ForeignKey("item.id"))
    channel: Mapped[str | None] = mapped_column(String(32))


class Receipt(Base):
    """How a sender comes back: the SHA-256 of the receipt code, and the reply they will read."""

    __tablename__ = "receipt"
    __seen__ = Closed()
    __table_args__ = (UniqueConstraint("source_id", "client_digest"),)

    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"), primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    client_digest: Mapped[str | None] = mapped_column(String(DIGEST_LENGTH))
    lang: Mapped[str] = mapped_column(String(16), default="en")
    reply: Mapped[str | None] = mapped_column(Text)
    replied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SealedIdentity(Base):
    """Who reported, in a box that only the coordinator's private key opens."""

    __tablename__ = "sealed_identity"
    __seen__ = Closed()

    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"), primary_key=True)
    key_id: Mapped[str] = mapped_column(ForeignKey("public_key.id"))
    box: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)
