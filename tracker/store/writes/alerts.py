"""Alerts and the facts of their chains: read under lock, changed, recorded."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.exc import IntegrityError

from tracker.domain.deadlines import DeadlinePolicy, Step
from tracker.domain.keys import alert_ref, open_key
from tracker.domain.labels import highest
from tracker.domain.life import OPEN_STATES
from tracker.domain.words import (
    AlertState,
    BriefState,
    Hidden,
    HowKnown,
    Level,
    MilestoneKind,
    Tlp,
    Verification,
)
from tracker.errors import NotFoundError, StaleError
from tracker.store.columns import new_id
from tracker.store.session import SystemSession
from tracker.store.tables import (
    Action,
    Alert,
    AlertNumber,
    AlertSignal,
    Brief,
    Check,
    Decision,
    Delivery,
    Item,
    Lesson,
    MilestoneFact,
    Outcome,
    ReleaseLine,
    Reminder,
    Signal,
    SignalEvidence,
)
from tracker.store.upsert import insert_ignoring, inserted
from tracker.store.writes.inbox import SignalNow
from tracker.store.writes.log import Label, append, share_red


@dataclass(frozen=True)
class AlertNow:
    """An alert as it stands now, under lock."""

    id: str
    ref: str
    country: str
    theme: str
    state: AlertState
    level: Level
    owner_id: str | None
    opened_at: datetime
    verification: Verification
    revision: int


@dataclass(frozen=True)
class Fact:
    """A milestone to be noted. `fact_id` is the row that it rests on; noting it twice changes nothing."""

    alert_id: str
    kind: MilestoneKind
    fact_id: str
    happened_at: datetime
    told_by: str
    how_known: HowKnown
    label: Label


def find_or_open_alert(work: SystemSession, signal: SignalNow) -> tuple[AlertNow, bool]:
    """Return the open alert of the signal's country and theme, opening one where there is none (True).

    Looks for the key under lock, so that an alert that is being closed is not taken for an open one; goes
    round again where somebody else opened or closed one meanwhile.
    """
    number = None
    while True:
        found = open_alert_of(work, signal.country, signal.theme)
        if found is not None:
            return found, False
        number = number or _next_number(work, signal.country)
        row = {
            "id": new_id(work.now),
            "ref": alert_ref(signal.country, number),
            "country": signal.country,
            "theme": signal.theme,
            "open_key": open_key(signal.country, signal.theme),
            "state": AlertState.NEW,
            "level": signal.level,
            "opened_at": work.now,
            "verification": Verification.UNVERIFIED,
            "revision": 1,
        }
        if inserted(work, Alert, row):
            return lock_alert(work, str(row["id"])), True


def open_alert_of(work: SystemSession, country: str, theme: str) -> AlertNow | None:
    """Return the open alert of a country and theme, under lock; None where there is none."""
    return _locked(work, Alert.open_key == open_key(country, theme))


def open_alert_beside(work: SystemSession, alert_id: str) -> str | None:
    """Return the open alert of the same country and theme as an alert, without holding it."""
    own = select(Alert.country, Alert.theme).where(Alert.id == alert_id)
    found = work.execute(own).first()
    return found and work.scalar(select(Alert.id).where(Alert.open_key == open_key(*found)))


def claim_open_key(work: SystemSession, alert: AlertNow) -> bool:
    """Make an alert the open one of its country and theme; False where another was faster."""
    try:
        with work.begin_nested():
            key = open_key(alert.country, alert.theme)
            work.execute(update(Alert).where(Alert.id == alert.id).values(open_key=key))
    except IntegrityError:
        return False
    return True


def _next_number(work: SystemSession, country: str) -> int:
    insert_ignoring(work, AlertNumber, [{"country": country, "last": 0}])
    counted = (
        update(AlertNumber)
        .where(AlertNumber.country == country)
        .values(last=AlertNumber.last + 1)
        .returning(AlertNumber.last)
    )
    return work.execute(counted).scalar_one()


def lock_alert(work: SystemSession, alert_id: str) -> AlertNow:
    """Return an alert and hold it until the transaction ends.

    Raises:
        NotFoundError: there is none.
    """
    found = _locked(work, Alert.id == alert_id)
    if found is None:
        raise NotFoundError("alert", alert_id)
    return found


def _locked(work: SystemSession, condition: ColumnElement[bool]) -> AlertNow | None:
    fresh = select(Alert).where(condition).with_for_update().execution_options(populate_existing=True)
    row = work.scalars(fresh).first()
    if row is None:
        return None
    return AlertNow(**{name: getattr(row, name) for name in AlertNow.__dataclass_fields__})


def refresh_alert(work: SystemSession, alert_id: str, deadlines: DeadlinePolicy) -> None:
    """Work out an alert's level and due times anew from the signals under it; without any, leave them."""
    raised = raised_signals(work, alert_id)
    if not raised:
        return
    work.execute(
        update(Alert)
        .where(Alert.id == alert_id)
        .values(
            level=highest(level for level, _ in raised),
            verify_due_at=deadlines.due_at(Step.VERIFY, raised),
            decide_due_at=deadlines.due_at(Step.DECIDE, raised),
            respond_due_at=deadlines.due_at(Step.RESPOND, raised),
            revision=Alert.revision + 1,
        )
    )


