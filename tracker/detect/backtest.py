"""What a rule would have said of every period of a series, each judged by what lay before it alone. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tracker.detect.escalation import judge
from tracker.domain.countries import is_country
from tracker.domain.rules import EscalationRule

COLUMNS = ("country", "period", "events", "fatalities")


@dataclass(frozen=True)
class Period:
    """One period of one country. `count` is its deaths or, where a country's deaths are never told, its events.

    `name` sorts as text (`2026-11`, `2026-11-01` or `2026-W47`); None is unknown, never nought.
    """

    country: str
    name: str
    count: int | None


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

    A blank number is unknown. A period that occurs twice for a country counts as it was told first.
    """
    told: dict[tuple[str, str], tuple[int | None, int | None]] = {}
    faults: list[Fault] = []
    for number, row in enumerate(rows, 2):
        country, name = (str(row.get(column) or "").strip() for column in COLUMNS[:2])
        try:
            key, counts = _key(country, name), (_count(row, "events"), _count(row, "fatalities"))
        except ValueError as error:
            faults.append(Fault(number, str(error)))
            continue
        if key in told:
            faults.append(Fault(number, f"{country} {name} was told before; the first row counts"))
            continue
        told[key] = counts
    with_deaths = {country for (country, _), (_, deaths) in told.items() if deaths is not None}
    periods = [
        Period(country, name, deaths if country in with_deaths else events)
        for (country, name), (events, deaths) in told.items()
    ]
    return periods, faults


def _key(country: str, name: str) -> tuple[str, str]:
    if not is_country(country):
        raise ValueError(f"country is {country!r}; write ISO 3166-1 alpha-3, such as MLI")
    if not name[:4].isdecimal() or not name[4:5] == "-":
        raise ValueError(f"period is {name!r}; write 2026-11-01, 2026-11 or 2026-W47")
    return country, name


def _count(row: Mapping[str | None, object], column: str) -> int | None:
    said = str(row.get(column) or "").strip()
    if not said:
        return None
    if not said.removesuffix(".0").isdecimal():
        raise ValueError(f"{column} is {said!r}; write a whole number, or nothing where it is not known")
    return int(said.removesuffix(".0"))


def backtest(periods: Iterable[Period], rule: EscalationRule) -> Iterator[Judged]:
    """Judge every period by those before it, country by country in the order of time.

    The rule's weeks are taken as the series' periods, whatever their length. A period of unknown count is
    answered as unknown and no later one is judged by it.
    """
    series: dict[str, list[Period]] = defaultdict(list)
    for period in periods:
        series[period.country].append(period)
    for country in sorted(series):
        history: list[int] = []
        for period in sorted(series[country], key=lambda each: each.name):
            yield _judged(period, history, rule)
            if period.count is not None:
                history = [*history, period.count][-rule.baseline_weeks :]


def _judged(period: Period, history: list[int], rule: EscalationRule) -> Judged:
    verdict = judge(history, period.count or 0, rule)
    level, score, reason = str(verdict.level or "none"), verdict.surprise, verdict.reason
    if period.count is None:
        level, score, reason = "none", 0.0, "no count was given"
    return Judged(
        period.country, period.name, level, round(score, 4), round(verdict.expected, 3), verdict.bound, reason
    )
