"""Brings snoozed signals back and tells people what waits for them."""

from datetime import datetime

from jobs.job import Job
from tracker.respond.deadlines import remind
from tracker.settings import Settings
from tracker.store import Store


def run(store: Store, _settings: Settings, now: datetime) -> str:
    """Remind; one line of what came of it."""
    reminded = remind(store, now)
    return f"{reminded.woken} signals came back, {reminded.told} people told"


JOB = Job("deadlines", run)
