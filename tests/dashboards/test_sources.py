"""The page of sources: what is silent or broken comes first, and those who may can do something about it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from tests.dashboards.conftest import Pages, field, press, words
from tests.support.house import NOW, House
from tracker.access.people import NewPerson, create_user
from tracker.domain.viewer import Viewer
from tracker.domain.words import Reliability, Role, SourceState, Trouble
from tracker.ingest.sources import About, add_source
from tracker.store.reads.sources import SourceRow, source, source_history
from tracker.store.tables import Source

DAY = timedelta(days=1)


def add(house: House, name: str, added: timedelta = DAY, **given: object) -> str:
    """Add a source that was added some time ago and stands as given."""
    url = f"http://127.0.0.1:9/{name.replace(' ', '-')}"
    added_id = add_source(house.store, url, NOW - added, About(name=name, country="MLI")).id
    with house.store.acting("test", "test", NOW) as work:
        if given:
            work.execute(update(Source).where(Source.id == added_id).values(**given))
    return added_id


def read(house: House, viewer: Viewer, source_id: str) -> SourceRow:
    with house.store.viewing(viewer) as view:
        return source(view, source_id)


@pytest.fixture
def coordinator(house: House, pages: Pages) -> Viewer:
    coordinator = house.viewer(Role.COORDINATOR, name="Cora")
    pages.sign_in(coordinator)
    return coordinator


FAILING: dict[str, Any] = {
    "state": SourceState.FAILING,
    "reason": "answered 404: there is nothing at this address",
    "trouble": Trouble.MISSING,
    "last_ok_at": NOW - 3 * DAY,
    "failure_count": 6,
}


def test_what_fails_or_is_silent_comes_first_with_since_when_why_and_what_to_do(
    pages: Pages, house: House, analyst: Viewer
) -> None:
    add(house, "Radio Kesh", **FAILING)
    add(house, "Quiet Post", 40 * DAY, last_ok_at=NOW, last_new_at=NOW - 20 * DAY, item_count=7)
    add(house, "Daily News", last_ok_at=NOW, last_new_at=NOW)
    said = words(pages.open("sources"))
    assert "1 source fails, Radio Kesh the longest, for 3 days; 1 answers and is silent: Quiet Post." in said
    assert "Answered 404: there is nothing at this address" in said
    assert "Find the feed&#39;s new address on the publisher&#39;s site" in said
    assert "silent for 20 days" in said
    assert said.index("Radio Kesh</a>") < said.index("Quiet Post</a>") < said.index("Daily News</a>")


def test_a_source_that_is_switched_off_or_not_polled_is_neither_failing_nor_silent(
    pages: Pages, house: House, analyst: Viewer
) -> None:
    off: dict[str, Any] = {"state": SourceState.DISABLED, "reason": "closed down", "next_poll_at": None}
    add(house, "Old Voice", 90 * DAY, **off)
    add(house, "Captured", 90 * DAY, next_poll_at=None)
    said = words(pages.open("sources"))
    assert "Every source that is switched on answers." in said
    assert "1 switched off" in said
    assert "Closed down" in said


def test_a_host_that_wants_to_be_left_alone_shows_at_all_its_sources(
    pages: Pages, house: House, analyst: Viewer
) -> None:
    add(house, "Busy", **FAILING | dict.fromkeys(("held_until", "next_poll_at"), NOW + 5.5 * DAY))
    add(house, "Beside", last_new_at=NOW, next_poll_at=NOW + timedelta(minutes=5))
    said = words(pages.open("sources"))
    assert "1 host left alone by request" in said
    assert said.count(">in 5 days</time>") == 2


def test_those_who_may_not_change_sources_read_how_one_stands(
    pages: Pages, house: House, analyst: Viewer
) -> None:
    app = pages.open("sources", id=add(house, "Radio Kesh", **FAILING))
    assert "Nothing changed since it was added." in words(app)
    assert not app.button


def test_one_is_switched_off_with_a_reason_and_on_again_and_the_history_says_who(
    pages: Pages, house: House, coordinator: Viewer
) -> None:
    source_id = add(house, "Radio Kesh", **FAILING)
    app = press(pages.open("sources", id=source_id), "Switch off")
    assert "Reason: Say why" in words(app)
    reason: Any = field(app, "Why, so that others know what they do not see")
    reason.set_value("closed down")
    press(app, "Switch off")
    assert "switched off: closed down · Cora" in words(app)
    off = read(house, coordinator, source_id)
    assert (off.state, off.reason, off.next_poll_at) == (SourceState.DISABLED, "closed down", None)
    press(app, "Switch on")
    on = read(house, coordinator, source_id)
    assert (on.state, on.reason, on.failure_count) == (SourceState.ACTIVE, None, 0)
    assert on.next_poll_at is not None
    with house.store.viewing(coordinator) as view:
        assert [row.deed for row in source_history(view, source_id)] == ["switched on", "switched off"]


def test_steward_and_grade_are_changed(pages: Pages, house: House, coordinator: Viewer) -> None:
    source_id = add(house, "Radio Kesh")
    ben = create_user(house.store, NewPerson("ben@example.org", Role.ANALYST, "Platform", "Ben"), NOW)
    app = pages.open("sources", id=source_id)
    for label, value in (("Steward", ben), ("Grade", Reliability.B)):
        chosen: Any = field(app, label)
        chosen.set_value(value)
    press(app, "Change")
    kept = read(house, coordinator, source_id)
    assert (kept.steward_id, kept.reliability) == (ben, Reliability.B)
    assert "changed: another steward, reliability F → B · Cora" in words(app)


def test_one_is_asked_now_and_what_came_of_it_is_said(
    pages: Pages, house: House, coordinator: Viewer
) -> None:
    source_id = add(house, "Radio Kesh")
    app = press(pages.open("sources", id=source_id), "Ask it now")
    assert "It was asked and gave nothing; the reason is shown." in words(app)
    assert "Address 127.0.0.1 is not public" in words(app)
    assert read(house, coordinator, source_id).trouble == Trouble.ADDRESS_REFUSED
