"""Places items into stories, in batches, each batch in one transaction, the oldest first.

An item is placed once, by its first words, and never moved again but by a person: no story depends on later items.
RED items are compared with nothing.
"""

from datetime import datetime

from tracker.domain.counts import Cut
from tracker.domain.words import ItemKind, Tlp
from tracker.store import Store, SystemSession
from tracker.store.columns import random_id
from tracker.store.writes.stories import (
    ItemToPlace,
    Placing,
    UnplacedItem,
    any_unplaced,
    lock_stories,
    placed_near,
    store_placings,
    unplaced_items,
)
from tracker.understand.normalise import Folder
from tracker.understand.sketch import Sketch, Sketcher
from tracker.understand.stories import StoryFinder, StoryRules, Told
from tracker.understand.tagger import TAGGER_VERSION

ACTOR = "job:detect"


def place(store: Store, rules: StoryRules, folder: Folder, now: datetime, batch: int = 1000) -> int:
    """Place every item that was tagged and waits for its story; return how many.

    A kill between two batches loses nothing, and doing it again places nothing.
    """
    with store.looking("count unplaced items", now) as work:
        if not any_unplaced(work, TAGGER_VERSION):
            return 0
    sketcher, total = rules.sketcher(folder), 0
    while True:
        with store.acting(ACTOR, "place items", now) as work:
            lock_stories(work)
            count = _place_batch(work, rules, sketcher, batch)
        total += count
        if not count:
            return total


def _place_batch(work: SystemSession, rules: StoryRules, sketcher: Sketcher, batch: int) -> int:
    waiting = unplaced_items(work, TAGGER_VERSION, batch)
    if not waiting:
        return 0
    finder = StoryFinder(rules)
    between = (waiting[0].item.published_at, waiting[-1].item.published_at)
    for placed in placed_near(work, between, rules.window, rules.remembered):
        finder.remember(_told(placed.item, placed.story_id, placed.wire_id, Sketch(placed.sketch)))
    store_placings(work, [_placing(finder, sketcher, each) for each in waiting])
    return len(waiting)


def _placing(finder: StoryFinder, sketcher: Sketcher, waiting: UnplacedItem) -> Placing:
    item, story, wire = waiting.item, random_id(), random_id()
    if item.tlp is Tlp.RED:
        return Placing(item.id, story, wire, None, None)
    sketch = sketcher.sketch(waiting.title, waiting.text)
    joined = finder.place(_told(item, story, wire, sketch))
    if joined is None:
        return Placing(item.id, story, wire, None, sketch.stored)
    return Placing(item.id, joined.story, joined.wire or wire, joined.likeness, sketch.stored)


def _told(item: ItemToPlace, story: str, wire: str, sketch: Sketch) -> Told:
    return Told(
        id=item.id,
        story=story,
        wire=wire,
        sketch=sketch,
        at=item.published_at,
        countries=item.countries,
        source=item.source_id,
        is_report=item.kind is ItemKind.REPORT,
        cut=Cut(item.tlp, item.org_id if item.tlp is Tlp.AMBER_STRICT else None),
    )
