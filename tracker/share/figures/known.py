"""How we know that a step was reached: in the tool, by mail, told in a call or a meeting, or inferred."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.domain.deadlines import MILESTONE_OF, Step
from tracker.domain.words import HowKnown, MilestoneKind
from tracker.share.figures.gap import WITHIN
from tracker.store.reads.chains import AlertChain

TOLD = (MilestoneKind.VERIFIED, MilestoneKind.DECIDED, MilestoneKind.FIRST_RESPONSE, MilestoneKind.OUTCOME)
"""The steps that people take and may tell of: all others the tool sees by itself."""

_STEP_OF = {kind: step for step, kind in MILESTONE_OF.items()}


@dataclass(frozen=True)
class Known:
    """Alerts by how we know that a step was reached; `in_time` those of them that kept to 1-3-7."""

    reached: Counter[HowKnown]
    in_time: Counter[HowKnown]


def how_known(chains: Iterable[AlertChain]) -> Mapping[MilestoneKind, Known]:
    """Count the first of each step by how we know of it. An outcome has no time to keep to."""
    found = {kind: Known(Counter(), Counter()) for kind in TOLD}
    for each in chains:
        for kind, counts in found.items():
            if kind not in each.reached:
                continue
            how = each.known.get(kind, HowKnown.IN_THE_TOOL)
            counts.reached[how] += 1
            counts.in_time[how] += _in_time(each, kind)
    return found


def _in_time(alert: AlertChain, kind: MilestoneKind) -> bool:
    step: Step | None = _STEP_OF.get(kind)
    return step is not None and alert.reached[kind] <= alert.opened_at + WITHIN[step]
