from datetime import UTC, date, datetime, timedelta

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from tests.ingest.conftest import POLICY
from tracker.domain.words import DateOrigin, DatePrecision
from tracker.errors import NaiveTimeError
from tracker.ingest.date_words import LOCALES, months
from tracker.ingest.dates import read_date

WINDOW = POLICY.dates

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
    ("Mon Nov 02 10:00:00 EAT 2026", "2026-11-02T07:00:00", CLAIMED, SECOND),
    ("Thu, 02 Jul 2026 10:00:00 Europe/Paris", "2026-07-02T08:00:00", CLAIMED, SECOND),
    ("Mon, 02 Nov 2026 10:00:00 GMT+3", "2026-11-02T07:00:00", CLAIMED, SECOND),
    ("Mon, 02 Nov 2026 10:00:00 XYZ", "2026-11-02T10:00:00", GUESSED, SECOND),
    ("20261102T100000Z", "2026-11-02T10:00:00", CLAIMED, SECOND),
    ("02/11/2026 10:00", "2026-11-02T10:00:00", GUESSED, MINUTE),
    ("02/11/2026 10:00 +0300", "2026-11-02T07:00:00", GUESSED, MINUTE),
    ("11/13/2026 10:00 PM +0000", "2026-11-13T22:00:00", CLAIMED, MINUTE),
    ("11/12/2026 10:00 UTC", "2026-11-12T10:00:00", GUESSED, MINUTE),
    ("02.11.2026 10:00 MSK", "2026-11-02T07:00:00", CLAIMED, MINUTE),
    ("lundi 2 novembre 2026 à 10h30", "2026-11-02T10:30:00", GUESSED, MINUTE),
    ("1er août 2026 à 10 h", "2026-08-01T10:00:00", GUESSED, MINUTE),
    ("lun., 02 nov. 2026 10:00:00 +0100", "2026-11-02T09:00:00", CLAIMED, SECOND),
    ("2 de noviembre de 2026, 10:00 p. m.", "2026-11-02T22:00:00", GUESSED, MINUTE),
    ("Seg, 02 de novembro de 2026 10:00:00", "2026-11-02T10:00:00", GUESSED, SECOND),
    ("понедельник, 2 ноября 2026 г., 10:00", "2026-11-02T10:00:00", GUESSED, MINUTE),  # noqa: RUF001
    ("الاثنين 2 تشرين الثاني 2026 - 10:00", "2026-11-02T10:00:00", GUESSED, MINUTE),
    ("\u200f٢ نوفمبر ٢٠٢٦، ١٠:٠٠ م", "2026-11-02T22:00:00", GUESSED, MINUTE),  # noqa: RUF001
    ("Jumatatu, 2 Novemba 2026 saa 10:00", "2026-11-02T10:00:00", GUESSED, MINUTE),
    ("November 2nd, 2026 10:00 PM EST", "2026-11-03T03:00:00", CLAIMED, MINUTE),
    ("2020/1/10", "2020-01-10T00:00:00", GUESSED, DAY),
]


@pytest.mark.parametrize(("said", "used", "origin", "precision"), READ)
def test_a_date_is_read_exactly(said: str, used: str, origin: DateOrigin, precision: DatePrecision) -> None:
    read = read_date(said, NOW, WINDOW)
    assert (read.used.isoformat(), read.origin, read.precision) == (f"{used}+00:00", origin, precision)
    assert read.claimed == said


@pytest.mark.parametrize(
    "said",
    [
        "Tue, 02 Nov 2026 7:5:00 GMT",
        "until 5 Nov 2026",
        "Photo 5 Nov 2026",
        "May 5 Nov 2026",
        "26-11-02",
        "2 Nov 2026 10:00 GMT XYZ",
    ],
)
def test_a_claim_with_something_left_over_is_not_used(said: str) -> None:
    read = read_date(said, NOW, WINDOW)
    assert (read.used, read.origin, read.claimed) == (NOW, DateOrigin.FIRST_SEEN, said)


def test_the_end_of_a_range_of_hours_is_no_zone() -> None:
    read = read_date("2 Nov 2026 16:00-18:00", NOW, WINDOW)
    assert (read.used, read.origin) != (datetime(2026, 11, 3, 10, tzinfo=UTC), CLAIMED)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_day_of_a_year_is_read_back_as_each_language_writes_it(locale: str) -> None:
    for number in range(365):
        day = date(2025, 1, 1) + timedelta(days=number)
        for form in ("d MMMM yyyy", "EEEE d MMM yyyy", "d LLLL yyyy"):
            said = format_date(day, form, locale=locale)
            assert read_date(said, NOW, WINDOW).used.date() == day, said


@given(st.sampled_from(sorted(months())), st.integers(1, 28), st.integers(1990, 2025))
def test_no_month_name_means_two_months(name: str, day: int, year: int) -> None:
    wanted = date(year, months()[name], day)
    if wanted > date(1990, 1, 1):
        assert read_date(f"{day} {name.upper()} {year}", NOW, WINDOW).used.date() == wanted


@pytest.mark.parametrize(
    "said",
    [
        "Mon, 02 Nov 2093 10:00:00 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "hier à 10h",
        "il y a 2 heures",
        "2026-13-45",
        "24/12/2026",
        "31/02/2026",
        "",
        None,
    ],
)
def test_what_cannot_be_true_or_read_is_kept_as_claimed_and_first_seen_is_used(said: str | None) -> None:
    read = read_date(said, NOW, WINDOW)
    assert (read.claimed, read.used, read.origin) == (said or None, NOW, DateOrigin.FIRST_SEEN)


@given(st.text(max_size=60) | st.text("0123456789:/-.+ TZ٢мнояبر,ap", max_size=40))  # noqa: RUF001
def test_whatever_is_claimed_the_date_used_is_plausible(said: str) -> None:
    assert datetime(1990, 1, 1, tzinfo=UTC) <= read_date(said, NOW, WINDOW).used <= NOW + timedelta(days=2)


FIRST, LAST = datetime(1990, 1, 2), datetime(2026, 11, 24)  # noqa: DTZ001 - a naive time on purpose


@given(st.datetimes(FIRST, LAST, timezones=st.timezones()))
def test_an_iso_instant_with_a_zone_is_never_moved(at: datetime) -> None:
    offset = at.utcoffset()
    assert offset is not None
    if offset.total_seconds() % 60 == 0:
        wanted = at.replace(microsecond=0)
        assert read_date(wanted.isoformat(), NOW, WINDOW).used == wanted.astimezone(UTC)


def test_a_now_without_a_zone_is_refused() -> None:
    with pytest.raises(NaiveTimeError):
        read_date(None, datetime(2026, 1, 1), WINDOW)  # noqa: DTZ001 - a naive time on purpose
