"""Taking in what is answered to our mails: from the mailbox into rows that an analyst confirms, or into a count.

A letter is put away only once its row is committed, and a letter that comes again is known by its fingerprint: a
kill at any line loses and repeats nothing. Whoever wrote it may be somebody else, so nothing is decided here.
"""

import logging
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from tracker.domain.answer_words import AnswerWords, propose
from tracker.domain.labels import strictest
from tracker.domain.words import OtherMailKind, OutboxKind, Tlp
from tracker.errors import NotFoundError, NotTakenError, StoreError, describe
from tracker.ingest.days import days_named
from tracker.ingest.letters import Letter, fingerprint_of, read_letter
from tracker.ingest.mailbox import ASIDE, READ, MailboxPlace, RawLetter
from tracker.ingest.open_mailbox import open_mailbox
from tracker.ingest.own_words import OurMail, own_words, without_signature
from tracker.settings import Settings
from tracker.share.mail import SENDER_NAME, sender_of
from tracker.store import Store
from tracker.store.writes import log
from tracker.store.writes import mail_replies as write
from tracker.store.writes import response as write_response
from tracker.store.writes.mail_replies import NewReply, SentMail

AT_ONCE = 200
"""Letters of one run; what is left waits for the next."""

_ACTOR = "job:replies"
_log = logging.getLogger("tracker.share")


@dataclass(frozen=True)
class TakenIn:
    """What came of one run. `others` are mails that answer no delivery."""

    replies: int
    others: int


@dataclass(frozen=True)
class _Reader:
    """What all letters of one run are read with."""

    store: Store
    words: AnswerWords
    ours: OurMail
    now: datetime


def take_in(store: Store, settings: Settings, now: datetime) -> TakenIn | None:
    """Take in the letters that wait in the mailbox; None where the settings name no mailbox.

    Raises:
        ConfigError: TRACKER_MAILBOX_URL or config/answers.yaml cannot be used.
        MailboxError, StoreError: mailbox or database stopped half-way; the rest waits where it is.
    """
    place = MailboxPlace.of(settings)
    if place is None:
        return None
    ours = OurMail(SENDER_NAME, (sender_of(settings.public_url), place.address))
    reader = _Reader(store, AnswerWords.read(settings.read_config("answers")), ours, now)
    tally: Counter[str] = Counter()
    with open_mailbox(place) as mailbox:
        for raw in mailbox.letters(AT_ONCE):
            folder = _take(reader, raw)
            mailbox.put_away(raw, folder)
            tally[folder] += 1
    return TakenIn(tally[READ], tally[ASIDE])


def _take(reader: _Reader, raw: RawLetter) -> str:
    """Keep one letter, unless it was kept before; return the folder that it belongs into."""
    try:
        letter = read_letter(raw.head)
        return _keep(reader, letter)
    except Exception as error:
        if isinstance(error, StoreError) and not isinstance(error, NotTakenError):
            raise
        _log.error("a letter could not be read: %s", describe(error))
        digest = fingerprint_of(raw.head.decode("latin-1"))
        return _count(reader, digest, OtherMailKind.UNREADABLE, None)


def _keep(reader: _Reader, letter: Letter) -> str:
    with reader.store.looking("find mail that is answered", reader.now) as work:
        sent = write.mails_sent(work, list(letter.answers))
    mail = next((sent[message_id] for message_id in letter.answers if message_id in sent), None)
    if letter.is_automatic:
        return _count(reader, letter.fingerprint, OtherMailKind.AUTOMATIC, mail.kind if mail else None)
    if mail is None:
        return _count(reader, letter.fingerprint, OtherMailKind.ANSWERS_NONE, None)
    if mail.kind is not OutboxKind.DELIVERY:
        return _count(reader, letter.fingerprint, OtherMailKind.ANSWERS_ANOTHER, mail.kind)
    try:
        _keep_reply(reader, letter, mail)
    except NotFoundError:
        return _count(reader, letter.fingerprint, OtherMailKind.ANSWERS_NONE, mail.kind)
    return READ


def _count(reader: _Reader, fingerprint: str, kind: OtherMailKind, answers: OutboxKind | None) -> str:
    with reader.store.acting(_ACTOR, "count other mail", reader.now) as work:
        write.store_other(work, fingerprint, kind, answers)
    return ASIDE


def _keep_reply(reader: _Reader, letter: Letter, mail: SentMail) -> None:
    said = own_words(letter.text, reader.ours)
    answer = without_signature(said)
    sent_at = min(letter.sent_at or reader.now, reader.now)
    proposed = propose(answer, reader.words, days_named(answer, sent_at.date()))
    with reader.store.acting(_ACTOR, "keep answer by mail", reader.now) as work:
        delivery = write_response.lock_delivery(work, mail.subject_id)
        new = NewReply(
            delivery_id=delivery.id,
            fingerprint=letter.fingerprint,
            text=said,
            from_recipient=letter.sender == mail.recipient_email.lower(),
            sent_at=max(sent_at, delivery.delivered_at),
            proposed=proposed.answer,
            review_on=proposed.review_on,
            reason=proposed.reason,
        )
        label = replace(delivery.label, tlp=strictest([Tlp.AMBER_STRICT, delivery.label.tlp]))
        reply_id = write.store_reply(work, new, label)
        if reply_id is not None:
            log.record(work, log.Change("mail reply", reply_id, "received", label, delivery.alert_id))
