"""The outbox sender: claim a row, render it in its recipient's session, hand it over, write what became of it.

Claiming and settling are two short transactions with the mail server between them. A row whose sender died is
claimed again after ten minutes, with the same Message-ID: the one case in which a mail may come twice.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage

from tracker.access.permissions import Deed, may
from tracker.domain.labels import level_rank
from tracker.domain.reminders import notice_words
from tracker.domain.viewer import Viewer
from tracker.domain.wording import counted
from tracker.domain.words import ChannelState, OutboxKind, OutboxState, SourceState
from tracker.errors import ConfigError, DeliveryError, NotFoundError, StoreError, describe, kinds_of
from tracker.respond.policy import policy_in_force
from tracker.respond.reminders import Waiting, still_waiting
from tracker.settings import Settings
from tracker.share import channels
from tracker.share.digest import compose
from tracker.share.digest_queue import waiting_outside
from tracker.share.mail import Envelope, MailRoom, sender_of
from tracker.share.post import PostOffice
from tracker.share.unsubscribe import signing_key, stop_token
from tracker.share.week import Period
from tracker.store import Store, SystemSession
from tracker.store.reads import briefs as read_briefs
from tracker.store.reads import sources as read_sources
from tracker.store.writes import channels as write_channels
from tracker.store.writes import digest as write_digest
from tracker.store.writes import outbox, people, reminders
from tracker.store.writes.outbox import By, Outgoing
from tracker.store.writes.people import Person

STUCK_AFTER = timedelta(minutes=10)
"""How long a row may be in flight before its sender counts as dead; a hand-over times out well before."""

_BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
"""How long to wait after each try; the last one from then on (RFC 5321, 4.5.4.1 asks for growing waits)."""

GIVE_UP_AFTER = timedelta(days=5)
"""How old a mail is when one more refusal "for now" is the last (RFC 5321, 4.5.4.1: at least 4 to 5 days).

A server that is not there refuses nothing: the mail waits for it however long that takes.
"""

_log = logging.getLogger("tracker.share")


@dataclass(frozen=True)
class SendSummary:
    """What came of one round. `waiting` is what has still to leave, due or not."""

    sent: int
    failed: int
    withheld: int
    waiting: int


@dataclass(frozen=True)
class _NotSent:
    """Why a row did not go out; with `again_at` it is tried again then, without it stands as `for_good`."""

    reason: str
    again_at: datetime | None = None
    for_good: OutboxState = OutboxState.WITHHELD

    @property
    def state(self) -> OutboxState:
        return self.for_good if self.again_at is None else OutboxState.QUEUED


_NOTHING_WAITS = _NotSent("Nothing waits for them any more.")


@dataclass(frozen=True)
class _Round:
    """What all rows of one round share. `clock` goes on from the round's `now`."""

    store: Store
    settings: Settings
    room: MailRoom
    key: bytes
    clock: Callable[[], datetime]


def send_due(
    store: Store, settings: Settings, now: datetime, matter: outbox.Matter | None = None
) -> SendSummary:
    """Send what is due in the outbox, or of one matter: mails, then what goes by people's channels.

    Without TRACKER_SMTP_URL no mail is claimed; all wait. A mail server that cannot be used ends the round of
    mails; they are kept and tried again later. What cannot be written or sent by a channel fails alone.

    Raises:
        ConfigError: templates or rules are missing.
    """
    tally: Counter[OutboxState] = Counter()
    this = _Round(store, settings, MailRoom.open(settings), signing_key(store, now), _ticking_from(now))
    office = PostOffice(settings.smtp_url or "", sender_of(settings.public_url))
    try:
        for by in By if settings.smtp_url else [By.CHANNEL]:
            while (row := _claim(this, matter, by)) is not None:
                state, server_gone = _carry(this, office, row)
                tally[state] += 1
                if server_gone:
                    break
    finally:
        office.close()
    with store.looking("count outbox", now) as work:
        left = outbox.waiting(work, matter)
    return SendSummary(tally[OutboxState.SENT], tally[OutboxState.FAILED], tally[OutboxState.WITHHELD], left)


def _ticking_from(now: datetime) -> Callable[[], datetime]:
    began = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - began)


