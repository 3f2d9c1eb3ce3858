"""Decisions: act, watch, not acting now. Who decided, who recorded it, how we know, and when each."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from tracker.access.people import by_role
from tracker.domain.labels import tlp_rank
from tracker.domain.viewer import Viewer
from tracker.domain.vocabulary import NOT_ACTING
from tracker.domain.words import Answer, DecisionKind, HowKnown, MilestoneKind, Tlp
from tracker.errors import StaleError, SubmissionError
from tracker.respond.alerts import working_on
from tracker.respond.labelling import (
    AS_ITS_INPUTS,
    Labelling,
    chosen,
    label_for,
    label_of_moves,
    record_reason,
)
from tracker.respond.policy import Policy
from tracker.respond.recipients import find_recipient
from tracker.store import Store, SystemSession
from tracker.store.reads.alerts import decisions_of
from tracker.store.writes import alerts as write_alerts
from tracker.store.writes import log, people
from tracker.store.writes import response as write
from tracker.store.writes.alerts import AlertNow, Fact
from tracker.store.writes.response import DecisionMade, DeliveryNow

DECIDES = {Answer(kind): kind for kind in DecisionKind}
"""The answers to a brief that are decisions."""


@dataclass(frozen=True)
class DecisionTold:
    """A decision that an analyst records for somebody: told in a call or a meeting, by mail, or inferred.

    `decided_by` is the e-mail address of somebody who takes briefs, or a role and organisation in words. `seen` is
    how many decisions the page showed; None skips that check.
    """

    kind: DecisionKind
    decided_by: str
    how_known: HowKnown
    decided_at: datetime
    labelling: Labelling = AS_ITS_INPUTS
    reason: str | None = None
    note: str | None = None
    review_on: date | None = None
    seen: int | None = None


def record_decision(store: Store, viewer: Viewer, alert_id: str, told: DecisionTold, now: datetime) -> str:
    """Record a decision that was made outside the tool; return its ULID.

    Of somebody who was given the brief and has not answered it, it is the answer too.

    Raises:
        SubmissionError: no decision-maker, one who takes no briefs or is not cleared for its label; a time to come, a
            missing or unknown reason, a bad review day.
        StaleError: somebody recorded another decision meanwhile; says which.
        TransitionError: the alert is not open; names the moves it allows.
    """
    if not told.decided_by.strip():
        raise SubmissionError("decided_by", "Say who decided, by role and organisation.")
    if told.decided_at > now:
        raise SubmissionError("decided_at", "This is still to come.")
    tlp = chosen(store, viewer, alert_id, told.labelling)
    with working_on(store, viewer, alert_id, "decide", now) as (work, alert):
        _check_seen(store, viewer, alert_id, told.seen)
        return decide_as_told(work, viewer, alert, tlp, told)


def decide_as_told(
    work: SystemSession,
    viewer: Viewer,
    alert: AlertNow,
    tlp: Tlp,
    told: DecisionTold,
    delivery_id: str | None = None,
) -> str:
    """Append a decision that somebody was told of, in the transaction that is open; return its ULID.

    Without a delivery it answers the newest that its maker was given and did not answer; with one, its words are
    its maker's own, who need not be cleared for them. An answer that says more than "received" stays as it is: the
    decision is a further one.

    Raises:
        SubmissionError: no such decision-maker, a missing or unknown reason, a bad review day.
    """
    policy = Policy.read(work)
    if told.kind is DecisionKind.NOT_ACTING_NOW:
        policy.vocabulary.check_reason(NOT_ACTING, told.reason or "")
    if told.kind is not DecisionKind.ACT:
        review_day(told.review_on, work.now, policy.deadlines.review_within[alert.level])
    decider = _decider(work, told.decided_by.strip(), Tlp.CLEAR if delivery_id else tlp)
    if delivery_id is None and decider:
        delivery_id = write.unanswered_delivery(work, alert.id, decider.id)
    made = DecisionMade(
        kind=told.kind,
        decided_by=decider.words if decider else told.decided_by.strip(),
        decided_by_id=decider.id if decider else None,
        how_known=told.how_known,
        decided_at=told.decided_at,
        label=label_for(viewer, tlp, alert.country),
        reason=told.reason,
        note=told.note,
        review_on=told.review_on,
        delivery_id=delivery_id,
    )
    decision_id = decide_in(work, alert.id, made)
    if decider:
        people.grant(work, decider.id, [decision_id])
    if delivery_id:
        answer = Answer(told.kind)
        note_answer(
            work,
            delivery_id,
            AnswerTold(answer, told.decided_at, told.how_known, told.note, tlp, told.review_on),
        )
    record_reason(work, viewer, alert, ("decision", decision_id), told.labelling)
    return decision_id


def _check_seen(store: Store, viewer: Viewer, alert_id: str, seen: int | None) -> None:
    """Refuse where the viewer may see more decisions than their page showed: two may be writing down one call."""
    with store.viewing(viewer) as view:
        found = decisions_of(view, alert_id)
    if seen is None or len(found) <= seen:
        return
    said = f"{found[0].kind.replace('_', ' ')}, by {found[0].decided_by}"
    raise StaleError(
        f"Somebody recorded a decision while you were writing: {said}. "
        "If yours is another one, record it again; nothing of yours is lost."
    )


@dataclass(frozen=True)
class _Decider:
    """A person here who decided; others read of them by role and organisation, never by name."""

    id: str
    words: str


def _decider(work: SystemSession, said: str, tlp: Tlp) -> _Decider | None:
    """Return who decided where an address was given; None where it is a role in words."""
    if "@" not in said:
        return None
    found = find_recipient(work, said, tlp, field="decided_by", what="decision")
    (person,) = people.people(work, [found.user_id])
    return _Decider(found.user_id, by_role(person))


@dataclass(frozen=True)
class AnswerTold:
    """An answer to a brief: what, when (UTC), how we know; `review_on` is a day in UTC.

    `tlp` is the label of the words in `reason`.
    """

    answer: Answer
    answered_at: datetime
    how_known: HowKnown
    reason: str | None
    tlp: Tlp
    review_on: date | None = None
    option_number: int | None = None


def note_answer(work: SystemSession, delivery_id: str, told: AnswerTold) -> bool:
    """Write what we were told as the answer to a delivery; False where it has one that says more than "received"."""
    delivery = write.lock_delivery(work, delivery_id)
    if delivery.answer not in (None, Answer.RECEIVED):
        return False
    store_answer(work, delivery, told)
    return True


def store_answer(work: SystemSession, delivery: DeliveryNow, told: AnswerTold) -> None:
    """Write an answer to a delivery that is held; words of a stricter label than the delivery's are left out."""
    fits = tlp_rank(told.tlp) <= tlp_rank(delivery.label.tlp)
    write.change_delivery(
        work,
        delivery.id,
        answer=told.answer,
        answered_at=told.answered_at,
        how_known=told.how_known,
        reason=told.reason if fits else None,
        review_on=told.review_on,
        option_number=told.option_number,
    )
    change = log.Change(
        "delivery",
        delivery.id,
        "answered",
        delivery.label,
        delivery.alert_id,
        delivery.answer,
        told.answer,
        happened_at=told.answered_at,
    )
    log.record(work, change)


