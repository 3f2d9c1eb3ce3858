"""Seals the audit chain and forgets what has run out."""

from datetime import datetime

from jobs.job import Job
from tracker.access.audit import seal_audit
from tracker.settings import Settings
from tracker.store import Store
from tracker.store.writes.housekeeping import Retention, forget


def run(store: Store, settings: Settings, now: datetime) -> str:
    """Seal and forget; one line of what came of it."""
    keep, sealed = Retention.read(settings.read_config("retention")), 0
    while True:
        with store.acting("job:housekeeping", "seal audit", now) as work:
            done = seal_audit(work)
        sealed += done
        if not done:
            break
    with store.acting("job:housekeeping", "forget", now) as work:
        forgotten = forget(work, keep)
    return f"{sealed} audit rows sealed, {forgotten} rows forgotten"


JOB = Job("housekeeping", run)
