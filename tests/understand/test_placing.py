"""Stories on real databases: items are placed once, online, and a story tells nobody of what is hidden from them."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import delete, update

from tests.detect.desk import NOW, Desk, open_desk, read_config, stories, taxonomy
from tests.support.pauses import Step, paused_before, until_stuck_or_done
from tests.support.villages import village
from tests.understand.test_stories import HEADLINES, WIRE
from tracker.domain.words import ItemKind, Tlp
from tracker.store.tables import DirtyWeek, Item, ItemSketch, StoryMove
from tracker.store.writes.hiding import tighten_item, withdraw_item
from tracker.store.writes.housekeeping import Retention, forget
from tracker.understand.run import understand

TAXONOMY, STORIES = taxonomy(), stories()
OWN_WORDS = (
    "Armed men raided Ogossagou overnight. A nurse in Bankass counted thirty bodies; granaries were still burning "
    "when soldiers came. Herders fear that the village will take revenge."
)


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with open_desk(database_url) as opened:
        yield opened


def read(desk: Desk, batch: int = 500) -> int:
    return understand(desk.store, TAXONOMY, STORIES, NOW, batch)


def story(desk: Desk, item: str) -> str:
    return str(next(row["story_id"] for row in desk.all_of(Item) if row["id"] == item))


def wire(desk: Desk, item: str) -> str:
    return str(next(row["wire_id"] for row in desk.all_of(Item) if row["id"] == item))


def test_copies_of_one_wire_are_one_story_and_one_wire_in_whatever_batches_they_come(desk: Desk) -> None:
    for at, title in enumerate(HEADLINES * 3):
        desk.add(title, WIRE, source=f"paper {at}", at=NOW + timedelta(minutes=at))
    read(desk, batch=5)
    desk.add("Late edition", WIRE, source="late", at=NOW + timedelta(hours=9))
    read(desk)
    items = desk.all_of(Item)
    assert len(items) == 13
    assert len({row["story_id"] for row in items}) == len({row["wire_id"] for row in items}) == 1
    moves = desk.all_of(StoryMove)
    assert len(moves) == 12
    assert {(row["from_story"], row["moved_by"]) for row in moves} == {(None, "job:detect")}
    assert all(0.25 <= row["likeness"] <= 1.01 for row in moves)


def test_words_of_its_own_are_another_wire_of_the_same_story(desk: Desk) -> None:
    first = desk.add(HEADLINES[0], WIRE, source="a")
    second = desk.add("Mali village attacked", OWN_WORDS, source="b", at=NOW + timedelta(hours=1))
    read(desk)
    assert story(desk, first) == story(desk, second)
    assert wire(desk, first) != wire(desk, second)


def test_a_story_that_began_is_never_moved_by_what_comes_later(desk: Desk) -> None:
    desk.add(HEADLINES[0], WIRE, source="a")
    desk.add_many(3, "Riot in Kenya")
    read(desk)
    before = {row["id"]: (row["story_id"], row["wire_id"]) for row in desk.all_of(Item)}
    desk.add(HEADLINES[1], WIRE, source="b", at=NOW - timedelta(hours=1))
    with desk.store.acting("job:ingest", "other wording", NOW) as work:
        work.execute(update(Item).values(tagged_with=0))
    read(desk)
    after = {row["id"]: (row["story_id"], row["wire_id"]) for row in desk.all_of(Item)}
    assert {id_: after[id_] for id_ in before} == before


def test_the_id_of_a_story_says_neither_which_item_it_began_with_nor_when(desk: Desk) -> None:
    items = [desk.add(HEADLINES[0], WIRE), desk.add("Riot in Kenya"), desk.add("Floods in Peru")]
    read(desk)
    for id_ in (each for item in items for each in (story(desk, item), wire(desk, item))):
        assert id_ not in items
        assert all(id_[:10] != item[:10] for item in items)


@pytest.mark.parametrize(
    ("before", "after", "joins"),
    [
        ((Tlp.CLEAR, "host"), (Tlp.AMBER, "host"), True),
        ((Tlp.AMBER, "host"), (Tlp.CLEAR, "host"), False),
        ((Tlp.AMBER, "host"), (Tlp.AMBER_STRICT, "other"), True),
        ((Tlp.AMBER_STRICT, "host"), (Tlp.AMBER_STRICT, "host"), True),
        ((Tlp.AMBER_STRICT, "host"), (Tlp.AMBER_STRICT, "other"), False),
        ((Tlp.RED, "host"), (Tlp.RED, "host"), False),
        ((Tlp.CLEAR, "host"), (Tlp.RED, "host"), False),
    ],
)
def test_an_item_joins_only_what_all_who_see_it_may_see(
    desk: Desk, before: tuple[Tlp, str], after: tuple[Tlp, str], joins: bool
) -> None:
    def add(label: tuple[Tlp, str], hour: int) -> str:
        at = NOW + timedelta(hours=hour)
        return desk.add("", WIRE, source=f"s{hour}", at=at, tlp=label[0], org_id=getattr(desk, label[1]))

    first, second = add(before, 0), add(after, 1)
    read(desk)
    assert (story(desk, first) == story(desk, second)) is joins


def test_a_field_report_never_folds_with_the_news_by_itself(desk: Desk) -> None:
    news = desk.add("", WIRE)
    said: dict[str, Any] = {"kind": ItemKind.REPORT, "country": "MLI", "tlp": Tlp.AMBER_STRICT}
    report = desk.add("", WIRE, source="open-form", at=NOW + timedelta(hours=1), **said)
    read(desk)
    assert story(desk, news) != story(desk, report)


def test_the_weeks_of_a_joined_story_are_counted_anew(desk: Desk) -> None:
    sunday = NOW - timedelta(days=3)
    desk.add("", WIRE, source="a", at=sunday)
    read(desk)
    with desk.store.acting("test", "clean", NOW) as work:
        work.execute(delete(DirtyWeek))
    desk.add("", WIRE, source="b", at=sunday + timedelta(days=1))
    read(desk)
    assert [(row["country"], row["week"]) for row in desk.all_of(DirtyWeek)] == [
        ("MLI", "2026-W47"),
        ("MLI", "2026-W48"),
    ]


def test_what_is_withdrawn_or_red_leaves_no_sketch_and_is_compared_with_nothing(desk: Desk) -> None:
    gone, red, kept = (desk.add("", WIRE, source=name) for name in "abc")
    read(desk)
    assert len(desk.all_of(ItemSketch)) == 3
    with desk.store.acting("user:x", "take back", NOW) as work:
        withdraw_item(work, gone)
        tighten_item(work, red, Tlp.RED, "Names a village.")
    assert [row["item_id"] for row in desk.all_of(ItemSketch)] == [kept]


def test_sketches_are_kept_no_longer_than_the_retention_says(desk: Desk) -> None:
    desk.add("", WIRE)
    read(desk)
    keep = Retention.read(read_config("retention"))
    assert keep.sketches > STORIES.window
    for later, left in ((timedelta(0), 1), (timedelta(minutes=1), 0)):
        with desk.store.acting("job:housekeeping", "forget", NOW + keep.sketches + later) as work:
            forget(work, keep)
        assert len(desk.all_of(ItemSketch)) == left


def test_what_comes_days_late_joins_its_story(desk: Desk) -> None:
    """It lies among newer items that were placed before, some of them more than a window after it."""
    days = timedelta(days=1)
    first = desk.add(HEADLINES[0], WIRE, source="a", at=NOW - 8 * days)
    for day in range(9):
        desk.add(f"Riot in {village(day)}, Kenya", at=NOW - day * days)
    read(desk)
    late = desk.add(HEADLINES[1], WIRE, source="b", at=NOW - 7 * days)
    other = desk.add("Soldiers shoot at a crowd in Chad", "In " + village(40), at=NOW - 7 * days)
    fresh = desk.add("", OWN_WORDS.replace("Ogossagou", village(50)), source="c", at=NOW + days)
    read(desk)
    assert story(desk, late) == story(desk, first)
    assert len({story(desk, item) for item in (first, other, fresh)}) == 3


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4, 5), (5, 4, 3, 2, 1, 0), (3, 0, 4, 1, 5, 2)])
def test_stories_are_the_same_in_whatever_order_their_items_come(desk: Desk, order: tuple[int, ...]) -> None:
    texts = [WIRE, WIRE.replace("Ogossagou", village(7)).replace("Bankass", village(8))]
    desk.add_many(3, "Riot in Kenya", at=NOW + timedelta(days=4))
    items = {}
    for number in order:
        at = NOW + timedelta(days=number // 2)
        items[number] = desk.add("", texts[number % 2], source=f"paper {number}", at=at)
        read(desk)
    assert [story(desk, items[number]) == story(desk, items[number % 2]) for number in order] == [True] * 6
    assert story(desk, items[0]) != story(desk, items[1])


def test_two_who_place_at_once_begin_one_story(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    first = desk.add("", WIRE, source="a")
    with paused_before(monkeypatch, "tracker.understand.placing.store_placings") as pause:
        one = Step(lambda: read(desk))
        pause.reached()
        second = Step(lambda: desk.add("", WIRE, source="b", at=NOW + timedelta(minutes=1)))
        until_stuck_or_done(desk.store, second)
        other = Step(lambda: read(desk))
        until_stuck_or_done(desk.store, other)
        pause.go()
        one.result()
        late = second.result()
        other.result()
    read(desk)
    assert story(desk, first) == story(desk, late)


def test_what_is_withdrawn_while_it_is_placed_leaves_no_sketch(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def withdraw(item: str) -> None:
        with desk.store.acting("source:x", "withdraw", NOW) as work:
            withdraw_item(work, item)

    item = desk.add("", WIRE)
    with paused_before(monkeypatch, "tracker.understand.placing.store_placings") as pause:
        placing = Step(lambda: read(desk))
        pause.reached()
        withdrawing = Step(lambda: withdraw(item))
        until_stuck_or_done(desk.store, withdrawing)
        pause.go()
        placing.result()
        withdrawing.result()
    assert desk.all_of(ItemSketch) == []


def test_a_death_between_two_batches_loses_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for at, title in enumerate(HEADLINES):
        desk.add(title, WIRE, source=f"paper {at}", at=NOW + timedelta(minutes=at))

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("tracker.understand.placing.store_placings", die)
        with pytest.raises(KeyboardInterrupt):
            read(desk, batch=2)
    assert {row["wire_id"] for row in desk.all_of(Item)} == {None}
    read(desk, batch=2)
    assert all(one["story_id"] == other["story_id"] for one, other in pairwise(desk.all_of(Item)))