def decide_in(work: SystemSession, alert_id: str, made: DecisionMade) -> str:
    """Append a decision with its milestone and history, in the transaction that is open."""
    alert = write_alerts.lock_alert(work, alert_id)
    made = replace(made, label=replace(made.label, country=alert.country))
    decision_id = write.store_decision(work, alert_id, made)
    fact = Fact(
        alert_id,
        MilestoneKind.DECIDED,
        decision_id,
        made.decided_at,
        made.decided_by,
        made.how_known,
        made.label,
    )
    write_alerts.note_facts(work, [fact])
    change = log.Change(
        "decision",
        decision_id,
        "decided",
        made.label,
        alert_id,
        to_state=made.kind,
        reason=made.reason,
        happened_at=made.decided_at,
    )
    log.record(work, change)
    return decision_id


def keep_review(store: Store, viewer: Viewer, alert_id: str, decision_id: str, now: datetime) -> None:
    """Say that a decision to watch or not to act was looked at again, and stands."""
    with working_on(store, viewer, alert_id, "decide", now) as (work, alert):
        if write.mark_reviewed(work, alert_id, decision_id):
            label = label_of_moves(work, viewer, alert)
            log.record(work, log.Change("decision", decision_id, "reviewed", label, alert_id))


def review_day(day: date | None, now: datetime, within: timedelta) -> None:
    """Make sure that a review day is there, to come, and not later than the level allows (domain.md 2.3).

    Raises:
        SubmissionError: it is not; says until when.
    """
    latest = (now + within).date()
    if day is None:
        raise SubmissionError("review_on", f"Say when to look again, {latest:%-d %B} at the latest.")
    if day < now.date():
        raise SubmissionError("review_on", "This day is past.")
    if day > latest:
        raise SubmissionError("review_on", f"Look again on {latest:%-d %B} at the latest.")
