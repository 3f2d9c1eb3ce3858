"""Merging and parting by hand: reversible, recorded, and never undone by the machine."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from tests.support.house import NOW, House
from tests.support.pauses import Step, until_stuck_or_done
from tests.support.statements import statements
from tests.understand.test_stories import WIRE
from tracker.domain.viewer import Viewer
from tracker.domain.words import Role, Tlp
from tracker.errors import NotAllowedError, NotFoundError, SubmissionError
from tracker.ingest.reports import partner_source, submit
from tracker.ingest.submission import read_submission
from tracker.pipeline import work_through
from tracker.respond.labels import tighten
from tracker.respond.stories import merge_stories, part_item, undo_story_change
from tracker.store import SystemSession
from tracker.store.reads.stories import story_of
from tracker.store.tables import DirtyWeek, Item, StoryMove
from tracker.store.writes.hiding import withdraw_item
from tracker.store.writes.stories import lock_stories
from tracker.store.writes.story_moves import lock_items

LATER = NOW + timedelta(hours=2)
OTHER = "Gunmen burned down the market of Sobane in Mali and killed 12 traders, the imam of Sangha said."


@pytest.fixture
def reports(house: House) -> list[str]:
    """Three reports: two that say the same, one of something else."""
    source = partner_source(house.store, house.viewer(Role.PARTNER).user_id, NOW)
    ids = []
    for number, words in enumerate((WIRE, f"{WIRE} Please help.", OTHER)):
        said = read_submission({"what": words, "country": "MLI", "tlp": "AMBER"})
        ids.append(submit(house.store, source, said, NOW + timedelta(minutes=number)).item_id)
    work_through(house.store, NOW + timedelta(hours=1))
    return ids


def seen(house: House, viewer: Viewer, item: str) -> list[str]:
    with house.store.viewing(viewer) as view:
        return [each.id for each in story_of(view, item).items]


def story(house: House, item: str) -> str:
    with house.store.looking("test", NOW) as work:
        return work.get_one(Item, item).story_id


def test_two_stories_become_one_and_part_again(house: House, analyst: Viewer, reports: list[str]) -> None:
    first, again, other = reports
    before = {item: story(house, item) for item in reports}
    assert seen(house, analyst, first) == [first, again]
    merge_stories(house.store, analyst, first, other, LATER)
    assert seen(house, analyst, other) == reports
    undo_story_change(house.store, analyst, other, LATER + timedelta(minutes=1))
    assert {item: story(house, item) for item in reports} == before
    part_item(house.store, analyst, again, LATER + timedelta(minutes=2))
    assert seen(house, analyst, again) == [again]
    assert seen(house, analyst, first) == [first]
    undo_story_change(house.store, analyst, again, LATER + timedelta(minutes=3))
    assert {item: story(house, item) for item in reports} == before


def test_the_story_of_an_item_is_a_cache_of_its_newest_move(
    house: House, analyst: Viewer, reports: list[str]
) -> None:
    merge_stories(house.store, analyst, reports[0], reports[2], LATER)
    part_item(house.store, analyst, reports[1], LATER + timedelta(minutes=1))
    with house.store.looking("test", NOW) as work:
        newest = {
            move.item_id: move for move in work.query(StoryMove).order_by(StoryMove.moved_at, StoryMove.id)
        }
    assert {item: newest[item].to_story for item in reports} == {item: story(house, item) for item in reports}
    assert {move.moved_by for move in newest.values()} == {analyst.actor}


def test_what_a_person_merged_the_machine_leaves_and_adds_to(
    house: House, analyst: Viewer, reports: list[str]
) -> None:
    merge_stories(house.store, analyst, reports[0], reports[2], LATER)
    source = partner_source(house.store, house.viewer(Role.PARTNER, name="Second").user_id, LATER)
    said = read_submission({"what": OTHER, "country": "MLI", "tlp": "AMBER"})
    late = submit(house.store, source, said, LATER).item_id
    work_through(house.store, NOW + timedelta(hours=3))
    assert seen(house, analyst, late) == [*reports, late]


def test_who_may_not_see_an_item_learns_of_no_merging_with_it(
    house: House, analyst: Viewer, reports: list[str]
) -> None:
    first, again, other = reports
    tighten(house.store, analyst, other, Tlp.AMBER_STRICT, "Names the imam.", LATER)
    merge_stories(house.store, analyst, first, other, LATER)
    officer = house.viewer(Role.OFFICER, "UN")
    assert seen(house, officer, first) == [first, again]
    assert seen(house, officer, other) == []


def test_what_a_person_may_not_see_they_do_not_move(
    house: House, analyst: Viewer, reports: list[str]
) -> None:
    """To refuse where unseen items stand in a story would tell of them; to take them along would speak for them."""
    first, again, other = reports
    stranger = house.viewer(Role.ANALYST, "UN")
    tighten(house.store, analyst, again, Tlp.AMBER_STRICT, "Names the imam.", LATER)
    before = story(house, again)
    with pytest.raises(SubmissionError, match="its own story"):
        part_item(house.store, stranger, first, LATER)
    merge_stories(house.store, stranger, first, other, LATER)
    assert seen(house, stranger, first) == [first, other]
    assert story(house, again) == before
    undo_story_change(house.store, stranger, first, LATER + timedelta(minutes=1))
    assert seen(house, analyst, again) == [first, again]

    merge_stories(house.store, analyst, first, other, LATER + timedelta(minutes=2))
    before = story(house, again)
    part_item(house.store, stranger, first, LATER + timedelta(minutes=3))
    assert story(house, again) == before
    undo_story_change(house.store, stranger, first, LATER + timedelta(minutes=4))
    assert seen(house, analyst, again) == reports


def test_merging_is_for_who_triages_and_may_see_both(
    house: House, analyst: Viewer, reports: list[str]
) -> None:
    officer, stranger = (
        house.viewer(Role.OFFICER, "UN"),
        house.viewer(Role.ANALYST, "UN"),
    )
    with pytest.raises(NotAllowedError):
        merge_stories(house.store, officer, reports[0], reports[2], LATER)
    tighten(house.store, analyst, reports[2], Tlp.AMBER_STRICT, "Names the imam.", LATER)
    with pytest.raises(NotFoundError):
        merge_stories(house.store, stranger, reports[0], reports[2], LATER)


def test_what_makes_no_sense_is_refused(house: House, analyst: Viewer, reports: list[str]) -> None:
    first, again, other = reports
    with pytest.raises(SubmissionError, match="one story already"):
        merge_stories(house.store, analyst, first, again, LATER)
    with pytest.raises(SubmissionError, match="its own story"):
        part_item(house.store, analyst, other, LATER)
    with pytest.raises(SubmissionError, match="Nobody changed"):
        undo_story_change(house.store, analyst, first, LATER)


def test_copies_are_counted_as_one_source(house: House, analyst: Viewer, reports: list[str]) -> None:
    with house.store.viewing(analyst) as view:
        row = story_of(view, reports[0])
    assert (len(row.items), row.source_count, row.by_hand) == (2, 1, False)
    assert [item.carries for item in row.items] == [1, 1]


@pytest.mark.parametrize("engine_name", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
@pytest.mark.parametrize("turned", [False, True])
def test_who_merges_and_who_holds_the_same_items_in_order_do_not_wait_for_each_other(
    house: House, analyst: Viewer, reports: list[str], turned: bool
) -> None:
    """Whoever takes several items takes them in the order of their ids, as settling a conflict does."""
    low, high = sorted((reports[0], reports[2]))
    with house.store.acting("user:x", "settle conflict", LATER) as work:
        lock_items(work, [low])
        pair = (high, low) if turned else (low, high)
        merging = Step(lambda: merge_stories(house.store, analyst, *pair, LATER))
        until_stuck_or_done(house.store, merging)
        lock_items(work, [high])
    merging.result()
    assert seen(house, analyst, low) == reports


def test_whatever_is_moved_at_once_marks_its_weeks_at_once(
    house: House, analyst: Viewer, reports: list[str]
) -> None:
    """Marks are rows under lock: two calls in one transaction could wait for each other's in a circle."""
    first, again, other = reports

    def marked(deed: Callable[[], None]) -> int:
        with statements(house.store) as said:
            deed()
        return sum("INTO dirty_week" in each for each in said)

    assert marked(lambda: merge_stories(house.store, analyst, first, other, LATER)) == 1
    assert marked(lambda: part_item(house.store, analyst, again, LATER + timedelta(minutes=1))) == 1
    assert marked(lambda: undo_story_change(house.store, analyst, again, LATER + timedelta(minutes=2))) == 1
    with house.store.acting("test", "clean", NOW) as work:
        work.execute(delete(DirtyWeek))
    assert marked(lambda: part_item(house.store, analyst, other, LATER + timedelta(minutes=3))) == 1
    with house.store.looking("test", NOW) as work:
        assert work.scalars(select(DirtyWeek.country)).all() == ["MLI"]


def test_what_is_taken_back_while_somebody_parts_it_is_not_found_and_nothing_moves(
    house: House, analyst: Viewer, reports: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, again, _ = reports

    def taken_back(work: SystemSession) -> None:
        lock_stories(work)
        withdraw_item(work, first)

    monkeypatch.setattr("tracker.respond.stories.lock_stories", taken_back)
    before = story(house, again)
    with pytest.raises(NotFoundError):
        part_item(house.store, analyst, first, LATER)
    assert story(house, again) == before
