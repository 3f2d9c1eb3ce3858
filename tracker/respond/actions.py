"""Actions and what came of them. Kinds that are only steps never count as a response."""

from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.life import OPEN_STATES, action_after
from tracker.domain.viewer import Viewer
from tracker.domain.words import ActionStatus, HowKnown, MilestoneKind, OutcomeResult
from tracker.errors import StaleError, SubmissionError, TransitionError
from tracker.respond.alerts import working_on
from tracker.respond.labelling import AS_ITS_INPUTS, Labelling, chosen, label_for, record_reason
from tracker.respond.policy import Policy
from tracker.store import Store, SystemSession
from tracker.store.reads import actions as read
from tracker.store.writes import alerts as write_alerts
from tracker.store.writes import log
from tracker.store.writes import response as write
from tracker.store.writes.alerts import Fact
from tracker.store.writes.response import ActionNow, NewAction, OutcomeClaimed


@dataclass(frozen=True)
class ActionPlanned:
    """Who does what by when; `due_on` is a day in UTC, `kind` of the vocabulary, `owner` a role or a body.

    `has_started`: it is under way already.
    """

    kind: str
    title: str
    owner: str
    due_on: date
    labelling: Labelling = AS_ITS_INPUTS
    decision_id: str | None = None
    owner_org: str | None = None
    has_started: bool = False


def add_action(store: Store, viewer: Viewer, alert_id: str, planned: ActionPlanned, now: datetime) -> str:
    """Add an action to an alert and return its ULID; it may come before any decision.

    Raises:
        SubmissionError: an unknown kind, no title or owner, or a day that is past.
    """
    for field in ("title", "owner"):
        if not getattr(planned, field).strip():
            raise SubmissionError(field, "This is still empty.")
    if planned.due_on < now.date():
        raise SubmissionError("due_on", "This day is past; choose today or later.")
    tlp = chosen(store, viewer, alert_id, planned.labelling)
    with working_on(store, viewer, alert_id, "act", now) as (work, alert):
        Policy.read(work).vocabulary.check_action_kind(planned.kind)
        label = label_for(viewer, tlp, alert.country)
        new = NewAction(
            kind=planned.kind,
            title=planned.title.strip(),
            owner=planned.owner.strip(),
            owner_org=(planned.owner_org or "").strip() or None,
            due_on=planned.due_on,
            label=label,
            decision_id=planned.decision_id,
        )
        action_id = write.store_action(work, alert_id, new)
        change = log.Change(
            "action", action_id, "added", label, alert_id, None, ActionStatus.PROPOSED, planned.kind
        )
        log.record(work, change)
        record_reason(work, viewer, alert, ("action", action_id), planned.labelling)
        if planned.has_started:
            _move(work, alert.id, write.lock_action(work, action_id), Move("start", now))
    return action_id


@dataclass(frozen=True)
class Move:
    """A move of an action: agree, start, finish, block or cancel. `note` is the cause, or the evidence."""

    name: str
    happened_at: datetime
    note: str | None = None
    seen: int | None = None


def move_action(store: Store, viewer: Viewer, action_id: str, move: Move, now: datetime) -> ActionStatus:
    """Move an action on and return its new status.

    The start of a kind that is a response, not only a step, is the alert's first response.

    Raises:
        NotFoundError, NotAllowedError: not theirs to see, or to do.
        TransitionError: its status does not allow the move; names those it does.
        StaleError: somebody moved it since it was shown.
        SubmissionError: a time to come; blocking without a cause.
    """
    if move.happened_at > now:
        raise SubmissionError("happened_at", "This is still to come.")
    if move.name == "block" and not (move.note or "").strip():
        raise SubmissionError("cause", "Say what blocks it; 'waiting for the other side' is a cause.")
    with store.viewing(viewer) as view:
        alert_id = read.alert_of(view, action_id)
    with working_on(store, viewer, alert_id, "act", now) as (work, alert):
        action = write.lock_action(work, action_id)
        if move.seen is not None and move.seen != action.revision:
            raise StaleError(f"Somebody moved this action meanwhile; it is {action.status} now.")
        return _move(work, alert.id, action, move)


