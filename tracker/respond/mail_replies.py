"""Answers by mail: an analyst confirms what one says, or sets it aside. A letter alone never decides anything."""

from dataclasses import dataclass
from datetime import date, datetime

from tracker.access.permissions import Deed, require
from tracker.domain.life import OPEN_STATES
from tracker.domain.viewer import Viewer
from tracker.domain.vocabulary import SETTING_ASIDE
from tracker.domain.wording import moment, said
from tracker.domain.words import AlertState, Answer, DecisionKind, HowKnown, MailReplyState
from tracker.errors import StaleError, SubmissionError
from tracker.respond.alerts import working_on
from tracker.respond.decisions import DECIDES, AnswerTold, DecisionTold, decide_as_told, note_answer
from tracker.respond.labelling import AS_ITS_INPUTS, Labelling, chosen
from tracker.respond.policy import Policy
from tracker.store import Store, SystemSession
from tracker.store.reads.mail_replies import MailReplyRow, mail_replies_of, mail_reply
from tracker.store.writes import log, people
from tracker.store.writes import mail_replies as write
from tracker.store.writes.mail_replies import ReplyNow
from tracker.store.writes.response import lock_delivery


@dataclass(frozen=True)
class AnswerConfirmed:
    """What an analyst reads in an answer by mail. `reason` is of the vocabulary, `note` in words, for a decision.

    `labelling` is of the decision, whose words rest on the letter; other answers carry the label of their delivery.
    """

    answer: Answer
    review_on: date | None = None
    reason: str | None = None
    note: str | None = None
    labelling: Labelling = AS_ITS_INPUTS


def confirm(store: Store, viewer: Viewer, reply_id: str, given: AnswerConfirmed, now: datetime) -> str | None:
    """Make an answer by mail the answer to its delivery; return the ULID of the decision, None where it is none.

    Act, watch and not acting now are decisions of the recipient, known by mail, made when the letter says.

    Raises:
        NotAllowedError, NotFoundError: not theirs to do, or to see.
        SubmissionError: the recipient may decide no more; a missing or unknown reason; a bad review day.
        StaleError: somebody settled it before, or the delivery has an answer already.
        TransitionError: the alert is not open any more.
    """
    require(viewer, Deed.WORK)
    with store.viewing(viewer) as view:
        shown = mail_reply(view, reply_id)
    tlp = chosen(store, viewer, shown.alert_id, given.labelling, [shown.tlp] if given.note else [])
    with working_on(store, viewer, shown.alert_id, "decide", now) as (work, alert):
        reply = _waiting(work, reply_id)
        decided_by = _address_of(work, reply.delivery_id)
        decision_id = None
        if given.answer in DECIDES:
            told = _told(reply, decided_by, given)
            decision_id = decide_as_told(work, viewer, alert, tlp, told, reply.delivery_id)
        elif not note_answer(work, reply.delivery_id, _answer(reply, given)):
            raise StaleError("They have answered this brief already. Set this one aside.")
        write.settle_reply(work, reply_id, MailReplyState.CONFIRMED, decision_id=decision_id)
        _record(work, reply, shown.alert_id, "confirmed", to_state=given.answer)
    return decision_id


def _waiting(work: SystemSession, reply_id: str) -> ReplyNow:
    reply = write.lock_reply(work, reply_id)
    if reply.state is not MailReplyState.WAITING:
        raise StaleError(
            f"Somebody has settled this answer already: {said(reply.state)}. Nothing was changed."
        )
    return reply


def _address_of(work: SystemSession, delivery_id: str) -> str:
    recipient_id = lock_delivery(work, delivery_id).recipient_id
    if people.viewer(work, recipient_id) is None:
        raise SubmissionError("answer", "Their access was ended, so they answer nothing here. Set it aside.")
    (person,) = people.people(work, [recipient_id])
    return person.email


def _told(reply: ReplyNow, decided_by: str, given: AnswerConfirmed) -> DecisionTold:
    kind = DECIDES[given.answer]
    return DecisionTold(
        kind=kind,
        decided_by=decided_by,
        how_known=HowKnown.BY_MAIL,
        decided_at=reply.sent_at,
        labelling=given.labelling,
        reason=given.reason if kind is DecisionKind.NOT_ACTING_NOW else None,
        note=given.note,
        review_on=given.review_on if kind is not DecisionKind.ACT else None,
    )


def _answer(reply: ReplyNow, given: AnswerConfirmed) -> AnswerTold:
    return AnswerTold(given.answer, reply.sent_at, HowKnown.BY_MAIL, given.note, reply.label.tlp)


def set_aside(store: Store, viewer: Viewer, reply_id: str, because: str, now: datetime) -> None:
    """Say that an answer by mail is none, and why; `because` is of the vocabulary. Also where the alert is closed.

    Raises:
        NotAllowedError, NotFoundError: not theirs to do, or to see.
        SubmissionError: an unknown reason.
        StaleError: somebody settled it before.
    """
    require(viewer, Deed.WORK)
    with store.viewing(viewer) as view:
        shown = mail_reply(view, reply_id)
    with store.acting(viewer.actor, "set aside answer by mail", now) as work:
        Policy.read(work).vocabulary.check_reason(SETTING_ASIDE, because)
        reply = _waiting(work, reply_id)
        write.settle_reply(work, reply_id, MailReplyState.SET_ASIDE, because=because)
        _record(work, reply, shown.alert_id, "set aside", because=because)


def _record(
    work: SystemSession,
    reply: ReplyNow,
    alert_id: str,
    deed: str,
    *,
    to_state: str | None = None,
    because: str | None = None,
) -> None:
    change = log.Change(
        "mail reply", reply.id, deed, reply.label, alert_id, to_state=to_state, reason=because
    )
    log.record(work, change)


@dataclass(frozen=True)
class AnswerByMail:
    """An answer by mail as somebody is shown it. `doubts` say why it may not be what it seems, each in a sentence."""

    row: MailReplyRow
    doubts: tuple[str, ...]
    may_be_confirmed: bool


def answers_by_mail(
    store: Store, viewer: Viewer, alert_id: str, state: AlertState, now: datetime
) -> list[AnswerByMail]:
    """Return the answers by mail about an alert in this state that the viewer may see, newest first."""
    with store.viewing(viewer) as view:
        rows = mail_replies_of(view, alert_id)
    if not rows:
        return []
    with store.looking("who may still decide", now) as work:
        here = {person.user_id for person in people.viewers(work, {row.recipient_id for row in rows})}
    return [_seen(row, state, row.recipient_id in here, now) for row in rows]


def _seen(row: MailReplyRow, state: AlertState, has_access: bool, now: datetime) -> AnswerByMail:
    found = [] if row.from_recipient else ["It came from another address than theirs: ask them first."]
    if row.state is not MailReplyState.WAITING:
        return AnswerByMail(row, tuple(found), may_be_confirmed=False)
    if not has_access:
        found.append("Their access was ended, so it can only be set aside.")
    if state not in OPEN_STATES:
        found.append(f"The alert is {state} meanwhile, so it can only be set aside.")
    if row.answer not in (None, Answer.RECEIVED):
        when = f" ({moment(row.answered_at, now)})" if row.answered_at else ""
        found.append(f"They have answered before{when}: {said(row.answer)}.")
    return AnswerByMail(row, tuple(found), may_be_confirmed=has_access and state in OPEN_STATES)
