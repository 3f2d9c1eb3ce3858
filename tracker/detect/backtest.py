"""What a rule would have said of every period of a series, each judged by what lay before it alone. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tracker.detect.escalation import judge
from tracker.domain.countries import is_country
from tracker.domain.rules import EscalationRule

_MONTH_OR_DAY = r"(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?"
_WEEK = r"W(?:0[1-9]|[1-4][0-9]|5[0-3])"
_PERIOD = re.compile(rf"[0-9]{{4}}-(?:{_MONTH_OR_DAY}|{_WEEK})")
COLUMNS = ("country", "period", "events", "fatalities")


@dataclass(frozen=True)
class Period:
    """One period of one country, `2026-11`, `2026-11-01` or `2026-W47`; None is unknown, never nought."""

    country: str
    name: str
    events: int | None = None
    deaths: int | None = None


@dataclass(frozen=True)
class Fault:
    """A row that could not be used: its number in the file (the heading is row 1) and why."""

    row: int
    reason: str


@dataclass(frozen=True)
class Judged:
    """A row of the answer; `level` is none, medium or high, `score` comparable across countries."""

    country: str
    period: str
    level: str
    score: float
    expected: float
    bound: int
    reason: str


def read_series(rows: Iterable[Mapping[str | None, object]]) -> tuple[list[Period], list[Fault]]:
    """Return the periods of a table with the columns `country, period, events, fatalities`, and its faults.

    A blank number is unknown. A period that occurs twice for a country counts as it was told first, and a
    country's periods are written in one way, so that they sort as text.
    """
    told: dict[tuple[str, str], Period] = {}
    forms: dict[str, tuple[int, bool]] = {}
    faults: list[Fault] = []
    for number, row in enumerate(rows, 2):
        try:
            period = _period(row)
            _check_form(period, forms)
        except ValueError as error:
            faults.append(Fault(number, str(error)))
            continue
        if told.setdefault((period.country, period.name), period) is not period:
            twice = f"{period.country} {period.name} was told before; the first row counts"
            faults.append(Fault(number, twice))
    return list(told.values()), faults


def _period(row: Mapping[str | None, object]) -> Period:
    country, name = (str(row.get(column) or "").strip() for column in COLUMNS[:2])
    if not is_country(country):
        raise ValueError(f"country is {country!r}; write ISO 3166-1 alpha-3, such as MLI")
    if not _PERIOD.fullmatch(name):
        raise ValueError(f"period is {name!r}; write 2026-11-01, 2026-11 or 2026-W47")
    return Period(country, name, _count(row, "events"), _count(row, "fatalities"))


def _check_form(period: Period, forms: dict[str, tuple[int, bool]]) -> None:
    form = (len(period.name), "W" in period.name)
    if forms.setdefault(period.country, form) != form:
        raise ValueError(f"period is {period.name!r}; {period.country} began in another way of writing")


def _count(row: Mapping[str | None, object], column: str) -> int | None:
    said = str(row.get(column) or "").strip()
    if not said:
        return None
    if not said.removesuffix(".0").isdecimal():
        raise ValueError(f"{column} is {said!r}; write a whole number, or nothing where it is not known")
    return int(said.removesuffix(".0"))


def backtest(periods: Iterable[Period], rule: EscalationRule) -> Iterator[Judged]:
    """Judge every period by those before it, country by country in the order of time.

    The rule's weeks are taken as the series' periods, whatever their length. Events count until a country's deaths
    are told for the first time; from then on deaths alone do, with a past that begins anew. A period of unknown
    count is answered as unknown and no later one is judged by it.
    """
    series: dict[str, list[Period]] = defaultdict(list)
    for period in periods:
        series[period.country].append(period)
    for country in sorted(series):
        history, by_deaths = list[int](), False
        for period in sorted(series[country], key=lambda each: each.name):
            if period.deaths is not None and not by_deaths:
                history, by_deaths = [], True
            count = period.deaths if by_deaths else period.events
            yield _judged(period, count, history, rule)
            if count is not None:
                history = [*history, count][-rule.baseline_weeks :]


def _judged(period: Period, count: int | None, history: list[int], rule: EscalationRule) -> Judged:
    verdict = judge(history, count or 0, rule)
    level, score, reason = str(verdict.level or "none"), verdict.surprise, verdict.reason
    if count is None:
        level, score, reason = "none", 0.0, "no count was given"
    return Judged(
        period.country, period.name, level, round(score, 4), round(verdict.expected, 3), verdict.bound, reason
    )
