"""How pages and mails say times, counts and coded words. Pure: `now` is always an argument."""

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, timedelta

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_MINUTES_MATTER_UNDER = timedelta(hours=10)


def gettext_noop(message: str) -> str:
    """Mark a message for the catalogues of the reporters' pages (`web/locale`); returns it as it is."""
    return message


def said(word: str) -> str:
    """Return a coded word as people write it: `not_acting_now` → "not acting now"."""
    return word.replace("_", " ")


def sentence_case(words: str) -> str:
    """Return the words with a capital first letter, the others as they are."""
    return words[:1].upper() + words[1:]


def western_digits(words: str) -> str:
    """Return words with digits of any script as 0-9."""
    return "".join(str(unicodedata.decimal(letter, letter)) for letter in words)


def shortened(words: str, length: int) -> str:
    """Return words on one line, cut between two of them where they are longer than `length` letters."""
    flat = " ".join(words.split())
    return flat if len(flat) <= length else flat[:length].rsplit(" ", 1)[0] + " …"


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun: "1 alert", "3 alerts"."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def listed(words: Sequence[str]) -> str:
    """Join words as in a sentence: "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def still_elevated(since: Sequence[tuple[str, int]], bound: float | None) -> str:
    """Say which weeks after a signal's own stayed above its bound; "" for none."""
    if not since:
        return ""
    weeks = listed([f"{counted(count, 'story', 'stories')} in week {week}" for week, count in since])
    return f"Still elevated: {weeks}, above {number(bound or 0)}."


def span(length: timedelta) -> str:
    """Return a length of time, never negative, in its largest sensible unit: "9 days", "1 h 20 min", "5 min"."""
    length = abs(length)
    if length >= _DAY:
        return counted(length // _DAY, "day")
    hours, minutes = length // _HOUR, (length % _HOUR) // _MINUTE
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes} min" if minutes and length < _MINUTES_MATTER_UNDER else f"{hours} h"


def due_words(due_at: datetime, now: datetime) -> str:
    """Say how a deadline stands: "9 days late", "in 1 h 20 min", "due now"."""
    left = due_at - now
    if abs(left) < _MINUTE:
        return "due now"
    return f"{span(left)} late" if left < timedelta() else f"in {span(left)}"


def due_day_words(day: date, today: date) -> str:
    """Say how a day that something is due on stands: "today", "tomorrow", "2 days late", "in 5 days"."""
    left = (day - today).days
    if left in (0, 1):
        return ("today", "tomorrow")[left]
    return f"{counted(-left, 'day')} late" if left < 0 else f"in {left} days"


def ago(at: datetime, now: datetime) -> str:
    """Say how long ago an instant was: "9 days ago", "just now"; one to come is "in 5 min"."""
    if abs(now - at) < _MINUTE:
        return "just now"
    return f"{span(now - at)} ago" if at < now else f"in {span(at - now)}"


def moment(at: datetime, now: datetime) -> str:
    """Say when something was, as short as it stays clear: "today at 08:40", "yesterday at 17:12", "14 Nov"."""
    days = (now.date() - at.date()).days
    if days in (0, 1):
        return f"{('today', 'yesterday')[days]} at {at:%H:%M}"
    return day_words(at.date(), now.date())


def day_words(day: date, today: date) -> str:
    """Return a day, with its year where that is not today's: "14 Nov", "14 Nov 2025"."""
    return f"{day:%-d %b}" if day.year == today.year else f"{day:%-d %b %Y}"


def exact(at: datetime) -> str:
    """Return an instant in full, for hovering: "Wednesday 25 November 2026, 09:40 UTC"."""
    return f"{at:%A %-d %B %Y, %H:%M} UTC"


def week_words(at: datetime) -> str:
    """Return a day with its ISO week: "Wednesday 25 November 2026, week 48"."""
    return f"{at:%A %-d %B %Y}, week {at.isocalendar().week}"


def number(value: float | None) -> str:
    """Return a count or an expectation without a needless fraction; "not known" for None."""
    if value is None:
        return "not known"
    return f"{value:.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"


def story_words(item_count: int, source_count: int) -> str:
    """Say how many items tell of the same, and how many sources independently."""
    return f"{counted(item_count, 'item')}, {counted(source_count, 'independent source')}"
