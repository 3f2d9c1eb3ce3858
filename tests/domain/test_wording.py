from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.wording import (
    ago,
    counted,
    day_words,
    due_day_words,
    due_words,
    exact,
    listed,
    moment,
    number,
    said,
    sentence_case,
    span,
    week_words,
)

NOW = datetime(2026, 11, 25, 9, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=-9, hours=-3), "9 days late"),
        (timedelta(days=-1), "1 day late"),
        (timedelta(hours=-5), "5 h late"),
        (timedelta(hours=1, minutes=20), "in 1 h 20 min"),
        (timedelta(hours=13, minutes=20), "in 13 h"),
        (timedelta(minutes=5), "in 5 min"),
        (timedelta(seconds=30), "due now"),
        (timedelta(days=3, hours=23), "in 3 days"),
    ],
)
def test_a_deadline_is_said_as_people_say_it(left: timedelta, words: str) -> None:
    assert due_words(NOW + left, NOW) == words


@pytest.mark.parametrize(
    ("back", "words"),
    [
        (timedelta(), "today at 09:40"),
        (timedelta(hours=16), "yesterday at 17:40"),
        (timedelta(days=11), "14 Nov"),
        (timedelta(days=365), "25 Nov 2025"),
    ],
)
def test_an_instant_is_said_as_short_as_it_stays_clear(back: timedelta, words: str) -> None:
    assert moment(NOW - back, NOW) == words


def test_days_that_something_is_due_on() -> None:
    today = NOW.date()
    words = [due_day_words(today + timedelta(days=days), today) for days in (-2, -1, 0, 1, 5)]
    assert words == ["2 days late", "1 day late", "today", "tomorrow", "in 5 days"]


def test_how_long_ago() -> None:
    assert ago(NOW - timedelta(days=9), NOW) == "9 days ago"
    assert ago(NOW, NOW) == "just now"
    assert ago(NOW + timedelta(minutes=5), NOW) == "in 5 min"


def test_instants_in_full() -> None:
    assert exact(NOW) == "Wednesday 25 November 2026, 09:40 UTC"
    assert week_words(NOW) == "Wednesday 25 November 2026, week 48"
    assert day_words(date(2025, 1, 3), NOW.date()) == "3 Jan 2025"


def test_counts_and_lists() -> None:
    assert [counted(count, "alert") for count in (0, 1, 3)] == ["0 alerts", "1 alert", "3 alerts"]
    assert counted(2, "country", "countries") == "2 countries"
    assert [listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert [number(value) for value in (None, 9.0, 0.46, 12.3)] == ["not known", "9", "0.5", "12"]


def test_coded_words() -> None:
    assert said("not_acting_now") == "not acting now"
    assert sentence_case("under way") == "Under way"
    assert sentence_case("") == ""


@given(st.timedeltas(min_value=timedelta(days=-4000), max_value=timedelta(days=4000)))
def test_no_length_of_time_is_said_negative_or_zero_days(length: timedelta) -> None:
    words = span(length)
    assert not words.startswith("-")
    assert not words.startswith("0 days")