def _claim(this: _Round, matter: outbox.Matter | None, by: By) -> Outgoing | None:
    now = this.clock()
    with this.store.acting("job:mail", "claim mail", now) as work:
        return outbox.claim_next(work, now - STUCK_AFTER, matter, by)


def _carry(this: _Round, office: PostOffice, row: Outgoing) -> tuple[OutboxState, bool]:
    """Render and hand over one claimed row; return what became of it and whether the server is gone."""
    try:
        said = _hand_over(this, office, row)
    except DeliveryError as error:
        gone = row.channel_id is None and error.recoverable and not office.is_connected
        given_up = not gone and (not error.recoverable or _is_old(this, row))
        said = _NotSent(str(error), None if given_up else _after(this, row), OutboxState.FAILED)
        return _settle(this, row, said), gone
    except (StoreError, ConfigError) as error:
        said = _NotSent(str(error), _after(this, row))
    except Exception as error:  # noqa: BLE001 - one mail that cannot be written must not hold up the others
        _log.error("%s mail failed: %s", row.kind, describe(error))
        office.close()
        said = _NotSent(f"It could not be written ({kinds_of(error)}).", None, OutboxState.FAILED)
    return _settle(this, row, said), False


def _hand_over(this: _Round, office: PostOffice, row: Outgoing) -> _NotSent | None:
    with this.store.looking("find recipient", this.clock()) as work:
        person = next(iter(people.people(work, [row.recipient_id])))
        viewer = people.viewer(work, row.recipient_id)
    if viewer is None:
        return _NotSent("Their access was ended.")
    if row.channel_id is not None:
        return _by_channel(this, row, row.channel_id, viewer)
    letter = _letter(this, row, viewer, person)
    if isinstance(letter, _NotSent):
        return letter
    office.send(letter, person.email)
    return None


def _after(this: _Round, row: Outgoing) -> datetime:
    return this.clock() + _BACK_OFF[min(row.try_count, len(_BACK_OFF)) - 1]


def _is_old(this: _Round, row: Outgoing) -> bool:
    """Return whether a mail is old, and not merely because nothing was tried for days."""
    if row.channel_id is not None:
        return this.clock() - row.created_at >= channels.services(this.settings).give_up_after
    return row.try_count > len(_BACK_OFF) and this.clock() - row.created_at >= GIVE_UP_AFTER


def _settle(this: _Round, row: Outgoing, said: _NotSent | None) -> OutboxState:
    state = said.state if said else OutboxState.SENT
    with this.store.acting("job:mail", "settle mail", this.clock()) as work:
        outbox.settle(
            work,
            row,
            state,
            reason=said.reason if said else None,
            next_try_at=said.again_at if said else None,
        )
        if row.kind is OutboxKind.NOTICE and said is not None and said is not _NOTHING_WAITS:
            _note_lost(work, row.subject_id)
    return state


def _note_lost(work: SystemSession, notice_id: str) -> None:
    """Let somebody else be told where a notice goes by no way any more."""
    if not outbox.may_arrive(work, outbox.Matter(OutboxKind.NOTICE, notice_id)):
        reminders.note_lost(work, notice_id)


def _letter(this: _Round, row: Outgoing, viewer: Viewer, person: Person) -> EmailMessage | _NotSent:
    now = this.clock()
    envelope = Envelope(person.email, row.message_id, now, person.time_zone)
    makers = {
        OutboxKind.DIGEST: _digest,
        OutboxKind.DELIVERY: _delivery,
        OutboxKind.NOTICE: _notice,
        OutboxKind.SOURCE_OFF: _source_off,
        OutboxKind.DIGEST_DRAFT: _digest_draft,
        OutboxKind.DIGEST_WAITS: _digest_waits,
    }
    if row.kind is OutboxKind.DIGEST and person.digest_stopped_at is not None:
        return _NotSent("They stopped the digest.")
    if not _is_writable(person.email):
        return _NotSent("Their address is none that a mail can be written to.")
    try:
        return makers[row.kind](this, row.subject_id, viewer, envelope)
    except NotFoundError:
        return _NotSent("They may no longer see what this is about.")


def _is_writable(email: str) -> bool:
    try:
        Address(addr_spec=email)
    except (MessageError, ValueError, IndexError):
        return False
    return True


