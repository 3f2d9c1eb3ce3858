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
from tracker.store.reads.stories import story_of
from tracker.store.writes.items import seen_by
from tracker.store.writes.stories import lock_stories
from tracker.store.writes.story_moves import StoryItemNow, lock_items, lock_story_of, move_items, moved_by


def merge_stories(store: Store, viewer: Viewer, item_id: str, other_id: str, now: datetime) -> None:
    """Say that two items tell of the same: their stories become one.

    Raises:
        NotAllowedError, NotFoundError: not theirs to do, or to see.
        SubmissionError: they are one story already, or one of the items is RED.
    """
    _check(store, viewer, item_id, other_id)
    with store.acting(viewer.actor, "merge stories", now) as work:
        lock_stories(work)
        items, others = (_seen(work, viewer, lock_story_of(work, each)) for each in (item_id, other_id))
        if not items or not others:
            raise NotFoundError("item", item_id if not items else other_id)
        if items[0].story_id == others[0].story_id:
            raise SubmissionError("other", "These are one story already.")
        if any(item.tlp is Tlp.RED for item in (*items, *others) if item.id in (item_id, other_id)):
            raise SubmissionError("other", "A RED item stays alone: choose another.")
        move_items(work, [*items, *others], random_id(), new_id(now))


def part_item(store: Store, viewer: Viewer, item_id: str, now: datetime) -> None:
    """Say that an item tells of something else than the rest of its story.

    Raises:
        NotAllowedError, NotFoundError: not theirs to do, or to see.
        SubmissionError: it is alone already.
    """
    _check(store, viewer, item_id)
    with store.viewing(viewer) as view:
        if len(story_of(view, item_id).items) == 1:
            raise SubmissionError("item", "This item is its own story already.")
    with store.acting(viewer.actor, "part story", now) as work:
        lock_stories(work)
        items, deed = _seen(work, viewer, lock_story_of(work, item_id)), new_id(now)
        move_items(work, [item for item in items if item.id != item_id], random_id(), deed)
        move_items(work, [item for item in items if item.id == item_id], random_id(), deed)


def undo_story_change(store: Store, viewer: Viewer, item_id: str, now: datetime) -> None:
    """Take back what a person did last with an item's story: what was not moved since goes back.

    Raises:
        NotAllowedError, NotFoundError: not theirs to do, or to see.
        SubmissionError: no person changed this story.
    """
    _check(store, viewer, item_id)
    with store.acting(viewer.actor, "undo story change", now) as work:
        lock_stories(work)
        deed_id = next((item.deed_id for item in lock_story_of(work, item_id) if item.id == item_id), None)
        if deed_id is None:
            raise SubmissionError("item", "Nobody changed the story of this item.")
        before, undo = moved_by(work, deed_id), new_id(now)
        items = _seen(work, viewer, lock_items(work, before))
        for story in sorted(set(before.values())):
            move_items(work, [item for item in items if before[item.id] == story], story, undo)


def _seen(work: SystemSession, viewer: Viewer, items: Sequence[StoryItemNow]) -> list[StoryItemNow]:
    seen = seen_by(work, viewer, [item.id for item in items])
    return [item for item in items if item.id in seen]


def _check(store: Store, viewer: Viewer, *item_ids: str) -> None:
    require(viewer, Deed.TRIAGE)
    with store.viewing(viewer) as view:
        for item_id in item_ids:
            item_exists(view, item_id)
