from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ingest.conftest import NOW, POLICY
from tracker.ingest.pace import fresh_for, says_every
from tracker.ingest.schedule import after_failure, after_success

SCHEDULE = POLICY.schedule
SHARES = st.floats(0, 1)
LENGTHS = st.timedeltas(timedelta(seconds=1), timedelta(days=3650))


@given(said=LENGTHS, share=SHARES)
def test_a_source_is_asked_no_more_often_than_it_says_and_never_later_than_the_cap(
    said: timedelta, share: float
) -> None:
    wait = after_success(SCHEDULE, said, share)
    assert min(said, SCHEDULE.said_at_most) <= wait <= SCHEDULE.said_at_most
    assert wait >= after_success(SCHEDULE, None, share)


@given(share=SHARES)
def test_a_source_that_says_nothing_is_asked_in_the_interval_or_a_little_earlier(share: float) -> None:
    wait = after_success(SCHEDULE, None, share)
    assert SCHEDULE.every * (1 - SCHEDULE.spread) <= wait <= SCHEDULE.every


@given(failures=st.integers(1, 10**9), share=SHARES)
def test_each_failure_makes_the_wait_longer_up_to_the_cap(failures: int, share: float) -> None:
    wait, longer = (after_failure(SCHEDULE, count, share) for count in (failures, failures + 1))
    assert wait <= longer <= SCHEDULE.failing_at_most
    assert wait >= SCHEDULE.every * 2 * (1 - SCHEDULE.spread)


@given(share=SHARES, other=SHARES)
def test_spreading_only_ever_shortens_the_wait_after_a_failure(share: float, other: float) -> None:
    less, more = sorted((share, other))
    assert after_failure(SCHEDULE, 1, more) <= after_failure(SCHEDULE, 1, less) <= 2 * SCHEDULE.every


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Cache-Control": "max-age=3600"}, 3600),
        ({"Cache-Control": 'Public, Max-Age="3600"'}, 3600),
        ({"Cache-Control": "max-age=3600", "Age": "600"}, 3000),
        ({"Cache-Control": "max-age=600", "Age": "600"}, None),
        ({"Cache-Control": "max-age=0", "Expires": "Wed, 25 Nov 2026 12:00:00 GMT"}, None),
        ({"Cache-Control": "no-cache, max-age=3600"}, None),
        ({"Cache-Control": "no-store"}, None),
        ({"Cache-Control": "s-maxage=9000"}, None),
        ({"Cache-Control": "max-age=-5"}, None),
        ({"Cache-Control": "max-age=" + "9" * 400}, 365 * 86400),
        ({"Expires": "Wed, 25 Nov 2026 10:40:00 GMT"}, 3600),
        (
            {"Expires": "Wed, 25 Nov 2026 12:00:00 GMT", "Date": "Wed, 25 Nov 2026 11:30:00 GMT"},
            1800,
        ),
        ({"Expires": "0"}, None),
        ({"Expires": "Wed, 25 Nov 2020 12:00:00 GMT"}, None),
        ({"Expires": "Wed, 25 Nov 99999 12:00:00 GMT"}, None),
    ],
)
def test_how_long_an_answer_is_fresh_is_read_from_its_headers(
    headers: dict[str, str], seconds: int | None
) -> None:
    wanted = None if seconds is None else timedelta(seconds=seconds)
    assert fresh_for(headers, NOW) == wanted


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ((None, None, None), None),
        (("60", None, None), timedelta(hours=1)),
        ((" 60 ", None, None), timedelta(hours=1)),
        (("0", None, None), None),
        (("soon", None, None), None),
        (("-5", None, None), None),
        (("9" * 30, None, None), timedelta(days=365)),
        ((None, "hourly", None), timedelta(hours=1)),
        ((None, "Daily ", "4"), timedelta(hours=6)),
        ((None, None, "2"), timedelta(hours=12)),
        ((None, "fortnightly", "1"), None),
        ((None, "hourly", "0"), None),
        (("120", "hourly", "1"), timedelta(hours=2)),
    ],
)
def test_how_long_a_document_may_be_kept_is_read_from_what_it_says(
    said: tuple[str | None, str | None, str | None], wanted: timedelta | None
) -> None:
    assert says_every(*said) == wanted


@given(st.text(), st.text(), st.text())
def test_whatever_a_server_says_is_a_length_of_time_or_nothing(one: str, two: str, three: str) -> None:
    headers = {"Cache-Control": one, "Expires": two, "Age": three, "Date": one}
    for length in (fresh_for(headers, NOW), says_every(one, two, three)):
        assert length is None or timedelta() < length <= timedelta(days=365)
