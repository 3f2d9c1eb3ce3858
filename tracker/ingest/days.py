"""The days to come that a text names, in the languages whose months are known (date_words.py). Pure."""

import re
from datetime import date, timedelta

from tracker.ingest.date_words import fold, months

_FARTHEST = timedelta(days=366)
_OF = r"(?:\s(?:de|of|du))?"
_YEAR = r"(?:,?\s(?:de\s)?(?P<year>\d{4}))?(?!\d)"
_NAME = r"(?P<month>[^\W\d_]{3,12})\b\.?"
_FORMS = tuple(
    re.compile(form)
    for form in (
        r"(?<![\d./-])(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)",
        r"(?<![\d./-])(?P<day>\d{1,2})[./](?P<month>\d{1,2})(?:[./](?P<year>\d{4}))?(?![\d/])",
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|o)?{_OF}\s{_NAME}{_YEAR}",
        rf"\b{_NAME}\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{_YEAR}",
    )
)


def days_named(text: str, today: date) -> list[date]:
    """Return the days from today on, a year ahead at most, that a text names, in its order; each once.

    Without a year the next such day is meant. Where day and month may be exchanged (2/11), none is.
    """
    folded = " ".join(fold(text).split())
    found = sorted(
        (match.start(), day)
        for form in _FORMS
        for match in form.finditer(folded)
        if (day := _day(match, today)) is not None
    )
    return list(dict.fromkeys(day for _, day in found))


def _day(match: re.Match[str], today: date) -> date | None:
    said, number = match["month"], int(match["day"])
    in_figures = said.isdecimal()
    month = int(said) if in_figures else months().get(said)
    may_be_exchanged = in_figures and match.start("day") < match.start("month") and number <= 12
    if month is None or (may_be_exchanged and number != month):
        return None
    years = [int(match["year"])] if match["year"] else [today.year, today.year + 1]
    for year in years:
        try:
            day = date(year, month, number)
        except ValueError:
            continue
        if today <= day <= today + _FARTHEST:
            return day
    return None
