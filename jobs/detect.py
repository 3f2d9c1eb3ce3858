"""Works through what is pending without polling: reads new wordings, looks at dirty weeks, opens what is grave."""

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
