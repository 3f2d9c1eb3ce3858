"""Which items tell of the same, and what is kept to find that out. A story is no row: its items share its id."""

from datetime import datetime

from sqlalchemy import Float, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.columns import UtcDateTime, ulid
from tracker.store.tables.base import Base, Child, Closed


class StoryMove(Base):
    """An item that came into a story: as it arrived, by the machine, or later by a person.

    `item.story_id` is a cache of the newest. `from_story` is NULL and `likeness` 0 to 1 where the machine placed it;
    what one person moved at once shares `deed_id`.
    """

    __tablename__ = "story_move"
    __seen__ = (Child(key="item_id", of="Item"),)
    __table_args__ = (Index(None, "item_id"), Index(None, "deed_id"))

    id: Mapped[str] = mapped_column(ulid(), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"))
    from_story: Mapped[str | None] = mapped_column(ulid())
    to_story: Mapped[str] = mapped_column(ulid())
    likeness: Mapped[float | None] = mapped_column(Float)
    deed_id: Mapped[str | None] = mapped_column(ulid())
    moved_by: Mapped[str] = mapped_column(String(64))
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ItemSketch(Base):
    """What an item is about, as numbers (understand.sketch). Never outlives the item's words; RED items have none."""

    __tablename__ = "item_sketch"
    __seen__ = Closed()
    __table_args__ = (Index(None, "sketched_at"),)

    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"), primary_key=True)
    sketch: Mapped[bytes] = mapped_column(LargeBinary)
    sketched_at: Mapped[datetime] = mapped_column(UtcDateTime)
