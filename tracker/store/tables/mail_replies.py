"""What comes back to the mails of the house."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.words import Answer, MailReplyState, OtherMailKind
from tracker.store.columns import UtcDateTime, words
from tracker.store.tables.base import Base, Closed, Labelled, LabelledRow


class MailReply(LabelledRow, Base):
    """What somebody wrote back to the mail of a delivery, and the answer that the program reads in it.

    Of who wrote it only this is kept: whether it came from the recipient's address. `text` and `reason` are erased
    when their time is over.
    """

    __tablename__ = "mail_reply"
    __seen__ = Labelled()
    __table_args__ = (Index(None, "delivery_id"), Index(None, "state"), Index(None, "received_at"))

    delivery_id: Mapped[str] = mapped_column(ForeignKey("delivery.id"))
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    text: Mapped[str | None] = mapped_column(Text)
    from_recipient: Mapped[bool]
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proposed: Mapped[Answer | None] = mapped_column(words(Answer, "mail_reply_proposed"))
    review_on: Mapped[date | None] = mapped_column(Date)
    reason: Mapped[str | None] = mapped_column(Text)
    state: Mapped[MailReplyState] = mapped_column(words(MailReplyState, "mail_reply_state"))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by: Mapped[str | None] = mapped_column(String(64))
    set_aside_because: Mapped[str | None] = mapped_column(String(32))
    decision_id: Mapped[str | None] = mapped_column(ForeignKey("decision.id"))


class OtherMail(Base):
    """A mail to our mailbox that answers no delivery: counted here, while its words stay in the mailbox.

    `answers` is the kind of the mail of ours that it answers, None where it answers none.
    """

    __tablename__ = "other_mail"
    __seen__ = Closed()
    __table_args__ = (Index(None, "received_at"),)

    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[OtherMailKind] = mapped_column(words(OtherMailKind, "other_mail_kind"))
    answers: Mapped[str | None] = mapped_column(String(32))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
