"""Takes in what is answered to our mails."""

from datetime import datetime

from jobs.job import Job
from tracker.domain.wording import counted
from tracker.settings import Settings
from tracker.share.taking_in import take_in
from tracker.store import Store


def run(store: Store, settings: Settings, now: datetime) -> str:
    """Read the mailbox; one line of what came of it."""
    done = take_in(store, settings, now)
    if done is None:
        return "no mailbox is named (TRACKER_MAILBOX_URL): nobody reads replies"
    return f"{counted(done.replies, 'answer')} taken in, {counted(done.others, 'other mail')} put aside"


JOB = Job("replies", run)
