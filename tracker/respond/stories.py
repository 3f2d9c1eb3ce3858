"""Merging and parting stories by hand. What a person says wins for good: the machine moves no item that was placed.

Whatever is changed goes into a story of a fresh id, so that no signal of the old one stands in the way of what
detection finds in the new one.

Nobody moves what they may not see: it stays in the story that it was in. To refuse where unseen items stand there
would tell of them, and to take them along would say of them what nobody said.
"""

from collections.abc import Sequence
from datetime import datetime

from tracker.access.permissions import Deed, require
from tracker.domain.viewer import Viewer
from tracker.domain.words import Tlp
from tracker.errors import NotFoundError, SubmissionError
from tracker.store import Store, SystemSession
from tracker.store.columns import new_id, random_id
from tracker.store.reads.items import item_exists
from tracker.store.writes.items import seen_by
from tracker.store.writes.stories import lock_stories
from tracker.store.writes.story_moves import (
    StoryItemNow,
    last_deed,
    lock_items,
    lock_stories_of,
    move_items,
    moved_by,
)


def merge_stories(store: Store, viewer: Viewer, item_id: str, other_id: str, now: datetime) -> None:
    """Say that two items tell of the same: their stories become one.

    Raises:
        NotAllowedError, NotFoundError: not theirs to do, or to see.
        SubmissionError: they are one story already, or one of the items is RED.
    """
    _check(store, viewer, item_id, other_id)
    with store.acting(viewer.actor, "merge stories", now) as work:
        lock_stories(work)
        items = _seen(work, viewer, lock_stories_of(work, item_id, other_id))
        by_id = {item.id: item for item in items}
        for each in (item_id, other_id):
            if each not in by_id:
                raise NotFoundError("item", each)
        if by_id[item_id].story_id == by_id[other_id].story_id:
            raise SubmissionError("other", "These are one story already.")
        if Tlp.RED in (by_id[item_id].tlp, by_id[other_id].tlp):
            raise SubmissionError("other", "A RED item stays alone: choose another.")
        story = random_id()
        move_items(work, [(item, story) for item in items], new_id(now))


def part_item(store: Store, viewer: Viewer, item_id: str, now: datetime) -> None:
    """Say that an item tells of something else than the rest of its story.

    Raises:
        NotAllowedError, NotFoundError: not theirs to do, or to see.
        SubmissionError: it is alone already.
    """
    _check(store, viewer, item_id)
    with store.acting(viewer.actor, "part story", now) as work:
        lock_stories(work)
        items = _seen(work, viewer, lock_stories_of(work, item_id))
        if item_id not in {item.id for item in items}:
            raise NotFoundError("item", item_id)
        if len(items) == 1:
            raise SubmissionError("item", "This item is its own story already.")
        parted, rest = random_id(), random_id()
        move_items(work, [(item, parted if item.id == item_id else rest) for item in items], new_id(now))


def undo_story_change(store: Store, viewer: Viewer, item_id: str, now: datetime) -> None:
    """Take back what a person did last with an item's story: what was not moved since goes back.

    Raises:
        NotAllowedError, NotFoundError: not theirs to do, or to see.
        SubmissionError: no person changed this story.
    """
    _check(store, viewer, item_id)
    with store.acting(viewer.actor, "undo story change", now) as work:
        lock_stories(work)
        deed_id = last_deed(work, item_id)
        if deed_id is None:
            raise SubmissionError("item", "Nobody changed the story of this item.")
        before = moved_by(work, deed_id)
        items = _seen(work, viewer, lock_items(work, before))
        move_items(work, [(item, before[item.id]) for item in items], new_id(now))


def _seen(work: SystemSession, viewer: Viewer, items: Sequence[StoryItemNow]) -> list[StoryItemNow]:
    seen = seen_by(work, viewer, [item.id for item in items])
    return [item for item in items if item.id in seen]


def _check(store: Store, viewer: Viewer, *item_ids: str) -> None:
    require(viewer, Deed.TRIAGE)
    with store.viewing(viewer) as view:
        for item_id in item_ids:
            item_exists(view, item_id)
