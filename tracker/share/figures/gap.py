"""The gap: how far warnings get, which decisions are overdue, what was done in time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.domain.deadlines import MILESTONE_OF, DeadlinePolicy, Step
from tracker.domain.labels import highest
from tracker.domain.life import OPEN_STATES
from tracker.domain.words import AlertState, Level, MilestoneKind
from tracker.share.figures.shares import Share, share_words
from tracker.store.reads.chains import AlertChain

WITHIN: Mapping[Step, timedelta] = {
    Step.VERIFY: timedelta(days=1),
    Step.DECIDE: timedelta(days=3),
    Step.RESPOND: timedelta(days=7),
}
"""What "1-3-7" means: the same for every level, so that places and years compare (domain.md 3.1)."""


WITHDRAWN = "source_withdrew"
"""Why an alert was closed or dismissed whose source took it back (config/vocabulary.yaml)."""


@dataclass(frozen=True)
class Apart:
    """Alerts that say nothing of how well warnings are answered, so no figure holds them."""

    dismissed: int = 0
    withdrawn: int = 0


@dataclass(frozen=True)
class Funnel:
    """How many came how far. Signals of the period first, then its alerts by the milestones they reached."""

    signals: int
    looked_at: int
    alerts: int
    delivered: int
    decided: int
    response_started: int
    outcome_known: int


@dataclass(frozen=True)
class Waiting:
    """An open alert past its decision time without a decision. `late_for` is counted from that time."""

    alert_id: str
    level: Level
    late_for: timedelta
    has_owner: bool
    is_delivered: bool

    @property
    def days_late(self) -> int:
        """Whole days past the decision time."""
        return self.late_for.days


@dataclass(frozen=True)
class Gap:
    """All gap figures of one viewer and one period. `waiting` is the open gap, longest overdue first.

    `apart` counts the period's alerts that are left out of everything else.
    """

    funnel: Funnel
    waiting: tuple[Waiting, ...]
    on_time: Mapping[Step, Share]
    apart: Apart = Apart()


def gap(
    period: Sequence[AlertChain],
    signals: tuple[int, int],
    policy: DeadlinePolicy,
    at: datetime,
    older: Iterable[AlertChain] = (),
) -> Gap:
    """Compute the figures of a period as of an instant.

    Args:
        period: the chains of the alerts opened in the period, merged ones left out.
        signals: how many signals were flagged in the period, and how many of them were looked at.
        policy: the deadlines by level.
        at: the data cut, UTC.
        older: chains opened before the period; those still open count among the waiting only.
    """
    chains, apart = counted_apart(period)
    return Gap(
        _funnel(chains, signals),
        waiting_for_decision([*older, *chains], policy, at),
        {step: on_time(chains, step, at) for step in WITHIN},
        apart,
    )


def _funnel(chains: Sequence[AlertChain], signals: tuple[int, int]) -> Funnel:
    def reached(kind: MilestoneKind) -> int:
        return sum(1 for each in chains if each.reached.get(kind) is not None)

    return Funnel(
        signals=signals[0],
        looked_at=signals[1],
        alerts=len(chains),
        delivered=reached(MilestoneKind.DELIVERED),
        decided=reached(MilestoneKind.DECIDED),
        response_started=reached(MilestoneKind.FIRST_RESPONSE),
        outcome_known=reached(MilestoneKind.OUTCOME),
    )


def counted_apart(chains: Iterable[AlertChain]) -> tuple[list[AlertChain], Apart]:
    """Part the alerts that figures are made of from those that are counted apart."""
    kept, dismissed, withdrawn = list[AlertChain](), 0, 0
    for each in chains:
        if each.closed_because == WITHDRAWN:
            withdrawn += 1
        elif each.state is AlertState.DISMISSED:
            dismissed += 1
        else:
            kept.append(each)
    return kept, Apart(dismissed, withdrawn)


def waiting_for_decision(
    chains: Iterable[AlertChain], policy: DeadlinePolicy, at: datetime
) -> tuple[Waiting, ...]:
    """Return the open alerts whose decision is overdue at an instant, longest first."""
    found = [late for each in chains if (late := _waiting(each, policy, at)) is not None]
    return tuple(sorted(found, key=lambda late: (-late.late_for, late.alert_id)))


def _waiting(alert: AlertChain, policy: DeadlinePolicy, at: datetime) -> Waiting | None:
    due_at = policy.due_at(Step.DECIDE, alert.raised)
    if not is_open(alert, at) or due_at is None or due_at >= at:
        return None
    if alert.reached.get(MilestoneKind.DECIDED) is not None:
        return None
    return Waiting(
        alert.alert_id,
        highest(level for level, _ in alert.raised),
        at - due_at,
        has_owner=alert.owner_id is not None,
        is_delivered=alert.reached.get(MilestoneKind.DELIVERED) is not None,
    )


def is_open(alert: AlertChain, at: datetime) -> bool:
    """Return whether an alert was open at an instant; one that was closed later still was."""
    return alert.state in OPEN_STATES or (alert.closed_at is not None and alert.closed_at >= at)


def on_time(chains: Iterable[AlertChain], step: Step, at: datetime) -> Share:
    """Count, of the alerts whose time for a step under 1-3-7 has come, those that had it done in time.

    One that is open and overdue counts as failure; one that was closed before its time came is left out.
    """
    return in_time(chains, step, at, lambda each: each.opened_at + WITHIN[step])


def in_time(
    chains: Iterable[AlertChain], step: Step, at: datetime, due_of: Callable[[AlertChain], datetime | None]
) -> Share:
    """Count as `on_time` does, with another deadline for each alert (UTC); one without a deadline is left out."""
    met = due = 0
    for each in chains:
        due_at, done_at = due_of(each), each.reached.get(MILESTONE_OF[step])
        if due_at is None or due_at > at or ended_first(each, step, due_at):
            continue
        due += 1
        met += done_at is not None and done_at <= due_at
    return Share(met, due)


def ended_first(alert: AlertChain, step: Step, due_at: datetime) -> bool:
    """Return whether an alert was closed before its time for a step came, without the step."""
    return (
        MILESTONE_OF[step] not in alert.reached and alert.closed_at is not None and alert.closed_at < due_at
    )


def days(count: int) -> str:
    """Say a number of whole days."""
    if count < 1:
        return "less than a day"
    return "1 day" if count == 1 else f"{count} days"


def headline(waiting: Sequence[Waiting]) -> str:
    """Say the open gap in one sentence."""
    if not waiting:
        return "No alert waits for a decision"
    late = days(waiting[0].days_late)
    if len(waiting) == 1:
        return f"1 alert waits for a decision, {late} late"
    return f"{len(waiting)} alerts wait for a decision, the oldest {late}"


def on_time_words(figure: Share) -> str:
    """Say how many were in time, with their n."""
    return share_words(figure, "none due yet")
