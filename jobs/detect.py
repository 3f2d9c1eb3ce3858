"""Works through what is pending without polling: reports that came in, labels that were tightened."""

from datetime import datetime

from jobs.job import Job
from tracker.pipeline import work_through
from tracker.settings import Settings
from tracker.store import Store


def run(store: Store, _settings: Settings, now: datetime) -> str:
    """Understand, detect, open what is grave; one line of what came of it."""
    worked = work_through(store, now)
    return (
        f"{worked.items_read} items read, {worked.signals_raised} signals raised, "
        f"{worked.alerts_touched} alerts opened or joined"
    )


JOB = Job("detect", run)
