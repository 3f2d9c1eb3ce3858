"""When a source is asked again: not more often than it says, never later than the policy allows. Pure."""

from datetime import timedelta

from tracker.ingest.policy import Schedule

_DOUBLINGS = 16  # more than the longest wait needs, and no number that overflows


def after_success(schedule: Schedule, said: timedelta | None, share: float) -> timedelta:
    """Return how long to leave a source alone that answered.

    Args:
        schedule: the interval of a source that says nothing, and the longest that one may ask for.
        said: how long what it told is good for, as it says; None where it does not.
        share: 0..1 of the schedule's spread: taken off the interval, added to what was said.
    """
    spread = schedule.spread * share
    wait: timedelta = schedule.every * (1 - spread)
    if said is not None:
        wait = max(wait, said * (1 + spread))
    return min(wait, schedule.said_at_most)


def after_failure(schedule: Schedule, failures: int, share: float) -> timedelta:
    """Return how long to leave a source alone that failed: twice as long after each failure, up to a cap.

    Args:
        schedule: the interval of a source that answers, and the cap.
        failures: failures in a row, this one included.
        share: 0..1 of the schedule's spread that is taken off.
    """
    wait: timedelta = schedule.every * 2 ** min(failures, _DOUBLINGS)
    return min(wait, schedule.failing_at_most) * (1 - schedule.spread * share)
