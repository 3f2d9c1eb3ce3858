from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.times import as_utc, iso_week, week_end, week_start, weeks_before
from tracker.errors import NaiveTimeError


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2026, 11, 25), "2026-W48"),
        (date(2027, 1, 1), "2026-W53"),  # the ISO year is not the calendar's
        (date(2024, 12, 30), "2025-W01"),
    ],
)
def test_a_day_lies_in_its_iso_week(day: date, week: str) -> None:
    assert iso_week(day) == week


def test_an_instant_counts_in_utc() -> None:
    sunday_night_in_lima = datetime(2026, 11, 22, 20, 0, tzinfo=timezone(timedelta(hours=-5)))
    assert iso_week(sunday_night_in_lima) == "2026-W48"


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_a_week_holds_its_days(day: date) -> None:
    at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    assert week_start(iso_week(at)) <= at < week_end(iso_week(at))


def test_weeks_before_cross_the_year() -> None:
    assert weeks_before("2027-W02", 3) == ["2026-W52", "2026-W53", "2027-W01"]


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(NaiveTimeError):
        as_utc(datetime(2026, 1, 1))  # noqa: DTZ001 - a naive time on purpose


@pytest.mark.parametrize("said", ["2026-W54", "2026-48", "2026-W4", "W48"])
def test_what_is_no_week_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match=r"week|Invalid"):
        week_start(said)
