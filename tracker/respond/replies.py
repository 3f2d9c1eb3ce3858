"""The answer that a reporter reads when they come back with their receipt code. Nothing is ever sent to them."""

from datetime import datetime

from tracker.access.permissions import Deed, require
from tracker.domain.viewer import Viewer
from tracker.errors import NotFoundError, SubmissionError
from tracker.store import Store
from tracker.store.reads.items import item_exists
from tracker.store.writes import log
from tracker.store.writes.reports import store_reply

MAX_LENGTH = 1000


def reply(store: Store, viewer: Viewer, item_id: str, words: str, now: datetime) -> None:
    """Write the answer to a field report, in place of an earlier one.

    Raises:
        NotAllowedError, NotFoundError: not theirs to do or to see, or no field report.
        SubmissionError: no words, or more than 1,000 characters.
    """
    require(viewer, Deed.WORK)
    said = words.strip()
    if not said or len(said) > MAX_LENGTH:
        raise SubmissionError("reply", f"Write an answer of {MAX_LENGTH} characters at most.")
    with store.viewing(viewer) as view:
        item_exists(view, item_id)
    with store.acting(viewer.actor, "reply to reporter", now) as work:
        label = store_reply(work, item_id, said)
        if label is None:
            raise NotFoundError("field report", item_id)
        log.record(work, log.Change("item", item_id, "answered", label))
