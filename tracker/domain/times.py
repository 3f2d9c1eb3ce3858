"""Instants and ISO weeks. Everything inside is aware UTC; a naive time is refused, never guessed."""

from datetime import UTC, date, datetime, timedelta

from tracker.errors import NaiveTimeError


def as_utc(at: datetime) -> datetime:
    """Return the same instant in UTC.

    Raises:
        NaiveTimeError: the time has no zone.
    """
    if at.tzinfo is None:
        raise NaiveTimeError(f"{at!r} has no zone; give an aware time")
    return at.astimezone(UTC)


def iso_week(day: date | datetime) -> str:
    """Return the ISO 8601 week of a day, with its ISO year: `2026-W53` for 1 January 2027."""
    on = as_utc(day).date() if isinstance(day, datetime) else day
    year, week, _ = on.isocalendar()
    return f"{year}-W{week:02d}"


def week_start(week: str) -> datetime:
    """Return Monday 00:00 UTC of an ISO week such as `2026-W47`.

    Raises:
        ValueError: not an ISO week.
    """
    year, sep, number = week.partition("-W")
    if not sep or len(number) != 2:
        raise ValueError(f"{week!r} is not an ISO week such as 2026-W47")
    monday = date.fromisocalendar(int(year), int(number), 1)
    return datetime(monday.year, monday.month, monday.day, tzinfo=UTC)


def week_end(week: str) -> datetime:
    """Return the first instant after an ISO week: Monday 00:00 UTC of the next."""
    return week_start(week) + timedelta(days=7)


def next_week(week: str) -> str:
    """Return the ISO week after `week`."""
    return iso_week(week_end(week))


def weeks_before(week: str, count: int) -> list[str]:
    """Return the `count` ISO weeks before `week`, oldest first."""
    start = week_start(week)
    return [iso_week(start - timedelta(weeks=back)) for back in range(count, 0, -1)]
