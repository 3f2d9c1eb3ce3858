"""Answers by mail as a viewer may see them: those of one alert, and those that wait for somebody to confirm them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select

from tracker.domain.words import Answer, MailReplyState, Tlp
from tracker.errors import NotFoundError
from tracker.store.session import ViewerSession
from tracker.store.tables import Alert, Delivery, MailReply


@dataclass(frozen=True)
class MailReplyRow:
    """An answer by mail beside the delivery that it answers. Without `text` its words were erased.

    `proposed`, `review_on` and `reason` are what the program reads in it; `answer` is what the delivery has as its
    answer now, and since when.
    """

    id: str
    alert_id: str
    delivery_id: str
    recipient_id: str
    delivery_tlp: Tlp
    answer: Answer | None
    answered_at: datetime | None
    text: str | None
    from_recipient: bool
    sent_at: datetime
    received_at: datetime
    proposed: Answer | None
    review_on: date | None
    reason: str | None
    state: MailReplyState
    settled_at: datetime | None
    settled_by: str | None
    set_aside_because: str | None
    tlp: Tlp


_ROWS = select(MailReply, Delivery).join(Delivery, Delivery.id == MailReply.delivery_id)
_Rows = Select[MailReply, Delivery]


def mail_replies_of(view: ViewerSession, alert_id: str, limit: int = 100) -> list[MailReplyRow]:
    """Return the answers by mail to an alert's deliveries, newest first."""
    newest = _ROWS.where(Delivery.alert_id == alert_id).order_by(
        MailReply.received_at.desc(), MailReply.id.desc()
    )
    return _read(view, newest.limit(limit))


def mail_reply(view: ViewerSession, reply_id: str) -> MailReplyRow:
    """Return one answer by mail.

    Raises:
        NotFoundError: there is none for this viewer.
    """
    found = _read(view, _ROWS.where(MailReply.id == reply_id))
    if not found:
        raise NotFoundError("answer by mail", reply_id)
    return found[0]


def waiting_mail_replies(view: ViewerSession, limit: int = 100) -> list[MailReplyRow]:
    """Return the answers by mail that wait for somebody, of alerts that the viewer may see, oldest first."""
    waiting = (
        _ROWS.join(Alert, Alert.id == Delivery.alert_id)
        .where(MailReply.state == MailReplyState.WAITING)
        .order_by(MailReply.received_at, MailReply.id)
    )
    return _read(view, waiting.limit(limit))


def _read(view: ViewerSession, rows: _Rows) -> list[MailReplyRow]:
    return [
        MailReplyRow(
            id=reply.id,
            alert_id=delivery.alert_id,
            delivery_id=delivery.id,
            recipient_id=delivery.recipient_id,
            delivery_tlp=delivery.tlp,
            answer=delivery.answer,
            answered_at=delivery.answered_at,
            text=reply.text,
            from_recipient=reply.from_recipient,
            sent_at=reply.sent_at,
            received_at=reply.received_at,
            proposed=reply.proposed,
            review_on=reply.review_on,
            reason=reply.reason,
            state=reply.state,
            settled_at=reply.settled_at,
            settled_by=reply.settled_by,
            set_aside_because=reply.set_aside_because,
            tlp=reply.tlp,
        )
        for reply, delivery in view.execute(rows)
    ]
