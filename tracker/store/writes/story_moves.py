"""Items moved between stories by a person's hand. To be called with the stories locked (`stories.lock_stories`).

Since nobody else moves items meanwhile, it is read first which ones a deed is about; then they are locked, all at
once and in the order of their ids, as everybody does who takes several.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, update

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


def lock_stories_of(work: SystemSession, *item_ids: str) -> list[StoryItemNow]:
    """Return all items, hidden ones too, of the stories of these items, under lock."""
    stories = select(Item.story_id).where(Item.id.in_(item_ids), Item.hidden_at.is_(None))
    return _lock(work, Item.story_id.in_(list(work.scalars(stories))))


def lock_items(work: SystemSession, item_ids: Collection[str]) -> list[StoryItemNow]:
    """Return items under lock."""
    return _lock(work, Item.id.in_(item_ids))


def _lock(work: SystemSession, which: ColumnElement[bool]) -> list[StoryItemNow]:
    rows = select(Item.id, Item.story_id, Item.tlp).where(which).order_by(Item.id)
    return [StoryItemNow(*row) for row in work.execute(rows.with_for_update(key_share=True))]


def move_items(work: SystemSession, moves: Sequence[tuple[StoryItemNow, str]], deed_id: str) -> None:
    """Move each item into a story by a person's hand, and mark the weeks in which old and new count as dirty."""
    if not moves:
        return
    mark_stories(work, {story for item, to_story in moves for story in (item.story_id, to_story)})
    work.execute(update(Item), [{"id": item.id, "story_id": to_story} for item, to_story in moves])
    rows = [move_row(work, item.id, item.story_id, to_story, None, deed_id) for item, to_story in moves]
    insert_ignoring(work, StoryMove, rows)


def last_deed(work: SystemSession, item_id: str) -> str | None:
    """Return the deed by which an item was moved last; None where no person did, or it never was."""
    moves = select(StoryMove.deed_id).where(StoryMove.item_id == item_id)
    return work.scalars(moves.order_by(StoryMove.moved_at.desc(), StoryMove.id.desc())).first()


def moved_by(work: SystemSession, deed_id: str) -> dict[str, str]:
    """Return where each item was before a person's deed, for those that nothing has moved since."""
    moves = select(StoryMove.item_id, StoryMove.from_story, StoryMove.deed_id)
    of_deed = select(StoryMove.item_id).where(StoryMove.deed_id == deed_id)
    rows = work.execute(
        moves.where(StoryMove.item_id.in_(of_deed)).order_by(StoryMove.moved_at, StoryMove.id)
    )
    newest = {row.item_id: row for row in rows}
    return {id_: row.from_story for id_, row in newest.items() if row.deed_id == deed_id and row.from_story}
