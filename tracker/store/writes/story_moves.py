"""Items moved between stories by a person's hand. To be called with the stories locked (`stories.lock_stories`)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update

from tracker.domain.words import Tlp
from tracker.store.session import SystemSession
from tracker.store.tables import Item, StoryMove
from tracker.store.upsert import insert_ignoring
from tracker.store.writes.stories import mark_stories, move_row


@dataclass(frozen=True)
class StoryItemNow:
    """An item of a story under lock."""

    id: str
    story_id: str
    tlp: Tlp
    deed_id: str | None


def lock_story_of(work: SystemSession, item_id: str) -> list[StoryItemNow]:
    """Return all items of an item's story, hidden ones too, under lock; none where there is no such item.

    `deed_id` is that of the newest move of each, where a person moved it.
    """
    story = work.scalar(select(Item.story_id).where(Item.id == item_id, Item.hidden_at.is_(None)))
    rows = work.execute(
        select(Item.id, Item.story_id, Item.tlp)
        .where(Item.story_id == story)
        .order_by(Item.id)
        .with_for_update(key_share=True)
    ).all()
    newest = select(StoryMove.item_id, StoryMove.deed_id).where(
        StoryMove.item_id.in_([row.id for row in rows])
    )
    deeds = {id_: deed for id_, deed in work.execute(newest.order_by(StoryMove.moved_at, StoryMove.id))}
    return [StoryItemNow(row.id, row.story_id, row.tlp, deeds.get(row.id)) for row in rows]


def move_items(work: SystemSession, items: Sequence[StoryItemNow], to_story: str, deed_id: str) -> None:
    """Move items into a story by a person's hand, and mark the weeks in which old and new count as dirty."""
    if not items:
        return
    mark_stories(work, {item.story_id for item in items})
    work.execute(update(Item), [{"id": item.id, "story_id": to_story} for item in items])
    moves = [move_row(work, item.id, item.story_id, to_story, None, deed_id) for item in items]
    insert_ignoring(work, StoryMove, moves)
    mark_stories(work, {to_story})


def moved_by(work: SystemSession, deed_id: str) -> dict[str, str]:
    """Return where each item was before a person's deed, for those that nothing has moved since."""
    moves = select(StoryMove.item_id, StoryMove.from_story, StoryMove.deed_id)
    of_deed = select(StoryMove.item_id).where(StoryMove.deed_id == deed_id)
    rows = work.execute(
        moves.where(StoryMove.item_id.in_(of_deed)).order_by(StoryMove.moved_at, StoryMove.id)
    )
    newest = {row.item_id: row for row in rows}
    return {id_: row.from_story for id_, row in newest.items() if row.deed_id == deed_id and row.from_story}


def lock_items(work: SystemSession, item_ids: Collection[str]) -> list[StoryItemNow]:
    """Return items under lock."""
    rows = select(Item.id, Item.story_id, Item.tlp).where(Item.id.in_(item_ids)).order_by(Item.id)
    locked = work.execute(rows.with_for_update(key_share=True))
    return [StoryItemNow(row.id, row.story_id, row.tlp, None) for row in locked]
