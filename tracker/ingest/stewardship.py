"""What people do with a source: ask it again, switch it off and on, give it another steward or grade."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tracker.access.permissions import Deed, require
from tracker.domain.viewer import Viewer
from tracker.domain.wording import counted
from tracker.domain.words import Reliability, SourceKind
from tracker.errors import SubmissionError
from tracker.ingest.policy import FetchPolicy
from tracker.ingest.poll import poll
from tracker.store import Store
from tracker.store.reads.sources import SourceRow
from tracker.store.reads.sources import source as read_source
from tracker.store.writes import polls

REASON_LENGTH = 500


@dataclass(frozen=True)
class Keeping:
    """Who keeps a source, None for nobody, and how reliable it is."""

    steward_id: str | None
    reliability: Reliability


def ask_now(
    store: Store, viewer: Viewer, source_id: str, policy: FetchPolicy, now: Callable[[], datetime]
) -> str:
    """Poll one source now, and say what came of it. What it gave is understood at the next look.

    Raises:
        NotAllowedError, NotFoundError: the viewer may not change sources, or not see this one.
        SubmissionError: it is none that is polled.
    """
    seen = _theirs(store, viewer, source_id)
    if seen.kind is not SourceKind.FEED or not (seen.url or "").startswith("http"):
        raise SubmissionError("source", "It has no address that could be asked.")
    done = poll(store, policy, now=now, everything=False, source_id=source_id)
    if done.held:
        return "It was not asked: its host wants to be left alone for now."
    if done.failed:
        return "It was asked and gave nothing; the reason is shown."
    new = counted(done.items_new, "new item") if done.items_new else "nothing new"
    return f"It answers, with {new}."


def switch_off(store: Store, viewer: Viewer, source_id: str, reason: str, now: datetime) -> None:
    """Poll a source no more, until somebody switches it on; what it gave is kept.

    Raises:
        NotAllowedError, NotFoundError: the viewer may not change sources, or not see this one.
        SubmissionError: no reason was given, or it is off already.
    """
    _theirs(store, viewer, source_id)
    why = " ".join(reason.split())[:REASON_LENGTH]
    if not why:
        raise SubmissionError("reason", "Say why, so that others know what they do not see.")
    with store.acting(viewer.actor, "switch source off", now) as work:
        if not polls.switch_off(work, source_id, why):
            raise SubmissionError("source", "It is switched off already.")


def switch_on(store: Store, viewer: Viewer, source_id: str, now: datetime) -> None:
    """Poll a source again, from the next look on.

    Raises:
        NotAllowedError, NotFoundError: the viewer may not change sources, or not see this one.
        SubmissionError: it is on already.
    """
    _theirs(store, viewer, source_id)
    with store.acting(viewer.actor, "switch source on", now) as work:
        if not polls.switch_on(work, source_id):
            raise SubmissionError("source", "It is switched on already.")


def keep(store: Store, viewer: Viewer, source_id: str, keeping: Keeping, now: datetime) -> None:
    """Give a source another steward or grade.

    Raises:
        NotAllowedError, NotFoundError: the viewer may not change sources, or not see this one.
    """
    _theirs(store, viewer, source_id)
    with store.acting(viewer.actor, "keep source", now) as work:
        polls.keep(work, source_id, keeping.steward_id, keeping.reliability)


def _theirs(store: Store, viewer: Viewer, source_id: str) -> SourceRow:
    require(viewer, Deed.SOURCES)
    with store.viewing(viewer) as view:
        return read_source(view, source_id)
