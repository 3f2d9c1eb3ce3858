"""What a rule would say: a signal before anybody asked whether it was said already. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tracker.domain.counts import Cut
from tracker.domain.keys import SignalSubject
from tracker.domain.labels import level_rank
from tracker.domain.times import weeks_before
from tracker.domain.words import Level, Subject


@dataclass(frozen=True)
class SignalCandidate:
    """A rule's statement. `cut` is the loosest at which it holds; `quantile` the one that `bound` stands for."""

    rule: str
    country: str
    theme: str
    subject: SignalSubject
    level: Level
    cut: Cut
    observed: int | None = None
    expected: float | None = None
    bound: int | None = None
    quantile: float | None = None
    series: tuple[dict[str, Any], ...] | None = None


@dataclass(frozen=True)
class Raised:
    """A signal that stands already and is not hidden; `over` where the alert it came under was closed."""

    rule: str
    theme: str
    subject: SignalSubject
    level: Level
    cut: Cut
    bound: float | None = None
    over: bool = False


def still_to_raise(
    candidates: Iterable[SignalCandidate], raised: Iterable[Raised], repeat_after_weeks: int
) -> list[SignalCandidate]:
    """Return the candidates that say more than what stands: to more people, or at a higher level.

    A week that goes on as a signal said is no repeat, for at most `repeat_after_weeks`: a country that is still
    elevated is shown on that signal. A week of calm between, a closed alert or a higher level begins anew.
    """
    standing = tuple(raised)
    return [
        each
        for each in candidates
        if not any(
            _as_loud(before, each)
            and (before.subject == each.subject or _goes_on(before, each, repeat_after_weeks))
            for before in standing
        )
    ]


def _as_loud(before: Raised, now: SignalCandidate) -> bool:
    return (
        before.rule == now.rule
        and (before.theme == now.theme or now.subject.kind is not Subject.WEEK)
        and level_rank(before.level) >= level_rank(now.level)
        and before.cut.covers(now.cut)
    )


def _goes_on(before: Raised, now: SignalCandidate, repeat_after_weeks: int) -> bool:
    if before.over or before.bound is None or not before.subject.kind == now.subject.kind == Subject.WEEK:
        return False
    first, last = sorted((before.subject.value, now.subject.value))
    weeks = weeks_before(last, repeat_after_weeks)
    if first not in weeks:
        return False
    counts = {row["week"]: row["count"] for row in now.series or ()}
    return all(counts.get(week, 0) > before.bound for week in weeks[weeks.index(first) + 1 :])
