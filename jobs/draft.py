"""Lets the draft of an ISO week's digest appear, and tells its editors."""

from datetime import datetime

from jobs.job import Job
from tracker.domain.due import last_due, read_times
from tracker.domain.times import iso_week
from tracker.settings import Settings
from tracker.share.digest_queue import open_draft
from tracker.store import Store


def run(store: Store, settings: Settings, now: datetime) -> str:
    """Open the draft of the week in which it was due, however late this runs; one line of what came of it."""
    due_at = last_due(read_times(settings.read_config("jobs"))[JOB.name], now)
    week = iso_week(due_at or now)
    return f"draft {week} is there, {open_draft(store, week, now)} editors told"


JOB = Job("draft", run)
