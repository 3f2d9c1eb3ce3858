"""Who is on duty: by turns, by covers, by absence; compared with what one sees by asking minute after minute."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.duty import Away, Cover, Gap, Hours, Plan, Roster, next_shifts

PARIS, HOUR = "Europe/Paris", timedelta(hours=1)
PEOPLE = ("ana", "ben", "cem")
SET_AT = datetime(2026, 1, 1, tzinfo=UTC)
ZONES = ("UTC", PARIS, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Asia/Beirut")


def at(said: str) -> datetime:
    return datetime.fromisoformat(f"2026-{said}:00+00:00")


def weekly(**given: object) -> Plan:
    told = {
        "layer": 1,
        "people": PEOPLE,
        "zone": PARIS,
        "hands_over_at": time(9),
        "turn_days": 7,
        "from_day": date(2026, 3, 2),
        "set_at": SET_AT,
        **given,
    }
    return Plan(**told)  # type: ignore[arg-type]


def roster(*plans: Plan, covers: tuple[Cover, ...] = (), away: tuple[Away, ...] = ()) -> Roster:
    return Roster(plans or (weekly(),), covers, away, frozenset(PEOPLE))


def test_people_take_turns_and_hand_over_at_the_local_hour_through_a_clock_change() -> None:
    """Clocks in Paris go forward on 29 March 2026: nine o'clock is 8:00 UTC before, 7:00 UTC after."""
    found = roster().shifts(1, at("03-02T08:00"), at("04-06T07:00"))
    assert [(shift.person, shift.since) for shift in found] == [
        ("ana", at("03-02T08:00")),
        ("ben", at("03-09T08:00")),
        ("cem", at("03-16T08:00")),
        ("ana", at("03-23T08:00")),
        ("ben", at("03-30T07:00")),
    ]
    assert found[-1].until == at("04-06T07:00")


def test_nobody_is_on_before_the_first_turn_and_after_the_last() -> None:
    short = roster(weekly(until_day=date(2026, 3, 9)))
    assert short.on(1, at("03-02T07:59")) is None
    assert short.on(1, at("03-09T07:59")) == "ana"
    assert short.on(1, at("03-09T08:00")) is None
    assert short.gaps(at("03-02T00:00"), at("03-10T00:00")) == [
        Gap(at("03-02T00:00"), at("03-02T08:00")),
        Gap(at("03-09T08:00"), at("03-10T00:00")),
    ]


def test_of_the_plans_that_have_begun_the_one_set_last_is_in_force() -> None:
    newer = weekly(people=("cem",), from_day=date(2026, 3, 9), set_at=SET_AT + HOUR)
    ended = weekly(people=(), from_day=date(2026, 3, 16), set_at=SET_AT + 2 * HOUR)
    changed = roster(ended, weekly(), newer)
    on = [changed.on(1, at(f"03-{day}T12:00")) for day in ("03", "10", "17")]
    assert on == ["ana", "cem", None]


def test_a_cover_comes_before_the_turns_and_the_newest_before_the_others() -> None:
    first = Cover("1", 1, "cem", at("03-03T10:00"), at("03-03T14:00"), SET_AT)
    second = Cover("2", 1, "ben", at("03-03T12:00"), at("03-03T13:00"), SET_AT + HOUR)
    found = roster(covers=(second, first)).shifts(1, at("03-03T09:00"), at("03-03T15:00"))
    assert [(shift.person, shift.since.hour, shift.is_cover) for shift in found] == [
        ("ana", 9, False),
        ("cem", 10, True),
        ("ben", 12, True),
        ("cem", 13, True),
        ("ana", 14, False),
    ]


def test_who_is_away_or_lost_their_access_is_passed_over() -> None:
    away = (Away("1", "ana", at("03-03T10:00"), at("03-04T10:00")),)
    cover = Cover("1", 1, "ana", at("03-03T12:00"), at("03-03T13:00"), SET_AT)
    some = Roster((weekly(),), (cover,), away, frozenset({"ana", "cem"}))
    assert some.on(1, at("03-03T09:59")) == "ana"
    assert some.on(1, at("03-03T12:30")) == "cem"
    assert some.on(1, at("03-04T10:00")) == "ana"
    assert Roster((weekly(),)).on(1, at("03-03T12:00")) is None


def test_a_layer_of_some_hours_is_on_in_those_alone() -> None:
    office = Hours(frozenset(range(5)), time(9), time(18))
    night = Hours(frozenset({4}), time(22), time(6))
    both = roster(weekly(only=office), weekly(layer=2, only=night, people=("cem",)))
    assert both.on_duty(at("03-06T16:59")) == ("ana",)
    assert both.on_duty(at("03-06T17:00")) == ()
    assert both.on_duty(at("03-07T04:59")) == ("cem",)
    assert both.on_duty(at("03-07T05:00")) == ()
    friday = Gap(at("03-06T17:00"), at("03-06T21:00"))
    assert both.gaps(at("03-06T12:00"), at("03-06T23:00")) == [friday]


