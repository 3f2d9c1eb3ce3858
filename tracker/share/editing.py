"""What people do to a week's digest before it leaves: the lead, what comes first, what is left out, the approval.

Analysts and coordinators edit, coordinators approve (docs/decisions/0009). Edits are appended and numbered; each says
what its editor had seen, so that of two at once neither overwrites the other. Approved, a digest changes no more,
unless the approval is taken back before it is sent.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from tracker.access.permissions import Deed, require
from tracker.domain.viewer import Viewer
from tracker.domain.words import EditKind, Role
from tracker.errors import NotAllowedError, NotFoundError, StaleError, TransitionError
from tracker.share.digest import read_for, sees_all_of_it, single_line
from tracker.share.digest_queue import queue_in
from tracker.share.draft import Draft
from tracker.share.lead import check_lead
from tracker.share.reading import Section
from tracker.share.sections import to_be_placed
from tracker.share.week import LATELY, Period
from tracker.store import Store, SystemSession
from tracker.store.reads.digest import report_words
from tracker.store.writes import digest as write
from tracker.store.writes import log, people
from tracker.store.writes.digest import Edit, WeekNow

_REPORTS_AT_MOST = 2000
_MAY_BE_NAMED = frozenset({Role.PARTNER, Role.MEMBER_STATE})
"""Whom an editor may not learn to be users, so that a name of theirs is not told apart from any other."""


def require_editor(viewer: Viewer, deed: Deed) -> None:
    """Let somebody edit or approve the digest, who sees all that it may hold.

    Raises:
        NotAllowedError: not theirs to do.
    """
    require(viewer, deed)
    if not sees_all_of_it(viewer):
        raise NotAllowedError(
            "The digest speaks of every country, up to TLP:GREEN; you see only some of that."
        )


def week_held(store: Store, viewer: Viewer, week: str, now: datetime) -> tuple[Section, ...]:
    """Return all that can be placed in a week's digest, section by section, whether it was dropped or not.

    Raises:
        NotAllowedError: not theirs to edit.
        SubmissionError: not an ISO week, or one that has not begun.
    """
    require_editor(viewer, Deed.EDIT_DIGEST)
    return to_be_placed(read_for(store, viewer, Period.of(week, now), now, Draft()))


def write_lead(
    store: Store, viewer: Viewer, week: str, said: str, now: datetime, seen: int | None = None
) -> None:
    """Write the lead of a week's digest; "" for none. `seen` is the edit that the lead shown came from.

    Raises:
        NotAllowedError: not theirs to edit.
        SubmissionError: it is too long, or holds what must not leave the house.
        StaleError: somebody wrote it meanwhile.
        TransitionError: it is approved.
    """
    require_editor(viewer, Deed.EDIT_DIGEST)
    lead = single_line(said)
    with store.looking("read names", now) as work:
        names = [person.name for person in people.people(work) if person.role not in _MAY_BE_NAMED]
    with store.viewing(viewer) as view:
        check_lead(lead, names, report_words(view, now - LATELY, _REPORTS_AT_MOST))
    with _editing(store, viewer, week, now) as (work, held):
        draft = Draft.of(held.edits)
        if seen is not None and seen != draft.lead_number:
            raise StaleError(
                "Somebody wrote the lead meanwhile; it is shown below yours. Nothing was overwritten."
            )
        if lead != draft.lead:
            write.store_edit(work, held, _edit(work, viewer, draft, EditKind.LEAD, lead=lead))
            log.audit(work, "digest lead written", week)


@dataclass(frozen=True)
class Placing:
    """What an editor wants of an alert: first, left out, or as it falls. `seen` is the edit that had placed it."""

    alert_id: str
    kind: EditKind
    seen: int | None = None


def place(store: Store, viewer: Viewer, week: str, wanted: Placing, now: datetime) -> None:
    """Put an alert first in its sections, leave it out, or let it stand as it falls.

    Raises:
        NotAllowedError: not theirs to edit.
        NotFoundError: the week holds no such alert for this editor.
        StaleError: somebody placed it meanwhile.
        TransitionError: it is approved.
    """
    sections = week_held(store, viewer, week, now)
    held_ids = {entry.alert_id for each in sections for entry in each.entries}
    with _editing(store, viewer, week, now) as (work, held):
        draft = Draft.of(held.edits)
        if wanted.alert_id not in held_ids and wanted.alert_id not in draft.places:
            raise NotFoundError("alert", wanted.alert_id)
        if wanted.seen not in (None, draft.place_number(wanted.alert_id)):
            raise StaleError("Somebody placed this alert meanwhile. Look again.")
        if wanted.kind is not draft.place_of(wanted.alert_id):
            write.store_edit(work, held, _edit(work, viewer, draft, wanted.kind, alert_id=wanted.alert_id))
            log.audit(work, f"digest alert {wanted.kind}", week, wanted.alert_id)


def approve_digest(
    store: Store, viewer: Viewer, week: str, now: datetime, seen: int | None = None, *, send: bool = False
) -> bool:
    """Approve a week's digest for readers outside the Platform; False where it was approved before.

    `seen` is the last edit that was shown. With `send`, where its sending has begun already, it is queued for the
    others in the same transaction.

    Raises:
        NotAllowedError: not theirs to approve.
        SubmissionError: not an ISO week, or one that has not begun.
        StaleError: somebody edited it meanwhile.
    """
    require_editor(viewer, Deed.APPROVE_DIGEST)
    Period.of(week, now)
    with store.acting(viewer.actor, "approve digest", now) as work:
        held = write.lock_week(work, week)
        if held.approved_at is not None:
            return False
        if seen is not None and seen != Draft.of(held.edits).number:
            raise StaleError("Somebody edited this digest meanwhile. Look at it again, then approve it.")
        write.change_week(work, week, approved_by_id=viewer.user_id, approved_at=now)
        log.audit(work, "digest approved", week)
        if send and held.queued_at is not None:
            queue_in(work, write.lock_week(work, week))
    return True


def take_back(store: Store, viewer: Viewer, week: str, now: datetime) -> None:
    """Take the approval of a week's digest back, so that it can be edited; again, it changes nothing.

    Raises:
        NotAllowedError: not theirs to approve.
        TransitionError: it is being sent already.
    """
    require_editor(viewer, Deed.APPROVE_DIGEST)
    with store.acting(viewer.actor, "take approval back", now) as work:
        held = write.lock_week(work, week)
        if held.approved_at is None:
            return
        if held.queued_at is not None:
            raise TransitionError("It is being sent already; what left cannot be called back.")
        write.change_week(work, week, approved_by_id=None, approved_at=None)
        log.audit(work, "digest approval taken back", week)


@contextmanager
def _editing(
    store: Store, viewer: Viewer, week: str, now: datetime
) -> Iterator[tuple[SystemSession, WeekNow]]:
    Period.of(week, now)
    with store.acting(viewer.actor, "edit digest", now) as work:
        held = write.lock_week(work, week)
        if held.approved_at is not None:
            again = "" if held.queued_at else " To change it, take the approval back."
            raise TransitionError(f"This digest is approved.{again}")
        yield work, held


def _edit(
    work: SystemSession,
    viewer: Viewer,
    draft: Draft,
    kind: EditKind,
    *,
    alert_id: str | None = None,
    lead: str | None = None,
) -> Edit:
    return Edit(draft.number + 1, kind, alert_id, lead, viewer.user_id, work.now)