def check_revision(now: AlertNow, seen: int | None) -> None:
    """Make sure that nobody changed the alert since it was shown.

    Raises:
        StaleError: somebody did.
    """
    if seen is not None and seen != now.revision:
        raise StaleError(
            f"Somebody changed {now.ref} while you were looking at it; it is {now.state} now. "
            "Look at what changed, then try again. Nothing was overwritten."
        )


def change_alert(work: SystemSession, alert: AlertNow, **values: object) -> None:
    """Write new values onto an alert and count its revision up; an alert that is no longer open loses its key."""
    state = values.get("state", alert.state)
    if state not in OPEN_STATES:
        values["open_key"] = None
    work.execute(update(Alert).where(Alert.id == alert.id).values(**values, revision=Alert.revision + 1))


def attach_signal(work: SystemSession, alert_id: str, signal_id: str) -> None:
    """Put a signal under an alert; a second time changes nothing."""
    row = {"signal_id": signal_id, "alert_id": alert_id, "attached_at": work.now}
    insert_ignoring(work, AlertSignal, [row])


def move_all(work: SystemSession, from_alert: str, to_alert: str) -> None:
    """Put everything under one alert under another; its briefs follow the other's in number.

    The history stays where it was written. A notice that has not left yet tells of the other alert. Of two
    drafts the other's is kept.
    """
    newest = work.scalar(select(func.max(Brief.number)).where(Brief.alert_id == to_alert)) or 0
    drafts = select(Brief.id).where(Brief.alert_id == to_alert, Brief.state == BriefState.DRAFT)
    if work.scalar(drafts) is not None:
        work.execute(
            update(Brief)
            .where(Brief.alert_id == from_alert, Brief.state == BriefState.DRAFT)
            .values(state=BriefState.FROZEN, hidden_at=work.now, hidden_because=Hidden.SUPERSEDED)
        )
    work.execute(
        update(Brief)
        .where(Brief.alert_id == from_alert)
        .values(alert_id=to_alert, number=Brief.number + newest)
    )
    for table in (
        AlertSignal,
        MilestoneFact,
        Check,
        Delivery,
        Decision,
        Action,
        Outcome,
        Lesson,
        ReleaseLine,
        Reminder,
    ):
        work.execute(update(table).where(table.alert_id == from_alert).values(alert_id=to_alert))


def merged_into(work: SystemSession, alert_id: str) -> str | None:
    """Return the alert into which one was merged, through any further merges; None where it was not."""
    into = work.scalar(select(Alert.merged_into).where(Alert.id == alert_id))
    return into and (merged_into(work, into) or into)


def labels_under(work: SystemSession, alert_id: str) -> list[Tlp]:
    """Return the labels of the signals under an alert that are not hidden."""
    rows = (
        select(Signal.tlp)
        .join(AlertSignal, AlertSignal.signal_id == Signal.id)
        .where(AlertSignal.alert_id == alert_id, Signal.hidden_at.is_(None))
        .distinct()
    )
    return list(work.scalars(rows))


def raised_signals(work: SystemSession, alert_id: str) -> list[tuple[Level, datetime]]:
    """Return level and time of attachment of each signal under an alert: what its deadlines follow from."""
    rows = (
        select(Signal.level, AlertSignal.attached_at)
        .join(AlertSignal, AlertSignal.signal_id == Signal.id)
        .where(AlertSignal.alert_id == alert_id, Signal.hidden_at.is_(None))
    )
    return [(level, at) for level, at in work.execute(rows)]


def first_report_at(work: SystemSession, signal_id: str) -> datetime | None:
    """Return when the earliest evidence of a signal reached us."""
    return work.scalar(
        select(func.min(Item.fetched_at))
        .join(SignalEvidence, SignalEvidence.item_id == Item.id)
        .where(SignalEvidence.signal_id == signal_id)
    )


def note_facts(work: SystemSession, facts: Iterable[Fact]) -> None:
    """Append milestones; a fact noted before is left as it is."""
    noted = list(facts)
    rows: list[dict[str, object]] = [
        {
            "id": new_id(work.now),
            "alert_id": fact.alert_id,
            "kind": fact.kind,
            "fact_id": fact.fact_id,
            "told_by": fact.told_by,
            "how_known": fact.how_known,
            "happened_at": fact.happened_at,
            "learned_at": work.now,
            **fact.label.columns(),
        }
        for fact in noted
    ]
    insert_ignoring(work, MilestoneFact, rows)
    for fact, row in zip(noted, rows, strict=True):
        share_red(work, fact.label, [str(row["id"])])


@dataclass(frozen=True)
class CheckMade:
    """One attempt to verify an alert."""

    verification: Verification
    credibility: str
    method: str
    note: str | None
    label: Label


def store_check(work: SystemSession, alert_id: str, made: CheckMade) -> str:
    """Append an attempt to verify; return its ULID."""
    return append(
        work,
        Check,
        made.label,
        alert_id=alert_id,
        verification=made.verification,
        credibility=made.credibility,
        method=made.method,
        note=made.note,
        actor=work.actor,
        checked_at=work.now,
    )
