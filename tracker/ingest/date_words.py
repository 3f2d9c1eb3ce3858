"""The words of dates: months and weekdays (CLDR, through babel) and zone names (RFC 822, then IANA). Pure.

Words are compared folded: without case, accents, hamza or direction marks, as people leave them out.
"""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from babel import Locale

from tracker.domain.wording import western_digits

LOCALES = ("en", "fr", "es", "pt", "ru", "ar", "ar_SY", "ar_DZ", "ar_MA", "ar_MR", "sw")
"""Arabic has three sets of month names: those of Egypt and the Gulf, of the Levant and Iraq, of the Maghreb."""

OFFSET = r"(?:gmt|utc)?\s?[+-]\d{1,2}(?::?\d\d)?(?!\d)"
"""Hours and minutes ahead of UTC, folded."""

_FARTHEST_WEST, _FARTHEST_EAST = timedelta(hours=12), timedelta(hours=14)
"""No zone lies farther from UTC (IANA): Baker Island, Kiribati."""

_FORMAT_MARKS = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_WORD = re.compile(r"[^\W\d_]+")
_OFFSET = re.compile(r"(?:gmt|utc)?\s?(?P<sign>[+-])(?P<hours>\d\d|\d)(?::?(?P<minutes>\d\d))?")
_NAMED_HOURS: dict[str, float] = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "ist": 5.5, "trt": 3, "gst": 4,
}  # fmt: skip
"""Hours ahead of UTC of the names in RFC 822 (5.1) and of those that IANA lacks or gives several meanings;
the press that writes IST means India."""

_SAMPLES = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 7, 1, tzinfo=UTC))
_PARTICLES = (
    "de", "del", "of", "the", "at", "on", "le", "la", "las", "los", "a", "as", "em", "o", "os", "h", "в", "г",  # noqa: RUF001
    "года", "год", "saa", "tarehe", "الساعه", "في", "يوم", "الموافق", "tues", "thur", "thurs", "weds",
)  # fmt: skip


def fold(words: str) -> str:
    """Return words as they are compared; digits of any script become 0-9."""
    bare = unicodedata.normalize("NFKD", _FORMAT_MARKS.sub("", words)).casefold()
    kept = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return western_digits(kept).replace("ة", "ه")  # noqa: RUF001


@cache
def months() -> dict[str, int]:
    """Return the number of each month's name, full or short, folded and without a full stop."""
    found: dict[str, int] = {}
    for locale in map(Locale.parse, LOCALES):
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in locale.months[context][width].items():
                    found.setdefault(fold(name).rstrip("."), number)
    return found | {"sept": 9}


@cache
def fillers() -> frozenset[str]:
    """Return the words that may stand in a date and say nothing more: weekdays and particles, folded."""
    days = (
        name
        for locale in map(Locale.parse, LOCALES)
        for width in ("wide", "abbreviated")
        for name in locale.days["format"][width].values()
    )
    return frozenset(word for name in days for word in _WORD.findall(fold(name))).union(_PARTICLES)


@lru_cache(maxsize=1000)
def zone(said: str | None) -> tzinfo | None:
    """Return the zone of an offset or a name; None for none, or one with no single meaning."""
    folded = fold(said).strip() if said else ""
    offset = _OFFSET.fullmatch(folded)
    if offset:
        ahead = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
        sign = -1 if offset["sign"] == "-" else 1
        return timezone(sign * ahead) if -_FARTHEST_WEST <= sign * ahead <= _FARTHEST_EAST else None
    hours = _NAMED_HOURS.get(folded)
    if hours is not None:
        return timezone(timedelta(hours=hours))
    return _by_iana_name(folded) if "/" in folded else _abbreviations().get(folded)


@cache
def _iana_names() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}


def _by_iana_name(folded: str) -> tzinfo | None:
    name = _iana_names().get(folded)
    try:
        return ZoneInfo(name) if name else None
    except ZoneInfoNotFoundError:
        return None


@cache
def _abbreviations() -> dict[str, timezone]:
    """Return the zone of each short name that IANA's zones use today with one meaning, such as EAT or CEST."""
    found: dict[str, set[timedelta]] = {}
    for name in available_timezones():
        for at in (sample.astimezone(ZoneInfo(name)) for sample in _SAMPLES):
            short, ahead = at.tzname(), at.utcoffset()
            if short and short.isalpha() and ahead is not None:
                found.setdefault(short.lower(), set()).add(ahead)
    return {short: timezone(ahead.pop()) for short, ahead in found.items() if len(ahead) == 1}
