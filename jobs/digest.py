"""Queues the digest of the ISO week that has just ended, and tells its editors where it was not approved."""

from datetime import datetime, timedelta

from jobs.job import Job
from tracker.domain.times import iso_week
from tracker.settings import Settings
from tracker.share.digest_queue import queue_digest, tell_who_approves
from tracker.store import Store


def run(store: Store, _settings: Settings, now: datetime) -> str:
    """Queue last week's digest for each subscriber who has not got it; one line of what came of it."""
    week = iso_week(now - timedelta(days=7))
    queued, told = queue_digest(store, week, now), tell_who_approves(store, week, now)
    waits = f"; not approved, {told} told" if told else ""
    return f"digest {week} queued for {queued}{waits}"


JOB = Job("digest", run)
