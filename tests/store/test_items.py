"""Writing items in bulk: the same on both databases, and in few statements however long the document is."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event, func, select

from tests.support.statements import statements
from tracker.domain.words import DateOrigin, DatePrecision, KeyKind, SourceKind, Tlp
from tracker.store import Store
from tracker.store.tables import Item, ItemContent, ItemKey, ItemVersion
from tracker.store.writes.items import (
    Holding,
    ItemWords,
    NewItem,
    NewVersion,
    SourceKey,
    known_keys,
    store_keys,
    store_new,
    store_versions,
    stored_items,
    void_keys,
)
from tracker.store.writes.people import ensure_host, host_org
from tracker.store.writes.sources import NewSource, store_source

NOW = datetime(2026, 11, 25, 9, 40, tzinfo=UTC)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store.open(database_url)
    yield opened
    opened.close()


@pytest.fixture
def holding(store: Store) -> Holding:
    with store.acting("test", "test", NOW) as work:
        ensure_host(work, "Platform")
        org_id = host_org(work)
        source_id = store_source(work, NewSource("s", SourceKind.FEED, org_id, url="https://x.test/"))
    assert source_id is not None
    return Holding(source_id, org_id, Tlp.GREEN)


def an_item(holding: Holding, number: int) -> NewItem:
    return NewItem(
        holding=holding,
        words=ItemWords(f"title {number}", "text", f"https://x.test/{number}", str(number), f"{number:032}"),
        keys=((KeyKind.GUID, f"{number:032}"), (KeyKind.LINK, f"{number:032}")),
        published_at=NOW,
        published_claimed="25 Nov 2026",
        date_origin=DateOrigin.CLAIMED,
        date_precision=DatePrecision.DAY,
        lang="en",
    )


def test_new_items_are_pending_and_carry_their_sources_label(store: Store, holding: Holding) -> None:
    with store.acting("test", "test", NOW) as work:
        (item_id,) = store_new(work, [an_item(holding, 1)])
    with store.looking("test", NOW) as work:
        item = work.get_one(Item, item_id)
        words = work.get_one(ItemContent, item.version_id)
    assert (item.tagged_with, item.story_id, item.tlp, item.org_id, item.country) == (
        0,
        item_id,
        Tlp.GREEN,
        holding.org_id,
        None,
    )
    assert (item.published_at, item.fetched_at, words.title, words.guid) == (NOW, NOW, "title 1", "1")


def test_keys_are_found_by_kind_and_value_and_a_void_one_leads_nowhere(
    store: Store, holding: Holding
) -> None:
    with store.acting("test", "test", NOW) as work:
        first, second = store_new(work, [an_item(holding, 1), an_item(holding, 2)])
        shared, fresh = (KeyKind.LINK, f"{1:032}"), (KeyKind.GUID, f"{3:032}")
        void_keys(work, holding.source_id, [shared, fresh])
        named = [shared, (KeyKind.GUID, f"{4:032}")]
        store_keys(work, [SourceKey(holding.source_id, key, second) for key in named])
    asked = [(KeyKind.GUID, f"{n:032}") for n in range(1, 6)] + [shared]
    with store.looking("test", NOW) as work:
        assert known_keys(work, {holding.source_id: asked})[holding.source_id] == {
            (KeyKind.GUID, f"{1:032}"): first,
            (KeyKind.GUID, f"{2:032}"): second,
            (KeyKind.GUID, f"{4:032}"): second,
            shared: None,
            fresh: None,
        }
        assert known_keys(work, {"another source": asked}) == {"another source": {}}
        assert stored_items(work, [first, second])[second].key_count == 3


def test_a_version_becomes_the_current_one_and_the_earlier_stays(store: Store, holding: Holding) -> None:
    with store.acting("test", "test", NOW) as work:
        (item_id,) = store_new(work, [an_item(holding, 1)])
        before = stored_items(work, [item_id])[item_id]
        words = ItemWords("corrected", "text", None, "1", "f" * 32)
        store_versions(work, [NewVersion(item_id, words, before.version_count + 1, before.revision + 1)])
    with store.looking("test", NOW) as work:
        item = work.get_one(Item, item_id)
        assert (item.version_count, item.revision) == (2, 2)
        assert work.get_one(ItemContent, item.version_id).title == "corrected"
        assert work.scalar(select(func.count()).select_from(ItemVersion)) == 2
        assert stored_items(work, [item_id])[item_id].digest == "f" * 32


def test_a_long_document_takes_as_few_statements_as_a_short_one(store: Store, holding: Holding) -> None:
    def many(numbers: range) -> int:
        with statements(store) as said, store.acting("test", "test", NOW) as work:
            items = [an_item(holding, number) for number in numbers]
            known_keys(work, {holding.source_id: [key for item in items for key in item.keys]})
            store_new(work, items)
        return len(said)

    assert many(range(500)) == many(range(500, 502))
    with store.looking("test", NOW) as work:
        assert work.scalar(select(func.count()).select_from(ItemKey)) == 1004


def test_a_key_is_known_to_its_own_source_alone(store: Store, holding: Holding) -> None:
    with store.acting("test", "test", NOW) as work:
        (item_id,) = store_new(work, [an_item(holding, 1)])
        new = NewSource("t", SourceKind.FEED, holding.org_id, url="https://y.test/")
        other = store_source(work, new) or ""
    key = (KeyKind.GUID, f"{1:032}")
    with store.looking("test", NOW) as work:
        assert known_keys(work, {holding.source_id: [key], other: [key]}) == {
            holding.source_id: {key: item_id},
            other: {},
        }


def test_versions_change_their_items_in_the_order_in_which_others_lock_them(
    store: Store, holding: Holding
) -> None:
    changed: list[str] = []

    def note(*given: Any) -> None:
        statement, parameters = given[2], given[3]
        if statement.startswith("UPDATE item "):
            changed.extend(str(row) for row in parameters)

    with store.acting("test", "test", NOW) as work:
        ids = store_new(work, [an_item(holding, number) for number in range(3)])
    words = ItemWords("corrected", "text", None, "1", "f" * 32)
    event.listen(store.writer, "before_cursor_execute", note)
    with store.acting("test", "test", NOW) as work:
        store_versions(work, [NewVersion(item_id, words, 2, 2) for item_id in reversed(ids)])
    event.remove(store.writer, "before_cursor_execute", note)
    order = [next(item_id for item_id in ids if item_id in row) for row in changed]
    assert order == sorted(ids)
