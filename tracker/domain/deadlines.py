"""When each step of an alert is due. The allowances come from config/deadlines.yaml; nothing is set here."""

from collections.abc import Iterable, Mapping, Sequence
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
    """How long things may take, by level: each step, putting off a review.

    `outcome_checks`: how long after an action was done one asks what came of it, shortest first.
    """

    allowed: Mapping[Level, Mapping[Step, timedelta]]
    review_within: Mapping[Level, timedelta]
    outcome_checks: Mapping[Level, Sequence[timedelta]]

    def due_at(self, step: Step, raised: Iterable[tuple[Level, datetime]]) -> datetime | None:
        """Return when a step is due: the earliest over the signals raised, each with its level and instant.

        None where nothing was raised. A viewer who sees fewer signals may be given a later deadline; that
        is what keeps a hidden signal hidden.
        """
        return min((at + self.allowed[level][step] for level, at in raised), default=None)

    def done_between(self, first: datetime, last: datetime) -> tuple[datetime, datetime]:
        """Return between which instants an action was done of which some check is due from one to another."""
        every = [after for checks in self.outcome_checks.values() for after in checks]
        longest, shortest = max(every, default=timedelta()), min(every, default=timedelta())
        return first - longest, last - shortest

    def check_due_at(self, level: Level, done_at: datetime, told_at: Iterable[datetime]) -> datetime | None:
        """Return when one has to ask next what came of an action; None once every check was kept.

        A check is kept by an outcome told after the check before it, half of the way to it at the earliest: what
        was told on the day itself says nothing of a month later.

        Args:
            level: of the alert.
            done_at: when the action was done, UTC.
            told_at: when each of its outcomes was recorded, UTC.
        """
        told, before = sorted(told_at), timedelta()
        for after in self.outcome_checks[level]:
            counts_from = done_at + (before + after) / 2
            if not any(at >= counts_from for at in told):
                return done_at + after
            before = after
        return None
