"""What a field report leaves for a person to settle: a country, and which of two under one id counts."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.support.house import House
from tracker.domain.viewer import Viewer
from tracker.domain.words import Hidden, Role, Tlp
from tracker.errors import NotAllowedError, NotFoundError, StaleError, SubmissionError
from tracker.ingest.receipts import ReceiptStatus, receipt, withdraw
from tracker.ingest.reports import open_form_source, submit
from tracker.ingest.submission import Submission, read_submission
from tracker.pipeline import work_through
from tracker.respond.labels import tighten
from tracker.respond.unsettled import Holds, settle_conflict, settle_country
from tracker.store.reads.items import ItemRow, items_by_id, unsettled_count, unsettled_reports
from tracker.store.tables import Item, ItemContent
from tracker.store.writes.reports import open_question

GRAVE = "Men with guns burned the village near Goma in Congo and killed 12 people."


def send(house: House, submission: Submission) -> tuple[str, str]:
    """Send a report as a program does; return its item and its receipt code."""
    source = open_form_source(house.store, house.now)
    sent = submit(house.store, source, submission, house.now, keep_conflict=True)
    assert sent.code is not None
    return sent.item_id, sent.code


def uncertain(house: House, said: str = "Congo") -> str:
    return send(house, read_submission({"what": GRAVE, "country": said}))[0]


def waiting(house: House, viewer: Viewer) -> list[ItemRow]:
    with house.store.viewing(viewer) as view:
        found = unsettled_reports(view)
        assert unsettled_count(view) == len(found)
    return found


def test_no_country_is_read_into_a_report_until_a_person_settles_it(house: House, analyst: Viewer) -> None:
    item_id = uncertain(house)
    work_through(house.store, house.now)
    [item] = waiting(house, analyst)
    assert (item.id, item.country, item.country_said) == (item_id, None, "Congo")
    assert item.severity is not None
    settle_country(house.store, analyst, item_id, "COD", house.now)
    assert work_through(house.store, house.now).alerts_touched == 1
    assert waiting(house, analyst) == []
    with house.store.viewing(analyst) as view:
        assert items_by_id(view, [item_id])[item_id].country == "COD"


def test_a_country_is_settled_once_by_those_who_triage_and_within_their_countries(
    house: House, analyst: Viewer
) -> None:
    item_id = uncertain(house)
    officer = house.viewer(Role.OFFICER, "UN")
    scoped = house.viewer(Role.ANALYST, name="Sam", countries=("MLI",))
    with pytest.raises(NotAllowedError):
        settle_country(house.store, officer, item_id, "COD", house.now)
    with pytest.raises(NotFoundError):
        settle_country(house.store, scoped, item_id, "MLI", house.now)
    for wrong in ("ZZZ", "?"):
        with pytest.raises(SubmissionError):
            settle_country(house.store, analyst, item_id, wrong, house.now)
    settle_country(house.store, analyst, item_id, None, house.now)
    with pytest.raises(StaleError):
        settle_country(house.store, analyst, item_id, "COD", house.now)


@pytest.fixture
def two(house: House) -> tuple[tuple[str, str], tuple[str, str]]:
    """Two reports under one id, each as item and code."""
    first = Submission(what="The market is shut.", country="MLI", client_id="a1")
    return send(house, first), send(house, replace(first, what="The market is open."))


@pytest.mark.parametrize(("holds", "left"), [(Holds.BOTH, (0, 1)), (Holds.FIRST, (0,)), (Holds.LATER, (1,))])
def test_of_two_under_one_id_a_person_says_which_counts(
    house: House,
    analyst: Viewer,
    two: tuple[tuple[str, str], tuple[str, str]],
    holds: Holds,
    left: tuple[int, ...],
) -> None:
    (first, _), (later, _) = two
    [item] = waiting(house, analyst)
    assert (item.id, item.conflicts_with) == (later, first)
    settle_conflict(house.store, analyst, later, holds, house.now)
    assert waiting(house, analyst) == []
    with house.store.viewing(analyst) as view:
        seen = items_by_id(view, [first, later])
    assert set(seen) == {(first, later)[place] for place in left}
    with pytest.raises((StaleError, NotFoundError)):
        settle_conflict(house.store, analyst, later, holds, house.now)


def test_what_counts_stands_in_the_place_of_the_first_for_a_third_under_the_same_id(
    house: House, analyst: Viewer, two: tuple[tuple[str, str], tuple[str, str]]
) -> None:
    (first, _), (later, _) = two
    third, _ = send(house, Submission(what="The market burns.", country="MLI", client_id="a1"))
    assert [item.conflicts_with for item in waiting(house, analyst)] == [first, first]
    settle_conflict(house.store, analyst, later, Holds.LATER, house.now)
    assert [(item.id, item.conflicts_with) for item in waiting(house, analyst)] == [(third, later)]


@pytest.mark.parametrize("how", ["superseded", "withdrawn", "both held, then withdrawn"])
def test_a_report_that_comes_once_the_first_counts_no_more_is_compared_with_what_does(
    house: House, analyst: Viewer, two: tuple[tuple[str, str], tuple[str, str]], how: str
) -> None:
    (_, code), (later, _) = two
    if how != "withdrawn":
        holds = Holds.LATER if how == "superseded" else Holds.BOTH
        settle_conflict(house.store, analyst, later, holds, house.now)
    if how != "superseded":
        withdraw(house.store, code, house.now)
    said = Submission(what="The market burns.", country="MLI", client_id="a1")
    third, _ = send(house, said)
    fourth, _ = send(house, replace(said, what="The market is ash."))
    asked = [(item.id, item.conflicts_with) for item in waiting(house, analyst)]
    assert sorted(asked) == [(third, later), (fourth, later)]
    again = submit(house.store, open_form_source(house.store, house.now), said, house.now, keep_conflict=True)
    assert (again.item_id, again.already_received) == (third, True)
    settle_conflict(house.store, analyst, third, Holds.LATER, house.now)
    assert [(item.id, item.conflicts_with) for item in waiting(house, analyst)] == [(fourth, third)]


def test_of_those_that_wait_beside_one_that_is_withdrawn_the_oldest_takes_its_place(
    house: House, analyst: Viewer, two: tuple[tuple[str, str], tuple[str, str]]
) -> None:
    (_, code), (later, _) = two
    third, _ = send(house, Submission(what="The market burns.", country="MLI", client_id="a1"))
    withdraw(house.store, code, house.now)
    assert [(item.id, item.conflicts_with) for item in waiting(house, analyst)] == [(third, later)]


def test_one_that_is_taken_back_while_somebody_answers_is_not_found(
    house: House,
    analyst: Viewer,
    two: tuple[tuple[str, str], tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tracker.respond.unsettled.items_by_id", lambda view, ids: {})
    with pytest.raises(NotFoundError):
        settle_conflict(house.store, analyst, two[1][0], Holds.BOTH, house.now)


def refusal(house: House, viewer: Viewer, item_id: str, holds: Holds) -> str:
    with pytest.raises(StaleError) as refused:
        settle_conflict(house.store, viewer, item_id, holds, house.now)
    return str(refused.value)


@pytest.mark.parametrize("holds", Holds)
def test_who_may_not_see_the_first_is_not_asked_takes_nothing_back_and_learns_nothing_of_it(
    house: House, analyst: Viewer, two: tuple[tuple[str, str], tuple[str, str]], holds: Holds
) -> None:
    (first, _), (later, _) = two
    alone, _ = send(house, Submission(what="The well is dry.", country="MLI"))
    coordinator = house.viewer(Role.COORDINATOR, name="Cora")
    tighten(house.store, coordinator, first, Tlp.RED, "Names a guard.", house.now)
    assert waiting(house, analyst) == []
    with house.store.viewing(analyst) as view:
        assert items_by_id(view, [later])[later].conflicts_with is None
    assert refusal(house, analyst, later, holds) == refusal(house, analyst, alone, holds)
    with house.store.viewing(coordinator) as view:
        assert items_by_id(view, [first, later]).keys() == {first, later}
    assert [item.conflicts_with for item in waiting(house, coordinator)] == [first]
    settle_conflict(house.store, coordinator, later, holds, house.now)


@pytest.mark.parametrize("holds", Holds)
def test_where_the_first_was_withdrawn_there_is_nothing_to_choose_and_the_later_stays(
    house: House, analyst: Viewer, two: tuple[tuple[str, str], tuple[str, str]], holds: Holds
) -> None:
    (_, code), (later, _) = two
    withdraw(house.store, code, house.now)
    assert waiting(house, analyst) == []
    assert "Nothing was changed" in refusal(house, analyst, later, holds)
    with house.store.acting("test", "test", house.now) as work:
        question = open_question(work, later)
        assert question is not None
        assert question.conflicts_with is None
    with house.store.viewing(analyst) as view:
        assert set(items_by_id(view, [later])) == {later}


def test_one_that_does_not_count_is_not_called_withdrawn_and_its_sender_can_still_take_it_back(
    house: House, analyst: Viewer, two: tuple[tuple[str, str], tuple[str, str]]
) -> None:
    (later, code) = two[1]
    settle_conflict(house.store, analyst, later, Holds.FIRST, house.now)
    assert receipt(house.store, code, house.now).status is not ReceiptStatus.WITHDRAWN
    assert withdraw(house.store, code, house.now).status is ReceiptStatus.WITHDRAWN
    with house.store.looking("test", house.now) as work:
        item = work.get_one(Item, later)
        assert item.hidden_because is Hidden.WITHDRAWN
        assert work.scalars(select(ItemContent).where(ItemContent.version_id == item.version_id)).all() == []
