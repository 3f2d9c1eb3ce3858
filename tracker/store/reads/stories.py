"""Stories as a viewer may see them: of what is hidden from them, neither an item nor a source is counted."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from tracker.domain.independence import independent_sources
from tracker.domain.words import Tlp
from tracker.store.session import ViewerSession
from tracker.store.tables import Item, ItemContent, SignalEvidence, Source, StoryMove

_AT_MOST = 500
"""Items that one look at a story, or for stories like it, reads, the oldest first.

Technical, so not in config/: it bounds how long a page takes; what signals and alerts count is counted over all.
"""


@dataclass(frozen=True)
class StoryCount:
    """How many items tell it, and how many sources independently."""

    items: int
    sources: int


@dataclass(frozen=True)
class StoryItem:
    """One item of a story; `source_name` is None where the viewer may not see the source.

    `carries` is the number of the text it carries, the same for copies, from 1 in the order in which they came.
    """

    id: str
    source_name: str | None
    title: str
    published_at: datetime
    tlp: Tlp
    carries: int


@dataclass(frozen=True)
class StoryRow:
    """What a viewer may see of a story, the oldest item first; `by_hand` where a person changed it."""

    items: tuple[StoryItem, ...]
    source_count: int
    by_hand: bool


def counts_of_signals(view: ViewerSession, signal_ids: list[str]) -> dict[str, StoryCount]:
    """Return for each signal how many items tell the stories that it rests on, with what came in since."""
    rests = (
        select(SignalEvidence.signal_id, Item.story_id)
        .join(Item, Item.id == SignalEvidence.item_id)
        .where(SignalEvidence.signal_id.in_(signal_ids))
        .distinct()
    )
    stories: dict[str, set[str]] = defaultdict(set)
    for signal_id, story_id in view.execute(rests):
        stories[signal_id].add(story_id)
    tellings = (
        select(
            Item.story_id,
            func.coalesce(Source.independence_group, Item.source_id),
            Item.wire_id,
            func.count(),
        )
        .outerjoin(Source, Source.id == Item.source_id)
        .where(Item.story_id.in_({story for found in stories.values() for story in found}))
        .group_by(Item.story_id, func.coalesce(Source.independence_group, Item.source_id), Item.wire_id)
    )
    told: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for story_id, group, wire, count in view.execute(tellings):
        told[story_id].append((group, wire or story_id, count))
    return {
        signal_id: StoryCount(
            sum(count for story in found for _, _, count in told[story]),
            independent_sources((group, wire) for story in found for group, wire, _ in told[story]),
        )
        for signal_id, found in stories.items()
    }


def story_of(view: ViewerSession, item_id: str) -> StoryRow:
    """Return what the viewer may see of an item's story: at least the item, where they may see that."""
    this = view.scalar(select(Item.story_id).where(Item.id == item_id))
    rows = view.execute(
        select(
            Item.id, Source.name, ItemContent.title, ItemContent.text, Item.published_at, Item.tlp, Item.wire_id,
            func.coalesce(Source.independence_group, Item.source_id),
        )
        .join(ItemContent, ItemContent.version_id == Item.version_id)
        .outerjoin(Source, Source.id == Item.source_id)
        .where(Item.story_id == this)
        .order_by(Item.published_at, Item.id)
        .limit(_AT_MOST)
    ).all()  # fmt: skip
    numbers: dict[str, int] = {}
    items = tuple(
        StoryItem(id_, name, title or text, at, tlp, numbers.setdefault(wire or id_, len(numbers) + 1))
        for id_, name, title, text, at, tlp, wire, _ in rows
    )
    sources = independent_sources((row[7], row[6] or row[0]) for row in rows)
    return StoryRow(items, sources, _by_hand(view, [item.id for item in items]))


def _by_hand(view: ViewerSession, item_ids: list[str]) -> bool:
    deeds = select(func.count()).where(StoryMove.item_id.in_(item_ids), StoryMove.deed_id.is_not(None))
    return len(item_ids) > 0 and (view.scalar(deeds) or 0) > 0


def like_candidates(view: ViewerSession, item_id: str, around: timedelta) -> list[StoryItem]:
    """Return the first item of each other story of the same country near an item: what it could be merged with."""
    this = view.execute(
        select(Item.country, Item.published_at, Item.story_id).where(Item.id == item_id)
    ).first()
    if this is None:
        return []
    rows = view.execute(
        select(Item.id, Item.story_id, Source.name, ItemContent.title, ItemContent.text, Item.published_at, Item.tlp)
        .join(ItemContent, ItemContent.version_id == Item.version_id)
        .outerjoin(Source, Source.id == Item.source_id)
        .where(
            Item.country == this.country,
            Item.story_id != this.story_id,
            Item.tlp != Tlp.RED,
            Item.relevant.is_(True),
            Item.published_at >= this.published_at - around,
            Item.published_at <= this.published_at + around,
        )
        .order_by(Item.published_at, Item.id)
        .limit(_AT_MOST)
    )  # fmt: skip
    first: dict[str, StoryItem] = {}
    for id_, story, name, title, text, at, tlp in rows:
        first.setdefault(story, StoryItem(id_, name, title or text, at, tlp, 1))
    return sorted(first.values(), key=lambda item: abs(item.published_at - this.published_at))
