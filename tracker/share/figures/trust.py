"""Can the warnings be trusted, and do we keep faith with those who warn and those who are warned?"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.domain.words import AlertState, Answer, MilestoneKind, Verification
from tracker.share.figures.shares import Share
from tracker.store.reads.chains import AlertChain
from tracker.store.reads.periods import Asked, Told

ANSWER_WITHIN = timedelta(days=7)
"""Who reports and may be answered is owed an answer within this time (domain.md 3.3, M14)."""

_CORROBORATED_BY = 2


@dataclass(frozen=True)
class Precision:
    """Alerts by what checking found. What could not be verified may be either, so it widens the range."""

    verified: int
    refuted: int
    unverifiable: int

    @property
    def share(self) -> Share:
        """The share verified among those that a check decided."""
        return Share(self.verified, self.verified + self.refuted)

    @property
    def range(self) -> tuple[Share, Share]:
        """The share if all that could not be verified was false, and if it was true."""
        checked = self.verified + self.refuted + self.unverifiable
        return Share(self.verified, checked), Share(self.verified + self.unverifiable, checked)


def precision(chains: Iterable[AlertChain]) -> Precision:
    """Count what checking found (M8)."""
    found = Counter(each.verification for each in chains)
    return Precision(
        found[Verification.VERIFIED], found[Verification.REFUTED], found[Verification.UNVERIFIABLE]
    )


def corroborated(chains: Iterable[AlertChain]) -> Share:
    """Count the alerts that two or more independent sources stand behind (M11)."""
    counts = [each.source_count >= _CORROBORATED_BY for each in chains]
    return Share(sum(counts), len(counts))


def with_options(chains: Iterable[AlertChain]) -> Share:
    """Count the alerts that were delivered: a brief goes out with two options or more, each with its owner (M13)."""
    counts = [MilestoneKind.DELIVERED in each.reached for each in chains]
    return Share(sum(counts), len(counts))


def reporters_answered(reports: Iterable[Asked], at: datetime) -> Share:
    """Count the reports answered within seven days, of those due one whose sender may be contacted (M14)."""
    due = [each for each in reports if each.came_at + ANSWER_WITHIN <= at]
    in_time = (
        each.answered_at is not None and each.answered_at <= each.came_at + ANSWER_WITHIN for each in due
    )
    return Share(sum(in_time), len(due))


def reopened(chains: Iterable[AlertChain], again: frozenset[str]) -> Share:
    """Count the alerts that were opened again, of those that were closed at some time (M16)."""
    closed = [each for each in chains if each.alert_id in again or each.state is AlertState.CLOSED]
    return Share(sum(each.alert_id in again for each in closed), len(closed))


def refuted_after_action(chains: Iterable[AlertChain]) -> Share:
    """Count the alerts that proved wrong, of those that were acted on (M16)."""
    acted = [each for each in chains if MilestoneKind.FIRST_RESPONSE in each.reached]
    return Share(sum(each.verification is Verification.REFUTED for each in acted), len(acted))


def briefs_answered(told: Iterable[Told]) -> tuple[Share, Counter[Answer]]:
    """Count the briefs that were answered, of those delivered, and the answers by kind (M17).

    "Received" is an answer: it says that the brief was seen.
    """
    answers = [each.answer for each in told]
    given = Counter(answer for answer in answers if answer is not None)
    return Share(given.total(), len(answers)), given
