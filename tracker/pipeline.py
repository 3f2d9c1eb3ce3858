"""poll → understand → detect → respond, in batches: what `tracker ingest` and the jobs both call.

Every stage takes up what the one before left pending, so that a run that died half-way is finished by the next.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tracker.detect.run import detect
from tracker.ingest.outcomes import PollSummary
from tracker.ingest.policy import FetchPolicy
from tracker.ingest.poll import poll
from tracker.respond.inbox import open_grave
from tracker.respond.policy import policy_in_force
from tracker.store import Store
from tracker.understand.run import understand


@dataclass(frozen=True)
class Worked:
    """What came of what was pending: items read, signals raised, alerts that a grave signal opened or joined."""

    items_read: int
    signals_raised: int
    alerts_touched: int


def work_through(store: Store, now: datetime) -> Worked:
    """Read pending items, look at dirty weeks, open alerts for what is too grave to wait."""
    policy = policy_in_force(store, now)
    items_read = understand(store, policy.taxonomy, policy.stories, now)
    found = detect(store, policy.rules, policy.taxonomy, policy.deadlines, now)
    return Worked(items_read, found.signals_raised, len(open_grave(store, now)))


def poll_and_work(
    store: Store, fetching: FetchPolicy, now: Callable[[], datetime]
) -> tuple[PollSummary, Worked]:
    """Poll the sources that are due, then work through what is pending.

    Raises:
        StoreError: the database takes nothing.
    """
    summary = poll(store, fetching, now=now, everything=False)
    return summary, work_through(store, now())
