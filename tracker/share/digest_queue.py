"""Who gets the digest of an ISO week: queued exactly once per person and week, first inside, then for all."""

from datetime import datetime
from pathlib import Path

from tracker.access.permissions import Deed, require
from tracker.access.secrets import new_secret
from tracker.domain.viewer import Viewer
from tracker.domain.words import OutboxKind
from tracker.settings import Settings
from tracker.share.digest import compose
from tracker.share.mail import Envelope, MailRoom
from tracker.share.unsubscribe import stop_token
from tracker.share.week import Period
from tracker.store import Store
from tracker.store.writes import digest as write
from tracker.store.writes import log, outbox, people


def queue_digest(store: Store, week: str, now: datetime) -> int:
    """Queue a week's digest for each subscriber who has not got it; return for how many it is new.

    Not approved, it goes only to readers inside the Platform; called again after approval, to the others.

    Raises:
        SubmissionError: not an ISO week, or one that has not begun.
    """
    Period.of(week, now)
    with store.acting("job:digest", "queue digest", now) as work:
        readers = write.subscribers(work, inside_only=not write.is_approved(work, week))
        had = outbox.recipients_of(work, OutboxKind.DIGEST, week)
        new = [user_id for user_id in readers if user_id not in had]
        outbox.enqueue(work, OutboxKind.DIGEST, week, new)
    return len(new)


def approve_digest(store: Store, viewer: Viewer, week: str, now: datetime) -> bool:
    """Approve a week's digest for readers outside the Platform; False where it was approved before.

    Raises:
        NotAllowedError: not theirs to approve.
        SubmissionError: not an ISO week, or one that has not begun.
    """
    require(viewer, Deed.APPROVE_DIGEST)
    Period.of(week, now)
    with store.acting(viewer.actor, "approve digest", now) as work:
        is_new = write.approve_week(work, week, viewer.user_id)
        if is_new:
            log.audit(work, "digest approved", week)
    return is_new


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
        addresses = {person.id: person.email for person in people.people(work, readers)}
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for viewer in viewers:
        message_id = f"<dry-run.{week.lower()}.{viewer.user_id.lower()}@early-action.invalid>"
        envelope = Envelope(addresses[viewer.user_id], message_id, now)
        digest = compose(store, viewer, week, now)
        path = folder / f"{week}-{viewer.user_id}.eml"
        mail = room.digest(digest, stop_token(key, viewer.user_id), envelope)
        path.touch(mode=0o600)
        path.write_bytes(mail.as_bytes())
        written.append(path)
    return written
