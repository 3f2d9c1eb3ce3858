"""Items as a document brings them: many rows, few statements, all in the caller's transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from sqlalchemy import func, select, update

from tracker.domain.viewer import Viewer
from tracker.domain.words import DateOrigin, DatePrecision, ItemKind, KeyKind, Tlp
from tracker.store.asked import asked
from tracker.store.columns import new_ids
from tracker.store.session import SystemSession
from tracker.store.tables import Item, ItemContent, ItemKey, ItemVersion
from tracker.store.upsert import insert_all, insert_ignoring
from tracker.store.visibility import visible

Key = tuple[KeyKind, str]
_AT_ONCE = 5000


@dataclass(frozen=True)
class Holding:
    """What a new item takes from its source: who holds it, and how it is labelled."""

    source_id: str
    org_id: str
    tlp: Tlp


class ItemWords(NamedTuple):
    """The words of one version; `digest` is that of title and text."""

    title: str
    text: str
    url: str | None
    guid: str | None
    digest: str


class NewItem(NamedTuple):
    """An item that its source says for the first time; times in UTC."""

    holding: Holding
    words: ItemWords
    keys: tuple[Key, ...]
    published_at: datetime
    published_claimed: str | None
    date_origin: DateOrigin
    date_precision: DatePrecision
    lang: str | None


@dataclass(frozen=True)
class NewVersion:
    """Another wording of a stored item; `number` and `revision` are what they become."""

    item_id: str
    words: ItemWords
    number: int
    revision: int


class SourceKey(NamedTuple):
    """A key of one source's items, and the item that it identifies; None where it identifies nothing."""

    source_id: str
    key: Key
    item_id: str | None


@dataclass(frozen=True)
class StoredItem:
    """What identity needs to know of a stored item."""

    digest: str
    version_count: int
    key_count: int
    revision: int
    hidden: bool


@dataclass(frozen=True)
class ItemNow:
    """An item as it stands, whoever may see it; times in UTC."""

    id: str
    version_id: str
    tlp: Tlp
    org_id: str
    country: str | None
    theme: str | None
    published_at: datetime


def item_now(work: SystemSession, item_id: str) -> ItemNow:
    """Return an item as it stands."""
    row = work.get_one(Item, item_id)
    return ItemNow(row.id, row.version_id, row.tlp, row.org_id, row.country, row.theme, row.published_at)


def seen_by(work: SystemSession, viewer: Viewer, item_ids: Collection[str]) -> set[str]:
    """Return those of some items that a viewer may see, as things stand in this transaction."""
    seen = select(Item.id).where(Item.id.in_(item_ids), visible(Item, viewer))
    return set(work.scalars(seen))


def known_keys(work: SystemSession, keys: Mapping[str, Collection[Key]]) -> dict[str, dict[Key, str | None]]:
    """Return which of these keys are known of each source, with their items; None for one that identifies none."""
    found: dict[str, dict[Key, str | None]] = {source_id: {} for source_id in keys}
    wanted = asked(
        work,
        [(source_id, kind, value) for source_id, theirs in keys.items() for kind, value in theirs],
        (ItemKey.source_id, ItemKey.kind, ItemKey.value),
    )
    rows = select(ItemKey.source_id, ItemKey.kind, ItemKey.value, ItemKey.item_id)
    for source_id, kind, value, item_id in work.execute(rows.join_from(wanted.table, ItemKey, wanted.borne)):
        found[source_id][kind, value] = item_id
    return found


def stored_items(work: SystemSession, item_ids: Collection[str]) -> dict[str, StoredItem]:
    """Return what identity needs to know of items, by id."""
    ids, found = iter(set(item_ids)), {}
    while some := list(islice(ids, _AT_ONCE)):
        counts = (
            select(ItemKey.item_id, func.count().label("count"))
            .where(ItemKey.item_id.in_(some))
            .group_by(ItemKey.item_id)
            .subquery()
        )
        rows = (
            select(
                Item.id,
                ItemVersion.content_digest,
                Item.version_count,
                counts.c.count,
                Item.revision,
                Item.hidden_at.is_not(None),
            )
            .join(ItemVersion, ItemVersion.id == Item.version_id)
            .join(counts, counts.c.item_id == Item.id)
        )
        found.update({row[0]: StoredItem(*row[1:]) for row in work.execute(rows)})
    return found