def _move(work: SystemSession, alert_id: str, action: ActionNow, move: Move) -> ActionStatus:
    after = action_after(action.status, move.name)
    values: dict[str, object] = {"status": after}
    if after is ActionStatus.UNDER_WAY:
        values["started_at"] = move.happened_at
    if after is ActionStatus.DONE:
        values |= {"done_at": move.happened_at, "evidence": move.note}
    if after is ActionStatus.BLOCKED:
        values["cause"] = move.note
    write.change_action(work, action.id, **values)
    change = log.Change(
        "action",
        action.id,
        move.name,
        action.label,
        alert_id,
        action.status,
        after,
        happened_at=move.happened_at,
    )
    log.record(work, change)
    if after is ActionStatus.UNDER_WAY and Policy.read(work).vocabulary.is_response(action.kind):
        kind, known = MilestoneKind.FIRST_RESPONSE, HowKnown.IN_THE_TOOL
        fact = Fact(alert_id, kind, action.id, move.happened_at, action.owner, known, action.label)
        write_alerts.note_facts(work, [fact])
    return after


@dataclass(frozen=True)
class OutcomeTold:
    """What came of an action, whose claim it is, how we know; and what to remember, where there is something.

    `is_done`: an action that was under way is done with it.
    """

    result: OutcomeResult
    note: str
    claimed_by: str
    how_known: HowKnown
    happened_at: datetime
    labelling: Labelling = AS_ITS_INPUTS
    lesson: str | None = None
    is_done: bool = False


def record_outcome(store: Store, viewer: Viewer, action_id: str, told: OutcomeTold, now: datetime) -> str:
    """Record what came of an action that was started; return the outcome's ULID. Its alert may be closed.

    Raises:
        SubmissionError: no claimant, no words, or a time to come.
        TransitionError: the action was not started.
    """
    for field in ("note", "claimed_by"):
        if not getattr(told, field).strip():
            raise SubmissionError(field, "This is still empty.")
    if told.happened_at > now:
        raise SubmissionError("happened_at", "This is still to come.")
    with store.viewing(viewer) as view:
        alert_id = read.alert_of(view, action_id)
    tlp = chosen(store, viewer, alert_id, told.labelling)
    with working_on(store, viewer, alert_id, "outcome", now) as (work, alert):
        action = write.lock_action(work, action_id)
        if action.status not in (ActionStatus.UNDER_WAY, ActionStatus.DONE, ActionStatus.BLOCKED):
            raise TransitionError("This action was not started, so nothing came of it yet. Start it first.")
        if told.is_done and action.status is ActionStatus.UNDER_WAY and alert.state in OPEN_STATES:
            _move(work, alert.id, action, Move("finish", told.happened_at, told.note))
        label = label_for(viewer, tlp, alert.country)
        claimed = OutcomeClaimed(
            told.result, told.note, told.claimed_by, told.how_known, told.happened_at, label
        )
        outcome_id = write.store_outcome(work, action, claimed)
        kind = MilestoneKind.OUTCOME
        fact = Fact(alert.id, kind, outcome_id, told.happened_at, told.claimed_by, told.how_known, label)
        write_alerts.note_facts(work, [fact])
        change = log.Change("outcome", outcome_id, "recorded", label, alert.id, to_state=told.result)
        log.record(work, change)
        record_reason(work, viewer, alert, ("outcome", outcome_id), told.labelling)
        if told.lesson and told.lesson.strip():
            lesson_id = write.store_lesson(work, alert.id, action_id, told.lesson.strip(), label)
            log.record(work, log.Change("lesson", lesson_id, "recorded", label, alert.id))
    return outcome_id
