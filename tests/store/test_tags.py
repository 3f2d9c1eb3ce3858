from collections.abc import Iterator

import pytest

from tests.detect.desk import NOW, Desk, open_desk
from tracker.store.tables import Item, ItemTag
from tracker.store.writes.tags import TaggedItem, count_pending, pending_items, store_tags


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with open_desk(database_url) as opened:
        yield opened


def test_an_item_waits_until_this_tagger_version_has_read_it(desk: Desk) -> None:
    desk.add("Riot", "in town")
    with desk.store.acting("job:test", "tag", NOW) as work:
        (item,) = pending_items(work, 3, 10)
        assert (item.title, item.text, item.source_lang) == ("Riot", "in town", "en")
        tagged = TaggedItem(item, "en", (), None, (), None, None, False, None, ())
        store_tags(work, 3, [tagged])
        store_tags(work, 3, [tagged])
    with desk.store.looking("look", NOW) as work:
        assert count_pending(work, 3) == 0
        assert count_pending(work, 4) == 1
    assert len(desk.all_of(ItemTag)) == 1
    assert [row["tagged_with"] for row in desk.all_of(Item)] == [3]


def test_no_more_items_are_taken_than_asked_for(desk: Desk) -> None:
    desk.add_many(3, "Riot")
    with desk.store.acting("job:test", "tag", NOW) as work:
        assert len(pending_items(work, 1, 2)) == 2
