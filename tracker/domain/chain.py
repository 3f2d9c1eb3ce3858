"""The chain of an alert: dated facts, in any order, each with when it happened, when we learned it, from whom.

Every gap figure is computed from chains (design.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tracker.domain.words import HowKnown, MilestoneKind


@dataclass(frozen=True)
class Milestone:
    """One fact of a chain. Instants are UTC; `told_by` is a role or an organisation, never a reporter."""

    kind: MilestoneKind
    happened_at: datetime
    learned_at: datetime
    told_by: str
    how_known: HowKnown


@dataclass(frozen=True)
class Chain:
    """The earliest milestone of each kind for one alert, and when the latest happened; absent is not reached."""

    reached: dict[MilestoneKind, Milestone]
    latest: dict[MilestoneKind, datetime]

    def at(self, kind: MilestoneKind) -> datetime | None:
        """Return when a milestone happened, None where it has not."""
        milestone = self.reached.get(kind)
        return milestone.happened_at if milestone else None

    @property
    def stage(self) -> MilestoneKind | None:
        """The furthest milestone reached, which is the stage that pages show."""
        return max(self.reached, key=list(MilestoneKind).index, default=None)


def chain_of(milestones: Iterable[Milestone]) -> Chain:
    """Fold milestones into a chain: of each kind the one that happened first, and when the last one did."""
    reached: dict[MilestoneKind, Milestone] = {}
    latest: dict[MilestoneKind, datetime] = {}
    for milestone in sorted(milestones, key=lambda m: (m.happened_at, m.learned_at)):
        reached.setdefault(milestone.kind, milestone)
        latest[milestone.kind] = milestone.happened_at
    return Chain(reached, latest)
