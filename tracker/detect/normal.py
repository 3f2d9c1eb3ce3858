"""Is a country's week normal? Its stories of all themes, beside its own past. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tracker.detect.escalation import judge
from tracker.domain.rules import EscalationRule

_LATELY = 4
"""Weeks without any story after which nobody seems to report."""


class Normal(StrEnum):
    """How a country stands, this week or the one before it."""

    ABOVE = "above"
    USUAL = "usual"
    UNSEEN = "unseen"


@dataclass(frozen=True)
class Standing:
    """How a country stands against its past; of the present week, what was expected and at most how much."""

    normal: Normal
    expected: float
    bound: float


def standing(counts: Sequence[int], rule: EscalationRule) -> Standing:
    """Judge the last of some weekly counts, oldest first, as the escalation rule does, over all themes together.

    The last week has only begun: a country whose last whole week was above its normal is above it still. It raises
    nothing: what is rare in one theme can drown in the sum, and the rule looks at each by itself.
    """
    *history, observed = counts
    verdict = judge(history, observed, rule)
    was_above = bool(history) and judge(history[:-1], history[-1], rule).level is not None
    normal = Normal.ABOVE if verdict.level or was_above else Normal.USUAL
    if not any(counts[-_LATELY:]):
        normal = Normal.UNSEEN
    return Standing(normal, verdict.expected, verdict.bound)
