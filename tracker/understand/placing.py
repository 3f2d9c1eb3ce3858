"""Places items into stories, in batches, each batch in one transaction, the oldest first.

An item is placed once, by its first words, and never moved again but by a person: no story depends on later items.
One that a person moved before it was placed stays where they put it, and is compared for its wire all the same. RED
items are compared with nothing.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from tracker.domain.counts import Cut
from tracker.domain.words import ItemKind, Tlp
from tracker.store import Store, SystemSession
from tracker.store.columns import random_id
from tracker.store.writes.stories import (
    ItemToPlace,
    PlacedItem,
    Placing,
    UnplacedItem,
    any_unplaced,
    lock_stories,
    placed_near,
    store_placings,
    unplaced_items,
)
from tracker.understand.sketch import Sketch, Sketcher
from tracker.understand.stories import StoryFinder, StoryRules, Told, sketcher_of
from tracker.understand.tagger import TAGGER_VERSION

ACTOR = "job:detect"


def place(
    store: Store, rules: StoryRules, shared_letters: Mapping[str, str], now: datetime, batch: int = 1000
) -> int:
    """Place every item that was tagged and waits for its story; return how many.

    A kill between two batches loses nothing, and doing it again places nothing.
    """
    with store.looking("count unplaced items", now) as work:
        if not any_unplaced(work, TAGGER_VERSION):
            return 0
    sketcher, total = sketcher_of(rules, shared_letters), 0
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
    finder, neighbours = StoryFinder(rules), _Neighbours(work, rules)
    placings = []
    for each in waiting:
        for placed in neighbours.of(each.item.published_at):
            finder.remember(_told(placed.item, placed.story_id, placed.wire_id, Sketch(placed.sketch)))
        placings.append(_placing(finder, sketcher, each))
    store_placings(work, placings)
    return len(waiting)


class _Neighbours:
    """What was placed before, near items that wait, which are asked for in the order of their dates.

    It is read stretch by stretch, so that an item from long ago among those of today does not bring all between;
    the longer where nothing is found.
    """

    def __init__(self, work: SystemSession, rules: StoryRules) -> None:
        self._work, self._rules = work, rules
        self._read_until = datetime.min.replace(tzinfo=UTC)
        self._ahead = rules.window

    def of(self, at: datetime) -> list[PlacedItem]:
        """Return what lies near an instant and was not returned yet, the oldest first."""
        if at + self._rules.window < self._read_until:
            return []
        since = max(at - self._rules.window, self._read_until)
        found = self._read(since, at)
        if len(found) == self._rules.remembered:
            self._ahead = timedelta(0)
            found = self._read(since, at)
        self._ahead = self._rules.window if found else 2 * self._ahead
        return found

    def _read(self, since: datetime, at: datetime) -> list[PlacedItem]:
        self._read_until = at + self._rules.window + self._ahead
        return placed_near(self._work, (since, self._read_until), self._rules.remembered)


def _placing(finder: StoryFinder, sketcher: Sketcher, waiting: UnplacedItem) -> Placing:
    item, story, wire = waiting.item, waiting.chosen or random_id(), random_id()
    if item.tlp is Tlp.RED:
        return Placing(item.id, story, wire, None, None)
    sketch = sketcher.sketch(waiting.title, waiting.text)
    joined = finder.place(_told(item, story, wire, sketch), stays=waiting.chosen is not None)
    if joined is None:
        return Placing(item.id, story, wire, None, sketch.stored)
    if waiting.chosen is not None:
        return Placing(item.id, story, joined.wire or wire, None, sketch.stored)
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
        cut=Cut.of(item.tlp, item.org_id),
    )
