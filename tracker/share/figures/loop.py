"""Was the loop closed, and where did it stick? Counts of alerts by how far they came, and why not further."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from tracker.domain.deadlines import Step
from tracker.domain.words import DecisionKind, MilestoneKind
from tracker.share.figures.gap import WITHIN, ended_first
from tracker.share.figures.shares import Share
from tracker.store.reads.chains import AlertChain, Decided

MATURE_AFTER = timedelta(days=14)
"""From this age on an alert should have come to an end one way or the other (domain.md 3.3, M1)."""


class Loop(StrEnum):
    """How far a mature alert came: the first two close the loop, the last is the gap."""

    ACTED = "acted"
    DECLINED = "declined"
    BEGUN = "begun"
    NOTHING = "nothing"


class Stop(StrEnum):
    """Where an alert stands that got no response in time, from the last step backwards."""

    DECLINED = "declined"
    BLOCKED = "blocked"
    NOT_STARTED = "not_started"
    NO_ANSWER = "no_answer"
    NOT_DELIVERED = "not_delivered"
    NO_OWNER = "no_owner"
    LATE = "late"


def loop_closing(chains: Iterable[AlertChain], at: datetime) -> Counter[Loop]:
    """Count the alerts opened two weeks or longer before an instant by how far they came.

    A loop is closed by an outcome, or by a decision not to act whose day to look again is kept.
    """
    return Counter(_loop(each, at) for each in chains if each.opened_at <= at - MATURE_AFTER)


def closed_share(loops: Counter[Loop]) -> Share:
    """Return the loop-closing rate."""
    return Share(loops[Loop.ACTED] + loops[Loop.DECLINED], loops.total())


def _loop(alert: AlertChain, at: datetime) -> Loop:
    if MilestoneKind.OUTCOME in alert.reached:
        return Loop.ACTED
    declined = [each for each in alert.decisions if each.kind is DecisionKind.NOT_ACTING_NOW]
    if declined and _is_kept(declined[-1], at):
        return Loop.DECLINED
    begun = MilestoneKind.DECIDED in alert.reached or MilestoneKind.FIRST_RESPONSE in alert.reached
    return Loop.BEGUN if begun else Loop.NOTHING


def _is_kept(decided: Decided, at: datetime) -> bool:
    return decided.reviewed or (decided.review_on is not None and decided.review_on >= at.date())


def stops(chains: Iterable[AlertChain], blocked: frozenset[str], at: datetime) -> Counter[Stop]:
    """Count the alerts that had no first response within seven days by where they stand."""
    return Counter(_stop(each, blocked) for each in late_for_response(chains, at))


def late_for_response(chains: Iterable[AlertChain], at: datetime) -> list[AlertChain]:
    """Return the alerts that had no first response within seven days, their seven days being over.

    As in `on_time`, one that was closed before they were over is left out.
    """
    within, kind = WITHIN[Step.RESPOND], MilestoneKind.FIRST_RESPONSE
    due = ((each, each.opened_at + within) for each in chains if each.opened_at + within <= at)
    return [
        each
        for each, due_at in due
        if not ended_first(each, Step.RESPOND, due_at) and each.reached.get(kind, at + within) > due_at
    ]


def _stop(alert: AlertChain, blocked: frozenset[str]) -> Stop:
    if MilestoneKind.FIRST_RESPONSE in alert.reached:
        return Stop.LATE
    if alert.alert_id in blocked:
        return Stop.BLOCKED
    if alert.decisions:
        declined = alert.decisions[-1].kind is DecisionKind.NOT_ACTING_NOW
        return Stop.DECLINED if declined else Stop.NOT_STARTED
    if MilestoneKind.DELIVERED in alert.reached:
        return Stop.NO_ANSWER
    return Stop.NOT_DELIVERED if alert.owner_id else Stop.NO_OWNER


def reasons(late: Sequence[AlertChain]) -> Counter[str]:
    """Count the codes of the reasons that were given, with each alert's newest decision, for not acting."""
    newest = (each.decisions[-1] for each in late if each.decisions)
    return Counter(each.reason for each in newest if each.reason)
