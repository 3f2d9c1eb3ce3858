"""The one-page warning: written, frozen, given to a named person, and answered."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from tracker.access.people import by_role
from tracker.access.permissions import Deed, require
from tracker.domain.grades import Grade
from tracker.domain.life import OPEN_STATES
from tracker.domain.viewer import Viewer
from tracker.domain.words import (
    Answer,
    BriefState,
    HowKnown,
    Level,
    MilestoneKind,
    OutboxKind,
)
from tracker.errors import StaleError, SubmissionError, TransitionError
from tracker.respond.alerts import working_on
from tracker.respond.decisions import DECIDES, AnswerTold, decide_in, review_day, store_answer
from tracker.respond.labelling import Labelling, chosen, label_for, record_reason
from tracker.respond.policy import Policy
from tracker.respond.recipients import find_recipient
from tracker.store import Store, SystemSession
from tracker.store.reads import briefs as read_briefs
from tracker.store.writes import alerts as write_alerts
from tracker.store.writes import log, outbox, people
from tracker.store.writes import response as write
from tracker.store.writes.alerts import Fact
from tracker.store.writes.response import BriefText, DecisionMade, DeliveryNow


def write_brief(
    store: Store, viewer: Viewer, alert_id: str, said: BriefText, labelling: Labelling, now: datetime
) -> str:
    """Write the alert's draft and return its ULID; a frozen version is followed by the next.

    Raises:
        SubmissionError: a field that is empty or past; one side of several, or one without a grade; a looser label
            without its reason.
        StaleError: somebody wrote on the draft meanwhile.
    """
    _check_text(said, now)
    said = replace(said, claims=_read_claims(said))
    tlp = chosen(store, viewer, alert_id, labelling)
    with working_on(store, viewer, alert_id, "brief", now) as (work, alert):
        label = label_for(viewer, tlp, alert.country)
        draft = write.Draft(said, label, viewer.user_id, labelling.seen)
        brief_id = write.store_draft(work, alert_id, draft)
        log.record(work, log.Change("brief", brief_id, "written", label, alert_id))
        record_reason(work, viewer, alert, ("brief", brief_id), labelling)
    return brief_id


def _check_text(said: BriefText, now: datetime) -> None:
    for field in ("headline", "bottom_line", "why_now", "would_change_our_mind"):
        if not getattr(said, field).strip():
            raise SubmissionError(field, "This part of the brief is still empty.")
    if said.decision_needed_by <= now:
        raise SubmissionError("decision_needed_by", "This is past already; choose a time to come.")


def _read_claims(said: BriefText) -> tuple[tuple[str, str, str], ...]:
    """Return what each side says, with its grade as it is written everywhere."""
    if len(said.claims) == 1:
        raise SubmissionError(
            "claims", "Where sources disagree, tell at least two sides; else leave this out."
        )
    read = []
    for what, who, grade in said.claims:
        graded = Grade.read(grade)
        if graded is None or not what.strip() or not who.strip():
            raise SubmissionError(
                "claims",
                "Of each side: what it says, who says it, and a grade of letter and figure, such as B3.",
            )
        read.append((what.strip(), who.strip(), str(graded)))
    return tuple(read)


def deliver(
    store: Store, viewer: Viewer, brief_id: str, to_email: str, now: datetime, seen: int | None = None
) -> str:
    """Freeze a brief and give it to a named person; they get a mail that holds only the link.

    Returns the delivery's ULID. `seen` is the revision that the page showed; None skips the check.

    Raises:
        SubmissionError: nobody of this address, someone who takes no briefs, a label above their clearance,
            fewer than two options, or a person who has this version already.
        StaleError: somebody changed the brief since it was shown.
    """
    with store.viewing(viewer) as view:
        alert_id = read_briefs.alert_of(view, brief_id)
    with working_on(store, viewer, alert_id, "deliver", now) as (work, alert):
        brief = write.lock_brief(work, brief_id)
        if seen is not None and seen != brief.revision:
            raise StaleError(
                "Somebody changed this brief since it was shown. Read it again, then deliver it."
            )
        if brief.option_count < 2:
            raise SubmissionError("options", "A brief needs two options or more before it is delivered.")
        recipient = find_recipient(work, to_email, brief.label.tlp, field="recipient", what="brief")
        if brief.state is BriefState.DRAFT:
            write.freeze_brief(work, brief_id)
        delivery_id = write.store_delivery(work, brief, recipient.user_id)
        if delivery_id is None:
            raise SubmissionError("recipient", f"{recipient.name} has version {brief.number} already.")
        people.grant(work, recipient.user_id, [brief_id, delivery_id])
        outbox.enqueue(work, OutboxKind.DELIVERY, delivery_id, [recipient.user_id])
        kind, known = MilestoneKind.DELIVERED, HowKnown.IN_THE_TOOL
        fact = Fact(alert.id, kind, delivery_id, now, "an analyst", known, brief.label)
        write_alerts.note_facts(work, [fact])
        log.record(work, log.Change("delivery", delivery_id, "delivered", brief.label, alert.id))
    return delivery_id


@dataclass(frozen=True)
class AnswerGiven:
    """What a recipient pressed. `review_on` is a day in UTC, needed for watch and not acting now."""

    answer: Answer
    option_number: int | None = None
    reason: str | None = None
    review_on: date | None = None


def answer(store: Store, viewer: Viewer, delivery_id: str, given: AnswerGiven, now: datetime) -> bool:
    """Take a recipient's own answer; act, watch and not acting now are decisions of theirs.

    Pressing the same button twice changes nothing (False).

    Raises:
        NotFoundError, NotAllowedError: not delivered to them, or not theirs to do.
        SubmissionError: no reason, or a review day that is missing, past or too far.
        StaleError: they answered otherwise before; a decision is never overwritten.
        TransitionError: the alert is not open any more.
    """
    require(viewer, Deed.ANSWER)
    with store.viewing(viewer) as view:
        delivered = read_briefs.delivered_to(view, delivery_id)
    options = len(delivered.brief.options)
    if given.option_number is not None and not 1 <= given.option_number <= options:
        raise SubmissionError("option", "This brief has no such option.")
    with store.acting(viewer.actor, "answer brief", now) as work:
        alert = write_alerts.lock_alert(work, delivered.alert_id)
        delivery = write.lock_delivery(work, delivery_id)
        if delivery.answer is given.answer:
            return False
        if alert.state not in OPEN_STATES:
            raise TransitionError(
                f"This alert is {alert.state} meanwhile; nothing is left to answer. Nothing was changed."
            )
        if delivery.answer not in (None, Answer.RECEIVED):
            said = str(delivery.answer).replace("_", " ")
            raise StaleError(f"You answered this before: {said}. Ask the analyst to record a change.")
        _check_answer(work, alert.level, given, now)
        _store_answer(work, delivery, given)
        if given.answer in DECIDES:
            _decide(work, viewer, delivery, given)
    return True


def _check_answer(work: SystemSession, level: Level, given: AnswerGiven, now: datetime) -> None:
    if given.answer in (Answer.NOT_ACTING_NOW, Answer.NOT_FOR_ME) and not (given.reason or "").strip():
        raise SubmissionError("reason", "Please say why, in a few words.")
    if given.answer in (Answer.WATCH, Answer.NOT_ACTING_NOW):
        review_day(given.review_on, now, Policy.read(work).deadlines.review_within[level])


def _store_answer(work: SystemSession, delivery: DeliveryNow, given: AnswerGiven) -> None:
    told = AnswerTold(
        answer=given.answer,
        answered_at=work.now,
        how_known=HowKnown.IN_THE_TOOL,
        reason=given.reason,
        tlp=delivery.label.tlp,
        review_on=given.review_on,
        option_number=given.option_number,
    )
    store_answer(work, delivery, told)


def _decide(work: SystemSession, viewer: Viewer, delivery: DeliveryNow, given: AnswerGiven) -> None:
    """Record the decision; others read who made it by role and organisation, never by name."""
    (person,) = people.people(work, [viewer.user_id])
    decision_id = decide_in(
        work,
        delivery.alert_id,
        DecisionMade(
            kind=DECIDES[given.answer],
            decided_by=by_role(person),
            decided_by_id=viewer.user_id,
            how_known=HowKnown.IN_THE_TOOL,
            decided_at=work.now,
            label=delivery.label,
            note=given.reason,
            option_number=given.option_number,
            review_on=given.review_on,
            delivery_id=delivery.id,
        ),
    )
    people.grant(work, viewer.user_id, [decision_id])
