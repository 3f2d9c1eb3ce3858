"""Choosing the label of what a person writes: the strictest of what it rests on, unless they say why not."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.domain.labels import strictest, tlp_rank
from tracker.domain.viewer import Viewer
from tracker.domain.words import Tlp
from tracker.errors import SubmissionError
from tracker.store import Store, SystemSession
from tracker.store.reads.alerts import signal_labels
from tracker.store.writes import log
from tracker.store.writes.alerts import AlertNow, labels_under
from tracker.store.writes.log import Label


@dataclass(frozen=True)
class Labelling:
    """The label that an author chooses, and why where it is looser than what the text rests on.

    Without a label it is the strictest of the signals that the author may see. `seen` is the revision of the
    draft that their page showed; None skips that check.
    """

    tlp: Tlp | None = None
    reason: str | None = None
    seen: int | None = None


AS_ITS_INPUTS = Labelling()
"""No choice: the strictest of what it rests on."""


def chosen(
    store: Store, viewer: Viewer, alert_id: str, labelling: Labelling, also: Iterable[Tlp] = ()
) -> Tlp:
    """Return the label of something that a viewer writes about an alert.

    It rests on the signals that they may see, and on what is labelled `also`.

    Raises:
        SubmissionError: looser than what it rests on without a reason, or above what they may see.
    """
    with store.viewing(viewer) as view:
        rests_on = strictest([*signal_labels(view, alert_id), *also])
    tlp = rests_on if labelling.tlp is None else labelling.tlp
    if tlp_rank(tlp) < tlp_rank(rests_on) and not (labelling.reason or "").strip():
        raise SubmissionError(
            "label_reason",
            f"This rests on TLP:{rests_on}. To label it TLP:{tlp}, say why that is safe for the source.",
        )
    return tlp


def label_for(viewer: Viewer, tlp: Tlp, country: str | None) -> Label:
    """Return the label of something this person writes; their organisation holds it.

    Raises:
        SubmissionError: above what they may see themselves.
    """
    if tlp_rank(tlp) > tlp_rank(viewer.clearance):
        raise SubmissionError("tlp", f"You are cleared up to TLP:{viewer.clearance}.")
    return Label(tlp, viewer.org_id, country)


def label_of_moves(work: SystemSession, viewer: Viewer, alert: AlertNow, *, has_note: bool = False) -> Label:
    """Return the label of a move on an alert: who may see none of its signals learns of no move.

    That is the loosest of its signals, AMBER at least, and AMBER+STRICT where the move carries words.
    """
    loosest = min(labels_under(work, alert.id), key=tlp_rank, default=Tlp.AMBER)
    floor = Tlp.AMBER_STRICT if has_note else Tlp.AMBER
    return Label(strictest([loosest, floor]), viewer.org_id, alert.country)


def record_reason(
    work: SystemSession, viewer: Viewer, alert: AlertNow, row: tuple[str, str], labelling: Labelling
) -> None:
    """Write into the history why a row (its kind and ULID) is labelled looser than what it rests on."""
    reason = (labelling.reason or "").strip()
    if reason:
        label = label_of_moves(work, viewer, alert, has_note=True)
        log.record(work, log.Change(row[0], row[1], "labelled", label, alert.id, note=reason))
