"""Polls the sources that are due and works through what they said."""

from datetime import datetime

from jobs.job import Job
from tracker.clock import utc_now
from tracker.ingest.policy import FetchPolicy
from tracker.pipeline import poll_and_work
from tracker.settings import Settings
from tracker.store import Store


def run(store: Store, settings: Settings, _now: datetime) -> str:
    """Poll and work through; one line of what came of it."""
    polled, worked = poll_and_work(store, FetchPolicy.of(settings), utc_now)
    new = f"{polled.items_new} new items, {worked.signals_raised} signals"
    return f"{polled.sources} sources, {polled.failed} failed, {new}"


JOB = Job("ingest", run)
