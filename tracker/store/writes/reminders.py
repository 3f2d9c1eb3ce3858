"""What waits and was not told of yet, found by its deadline; and the note that a person is told of it."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, exists, literal, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from tracker.domain.deadlines import MILESTONE_OF, Step
from tracker.domain.life import OPEN_STATES
from tracker.domain.reminders import STAGES, Deadline, NoticePolicy
from tracker.domain.words import DecisionKind, InboxState, Level, MilestoneKind, Occasion, Stage
from tracker.store.columns import new_id
from tracker.store.reads.actions import UNFINISHED
from tracker.store.reads.decisions import stands
from tracker.store.session import SystemSession
from tracker.store.tables import Action, Alert, AlertSignal, Decision, MilestoneFact, Reminder, Signal
from tracker.store.upsert import insert_ignoring

_STEPS: dict[Step, InstrumentedAttribute[datetime | None]] = {
    Step.VERIFY: Alert.verify_due_at,
    Step.DECIDE: Alert.decide_due_at,
    Step.RESPOND: Alert.respond_due_at,
}
_OPEN = Alert.state.in_(OPEN_STATES)
_Rows = Select[*tuple[Any, ...]]
_Column = ColumnElement[Any] | InstrumentedAttribute[Any]


@dataclass(frozen=True)
class Thing:
    """A thing that waits: a signal, an alert, a decision or an action, with the alert it belongs to, if any.

    `level` and `deadline` are as the system sees them; a person who sees less is told later, or not at all.
    """

    id: str
    occasion: Occasion
    alert_id: str | None
    owner_id: str | None
    level: Level
    deadline: Deadline


@dataclass(frozen=True)
class Note:
    """That one person is told of one thing at one stage."""

    thing_id: str
    occasion: Occasion
    alert_id: str | None
    stage: Stage


def untold(work: SystemSession, policy: NoticePolicy, limit: int) -> list[Thing]:
    """Return what came to a stage of its deadline of which nobody was told: critical first, then longest due.

    One query for each occasion, by the index on its deadline; at most `limit` things for each.
    """
    came = _Came(policy, work.now)
    selects = [
        _opened(),
        _triage(came),
        *(_step(came, step) for step in _STEPS),
        _review(came),
        _action(came),
    ]
    found = [_thing(*row) for rows in selects for row in work.execute(rows.limit(limit))]
    return sorted(found, key=lambda thing: (thing.level is not Level.CRITICAL, thing.deadline.at, thing.id))


def _thing(
    id_: str, occasion: str, alert_id: str | None, owner_id: str | None, level: Level, due: Any
) -> Thing:
    deadline = Deadline(due) if isinstance(due, datetime) else Deadline.of_day(due)
    return Thing(id_, Occasion(occasion), alert_id, owner_id, level, deadline)


@dataclass(frozen=True)
class _Came:
    """Says in SQL that a deadline has come to a stage which nobody was told of, nor of a later one."""

    policy: NoticePolicy
    now: datetime

    def instant(self, due: _Column, level: _Column, thing_id: _Column, occasion: Occasion) -> Any:
        """Return the condition for a deadline that is an instant."""
        latest: dict[Stage, Callable[[Level], Any]] = {
            Stage.SOON: lambda of: self.now + self.policy.remind_before[of],
            Stage.DUE: lambda of: self.now,
            Stage.ESCALATED: lambda of: self.now - self.policy.escalate_after[of],
        }
        return self._any(latest, due, level, (thing_id, occasion))

    def day(self, due: _Column, level: _Column, thing_id: _Column, occasion: Occasion) -> Any:
        """Return the condition for a deadline that is a day."""
        latest: dict[Stage, Callable[[Level], Any]] = {
            Stage.DUE: lambda of: self.now.date(),
            Stage.ESCALATED: lambda of: (
                (self.now - self.policy.escalate_after[of]).date() - timedelta(days=1)
            ),
        }
        return self._any(latest, due, level, (thing_id, occasion))

    def _any(
        self,
        latest: dict[Stage, Callable[[Level], Any]],
        due: _Column,
        level: _Column,
        thing: tuple[_Column, Occasion],
    ) -> ColumnElement[bool]:
        first = max(until(of) for until in latest.values() for of in Level)
        stages = [
            and_(
                or_(*(and_(level == of, due <= until(of)) for of in Level)),
                ~_told(*thing, STAGES[STAGES.index(stage) :]),
            )
            for stage, until in latest.items()
        ]
        return and_(due <= first, or_(*stages))


def _told(thing_id: _Column, occasion: Occasion, stages: Iterable[Stage]) -> ColumnElement[bool]:
    return exists(
        select(Reminder.id).where(
            Reminder.thing_id == thing_id,
            Reminder.occasion == occasion,
            Reminder.stage.in_(stages),
            Reminder.lost_at.is_(None),
        )
    )


def _noted(*kinds: MilestoneKind) -> _Rows:
    return select(MilestoneFact.id).where(
        MilestoneFact.alert_id == Alert.id, MilestoneFact.kind.in_(kinds), MilestoneFact.hidden_at.is_(None)
    )


def _opened() -> _Rows:
    """Critical signals under open alerts, unless somebody decided since they joined."""
    decided_since = _noted(MilestoneKind.DECIDED).where(MilestoneFact.happened_at > AlertSignal.attached_at)
    return (
        select(
            Signal.id,
            literal(str(Occasion.OPENED)),
            Alert.id,
            Alert.owner_id,
            Signal.level,
            AlertSignal.attached_at,
        )
        .join(AlertSignal, AlertSignal.signal_id == Signal.id)
        .join(Alert, Alert.id == AlertSignal.alert_id)
        .where(
            _OPEN,
            Alert.level == Level.CRITICAL,
            Signal.level == Level.CRITICAL,
            Signal.hidden_at.is_(None),
            ~exists(decided_since),
            ~_told(Signal.id, Occasion.OPENED, STAGES),
        )
        .order_by(AlertSignal.attached_at)
    )


def _triage(came: _Came) -> _Rows:
    due, none = Signal.inbox_due_at, literal(None)
    return (
        select(Signal.id, literal(str(Occasion.TRIAGE)), none, none.label("owner"), Signal.level, due)
        .where(
            Signal.inbox_state == InboxState.WAITING,
            Signal.hidden_at.is_(None),
            came.instant(due, Signal.level, Signal.id, Occasion.TRIAGE),
        )
        .order_by(Signal.level != Level.CRITICAL, due)
    )


def _step(came: _Came, step: Step) -> _Rows:
    """Open alerts whose step is due and not done; as on the pages, nobody verifies what was decided."""
    due, occasion = _STEPS[step], Occasion(str(step))
    ends = {MILESTONE_OF[step]} | ({MilestoneKind.DECIDED} if step is Step.VERIFY else set())
    rows = (
        select(Alert.id, literal(str(occasion)), Alert.id.label("alert"), Alert.owner_id, Alert.level, due)
        .where(_OPEN, came.instant(due, Alert.level, Alert.id, occasion), ~exists(_noted(*ends)))
        .order_by(Alert.level != Level.CRITICAL, due)
    )
    if step is not Step.RESPOND:
        return rows
    waits_or_not = select(Decision.id).where(
        Decision.alert_id == Alert.id,
        Decision.kind != DecisionKind.ACT,
        Decision.hidden_at.is_(None),
        stands(),
    )
    return rows.where(~exists(waits_or_not))


def _review(came: _Came) -> _Rows:
    due = Decision.review_on
    return (
        select(Decision.id, literal(str(Occasion.REVIEW)), Alert.id, Alert.owner_id, Alert.level, due)
        .join(Alert, Alert.id == Decision.alert_id)
        .where(
            _OPEN,
            Decision.reviewed_at.is_(None),
            Decision.hidden_at.is_(None),
            came.day(due, Alert.level, Decision.id, Occasion.REVIEW),
            stands(),
        )
        .order_by(due)
    )


def _action(came: _Came) -> _Rows:
    due = Action.due_on
    return (
        select(Action.id, literal(str(Occasion.ACTION)), Alert.id, Alert.owner_id, Alert.level, due)
        .join(Alert, Alert.id == Action.alert_id)
        .where(
            _OPEN,
            Action.status.in_(UNFINISHED),
            Action.hidden_at.is_(None),
            came.day(due, Alert.level, Action.id, Occasion.ACTION),
        )
        .order_by(due)
    )


@dataclass
class Told:
    """Who was told of one thing for one occasion, at which stage; and whom the notice of a stage did not reach."""

    stages: set[tuple[str, Stage]] = field(default_factory=set)
    lost: set[tuple[str, Stage]] = field(default_factory=set)

    @property
    def people(self) -> set[str]:
        """All who were told, or were to be."""
        return {person for person, _ in self.stages | self.lost}

    def lost_at(self, stage: Stage) -> set[str]:
        """Return whom the notice of a stage did not reach."""
        return {person for person, of in self.lost if of is stage}


def told_of(work: SystemSession, thing_ids: Iterable[str]) -> defaultdict[tuple[str, Occasion], Told]:
    """Return who was told of each of these things before, by thing and occasion."""
    rows = select(Reminder).where(Reminder.thing_id.in_(set(thing_ids)))
    found: defaultdict[tuple[str, Occasion], Told] = defaultdict(Told)
    for row in work.scalars(rows):
        told = found[row.thing_id, row.occasion]
        (told.lost if row.lost_at else told.stages).add((row.recipient_id, row.stage))
    return found


def note_lost(work: SystemSession, notice_id: str) -> None:
    """Note that a notice did not arrive, so that somebody else is told of what waits still."""
    of_notice = (Reminder.notice_id == notice_id, Reminder.lost_at.is_(None))
    work.execute(update(Reminder).where(*of_notice).values(lost_at=work.now))


def note(work: SystemSession, recipient_id: str, notes: Iterable[Note]) -> str | None:
    """Note that a person is told of things by one notice; return its ULID, None where all was noted before."""
    notice_id = new_id(work.now)
    rows = [
        {
            "id": new_id(work.now),
            "thing_id": each.thing_id,
            "occasion": each.occasion,
            "alert_id": each.alert_id,
            "stage": each.stage,
            "recipient_id": recipient_id,
            "notice_id": notice_id,
            "made_at": work.now,
        }
        for each in notes
    ]
    insert_ignoring(work, Reminder, rows)
    return notice_id if notes_of(work, notice_id) else None


def notes_of(work: SystemSession, notice_id: str) -> list[Note]:
    """Return what a notice tells of."""
    rows = select(Reminder).where(Reminder.notice_id == notice_id).order_by(Reminder.id)
    return [Note(row.thing_id, row.occasion, row.alert_id, row.stage) for row in work.scalars(rows)]


def forget_notes(work: SystemSession, notice_id: str, notes: Iterable[Note]) -> None:
    """Strike out what a notice did not tell of after all, so that it is told of when its time has come."""
    for each in notes:
        mine = (Reminder.notice_id == notice_id, Reminder.thing_id == each.thing_id)
        work.execute(delete(Reminder).where(*mine, Reminder.occasion == each.occasion))
