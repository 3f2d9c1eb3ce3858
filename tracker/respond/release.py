"""Release lines: the only words about an alert that leave the house."""

from datetime import datetime

from tracker.access.permissions import Deed, require
from tracker.domain.labels import tlp_rank
from tracker.domain.viewer import Viewer
from tracker.domain.words import Tlp
from tracker.errors import SubmissionError
from tracker.respond.alerts import working_on
from tracker.respond.labelling import label_for
from tracker.store import Store
from tracker.store.writes import log
from tracker.store.writes import response as write

MAX_LENGTH = 400


def approve_release_line(
    store: Store, viewer: Viewer, alert_id: str, said: tuple[str, str, Tlp], now: datetime
) -> str:
    """Approve one or two sentences as safe to pass on; return the line's ULID.

    `said` is the line, the consent that it rests on, and its label: GREEN or CLEAR.

    Raises:
        NotAllowedError: not theirs to approve.
        SubmissionError: empty, too long, no consent, or a label that could not leave the house.
    """
    require(viewer, Deed.RELEASE)
    line, consent, tlp = said[0].strip(), said[1].strip(), said[2]
    if not line or len(line) > MAX_LENGTH:
        raise SubmissionError("line", f"Write one or two sentences, {MAX_LENGTH} characters at most.")
    if not consent:
        raise SubmissionError("consent", "Say whose consent this rests on, and that it was given.")
    if tlp_rank(tlp) > tlp_rank(Tlp.GREEN):
        raise SubmissionError("tlp", "A release line is GREEN or CLEAR; anything stricter stays inside.")
    with working_on(store, viewer, alert_id, "release", now) as (work, alert):
        label = label_for(viewer, tlp, alert.country)
        line_id = write.store_release_line(work, alert_id, line, consent, label, viewer.user_id)
        log.record(work, log.Change("release line", line_id, "approved", label, alert.id))
    return line_id