def _digest(this: _Round, week: str, viewer: Viewer, envelope: Envelope) -> EmailMessage | _NotSent:
    with this.store.looking("read approval", envelope.sent_at) as work:
        approved = write_digest.is_approved(work, week)
    if not viewer.inside and not approved:
        return _NotSent("This week's digest is not approved for readers outside the Platform.")
    digest = compose(this.store, viewer, week, envelope.sent_at, envelope.zone)
    return this.room.digest(digest, stop_token(this.key, viewer.user_id), envelope)


def _digest_draft(this: _Round, week: str, viewer: Viewer, envelope: Envelope) -> EmailMessage | _NotSent:
    """Tell an editor of a draft, as long as there is something left to edit."""
    if not may(viewer, Deed.EDIT_DIGEST):
        return _NotSent("They no longer edit the digest.")
    with this.store.looking("read approval", envelope.sent_at) as work:
        if write_digest.is_approved(work, week):
            return _NotSent("The digest was approved meanwhile.")
    return this.room.digest_draft(Period.of(week, envelope.sent_at).name, envelope)


def _digest_waits(this: _Round, week: str, viewer: Viewer, envelope: Envelope) -> EmailMessage | _NotSent:
    """Tell who approves how many readers wait, as long as they do."""
    if not may(viewer, Deed.APPROVE_DIGEST):
        return _NotSent("They no longer approve the digest.")
    with this.store.looking("read approval", envelope.sent_at) as work:
        if write_digest.is_approved(work, week):
            return _NotSent("The digest was approved meanwhile.")
        readers = counted(waiting_outside(work, week), "reader waits", "readers wait")
    return this.room.digest_waits(Period.of(week, envelope.sent_at).name, readers, envelope)


def _delivery(this: _Round, delivery_id: str, viewer: Viewer, envelope: Envelope) -> EmailMessage:
    with this.store.viewing(viewer) as view:
        read_briefs.delivered_to(view, delivery_id)
    return this.room.delivery(delivery_id, envelope)


def _notice(this: _Round, notice_id: str, viewer: Viewer, envelope: Envelope) -> EmailMessage | _NotSent:
    """Tell somebody how much waits for them, as far as they see it themselves when it leaves."""
    waiting = _waiting(this, notice_id, viewer)
    if not waiting.matters:
        return _NOTHING_WAITS
    with this.store.looking("read channels", envelope.sent_at) as work:
        failing = any(
            row.state is ChannelState.FAILING for row in write_channels.channels_of(work, viewer.user_id)
        )
    return this.room.notice(notice_words(waiting.matters), envelope, channel_fails=failing)


def _waiting(this: _Round, notice_id: str, viewer: Viewer) -> Waiting:
    """Judge a notice anew; what has time yet, as its reader sees it, is told of then and not now."""
    now = this.clock()
    with this.store.looking("read notice", now) as work:
        notes = reminders.notes_of(work, notice_id)
    waiting = still_waiting(this.store, viewer, policy_in_force(this.store, now), notes, now)
    if waiting.later:
        with this.store.acting("job:mail", "put off", now) as work:
            reminders.forget_notes(work, notice_id, waiting.later)
    return waiting


def _by_channel(this: _Round, row: Outgoing, channel_id: str, viewer: Viewer) -> _NotSent | None:
    """Tell the same by a channel of theirs, unless it is not grave enough for that."""
    waiting = _waiting(this, row.subject_id, viewer)
    if not waiting.matters:
        return _NOTHING_WAITS
    with this.store.looking("read channels", this.clock()) as work:
        levels = {row.id: row.from_level for row in write_channels.channels_of(work, viewer.user_id)}
    if channel_id in levels and level_rank(levels[channel_id]) > level_rank(waiting.level):
        return _NotSent("They want less by this channel.")
    words = f"{notice_words(waiting.matters)}. Sign in."
    why_not = channels.send_notice(
        this.store, this.settings, (channel_id, viewer.user_id), words, this.clock()
    )
    return _NotSent(why_not) if why_not else None


def _source_off(this: _Round, change_id: str, viewer: Viewer, envelope: Envelope) -> EmailMessage | _NotSent:
    """Tell a steward that a source was switched off, unless it was switched on again since."""
    with this.store.viewing(viewer) as view:
        source = read_sources.source_of_change(view, change_id)
    if source.state is not SourceState.DISABLED:
        return _NotSent("The source was switched on again.")
    return this.room.source_off(envelope)
