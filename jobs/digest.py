"""Queues the digest of the ISO week that has just ended."""

from datetime import datetime, timedelta

from jobs.job import Job
from tracker.domain.times import iso_week
from tracker.settings import Settings
from tracker.share.digest_queue import queue_digest
from tracker.store import Store


def run(store: Store, _settings: Settings, now: datetime) -> str:
    """Queue last week's digest for each subscriber who has not got it; one line of what came of it."""
    week = iso_week(now - timedelta(days=7))
    return f"digest {week} queued for {queue_digest(store, week, now)}"


JOB = Job("digest", run)
