"""When each step of an alert is due. The allowances come from config/deadlines.yaml; nothing is set here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tracker.domain.words import Level, MilestoneKind


class Step(StrEnum):
    """The steps that have a deadline; `triage` is the inbox's, the others the alert's."""

    TRIAGE = "triage"
    VERIFY = "verify"
    DECIDE = "decide"
    RESPOND = "respond"


MILESTONE_OF = {
    Step.VERIFY: MilestoneKind.VERIFIED,
    Step.DECIDE: MilestoneKind.DECIDED,
    Step.RESPOND: MilestoneKind.FIRST_RESPONSE,
}
"""The milestone that ends the waiting for a step."""


@dataclass(frozen=True)
class DeadlinePolicy:
    """Allowed time by level and step, and how long a review may be put off, by level."""

    allowed: Mapping[Level, Mapping[Step, timedelta]]
    review_within: Mapping[Level, timedelta]

    def due_at(self, step: Step, raised: Iterable[tuple[Level, datetime]]) -> datetime | None:
        """Return when a step is due: the earliest over the signals raised, each with its level and instant.

        None where nothing was raised. A viewer who sees fewer signals may be given a later deadline; that
        is what keeps a hidden signal hidden.
        """
        return min((at + self.allowed[level][step] for level, at in raised), default=None)
