from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.words import DateOrigin, DatePrecision
from tracker.errors import NaiveTimeError
from tracker.ingest.dates import read_date

NOW = datetime(2026, 11, 25, 9, 40, tzinfo=UTC)
CLAIMED, GUESSED = DateOrigin.CLAIMED, DateOrigin.GUESSED
SECOND, MINUTE, DAY = DatePrecision.SECOND, DatePrecision.MINUTE, DatePrecision.DAY

READ = [
    ("Mon, 02 Nov 2026 10:00:00 GMT", "2026-11-02T10:00:00", CLAIMED, SECOND),
    ("Mon, 2 Nov 2026 10:00:00 +0300", "2026-11-02T07:00:00", CLAIMED, SECOND),
    ("Mon, 02 Nov 2026 10:00:00 EAT", "2026-11-02T07:00:00", CLAIMED, SECOND),
    ("Mon, 02 Nov 2026 10:00 EST", "2026-11-02T15:00:00", CLAIMED, MINUTE),
    ("02 November 26 10:00:00 CEST", "2026-11-02T08:00:00", CLAIMED, SECOND),
    ("Mon, 02 Nov 2026 10:00:00", "2026-11-02T10:00:00", GUESSED, SECOND),
    ("Mon, 02 Nov 2026 10:00:00 +0000 (UTC)", "2026-11-02T10:00:00", CLAIMED, SECOND),
    ("2026-11-02T10:00:00.123Z", "2026-11-02T10:00:00", CLAIMED, SECOND),
    ("2026-11-02T10:00:00+05:30", "2026-11-02T04:30:00", CLAIMED, SECOND),
    ("2026-11-02 10:00", "2026-11-02T10:00:00", GUESSED, MINUTE),
    ("2026-11-02", "2026-11-02T00:00:00", GUESSED, DAY),
    ("2020/1/10", "2020-01-10T00:00:00", GUESSED, DAY),
]


@pytest.mark.parametrize(("said", "used", "origin", "precision"), READ)
def test_a_date_is_read_exactly(said: str, used: str, origin: DateOrigin, precision: DatePrecision) -> None:
    read = read_date(said, NOW)
    assert (read.used.isoformat(), read.origin, read.precision) == (f"{used}+00:00", origin, precision)
    assert read.claimed == said


@pytest.mark.parametrize(
    "said",
    ["Mon, 02 Nov 2093 10:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "hier à 10h", "2026-13-45", "", None],
)
def test_what_cannot_be_true_or_read_is_kept_as_claimed_and_first_seen_is_used(said: str | None) -> None:
    read = read_date(said, NOW)
    assert (read.claimed, read.used, read.origin) == (said or None, NOW, DateOrigin.FIRST_SEEN)


@given(st.text(max_size=60))
def test_whatever_is_claimed_the_date_used_is_plausible(said: str) -> None:
    assert datetime(1990, 1, 1, tzinfo=UTC) <= read_date(said, NOW).used <= NOW + timedelta(days=2)


FIRST, LAST = datetime(1990, 1, 2), datetime(2026, 11, 24)  # noqa: DTZ001 - a naive time on purpose


@given(st.datetimes(FIRST, LAST, timezones=st.timezones()))
def test_an_iso_instant_with_a_zone_is_never_moved(at: datetime) -> None:
    offset = at.utcoffset()
    assert offset is not None
    if offset.total_seconds() % 60 == 0:
        wanted = at.replace(microsecond=0)
        assert read_date(wanted.isoformat(), NOW).used == wanted.astimezone(UTC)


def test_a_now_without_a_zone_is_refused() -> None:
    with pytest.raises(NaiveTimeError):
        read_date(None, datetime(2026, 1, 1))  # noqa: DTZ001 - a naive time on purpose
