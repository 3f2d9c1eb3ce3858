"""The alert's life: take it, hand it over, verify it, close, dismiss, merge, reopen."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from tracker.access.permissions import Deed, may, require
from tracker.domain.life import OPEN_STATES, alert_after
from tracker.domain.viewer import Viewer
from tracker.domain.vocabulary import ALERT_DISMISSAL, CLOSING
from tracker.domain.words import (
    AlertState,
    Credibility,
    DecisionKind,
    HowKnown,
    MilestoneKind,
    Verification,
)
from tracker.errors import NotFoundError, StaleError, SubmissionError, TransitionError
from tracker.respond.labelling import (
    AS_ITS_INPUTS,
    Labelling,
    chosen,
    label_for,
    label_of_moves,
    record_reason,
)
from tracker.respond.policy import Policy
from tracker.store import Store, SystemSession
from tracker.store.reads import inbox as read
from tracker.store.writes import alerts as write
from tracker.store.writes import log, people
from tracker.store.writes import response as write_response
from tracker.store.writes.alerts import AlertNow, CheckMade, Fact

_CONCLUSIVE = (Verification.VERIFIED, Verification.REFUTED, Verification.UNVERIFIABLE)


@dataclass(frozen=True)
class Verdict:
    """What an attempt to verify found: status, Admiralty credibility, method in a few words, a note."""

    verification: Verification
    credibility: Credibility
    method: str
    note: str | None
    labelling: Labelling = AS_ITS_INPUTS


@dataclass(frozen=True)
class _Start:
    """Where a move starts: the alert, the revision that its page showed, and another alert it touches."""

    alert_id: str
    seen: int | None = None
    other_id: str | None = None


@contextmanager
def _moving(
    store: Store, viewer: Viewer, start: _Start, move: str, now: datetime
) -> Iterator[tuple[SystemSession, AlertNow, AlertState]]:
    """Open the transaction of a move. Two alerts are locked in the order of their ids, whoever names them."""
    require(viewer, Deed.WORK)
    check_there(store, viewer, start.alert_id, now)
    with store.acting(viewer.actor, f"{move} alert", now) as work:
        for alert_id in sorted({start.alert_id, start.other_id or start.alert_id}):
            write.lock_alert(work, alert_id)
        alert = write.lock_alert(work, start.alert_id)
        write.check_revision(alert, start.seen)
        yield work, alert, alert_after(alert.state, move)


def check_there(store: Store, viewer: Viewer, alert_id: str, now: datetime) -> None:
    """Make sure that a viewer may see an alert, and that it is one still.

    Raises:
        NotFoundError: there is none for them.
        TransitionError: it was merged into one that they may see.
    """
    if _sees(store, viewer, alert_id):
        return
    if where_merged(store, viewer, alert_id, now):
        raise TransitionError(
            "This alert was merged into another one. Load the page again to come to that. Nothing was changed."
        )
    raise NotFoundError("alert", alert_id)


@contextmanager
def working_on(
    store: Store, viewer: Viewer, alert_id: str, move: str, now: datetime, seen: int | None = None
) -> Iterator[tuple[SystemSession, AlertNow]]:
    """Open the transaction in which somebody works on an open alert that they may see.

    `seen` is the revision that their page showed; None skips the check. A new alert becomes one that is
    being assessed.

    Raises:
        NotAllowedError, NotFoundError: not theirs to do, or to see.
        StaleError: somebody changed the alert since it was shown.
        TransitionError: its state does not allow the move; names those it does.
    """
    with _moving(store, viewer, _Start(alert_id, seen), move, now) as (work, alert, after):
        yield work, alert
        if after is not alert.state:
            write.change_alert(work, alert, state=after)
            _record(work, viewer, alert, move, after)


def _record(
    work: SystemSession,
    viewer: Viewer,
    alert: AlertNow,
    deed: str,
    after: AlertState,
    why: tuple[str | None, str | None] = (None, None),
) -> None:
    reason, note = why
    label = label_of_moves(work, viewer, alert, has_note=bool(note))
    change = log.Change("alert", alert.id, deed, label, alert.id, alert.state, after, reason, note)
    log.record(work, change)


def take(store: Store, viewer: Viewer, alert_id: str, now: datetime, seen: int | None = None) -> None:
    """Become the owner of an alert."""
    with _moving(store, viewer, _Start(alert_id, seen), "take", now) as (work, alert, after):
        write.change_alert(work, alert, owner_id=viewer.user_id, state=after)
        _record(work, viewer, alert, "take", after)


def hand_over(store: Store, viewer: Viewer, alert_id: str, to_email: str, now: datetime) -> None:
    """Make somebody else the owner: somebody who works on alerts and may see this one.

    Raises:
        SubmissionError: nobody such has this address.
    """
    check_there(store, viewer, alert_id, now)
    with store.looking("find owner", now) as look:
        to_id = people.find_user(look, to_email.strip().lower())
        to = people.viewer(look, to_id) if to_id else None
    if to is None or not may(to, Deed.WORK) or not _sees(store, to, alert_id):
        raise SubmissionError("owner", "Nobody who could work on this alert has this address.")
    with _moving(store, viewer, _Start(alert_id), "take", now) as (work, alert, after):
        write.change_alert(work, alert, owner_id=to.user_id, state=after)
        _record(work, viewer, alert, "hand over", after)


def _sees(store: Store, viewer: Viewer, alert_id: str) -> bool:
    try:
        with store.viewing(viewer) as view:
            read.alert_exists(view, alert_id)
    except NotFoundError:
        return False
    return True


def verify(store: Store, viewer: Viewer, alert_id: str, verdict: Verdict, now: datetime) -> None:
    """Write down an attempt to verify; the newest sets the alert's verification.

    Raises:
        SubmissionError: no method was named.
    """
    if not verdict.method.strip():
        raise SubmissionError("method", "Say how you checked, in a few words.")
    tlp = chosen(store, viewer, alert_id, verdict.labelling)
    with working_on(store, viewer, alert_id, "verify", now) as (work, alert):
        label = label_for(viewer, tlp, alert.country)
        made = CheckMade(
            verdict.verification, verdict.credibility, verdict.method.strip(), verdict.note, label
        )
        check_id = write.store_check(work, alert.id, made)
        write.change_alert(work, alert, verification=verdict.verification)
        log.record(
            work,
            log.Change(
                "check", check_id, "checked", label, alert.id, alert.verification, verdict.verification
            ),
        )
        record_reason(work, viewer, alert, ("check", check_id), verdict.labelling)
        if verdict.verification in _CONCLUSIVE:
            kind = MilestoneKind.VERIFIED
            fact = Fact(alert.id, kind, check_id, now, "an analyst", HowKnown.IN_THE_TOOL, label)
            write.note_facts(work, [fact])


def close(
    store: Store,
    viewer: Viewer,
    alert_id: str,
    now: datetime,
    why: tuple[str | None, str | None] = (None, None),
) -> None:
    """Close an alert: with an outcome, or a decision not to act whose review was kept, or a reason.

    `why` is a reason of the vocabulary and a note, either may be None.

    Raises:
        TransitionError: none of the three is there; says what is missing.
    """
    with _moving(store, viewer, _Start(alert_id), "close", now) as (work, alert, after):
        if why[0]:
            Policy.read(work).vocabulary.check_reason(CLOSING, why[0])
        elif not _may_close(work, alert.id):
            raise TransitionError(
                f"{alert.ref} has no outcome yet, and no decision not to act whose review was kept. "
                "Record an outcome, keep the review, or give a reason for closing."
            )
        write.change_alert(work, alert, state=after, closed_at=now, closed_because=why[0])
        _record(work, viewer, alert, "close", after, why)


def _may_close(work: SystemSession, alert_id: str) -> bool:
    newest = write_response.newest_decision(work, alert_id)
    not_acting_and_reviewed = newest == (DecisionKind.NOT_ACTING_NOW, True)
    return not_acting_and_reviewed or write_response.has_outcome(work, alert_id)


def dismiss(
    store: Store, viewer: Viewer, alert_id: str, reason: str, now: datetime, note: str | None = None
) -> None:
    """Say that an alert was none, and why; `reason` is of the vocabulary."""
    with _moving(store, viewer, _Start(alert_id), "dismiss", now) as (work, alert, after):
        Policy.read(work).vocabulary.check_reason(ALERT_DISMISSAL, reason)
        write.change_alert(work, alert, state=after, closed_at=now, closed_because=reason)
        _record(work, viewer, alert, "dismiss", after, (reason, note))


def merge(store: Store, viewer: Viewer, alert_id: str, into_id: str, now: datetime) -> None:
    """Fold an alert into another open one; its signals move, its page redirects.

    Raises:
        SubmissionError: into itself.
        TransitionError: the other is not open.
    """
    if alert_id == into_id:
        raise SubmissionError("into", "An alert cannot be merged into itself.")
    check_there(store, viewer, into_id, now)
    with _moving(store, viewer, _Start(alert_id, other_id=into_id), "merge", now) as (work, alert, _):
        _merge(work, viewer, alert, write.lock_alert(work, into_id))


def _merge(work: SystemSession, viewer: Viewer, alert: AlertNow, into: AlertNow) -> None:
    if into.state not in OPEN_STATES:
        raise TransitionError(f"{into.ref} is {into.state}; choose an open alert.")
    merged = AlertState.MERGED
    write.change_alert(work, alert, state=merged, merged_into=into.id, closed_at=work.now)
    label = label_of_moves(work, viewer, alert)
    write.move_all(work, alert.id, into.id)
    write.refresh_alert(work, into.id, Policy.read(work).deadlines)
    deeds = ((alert, "merge", merged), (into, "merged with another", into.state))
    for one, deed, after in deeds:
        log.record(work, log.Change("alert", one.id, deed, label, one.id, one.state, after))


def where_merged(store: Store, viewer: Viewer, alert_id: str, now: datetime) -> str | None:
    """Return the alert that a merged one went into, where the viewer may see that one; None otherwise."""
    with store.looking("find merged alert", now) as work:
        into = write.merged_into(work, alert_id)
    if into is None:
        return None
    return into if _sees(store, viewer, into) else None


def reopen(store: Store, viewer: Viewer, alert_id: str, now: datetime) -> str:
    """Open an alert again and return its ULID; where another open one holds its country and theme, that one's.

    In that case it is merged into the other.
    """
    with store.looking("find open alert", now) as look:
        holder_id = write.open_alert_beside(look, alert_id)
    start = _Start(alert_id, other_id=holder_id)
    with _moving(store, viewer, start, "reopen", now) as (work, alert, after):
        holder = write.open_alert_of(work, alert.country, alert.theme)
        if holder is not None:
            _merge(work, viewer, alert, holder)
            return holder.id
        if not write.claim_open_key(work, alert):
            raise StaleError("An alert was just opened for the same country and theme. Look again.")
        write.change_alert(work, alert, state=after, closed_at=None, closed_because=None)
        _record(work, viewer, alert, "reopen", after)
        return alert.id
