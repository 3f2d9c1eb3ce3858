"""Choosing the label of something a person writes: the strictest of what it rests on, unless they say why not."""

from collections.abc import Iterable

from tracker.domain.labels import strictest, tlp_rank
from tracker.domain.viewer import Viewer
from tracker.domain.words import Tlp
from tracker.errors import SubmissionError
from tracker.store.writes.log import Label


def label_for(viewer: Viewer, tlp: Tlp, country: str | None) -> Label:
    """Return the label of something this person writes; their organisation holds it.

    Raises:
        SubmissionError: above what they may see themselves.
    """
    if tlp_rank(tlp) > tlp_rank(viewer.clearance):
        raise SubmissionError("tlp", f"You are cleared up to TLP:{viewer.clearance}.")
    return Label(tlp, viewer.org_id, country)


def check_downgrade(tlp: Tlp, rests_on: Iterable[Tlp], reason: str | None) -> None:
    """Make sure that a label looser than its inputs comes with a reason (domain.md 4.2).

    Raises:
        SubmissionError: it does not.
    """
    inputs = strictest(rests_on)
    if tlp_rank(tlp) < tlp_rank(inputs) and not (reason or "").strip():
        raise SubmissionError(
            "label_reason",
            f"This rests on TLP:{inputs}. To label it TLP:{tlp}, say why that is safe for the source.",
        )
