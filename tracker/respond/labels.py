"""Tightening the label of an item: what somebody should not have been shown is taken out of their sight."""

from datetime import datetime

from tracker.access.permissions import Deed, require
from tracker.domain.labels import tlp_rank
from tracker.domain.viewer import Viewer
from tracker.domain.words import Tlp
from tracker.errors import SubmissionError
from tracker.store import Store
from tracker.store.reads.items import item_exists
from tracker.store.writes.hiding import lock_label, tighten_item
from tracker.store.writes.log import audit

_REASON_LENGTH = 500


def tighten(store: Store, viewer: Viewer, item_id: str, tlp: Tlp, reason: str, now: datetime) -> None:
    """Give an item a stricter label; its holder stays. What may no longer hold it is hidden at once.

    Detection raises anew what still holds. A label above the viewer's own clearance is allowed: it protects.

    Raises:
        NotAllowedError, NotFoundError: not theirs to do, or to see.
        SubmissionError: no reason, one of more than 500 characters, or a label that is not stricter.
    """
    require(viewer, Deed.WORK)
    why = reason.strip()
    if not why or len(why) > _REASON_LENGTH:
        raise SubmissionError("reason", f"Say why in a sentence, {_REASON_LENGTH} characters at most.")
    with store.viewing(viewer) as view:
        item_exists(view, item_id)
    with store.acting(viewer.actor, "tighten label", now) as work:
        before = lock_label(work, item_id)
        if tlp_rank(tlp) <= tlp_rank(before):
            raise SubmissionError("tlp", f"This is TLP:{before} already; choose a stricter label.")
        tighten_item(work, item_id, tlp, why)
        audit(work, "label tightened", item_id, why)
