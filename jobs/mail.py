"""Hands what waits in the outbox to the mail server."""

from datetime import datetime

from jobs.job import Job
from tracker.settings import Settings
from tracker.share.sender import send_due
from tracker.store import Store


def run(store: Store, settings: Settings, now: datetime) -> str:
    """Send what is due; one line of what came of it."""
    done = send_due(store, settings, now)
    return f"{done.sent} sent, {done.failed} failed, {done.withheld} withheld, {done.waiting} waiting"


JOB = Job("mail", run)
