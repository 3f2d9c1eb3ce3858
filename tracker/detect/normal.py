"""Is a country's week normal? Its stories of all themes, beside its own past. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tracker.detect.escalation import judge
from tracker.domain.rules import EscalationRule

_LATELY = 4
"""Weeks without any story after which nobody seems to report."""


class Normal(StrEnum):
    """How a country's present week stands."""

    ABOVE = "above"
    USUAL = "usual"
    UNSEEN = "unseen"


@dataclass(frozen=True)
class Standing:
    """How a week stands against the weeks before it: what was expected, and at most how much."""

    normal: Normal
    expected: float
    bound: float


def standing(counts: Sequence[int], rule: EscalationRule) -> Standing:
    """Judge the last of some weekly counts, oldest first, as the escalation rule does, over all themes together.

    It raises nothing: what is rare in one theme can drown in the sum, and the rule looks at each by itself.
    """
    *history, observed = counts
    verdict = judge(history, observed, rule)
    normal = Normal.ABOVE if verdict.level else Normal.USUAL
    if not any(counts[-_LATELY:]):
        normal = Normal.UNSEEN
    return Standing(normal, verdict.expected, verdict.bound)
