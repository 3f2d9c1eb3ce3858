"""What comes to the mailbox: which mail of ours it answers, kept once, settled once, its words erased in time."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select, update

from tracker.domain.words import Answer, MailReplyState, OtherMailKind, OutboxKind
from tracker.errors import NotFoundError
from tracker.store.columns import new_id
from tracker.store.session import SystemSession
from tracker.store.tables import MailReply, OtherMail, Outbox, User
from tracker.store.upsert import insert_ignoring, inserted
from tracker.store.writes.log import Label, share_red


@dataclass(frozen=True)
class SentMail:
    """A mail of ours that somebody answers."""

    kind: OutboxKind
    subject_id: str
    recipient_email: str


def mails_sent(work: SystemSession, message_ids: list[str]) -> dict[str, SentMail]:
    """Return which of these Message-IDs are of mails of ours, whatever became of them."""
    rows = (
        select(Outbox.message_id, Outbox.kind, Outbox.subject_id, User.email)
        .join(User, User.id == Outbox.recipient_id)
        .where(Outbox.message_id.in_(message_ids))
    )
    return {
        message_id: SentMail(kind, subject_id, email)
        for message_id, kind, subject_id, email in work.execute(rows)
    }


@dataclass(frozen=True)
class NewReply:
    """An answer by mail to be kept. `sent_at` is aware UTC, `review_on` a day as its sender names it."""

    delivery_id: str
    fingerprint: str
    text: str
    from_recipient: bool
    sent_at: datetime
    proposed: Answer | None
    review_on: date | None
    reason: str | None


def store_reply(work: SystemSession, new: NewReply, label: Label) -> str | None:
    """Keep an answer by mail; return its ULID, None where it was kept before."""
    row_id = new_id(work.now)
    row = {
        "id": row_id,
        "delivery_id": new.delivery_id,
        "fingerprint": new.fingerprint,
        "text": new.text,
        "from_recipient": new.from_recipient,
        "sent_at": new.sent_at,
        "received_at": work.now,
        "proposed": new.proposed,
        "review_on": new.review_on,
        "reason": new.reason,
        "state": MailReplyState.WAITING,
        **label.columns(),
    }
    if not inserted(work, MailReply, row):
        return None
    share_red(work, label, [row_id])
    return row_id


def store_other(
    work: SystemSession, fingerprint: str, kind: OtherMailKind, answers: OutboxKind | None
) -> None:
    """Count a mail that answers no delivery, once."""
    row = {"fingerprint": fingerprint, "kind": kind, "answers": answers, "received_at": work.now}
    insert_ignoring(work, OtherMail, [row])


@dataclass(frozen=True)
class OtherMails:
    """How many mails of one kind came, and when the newest did."""

    kind: OtherMailKind
    answers: str | None
    count: int
    newest_at: datetime


def other_mails(work: SystemSession) -> list[OtherMails]:
    """Return what else came to the mailbox and is remembered, the most frequent first."""
    count = func.count()
    rows = (
        select(OtherMail.kind, OtherMail.answers, count, func.max(OtherMail.received_at))
        .group_by(OtherMail.kind, OtherMail.answers)
        .order_by(count.desc(), OtherMail.kind)
    )
    return [OtherMails(*row) for row in work.execute(rows)]


@dataclass(frozen=True)
class ReplyNow:
    """An answer by mail as it stands now, under lock."""

    id: str
    delivery_id: str
    state: MailReplyState
    sent_at: datetime
    label: Label


def lock_reply(work: SystemSession, reply_id: str) -> ReplyNow:
    """Return an answer by mail and hold it.

    Raises:
        NotFoundError: there is none.
    """
    row = work.scalars(select(MailReply).where(MailReply.id == reply_id).with_for_update()).first()
    if row is None:
        raise NotFoundError("answer by mail", reply_id)
    return ReplyNow(row.id, row.delivery_id, row.state, row.sent_at, Label.of(row))


def settle_reply(
    work: SystemSession,
    reply_id: str,
    state: MailReplyState,
    *,
    decision_id: str | None = None,
    because: str | None = None,
) -> None:
    """Write what became of an answer by mail, by whom and when."""
    work.execute(
        update(MailReply)
        .where(MailReply.id == reply_id)
        .values(
            state=state,
            settled_at=work.now,
            settled_by=work.actor,
            decision_id=decision_id,
            set_aside_because=because,
        )
    )


def erase_words(work: SystemSession, received_before: datetime) -> int:
    """Erase the words of answers by mail that came before an instant; return of how many."""
    old = (
        update(MailReply)
        .where(
            MailReply.received_at < received_before,
            or_(MailReply.text.is_not(None), MailReply.reason.is_not(None)),
        )
        .values(text=None, reason=None)
        .returning(MailReply.id)
    )
    return len(work.execute(old).all())
