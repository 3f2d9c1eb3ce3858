"""What a rule would say: a signal before anybody asked whether it was said already. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tracker.domain.counts import Cut
from tracker.domain.keys import SignalSubject
from tracker.domain.labels import level_rank
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
    """A signal that stands already and is not hidden."""

    rule: str
    theme: str
    subject: SignalSubject
    level: Level
    cut: Cut


def still_to_raise(candidates: Iterable[SignalCandidate], raised: Iterable[Raised]) -> list[SignalCandidate]:
    """Return the candidates that say more than what stands: to more people, or at a higher level."""
    standing = tuple(raised)
    return [each for each in candidates if not any(_says_as_much(before, each) for before in standing)]


def _says_as_much(before: Raised, now: SignalCandidate) -> bool:
    return (
        before.rule == now.rule
        and before.subject == now.subject
        and (before.theme == now.theme or now.subject.kind is not Subject.WEEK)
        and level_rank(before.level) >= level_rank(now.level)
        and before.cut.covers(now.cut)
    )
