"""More of a theme in a country in one week than its own past lets one expect. Pure.

The week that is still running is judged as observed so far: nothing is added for the days to come, so the rule
can only be late, never early, and a week is judged again whenever it gains a story.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.detect.bounds import expect, upper_bound
from tracker.detect.candidates import SignalCandidate
from tracker.detect.cuts import Series
from tracker.domain.counts import Cut
from tracker.domain.keys import SignalSubject
from tracker.domain.labels import level_rank
from tracker.domain.rules import ESCALATION, EscalationRule
from tracker.domain.words import Level, Subject


@dataclass(frozen=True)
class WeekVerdict:
    """Whether a week stands out. `bound` and `quantile` are the fired level's, else the lowest level's."""

    level: Level | None
    expected: float
    bound: int
    quantile: float
    reason: str


def judge_week(series: Series, rule: EscalationRule) -> WeekVerdict:
    """Judge one week by one cut's own past, and say why; a no has its reason too."""
    expected = expect(series.counts, rule.min_history_weeks, rule.expected_at_least)
    levels = sorted(rule.levels.items(), key=lambda each: level_rank(each[0]), reverse=True)
    reason, bound, quantile = "", 0, 0.0
    for level, threshold in levels:
        quantile, bound = threshold.quantile, upper_bound(expected, threshold.quantile)
        if series.observed <= bound:
            reason = f"{series.observed} is within the bound of {bound}"
        elif series.observed < threshold.count_at_least:
            reason = f"{series.observed} is fewer than {threshold.count_at_least}, too few to judge"
        else:
            return WeekVerdict(
                level, expected.mean, bound, quantile, f"{series.observed} is above the bound of {bound}"
            )
    return WeekVerdict(None, expected.mean, bound, quantile, reason)


def escalation(
    country: str, theme: str, series: Mapping[Cut, Series], rule: EscalationRule
) -> list[SignalCandidate]:
    """Return the signals of one country, theme and week: the loosest cut at which each level is reached.

    Args:
        country: ISO 3166-1 alpha-3.
        theme: the theme's code.
        series: what each cut sees, loosest cut first, all of one week.
        rule: thresholds in force.

    Returns:
        At a stricter cut only what is higher than at every looser cut that the same people may see.
    """
    found: list[SignalCandidate] = []
    for cut, seen in series.items():
        verdict = judge_week(seen, rule)
        if verdict.level is None or _said_looser(found, cut, verdict.level):
            continue
        found.append(
            SignalCandidate(
                rule=ESCALATION,
                country=country,
                theme=theme,
                subject=SignalSubject(Subject.WEEK, seen.week),
                level=verdict.level,
                cut=cut,
                observed=seen.observed,
                expected=verdict.expected,
                bound=verdict.bound,
                quantile=verdict.quantile,
                series=_shown(seen, rule.series_weeks),
            )
        )
    return found


def _said_looser(found: list[SignalCandidate], cut: Cut, level: Level) -> bool:
    return any(each.cut.covers(cut) and level_rank(each.level) >= level_rank(level) for each in found)


def _shown(series: Series, weeks: int) -> tuple[dict[str, str | int], ...]:
    pairs = [*zip(series.weeks, series.counts, strict=True), (series.week, series.observed)]
    return tuple({"week": week, "count": count} for week, count in pairs[-weeks:])
