"""Who may set the roster, swap in it, and say that somebody is away."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.house import NOW, House
from tracker.access.people import end_access
from tracker.domain.duty import Hours
from tracker.domain.viewer import Viewer
from tracker.domain.words import Role
from tracker.errors import NotAllowedError, NotFoundError, SubmissionError
from tracker.respond.duty import (
    Stretch,
    Turns,
    on_duty_now,
    roster_now,
    say_away,
    say_back,
    set_layer,
    swap,
    take_back_swap,
)
from tracker.store.tables import AuditRow, DutyPlan

TODAY = Stretch(NOW, NOW + timedelta(hours=8))


@pytest.fixture
def cleo(house: House) -> Viewer:
    return house.viewer(Role.COORDINATOR, name="Cleo")


@pytest.fixture
def ben(house: House) -> Viewer:
    return house.viewer(Role.ANALYST, name="Ben")


def turns(*people: Viewer, **given: Any) -> Turns:
    ids = tuple(person.user_id for person in people)
    return replace(Turns(1, ids, "Europe/Paris", time(9), 7, date(2026, 11, 23)), **given)


def on(house: House) -> tuple[str, ...]:
    return roster_now(house.store, NOW).on_duty(NOW)


def test_a_coordinator_sets_a_layer_and_what_was_set_before_stays_on_record(
    house: House, analyst: Viewer, ben: Viewer, cleo: Viewer
) -> None:
    office = Hours(frozenset(range(5)), time(9), time(18))
    set_layer(house.store, cleo, turns(analyst), NOW)
    set_layer(
        house.store, cleo, turns(ben, only=office, until_day=date(2027, 1, 1)), NOW + timedelta(hours=1)
    )
    (before, now) = roster_now(house.store, NOW).plans
    assert (before.people, now.people) == ((analyst.user_id,), (ben.user_id,))
    assert (now.only, now.until_day, now.hands_over_at) == (office, date(2027, 1, 1), time(9))
    assert on(house) == (ben.user_id,)
    (first,) = on_duty_now(house.store, NOW)
    assert (first[0], first[1].name) == (1, "Ben")
    with house.store.looking("test", NOW) as work:
        assert [row.set_by for row in work.scalars(select(DutyPlan))] == [cleo.actor] * 2
        assert [row.deed for row in work.scalars(select(AuditRow))].count("duty layer set") == 2


@pytest.mark.parametrize("role", [Role.ANALYST, Role.ADMIN, Role.OFFICER, Role.PARTNER])
def test_nobody_else_sets_a_layer(house: House, analyst: Viewer, role: Role) -> None:
    with pytest.raises(NotAllowedError):
        set_layer(house.store, house.viewer(role, name="Somebody"), turns(analyst), NOW)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("people", lambda said: replace(said, people=(*said.people, *said.people))),
        ("people", lambda said: replace(said, people=("nobody",))),
        ("layer", lambda said: replace(said, layer=9)),
        ("zone", lambda said: replace(said, zone="Mars/Olympus")),
        ("turn_days", lambda said: replace(said, turn_days=0)),
        ("until_day", lambda said: replace(said, until_day=said.from_day)),
        ("days", lambda said: replace(said, only=Hours(frozenset(), time(9), time(18)))),
    ],
)
def test_a_layer_that_cannot_be_is_refused_at_its_field(
    house: House, analyst: Viewer, cleo: Viewer, field: str, wrong: Callable[[Turns], Turns]
) -> None:
    with pytest.raises(SubmissionError) as refused:
        set_layer(house.store, cleo, wrong(turns(analyst)), NOW)
    assert refused.value.field == field
    assert roster_now(house.store, NOW).plans == ()


def test_an_officer_or_somebody_without_access_is_never_on_duty(
    house: House, officer: Viewer, analyst: Viewer, ben: Viewer, cleo: Viewer
) -> None:
    with pytest.raises(SubmissionError):
        set_layer(house.store, cleo, turns(officer), NOW)
    set_layer(house.store, cleo, turns(analyst, ben), NOW)
    end_access(house.store, "ana.platform@example.org", NOW)
    assert on(house) == (ben.user_id,)


def test_people_take_hours_over_give_their_own_and_no_others(
    house: House, analyst: Viewer, ben: Viewer, cleo: Viewer
) -> None:
    dan = house.viewer(Role.ANALYST, name="Dan")
    set_layer(house.store, cleo, turns(ben), NOW)
    taken = swap(house.store, analyst, 1, analyst.user_id, TODAY, NOW)
    assert on(house) == (analyst.user_id,)
    swap(house.store, analyst, 1, dan.user_id, TODAY, NOW + timedelta(minutes=1))
    assert on(house) == (dan.user_id,)
    with pytest.raises(NotAllowedError, match="your own hours"):
        swap(house.store, analyst, 1, ben.user_id, TODAY, NOW)
    with pytest.raises(NotAllowedError):
        take_back_swap(house.store, ben, taken, NOW)
    swap(house.store, cleo, 1, ben.user_id, TODAY, NOW + timedelta(minutes=2))
    assert on(house) == (ben.user_id,)
    take_back_swap(house.store, cleo, taken, NOW)
    with pytest.raises(NotFoundError):
        take_back_swap(house.store, cleo, taken, NOW)


@pytest.mark.parametrize(
    ("field", "stretch"),
    [
        ("until", Stretch(NOW, NOW)),
        ("until", Stretch(NOW - timedelta(days=2), NOW - timedelta(days=1))),
    ],
)
def test_hours_that_are_none_or_past_are_refused(
    house: House, analyst: Viewer, cleo: Viewer, field: str, stretch: Stretch
) -> None:
    set_layer(house.store, cleo, turns(cleo), NOW)
    deeds: list[Callable[[], object]] = [
        lambda: swap(house.store, analyst, 1, analyst.user_id, stretch, NOW),
        lambda: say_away(house.store, analyst, stretch, NOW),
    ]
    for deed in deeds:
        with pytest.raises(SubmissionError) as refused:
            deed()
        assert refused.value.field == field


def test_who_is_away_takes_no_hours(house: House, analyst: Viewer, cleo: Viewer) -> None:
    set_layer(house.store, cleo, turns(cleo), NOW)
    say_away(house.store, analyst, Stretch(NOW + timedelta(hours=7), NOW + timedelta(days=2)), NOW)
    with pytest.raises(SubmissionError, match="away"):
        swap(house.store, analyst, 1, analyst.user_id, TODAY, NOW)
    with pytest.raises(SubmissionError, match="no such layer"):
        swap(house.store, cleo, 3, cleo.user_id, TODAY, NOW)


def test_an_absence_is_ones_own_to_say_and_to_take_back(
    house: House, analyst: Viewer, ben: Viewer, cleo: Viewer, officer: Viewer
) -> None:
    set_layer(house.store, cleo, turns(analyst, ben), NOW)
    absence = say_away(house.store, analyst, TODAY, NOW)
    assert on(house) == (ben.user_id,)
    with pytest.raises(NotFoundError):
        say_back(house.store, ben, absence, NOW)
    say_back(house.store, analyst, absence, NOW)
    assert on(house) == (analyst.user_id,)
    with pytest.raises(NotAllowedError):
        say_away(house.store, officer, TODAY, NOW)
