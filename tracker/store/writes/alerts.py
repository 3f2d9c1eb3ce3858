"""Alerts and the facts of their chains: read under lock, changed, recorded."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from tracker.domain.keys import alert_ref, open_key
from tracker.domain.life import OPEN_STATES
from tracker.domain.words import (
    AlertState,
    HowKnown,
    Level,
    MilestoneKind,
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
    Signal,
    SignalEvidence,
)
from tracker.store.upsert import insert_ignoring, inserted
from tracker.store.writes.inbox import SignalNow
from tracker.store.writes.log import Label, share_red


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
    """Return the open alert of the signal's country and theme, opening one where there is none (True)."""
    key = open_key(signal.country, signal.theme)
    found = open_alert_of(work, signal.country, signal.theme)
    if found is not None:
        return found, False
    row = {
        "id": new_id(work.now),
        "ref": alert_ref(signal.country, _next_number(work, signal.country)),
        "country": signal.country,
        "theme": signal.theme,
        "open_key": key,
        "state": AlertState.NEW,
        "level": signal.level,
        "opened_at": work.now,
        "verification": Verification.UNVERIFIED,
        "revision": 1,
    }
    is_new = inserted(work, Alert, row)
    alert_id = work.scalars(select(Alert.id).where(Alert.open_key == key)).one()
    return lock_alert(work, alert_id), is_new


def open_alert_of(work: SystemSession, country: str, theme: str) -> AlertNow | None:
    """Return the open alert of a country and theme, under lock; None where there is none."""
    found = work.scalar(select(Alert.id).where(Alert.open_key == open_key(country, theme)))
    return lock_alert(work, found) if found else None


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
    row = work.scalars(
        select(Alert).where(Alert.id == alert_id).with_for_update().execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFoundError("alert", alert_id)
    return AlertNow(
        id=row.id,
        ref=row.ref,
        country=row.country,
        theme=row.theme,
        state=row.state,
        level=row.level,
        owner_id=row.owner_id,
        opened_at=row.opened_at,
        verification=row.verification,
        revision=row.revision,
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

    The history stays where it was written.
    """
    newest = work.scalar(select(func.max(Brief.number)).where(Brief.alert_id == to_alert)) or 0
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
    ):
        work.execute(update(table).where(table.alert_id == from_alert).values(alert_id=to_alert))


def merged_into(work: SystemSession, alert_id: str) -> str | None:
    """Return the alert into which one was merged, through any further merges; None where it was not."""
    into = work.scalar(select(Alert.merged_into).where(Alert.id == alert_id))
    return into and (merged_into(work, into) or into)


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
            "tlp": fact.label.tlp,
            "org_id": fact.label.org_id,
            "country": fact.label.country,
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
    check_id = new_id(work.now)
    share_red(work, made.label, [check_id])
    work.add(
        Check(
            id=check_id,
            alert_id=alert_id,
            verification=made.verification,
            credibility=made.credibility,
            method=made.method,
            note=made.note,
            actor=work.actor,
            checked_at=work.now,
            tlp=made.label.tlp,
            org_id=made.label.org_id,
            country=made.label.country,
        )
    )
    return check_id


def alerts_past(work: SystemSession, limit: int) -> list[tuple[str, str | None]]:
    """Return open alerts whose decision is overdue (id, owner), longest first."""
    late = (
        select(Alert.id, Alert.owner_id)
        .where(Alert.state.in_(OPEN_STATES), Alert.decide_due_at <= work.now)
        .order_by(Alert.decide_due_at)
        .limit(limit)
    )
    return [(alert_id, owner_id) for alert_id, owner_id in work.execute(late)]
