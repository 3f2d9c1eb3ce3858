"""Who gets the digest of an ISO week, and who is told what it waits for: each person once, whatever comes twice."""

from datetime import datetime
from pathlib import Path

from tracker.access.permissions import Deed, may
from tracker.access.secrets import new_secret
from tracker.domain.words import OutboxKind
from tracker.settings import Settings
from tracker.share.digest import compose, sees_all_of_it
from tracker.share.mail import Envelope, MailRoom
from tracker.share.unsubscribe import stop_token
from tracker.share.week import Period
from tracker.store import Store, SystemSession
from tracker.store.writes import digest as write
from tracker.store.writes import outbox, people


def queue_digest(store: Store, week: str, now: datetime) -> int:
    """Queue a week's digest for each subscriber who has not got it; return for how many it is new.

    Not approved, it goes only to readers inside the Platform; called again after approval, to the others.

    Raises:
        SubmissionError: not an ISO week, or one that has not begun.
    """
    Period.of(week, now)
    with store.acting("job:digest", "queue digest", now) as work:
        return queue_in(work, write.lock_week(work, week))


def queue_in(work: SystemSession, week: write.WeekNow) -> int:
    """Queue a week that is held (`lock_week`) for those who may have it and have not got it; return how many."""
    readers = write.subscribers(work, inside_only=week.approved_at is None)
    had = outbox.recipients_of(work, OutboxKind.DIGEST, week.week)
    new = [user_id for user_id in readers if user_id not in had]
    outbox.enqueue(work, OutboxKind.DIGEST, week.week, new)
    if week.queued_at is None:
        write.change_week(work, week.week, queued_at=work.now)
    return len(new)


def open_draft(store: Store, week: str, now: datetime) -> int:
    """Let the draft of a week appear and tell its editors; return how many are told.

    Again, or once its sending has begun, it changes nothing and tells nobody.

    Raises:
        SubmissionError: not an ISO week, or one that has not begun.
    """
    Period.of(week, now)
    with store.acting("job:draft", "open draft", now) as work:
        held = write.lock_week(work, week)
        if held.drafted_at is not None or held.queued_at is not None:
            return 0
        write.change_week(work, week, drafted_at=now)
        editors = those_who_may(work, Deed.EDIT_DIGEST)
        outbox.enqueue(work, OutboxKind.DIGEST_DRAFT, week, editors)
    return len(editors)


def tell_who_approves(store: Store, week: str, now: datetime) -> int:
    """Tell those who approve that a week is being sent without approval while others wait; return how many are told.

    A new installation sends the week before its first draft, which nobody could have approved: nobody is told.

    Raises:
        SubmissionError: not an ISO week, or one that has not begun.
    """
    Period.of(week, now)
    with store.acting("job:digest", "tell editors", now) as work:
        newest = write.newest_weeks(work, 2)
        is_first = len(newest) == 1 and newest[0].drafted_at is None
        if is_first or write.is_approved(work, week) or not waiting_outside(work, week):
            return 0
        approvers = those_who_may(work, Deed.APPROVE_DIGEST)
        outbox.enqueue(work, OutboxKind.DIGEST_WAITS, week, approvers)
    return len(approvers)


def waiting_outside(work: SystemSession, week: str) -> int:
    """Return how many subscribers outside the Platform have not got a week's digest."""
    had = outbox.recipients_of(work, OutboxKind.DIGEST, week)
    inside = set(write.subscribers(work, inside_only=True))
    return len(set(write.subscribers(work, inside_only=False)) - inside - had)


def those_who_may(work: SystemSession, deed: Deed) -> list[str]:
    """Return the users whose role, clearance and scope let them do something to the digest."""
    everyone = people.viewers(work, [person.id for person in people.people(work)])
    return [viewer.user_id for viewer in everyone if may(viewer, deed) and sees_all_of_it(viewer)]


def dry_run(store: Store, settings: Settings, week: str, folder: Path, now: datetime) -> list[Path]:
    """Write one `.eml` for each subscriber who would get the week's digest; sends and stores nothing.

    The unsubscribe addresses in these files are signed with a key of their own and stop nothing, so that files
    left lying about give nobody a hold on a subscriber.

    Raises:
        SubmissionError: not an ISO week, or one that has not begun.
        ConfigError: no templates, or no rules were loaded yet.
    """
    Period.of(week, now)
    room, key = MailRoom.open(settings), new_secret().encode()
    with store.looking("read subscribers", now) as work:
        readers = write.subscribers(work, inside_only=not write.is_approved(work, week))
        viewers = people.viewers(work, readers)
        known = {person.id: person for person in people.people(work, readers)}
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for viewer in viewers:
        message_id = f"<dry-run.{week.lower()}.{viewer.user_id.lower()}@early-action.invalid>"
        person = known[viewer.user_id]
        envelope = Envelope(person.email, message_id, now, person.time_zone)
        digest = compose(store, viewer, week, now, envelope.zone)
        path = folder / f"{week}-{viewer.user_id}.eml"
        mail = room.digest(digest, stop_token(key, viewer.user_id), envelope)
        path.touch(mode=0o600)
        path.write_bytes(mail.as_bytes())
        written.append(path)
    return written
