"""More of a theme in a country in one week than its own past lets one expect. Pure.

The week that is still running is judged as observed so far: nothing is added for the days to come, so the rule
can only be late, never early, and a week is judged again whenever it gains a story.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.detect.bounds import expect, surprise, upper_bound
from tracker.detect.candidates import SignalCandidate
from tracker.detect.cuts import Series
from tracker.domain.counts import Cut
from tracker.domain.keys import SignalSubject
from tracker.domain.labels import level_rank
from tracker.domain.rules import ESCALATION, EscalationRule
from tracker.domain.words import Level, Subject


@dataclass(frozen=True)
class Verdict:
    """Whether a week (or month) stands out. `bound` and `quantile` are the fired level's, else the lowest level's.

    `surprise` says how unusual the count is, comparable across countries (`bounds.surprise`).
    """

    level: Level | None
    expected: float
    bound: int
    quantile: float
    surprise: float
    reason: str


def judge(history: Sequence[int], observed: int, rule: EscalationRule) -> Verdict:
    """Judge one count by those before it, oldest first, and say why; a no has its reason too."""
    expected = expect(history, rule.min_history_weeks, rule.expected_at_least)
    levels = sorted(rule.levels.items(), key=lambda each: level_rank(each[0]), reverse=True)
    fired, reason, bound, quantile = None, "", 0, 0.0
    for level, threshold in levels:
        quantile, bound = threshold.quantile, upper_bound(expected, threshold.quantile)
        if observed <= bound:
            reason = f"{observed} is within the bound of {bound}"
        elif observed < threshold.count_at_least:
            reason = f"{observed} is fewer than {threshold.count_at_least}, too few to judge"
        else:
            fired, reason = level, f"{observed} is above the bound of {bound}"
            break
    return Verdict(fired, expected.mean, bound, quantile, surprise(expected, observed), reason)


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
        verdict = judge(seen.counts, seen.observed, rule)
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
