"""Items waiting to be placed into stories, what they are compared with, and where they go.

Whoever places or moves items holds one lock until their transaction ends: two that placed at the same time would each
begin a story of the same events. Locks are taken in one order: stories, items, dirty weeks.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, distinct, func, select, update

from tracker.domain.times import iso_week
from tracker.domain.words import ItemKind, Tlp
from tracker.store.columns import new_id
from tracker.store.session import SystemSession
from tracker.store.tables import Item, ItemContent, ItemCountry, ItemSketch, StoryMove
from tracker.store.upsert import insert_ignoring
from tracker.store.writes.counts import mark_dirty

_AT_ONCE = 10_000
_LOCK = 0x53544F52
"""The number of the lock on PostgreSQL; a writer on SQLite is alone anyhow."""


_COMPARED = (Item.id, Item.source_id, Item.kind, Item.tlp, Item.org_id, Item.published_at)


@dataclass(frozen=True)
class ItemToPlace:
    """An item as it is compared with others; `published_at` is the date used."""

    id: str
    source_id: str
    kind: ItemKind
    tlp: Tlp
    org_id: str
    published_at: datetime
    countries: frozenset[str]


@dataclass(frozen=True)
class UnplacedItem:
    """An item that was not placed yet, with its current words, empty where they were erased.

    `chosen` is the story into which a person moved it before, which it keeps.
    """

    item: ItemToPlace
    chosen: str | None
    title: str
    text: str


@dataclass(frozen=True)
class PlacedItem:
    """An item that was placed before, with its sketch."""

    item: ItemToPlace
    story_id: str
    wire_id: str
    sketch: bytes


@dataclass(frozen=True)
class Placing:
    """Where an item goes. `likeness` is None where it joined by none; `sketch` None where none is to be kept."""

    item_id: str
    story_id: str
    wire_id: str
    likeness: float | None
    sketch: bytes | None


def lock_stories(work: SystemSession) -> None:
    """Let nobody else place or move items until the transaction ends. To be taken before any other lock."""
    if work.get_bind().dialect.name == "postgresql":
        work.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def any_unplaced(work: SystemSession, tagger_version: int) -> bool:
    """Return whether an item that was tagged waits for its story."""
    return work.scalar(_unplaced(tagger_version).limit(1)) is not None


def unplaced_items(work: SystemSession, tagger_version: int, limit: int) -> list[UnplacedItem]:
    """Return some items that were tagged and wait for their story, the oldest first, under lock.

    Items that another process has locked are left for later.
    """
    waiting = _unplaced(tagger_version).order_by(Item.published_at, Item.id).limit(limit)
    ids = list(work.scalars(waiting.with_for_update(key_share=True, skip_locked=True)))
    rows = work.execute(
        select(
            *_COMPARED,
            Item.story_id,
            func.coalesce(ItemContent.title, ""),
            func.coalesce(ItemContent.text, ""),
        )
        .outerjoin(ItemContent, ItemContent.version_id == Item.version_id)
        .where(Item.id.in_(ids))
        .order_by(Item.published_at, Item.id)
    ).all()
    countries = _countries(work, ids)
    return [
        UnplacedItem(ItemToPlace(*row[:6], countries[row[0]]), row[6] if row[6] != row[0] else None, *row[7:])
        for row in rows
    ]


def _unplaced(tagger_version: int) -> Select[str]:
    """Select what was never placed, which gives it a wire; one that a person moved before is placed as well."""
    return select(Item.id).where(
        Item.wire_id.is_(None),
        Item.hidden_at.is_(None),
        Item.tagged_with >= tagger_version,
    )


def placed_near(work: SystemSession, between: tuple[datetime, datetime], at_most: int) -> list[PlacedItem]:
    """Return the newest placed items of a stretch, its end not included, the oldest first, with their sketches."""
    since, until = between
    rows = work.execute(
        select(*_COMPARED, Item.story_id, Item.wire_id, ItemSketch.sketch)
        .join(ItemSketch, ItemSketch.item_id == Item.id)
        .where(
            Item.published_at >= since,
            Item.published_at < until,
            Item.hidden_at.is_(None),
            Item.wire_id.is_not(None),
        )
        .order_by(Item.published_at.desc(), Item.id.desc())
        .limit(at_most)
    ).all()
    countries = _countries(work, [row[0] for row in rows])
    return [
        PlacedItem(ItemToPlace(*row[:6], countries[row[0]]), row[6], row[7] or "", row[8])
        for row in reversed(rows)
    ]


def _countries(work: SystemSession, item_ids: Sequence[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for at in range(0, len(item_ids), _AT_ONCE):
        some = item_ids[at : at + _AT_ONCE]
        rows = select(ItemCountry.item_id, ItemCountry.country).where(ItemCountry.item_id.in_(some))
        for item_id, country in work.execute(rows):
            found[item_id].add(country)
    return {item_id: frozenset(found[item_id]) for item_id in item_ids}


def store_placings(work: SystemSession, placings: Sequence[Placing]) -> None:
    """Keep where items go, what is remembered of them, and mark the weeks that their stories count in as dirty."""
    work.execute(
        update(Item),
        [{"id": each.item_id, "story_id": each.story_id, "wire_id": each.wire_id} for each in placings],
    )
    sketches = [(each.item_id, each.sketch) for each in placings if each.sketch]
    insert_ignoring(
        work,
        ItemSketch,
        [{"item_id": item_id, "sketch": sketch, "sketched_at": work.now} for item_id, sketch in sketches],
    )
    moves = [
        move_row(work, each.item_id, None, each.story_id, each.likeness)
        for each in placings
        if each.likeness is not None
    ]
    insert_ignoring(work, StoryMove, moves)
    mark_stories(work, {each.story_id for each in placings})


def mark_stories(work: SystemSession, story_ids: Collection[str]) -> None:
    """Mark the weeks and countries of all items of these stories as dirty."""
    rows = (
        select(ItemCountry.country, ItemCountry.published_at)
        .join(Item, Item.id == ItemCountry.item_id)
        .where(Item.story_id.in_(story_ids), ItemCountry.rank == 0)
        .distinct()
    )
    mark_dirty(work, {(country, iso_week(at)) for country, at in work.execute(rows)})


def move_row(
    work: SystemSession,
    item_id: str,
    from_story: str | None,
    to_story: str,
    likeness: float | None,
    deed_id: str | None = None,
) -> dict[str, object]:
    """Return the row that keeps a move; `likeness` is None where a person moved the item."""
    return {
        "id": new_id(work.now),
        "item_id": item_id,
        "from_story": from_story,
        "to_story": to_story,
        "likeness": likeness,
        "deed_id": deed_id,
        "moved_by": work.actor,
        "moved_at": work.now,
    }


def erase_sketches(work: SystemSession, item_ids: Collection[str]) -> None:
    """Forget what items are about: with their words, or when nothing may be compared with them any more."""
    work.execute(delete(ItemSketch).where(ItemSketch.item_id.in_(item_ids)))


def story_totals(work: SystemSession) -> tuple[int, int]:
    """Return how many stories and how many texts there are among the items that were placed and are not hidden."""
    totals = select(func.count(distinct(Item.story_id)), func.count(distinct(Item.wire_id)))
    stories, wires = work.execute(totals.where(Item.wire_id.is_not(None), Item.hidden_at.is_(None))).one()
    return stories, wires
