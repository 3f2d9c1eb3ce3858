"""Release lines: the only words about an alert that leave the house."""

from dataclasses import dataclass
from datetime import datetime

from tracker.access.permissions import Deed, require
from tracker.domain.labels import tlp_rank
from tracker.domain.viewer import Viewer
from tracker.domain.words import Tlp
from tracker.errors import SubmissionError
from tracker.respond.alerts import working_on
from tracker.respond.labelling import label_for
from tracker.store import Store
from tracker.store.reads.inbox import alert_exists
from tracker.store.writes import log
from tracker.store.writes import response as write

MAX_LENGTH = 400


@dataclass(frozen=True)
class LineSaid:
    """A line that is safe to pass on, the consent that it rests on, and its label: GREEN or CLEAR.

    `rests_on_others`: its author says that it tells nothing that only a report since taken back told.
    """

    line: str
    consent: str
    tlp: Tlp = Tlp.GREEN
    rests_on_others: bool = False


def approve_release_line(store: Store, viewer: Viewer, alert_id: str, said: LineSaid, now: datetime) -> str:
    """Approve one or two sentences as safe to pass on; return the line's ULID.

    Raises:
        NotAllowedError, NotFoundError: not theirs to approve, or to see.
        SubmissionError: empty, too long, no consent or one that was taken back, or a label that could not leave the
            house.
        TransitionError: the alert is not open.
    """
    require(viewer, Deed.RELEASE)
    line, consent = said.line.strip(), said.consent.strip()
    if not line or len(line) > MAX_LENGTH:
        raise SubmissionError("line", f"Write one or two sentences, {MAX_LENGTH} characters at most.")
    if not consent:
        raise SubmissionError("consent", "Say whose consent this rests on, and that it was given.")
    if tlp_rank(said.tlp) > tlp_rank(Tlp.GREEN):
        raise SubmissionError("tlp", "A release line is GREEN or CLEAR; anything stricter stays inside.")
    with working_on(store, viewer, alert_id, "release", now) as (work, alert):
        taken_back_at = write.report_taken_back_at(work, viewer, alert_id)
        if taken_back_at and not said.rests_on_others:
            raise SubmissionError("consent", _TAKEN_BACK.format(at=taken_back_at))
        label = label_for(viewer, said.tlp, alert.country)
        line_id = write.store_release_line(work, alert_id, line, consent, label, viewer.user_id)
        log.record(work, log.Change("release line", line_id, "approved", label, alert.id))
    return line_id


_TAKEN_BACK = (
    "A report under this alert was taken back on {at:%-d %B}, and with it the consent of its sender. "
    "Approve a line only if it tells nothing that this report alone told, and say so."
)


def consent_taken_back_at(store: Store, viewer: Viewer, alert_id: str, now: datetime) -> datetime | None:
    """Return when a report under an alert was last taken back by its sender, UTC; None where none was.

    Only of reports that the viewer could have seen.

    Raises:
        NotFoundError: no such alert for this viewer.
    """
    with store.viewing(viewer) as view:
        alert_exists(view, alert_id)
    with store.looking("find reports taken back", now) as work:
        return write.report_taken_back_at(work, viewer, alert_id)