def test_the_next_shifts_come_in_the_order_in_which_they_begin() -> None:
    both = roster(weekly(), weekly(layer=2, people=("cem",), from_day=date(2026, 3, 4)))
    found = next_shifts(both, at("03-03T12:00"), 2, timedelta(days=21))
    assert [(shift.layer, shift.person) for shift in found] == [(2, "cem"), (1, "ben")]


days = st.dates(date(2026, 1, 1), date(2026, 12, 1))
hours = st.times().map(lambda hour: hour.replace(second=0, microsecond=0))
instants = st.integers(0, 60 * 24 * 40).map(lambda minutes: at("03-01T00:00") + timedelta(minutes=minutes))
stretches = st.tuples(instants, instants).map(sorted)
some_hours = st.none() | st.builds(Hours, st.frozensets(st.integers(0, 6), min_size=1), hours, hours)
plans = st.builds(
    Plan,
    layer=st.integers(1, 2),
    people=st.lists(st.sampled_from(PEOPLE), unique=True).map(tuple),
    zone=st.sampled_from(ZONES),
    hands_over_at=hours,
    turn_days=st.integers(1, 14),
    from_day=st.dates(date(2026, 2, 1), date(2026, 4, 9)),
    set_at=instants,
    until_day=st.none() | days,
    only=some_hours,
)
covers = st.builds(
    lambda number, layer, person, stretch: Cover(str(number), layer, person, stretch[0], stretch[1], SET_AT),
    st.integers(),
    st.integers(1, 2),
    st.sampled_from(PEOPLE),
    stretches,
)
away = st.builds(
    lambda person, stretch: Away("", person, stretch[0], stretch[1]), st.sampled_from(PEOPLE), stretches
)
rosters = st.builds(
    Roster,
    st.lists(plans, max_size=4).map(tuple),
    st.lists(covers, max_size=3).map(tuple),
    st.lists(away, max_size=3).map(tuple),
    st.frozensets(st.sampled_from(PEOPLE)),
)


@given(rosters, stretches, instants)
def test_the_shifts_of_a_layer_say_at_every_instant_who_is_on(
    any_roster: Roster, stretch: list[datetime], when: datetime
) -> None:
    since, until = stretch
    for layer in (1, 2):
        found = any_roster.shifts(layer, since, until)
        assert all(one.until <= two.since for one, two in pairwise(found))
        assert all(since <= shift.since < shift.until <= until for shift in found)
        on = [shift.person for shift in found if shift.since <= when < shift.until]
        if since <= when < until:
            assert on == [person for person in [any_roster.on(layer, when)] if person]


@given(rosters, stretches, instants)
def test_in_a_gap_nobody_is_on_and_outside_somebody_is(
    any_roster: Roster, stretch: list[datetime], when: datetime
) -> None:
    since, until = stretch
    in_gap = any(gap.since <= when < gap.until for gap in any_roster.gaps(since, until))
    if since <= when < until:
        assert in_gap == (any_roster.on_duty(when) == ())


@given(rosters, instants)
def test_nobody_is_on_who_is_away_or_without_access(any_roster: Roster, when: datetime) -> None:
    for person in any_roster.on_duty(when):
        assert person in any_roster.able
        assert not any_roster.is_away(person, when)


@given(rosters, covers, instants)
def test_a_cover_wins_whatever_the_turns_are(any_roster: Roster, cover: Cover, when: datetime) -> None:
    newest = Cover("new", cover.layer, cover.person, cover.since, cover.until, SET_AT + HOUR)
    with_it = Roster(any_roster.plans, (*any_roster.covers, newest), any_roster.away, any_roster.able)
    if newest.since <= when < newest.until and with_it.is_there(newest.person, when):
        assert with_it.on(newest.layer, when) == newest.person


@given(st.sampled_from(ZONES), days, hours)
def test_a_hand_over_keeps_its_local_hour_through_clock_changes(zone: str, day: date, hour: time) -> None:
    local = weekly(zone=zone, hands_over_at=hour).hand_over(day).astimezone(ZoneInfo(zone))
    left_out = datetime.combine(day, hour, tzinfo=ZoneInfo(zone)).astimezone(UTC) != datetime.combine(
        day, hour, tzinfo=ZoneInfo(zone)
    ).replace(fold=1).astimezone(UTC)
    if not left_out:
        assert (local.date(), local.time()) == (day, hour)
