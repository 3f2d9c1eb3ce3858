"""When an item was published: the words as claimed, the instant used, its origin, how fine it is. Pure.

RFC 822, RFC 3339 and ISO dates are read exactly. Without a zone an instant is a guess in UTC. What cannot
be read or cannot be true is kept as claimed, and the time at which the item was first seen is used.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from tracker.domain.times import as_utc
from tracker.domain.words import DateOrigin, DatePrecision

CLAIM_LENGTH = 200
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=2)

_ZONE_HOURS = {
    "UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "WAT": 1,
    "CAT": 2, "SAST": 2, "EET": 2, "EEST": 3, "EAT": 3, "MSK": 3, "TRT": 3, "IST": 5.5, "PKT": 5,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
"""Hours ahead of UTC of the zone names that feeds use; of those with several meanings (BST, CST, IST) the
one of RFC 822 or of the press that uses it most."""

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
_RFC822 = re.compile(
    r"(?:[A-Za-z]{3,9}\.?,?\s+)?(?P<day>\d{1,2})[\s-]+(?P<month>[A-Za-z]{3,9})\.?[\s-]+(?P<year>\d{4}|\d\d),?"
    r"(?:\s+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?\s*(?P<zone>[A-Za-z]{1,5}|[+-]\d\d:?\d\d)?)?"
    r"(?:\s*\([^)]*\))?"
)
_ISO = re.compile(
    r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})"
    r"(?:[T\s]+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?"
    r"\s*(?P<zone>[A-Za-z]{1,5}|[+-]\d\d(?::?\d\d)?)?)?"
)


@dataclass(frozen=True)
class ItemDate:
    """The date of an item: `claimed` as its source wrote it, `used` aware UTC."""

    claimed: str | None
    used: datetime
    origin: DateOrigin
    precision: DatePrecision


def read_date(claimed: str | None, now: datetime) -> ItemDate:
    """Decide which date to use for an item.

    Args:
        claimed: the source's own words, None where it gives none.
        now: aware UTC; the instant used where the claim is unreadable, before 1990, or more than two days
            ahead.

    Raises:
        NaiveTimeError: `now` has no zone.
    """
    seen = as_utc(now)
    words = " ".join(claimed.split())[:CLAIM_LENGTH] if claimed else None
    read = _parse(words) if words else None
    if read is None or not _EARLIEST <= read.used <= seen + _AHEAD:
        return ItemDate(words or None, seen, DateOrigin.FIRST_SEEN, DatePrecision.UNKNOWN)
    return read


def _parse(words: str) -> ItemDate | None:
    found = _RFC822.fullmatch(words) or _ISO.fullmatch(words)
    if found is None:
        return None
    part = found.groupdict()
    zone = _zone(part["zone"])
    month = part["month"]
    number = int(month) if month.isdigit() else _MONTHS.get(month[:3].lower())
    if number is None:
        return None
    try:
        local = datetime(
            _year(part["year"]),
            number,
            int(part["day"]),
            int(part["hour"] or 0),
            int(part["minute"] or 0),
            min(int(part["second"] or 0), 59),
            tzinfo=zone or UTC,
        )
        used = local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    origin = DateOrigin.CLAIMED if zone else DateOrigin.GUESSED
    return ItemDate(words, used, origin, _precision(part))


def _year(said: str) -> int:
    """Return the year; two digits as RFC 2822 reads them (4.3)."""
    year = int(said)
    if len(said) == 4:
        return year
    return year + (2000 if year < 50 else 1900)


def _zone(said: str | None) -> timezone | None:
    if not said:
        return None
    if said[0] in "+-":
        digits = said[1:].replace(":", "").ljust(4, "0")
        ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]))
        if ahead >= timedelta(hours=24):
            return None
        return timezone(-ahead if said[0] == "-" else ahead)
    hours = _ZONE_HOURS.get(said.upper())
    return None if hours is None else timezone(timedelta(hours=hours))


def _precision(part: dict[str, str | None]) -> DatePrecision:
    if part["hour"] is None:
        return DatePrecision.DAY
    return DatePrecision.SECOND if part["second"] is not None else DatePrecision.MINUTE