def store_new(work: SystemSession, new: Sequence[NewItem]) -> list[str]:
    """Store items with their first version and keys; return their ULIDs, in order. They are pending."""
    ids = list(zip(new_ids(work.now, len(new)), new_ids(work.now, len(new)), strict=True))
    insert_all(
        work,
        Item,
        [
            {
                "id": item_id,
                "org_id": item.holding.org_id,
                "tlp": item.holding.tlp,
                "source_id": item.holding.source_id,
                "kind": ItemKind.NEWS,
                "story_id": item_id,
                "published_at": item.published_at,
                "published_claimed": item.published_claimed,
                "date_origin": item.date_origin,
                "date_precision": item.date_precision,
                "fetched_at": work.now,
                "version_id": version_id,
                "lang": item.lang,
            }
            for item, (item_id, version_id) in zip(new, ids, strict=True)
        ],
    )
    named = list(zip(new, ids, strict=True))
    _store_words(work, [(item_id, version_id, 1, item.words) for item, (item_id, version_id) in named])
    store_keys(
        work,
        [
            SourceKey(item.holding.source_id, key, item_id)
            for item, (item_id, _) in named
            for key in item.keys
        ],
    )
    return [item_id for item_id, _ in ids]


def store_versions(work: SystemSession, versions: Sequence[NewVersion]) -> None:
    """Store further versions of items and make them the current ones. The items are pending again."""
    if not versions:
        return
    versions = sorted(versions, key=lambda new: new.item_id)  # others lock items in this order too
    ids = new_ids(work.now, len(versions))
    _store_words(
        work, [(new.item_id, id_, new.number, new.words) for new, id_ in zip(versions, ids, strict=True)]
    )
    work.execute(
        update(Item),
        [
            {
                "id": new.item_id,
                "version_id": version_id,
                "version_count": new.number,
                "revision": new.revision,
                "tagged_with": 0,
            }
            for new, version_id in zip(versions, ids, strict=True)
        ],
    )


def store_keys(work: SystemSession, keys: Sequence[SourceKey]) -> None:
    """Store keys that are not there yet."""
    insert_ignoring(
        work,
        ItemKey,
        [
            {"source_id": one.source_id, "kind": one.key[0], "value": one.key[1], "item_id": one.item_id}
            for one in keys
        ],
    )


def void_keys(work: SystemSession, source_id: str, keys: Collection[Key]) -> None:
    """Note of keys, known or not, that they identify nothing."""
    store_keys(work, [SourceKey(source_id, key, None) for key in keys])
    by_kind: dict[KeyKind, list[str]] = {}
    for kind, value in keys:
        by_kind.setdefault(kind, []).append(value)
    for kind, values in by_kind.items():
        work.execute(
            update(ItemKey)
            .where(
                ItemKey.source_id == source_id,
                ItemKey.kind == kind,
                ItemKey.value.in_(values),
                ItemKey.item_id.is_not(None),
            )
            .values(item_id=None)
            .execution_options(synchronize_session=False)
        )


def _store_words(work: SystemSession, texts: Sequence[tuple[str, str, int, ItemWords]]) -> None:
    """Insert (item, version, number, words) as versions and contents."""
    insert_all(
        work,
        ItemVersion,
        [
            {
                "id": version_id,
                "item_id": item_id,
                "number": number,
                "seen_at": work.now,
                "content_digest": words.digest,
            }
            for item_id, version_id, number, words in texts
        ],
    )
    insert_all(
        work,
        ItemContent,
        [
            {
                "version_id": version_id,
                "title": words.title,
                "text": words.text,
                "url": words.url,
                "guid": words.guid,
            }
            for _, version_id, _, words in texts
        ],
    )
