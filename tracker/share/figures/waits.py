"""How long each alert waited for a step: until it came, until something else made it moot, or so far."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tracker.domain.words import DecisionKind, MilestoneKind
from tracker.share.figures.gap import is_open
from tracker.store.reads.chains import AlertChain

_DAY = timedelta(days=1)


class End(StrEnum):
    """How a wait ended; the first two are still without an end at the data cut or at closing (censored)."""

    OPEN = "open"
    CLOSED = "closed"
    DECLINED = "declined"
    REACHED = "reached"


@dataclass(frozen=True)
class Wait:
    """Days from the opening of an alert, never negative, and how they ended."""

    days: float
    end: End


def waits_for(kind: MilestoneKind, chains: Iterable[AlertChain], at: datetime) -> list[Wait]:
    """Return how long each alert waited for a milestone, as of an instant.

    One that is not reached waits until the instant, or until its alert was closed.
    """
    return [_wait(kind, each, None, at) for each in chains]


def waits_for_response(chains: Iterable[AlertChain], at: datetime) -> list[Wait]:
    """Return how long each alert waited for its first response; a decision not to act before that ends the wait."""
    kind = MilestoneKind.FIRST_RESPONSE
    return [_wait(kind, each, declined_at(each), at) for each in chains]


def declined_at(alert: AlertChain) -> datetime | None:
    """Return when it was first decided not to act now; None where it never was."""
    declined = (decided.at for decided in alert.decisions if decided.kind is DecisionKind.NOT_ACTING_NOW)
    return min(declined, default=None)


def _wait(kind: MilestoneKind, alert: AlertChain, declined: datetime | None, at: datetime) -> Wait:
    reached = alert.reached.get(kind)
    ends = [(reached, End.REACHED), (declined, End.DECLINED)]
    ended = min(((when, end) for when, end in ends if when is not None and when <= at), default=None)
    if ended is not None:
        return Wait(_days(alert, ended[0]), ended[1])
    if is_open(alert, at) or alert.closed_at is None:
        return Wait(_days(alert, at), End.OPEN)
    return Wait(_days(alert, alert.closed_at), End.CLOSED)


def _days(alert: AlertChain, until: datetime) -> float:
    return max(0.0, (until - alert.opened_at) / _DAY)
