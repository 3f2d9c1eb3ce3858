"""How often a source says that it is worth asking: in its answer's headers, and in its document. Pure.

Headers after RFC 9111 (4.2.1, 5.3), documents after RSS 2.0 (`ttl`) and the syndication module of RSS 1.0.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(days=7),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_LONGEST = timedelta(days=365)
_DIGITS = 9  # as many as any length of time in seconds or minutes needs


def fresh_for(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return how long an answer stays fresh by its headers; None where they do not say, or say not at all.

    `max-age` less the answer's age, else `Expires` less the answer's own date (`now`, aware UTC, where it has
    none).
    """
    orders = dict(_directive(part) for part in headers.get("Cache-Control", "").lower().split(","))
    if "no-cache" in orders or "no-store" in orders:
        return None
    if "max-age" in orders:
        left = (_number(orders["max-age"]) or 0) - (_number(headers.get("Age")) or 0)
        return min(timedelta(seconds=left), _LONGEST) if left > 0 else None
    expires = _date(headers.get("Expires"))
    if expires is None:
        return None
    by_date = expires - (_date(headers.get("Date")) or now)
    return min(by_date, _LONGEST) if by_date > timedelta() else None


def says_every(
    ttl: str | None = None, period: str | None = None, frequency: str | None = None
) -> timedelta | None:
    """Return how long a document says that it may be kept, the longest it says; None where it does not say.

    Args:
        ttl: minutes.
        period: hourly, daily, weekly, monthly or yearly; daily where only a frequency is given.
        frequency: how many times in a period; once where only a period is given.
    """
    said: list[timedelta] = []
    if minutes := _number(ttl):
        said.append(timedelta(minutes=minutes))
    if period or frequency:
        length, times = _PERIODS.get((period or "daily").strip().lower()), _number(frequency or "1")
        if length and times:
            said.append(length / times)
    return min(max(said), _LONGEST) if said else None


def _directive(part: str) -> tuple[str, str]:
    name, _, value = part.strip().partition("=")
    return name.strip(), value.strip().strip('"')


def _number(said: str | None) -> int | None:
    """Return a whole number without a sign, cut at what a length of time can hold; None for anything else."""
    digits = (said or "").strip()
    if not digits.isascii() or not digits.isdigit():
        return None
    return int(digits) if len(digits) <= _DIGITS else int("9" * _DIGITS)


def _date(said: str | None) -> datetime | None:
    try:
        at = parsedate_to_datetime(said) if said else None
        return at.astimezone(UTC) if at is not None and at.tzinfo else None
    except (ValueError, OverflowError):
        return None
