"""When an item was published: the words as claimed, the instant used, its origin, how fine it is. Pure.

ISO and RFC 822 dates are read exactly, others by their words (date_words.py) where nothing is left over.
Without a zone, or where day and month may be exchanged, an instant is a guess. What cannot be read or cannot
be true is kept as claimed, and the time at which the item was first seen is used.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from tracker.domain.times import as_utc
from tracker.domain.words import DateOrigin, DatePrecision
from tracker.ingest.date_words import OFFSET, fillers, fold, months, zone

CLAIM_LENGTH = 200

_ISO = re.compile(
    r"(?P<year>\d{4})(?P<dash>-?)(?P<month>\d\d)(?P=dash)(?P<day>\d\d)"
    r"(?:[T\s](?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?\s*(?P<zone>[A-Za-z]{1,5}|[+-]\d\d(?::?\d\d)?)?)?"
)
_RFC822 = re.compile(
    r"(?:[a-z]{3}, )?(?P<day>\d\d?) (?P<month>[a-z]{3}) (?P<year>\d{4}) "
    r"(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d))? (?P<zone>[+-]\d{4}|gmt|utc|z)"
)
_RFC822_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
"""Most dates are written so: they are read without loading the calendars of seven languages."""
_TIME = re.compile(
    r"(?:(?<=\d)t|(?<![\d:]))(?P<hour>\d{1,2})"
    r"(?:\s?h\b|[:h](?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?)(?!\d)"
    r"(?:\s*(?P<half>[apصم])(?:\.?\s?m)?\b\.?)?"
    rf"(?:\s*(?P<zone>{OFFSET}))?"
)
_YEAR_FIRST = r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})"
_IN_NUMBERS = r"(?P<day>\d{1,2})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4}|(?<!-)\d\d)"
_NUMBERS = tuple(re.compile(rf"(?<!\d){form}(?!\d)") for form in (_YEAR_FIRST, _IN_NUMBERS))
_ORDINAL = r"(?:er|st|nd|rd|th|o|a)?\b[.,]?"
_OF = r"(?:de\s|del\s|of\s)?"
_NAME = r"(?P<month>[^\W\d_]{2,}(?:\s[^\W\d_]{4,})?)\.?"
_YEAR = r"(?P<year>\d{4}|\d\d)(?!\d)"
_NAMED = tuple(
    re.compile(rf"(?<!\d){form}")
    for form in (
        rf"(?P<day>\d{{1,2}}){_ORDINAL}[\s-]*{_OF}{_NAME}[\s,،-]*{_OF}{_YEAR}",
        rf"\b{_NAME}[\s-]+(?P<day>\d{{1,2}}){_ORDINAL}[\s,،-]+{_OF}{_YEAR}",
    )
)
_ZONE_NAME = re.compile(r"\s*([a-z]{1,5})\b(?!/)")
_ASIDE = re.compile(r"\([^)]*\)")
_WORD = re.compile(r"[^\W\d_]+(?:[/_][^\W\d]+)*|\d")
_ZONE_LETTERS = 5
_Parts = dict[str, str | None]


@dataclass(frozen=True)
class DateWindow:
    """Which instants can be true of an item: from `earliest` (aware UTC) to so long `ahead` of when it was seen."""

    earliest: datetime
    ahead: timedelta


class ItemDate(NamedTuple):
    """The date of an item: `claimed` as its source wrote it, `used` aware UTC."""

    claimed: str | None
    used: datetime
    origin: DateOrigin
    precision: DatePrecision


def read_date(claimed: str | None, now: datetime, window: DateWindow) -> ItemDate:
    """Decide which date to use for an item.

    Args:
        claimed: the source's own words, None where it gives none.
        now: aware UTC; the instant used where the claim is unreadable or not plausible.
        window: which instants are plausible.

    Raises:
        NaiveTimeError: `now` has no zone.
    """
    seen = as_utc(now)
    words = " ".join(claimed.split())[:CLAIM_LENGTH] if claimed else None
    for read in _readings(words) if words else ():
        if window.earliest <= read.used <= seen + window.ahead:
            return read
    return ItemDate(words or None, seen, DateOrigin.FIRST_SEEN, DatePrecision.UNKNOWN)


def _readings(words: str) -> Iterator[ItemDate]:
    """Yield what a claim may mean, the likeliest first: a day stands before its month."""
    plain = _ISO.fullmatch(words) or _RFC822.fullmatch(words.lower())
    parts = plain.groupdict() if plain else _parts(fold(words))
    if parts is None:
        return
    first = _item_date(words, parts)
    swapped = parts | {"day": parts["month"], "month": parts["day"]}
    second = _item_date(words, swapped) if parts.get("mark") in ("/", "-") else None
    for read in (first, second):
        if read is not None:
            sure = first is None or second is None or first.used == second.used
            yield read if sure else ItemDate(words, read.used, DateOrigin.GUESSED, read.precision)


def _parts(folded: str) -> _Parts | None:
    """Find date, time and zone anywhere in a claim; None where a word is left over that is none of a date."""
    time = _TIME.search(folded)
    clock: _Parts = time.groupdict() if time else {"hour": None}
    after = time.end() if time else 0
    named = _ZONE_NAME.match(folded, after) if time and not clock["zone"] else None
    if named and zone(named[1]):
        clock["zone"], after = named[1], named.end()
    rest = f"{folded[: time.start()]} {folded[after:]}" if time else folded
    date = next((found for form in (*_NUMBERS, *_NAMED) if (found := form.search(rest))), None)
    if date is None:
        return None
    left = _ASIDE.sub(" ", f"{rest[: date.start()]} {rest[date.end() :]}")
    more = [word for word in _WORD.findall(left) if word not in fillers()]
    if not more:
        return date.groupdict() | clock
    name = more[0]
    is_zone = len(more) == 1 and time is not None and not clock["zone"] and _may_be_zone(name)
    return date.groupdict() | clock | {"zone": clock.get("zone") or name} if is_zone else None


def _may_be_zone(word: str) -> bool:
    """Return whether a word beside a time may name a zone, perhaps one that nobody knows."""
    return word.isascii() and ("/" in word or (word.isalpha() and len(word) <= _ZONE_LETTERS))


def _item_date(words: str, part: _Parts) -> ItemDate | None:
    month = _month(part["month"] or "")
    where = zone(part.get("zone"))
    try:
        local = datetime(
            _year(part["year"] or ""),
            month or 0,
            int(part["day"] or ""),
            _hour(part),
            int(part.get("minute") or 0),
            min(int(part.get("second") or 0), 59),
            tzinfo=where or UTC,
        )
        used = local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return ItemDate(words, used, DateOrigin.CLAIMED if where else DateOrigin.GUESSED, _precision(part))


def _month(said: str) -> int | None:
    if said.isdecimal():
        return int(said)
    if said in _RFC822_MONTHS:
        return _RFC822_MONTHS[said]
    first, _, second = said.partition(" ")
    return months().get(said) or (months().get(first) if second in fillers() else None)


def _hour(part: _Parts) -> int:
    hour, half = int(part["hour"] or 0), part.get("half")
    if not half:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError("no hour of half a day")
    return hour % 12 + (12 if half in "pم" else 0)


def _year(said: str) -> int:
    """Return the year; two digits as RFC 2822 reads them (4.3)."""
    year = int(said)
    if len(said) == 4:
        return year
    return year + (2000 if year < 50 else 1900)


def _precision(part: _Parts) -> DatePrecision:
    if part["hour"] is None:
        return DatePrecision.DAY
    return DatePrecision.SECOND if part.get("second") is not None else DatePrecision.MINUTE
