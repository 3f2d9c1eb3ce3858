"""Signals in the inbox: read under lock, settled, put aside, woken; and the note of what a person did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import aliased

from tracker.domain.rules import HAND
from tracker.domain.words import InboxState, Level, Subject
from tracker.errors import NotFoundError
from tracker.store.columns import new_id
from tracker.store.session import SystemSession
from tracker.store.tables import Signal, SignalEvidence, Triage
from tracker.store.writes.log import Change, Label, record, share_red


@dataclass(frozen=True)
class SignalNow:
    """A signal as it stands now, under lock."""

    id: str
    country: str
    theme: str
    rule: str
    level: Level
    label: Label
    state: InboxState
    emerged_at: datetime
    flagged_at: datetime
    revision: int


def lock_signal(work: SystemSession, signal_id: str) -> SignalNow:
    """Return a signal and hold it until the transaction ends.

    Raises:
        NotFoundError: there is none, or it was hidden.
    """
    row = work.scalars(
        select(Signal).where(Signal.id == signal_id, Signal.hidden_at.is_(None)).with_for_update()
    ).first()
    if row is None:
        raise NotFoundError("signal", signal_id)
    return signal_now(row)


def next_that_opens(work: SystemSession, levels: Sequence[Level]) -> SignalNow | None:
    """Return under lock the oldest waiting signal of these levels: one that opens an alert by itself.

    One that somebody is just settling is passed over.
    """
    rows = (
        select(Signal)
        .where(
            Signal.inbox_state == InboxState.WAITING,
            Signal.level.in_(levels),
            Signal.hidden_at.is_(None),
        )
        .order_by(Signal.flagged_at, Signal.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = work.scalars(rows).first()
    return signal_now(row) if row else None


def waiting_beside(work: SystemSession, signal: SignalNow) -> list[SignalNow]:
    """Return under lock the other waiting signals that speak of the same under the same label, by the same rule.

    One that somebody is just settling is passed over.
    """
    this, other = aliased(Signal), Signal
    rows = (
        select(other)
        .join(this, (this.rule == other.rule) & (this.subject_value == other.subject_value))
        .where(
            this.id == signal.id,
            other.id != this.id,
            other.subject == this.subject,
            other.country == this.country,
            other.theme == this.theme,
            other.tlp == this.tlp,
            other.org_id == this.org_id,
            other.inbox_state == InboxState.WAITING,
            other.hidden_at.is_(None),
        )
        .order_by(other.id)
        .with_for_update(of=other, skip_locked=True)
    )
    return [signal_now(row) for row in work.scalars(rows)]


def signal_now(row: Signal) -> SignalNow:
    """Return a signal's row as the inbox works with it."""
    assert row.country is not None
    return SignalNow(
        id=row.id,
        country=row.country,
        theme=row.theme,
        rule=row.rule,
        level=row.level,
        label=Label.of(row),
        state=row.inbox_state,
        emerged_at=row.emerged_at,
        flagged_at=row.flagged_at,
        revision=row.revision,
    )


def settle_signals(
    work: SystemSession,
    signals: Sequence[SignalNow],
    state: InboxState,
    snoozed_until: datetime | None = None,
) -> None:
    """Write what became of signals in the inbox."""
    work.execute(
        update(Signal)
        .where(Signal.id.in_([signal.id for signal in signals]))
        .values(inbox_state=state, snoozed_until=snoozed_until, revision=Signal.revision + 1)
    )


def wake_signals(work: SystemSession, limit: int) -> int:
    """Put snoozed signals whose time has come back among the waiting, with their history; return how many."""
    rows = (
        select(Signal)
        .where(
            Signal.inbox_state == InboxState.SNOOZED,
            Signal.snoozed_until <= work.now,
            Signal.hidden_at.is_(None),
        )
        .order_by(Signal.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    woken = [signal_now(row) for row in work.scalars(rows)]
    if woken:
        settle_signals(work, woken, InboxState.WAITING)
    states = (InboxState.SNOOZED, InboxState.WAITING)
    record(work, *(Change("signal", signal.id, "woken", signal.label, None, *states) for signal in woken))
    return len(woken)


@dataclass(frozen=True)
class TriageNote:
    """What a person did with a signal, and why; `label` says who may read the note."""

    signal_id: str
    state: InboxState
    label: Label
    reason: str | None = None
    note: str | None = None
    until: datetime | None = None
    alert_id: str | None = None


def store_triage(work: SystemSession, *notes: TriageNote) -> None:
    """Append what was done with signals."""
    rows = {new_id(work.now): note for note in notes}
    for id_, note in rows.items():
        share_red(work, note.label, [id_])
    work.add_all(
        Triage(
            id=id_,
            signal_id=note.signal_id,
            state=note.state,
            reason=note.reason,
            note=note.note,
            until=note.until,
            alert_id=note.alert_id,
            actor=work.actor,
            done_at=work.now,
            **note.label.columns(),
        )
        for id_, note in rows.items()
    )
    work.flush()


def lock_signals_of_item(work: SystemSession, item_id: str) -> dict[str, SignalNow]:
    """Return under lock the signals of the rule `hand` that carry an item and are not hidden, by their keys.

    To be called before an alert is locked, as whoever settles a signal does.
    """
    resting = select(SignalEvidence.signal_id).where(SignalEvidence.item_id == item_id)
    rows = (
        select(Signal)
        .where(
            Signal.id.in_(resting),
            Signal.rule == HAND,
            Signal.subject == Subject.ITEM,
            Signal.hidden_at.is_(None),
        )
        .order_by(Signal.id)
        .with_for_update()
    )
    return {row.key: signal_now(row) for row in work.scalars(rows)}


def raise_by_hand(
    work: SystemSession,
    signal_key: str,
    sentence: str,
    signal: SignalNow,
    due_at: datetime,
    item: tuple[str, str] | None = None,
) -> None:
    """Keep a signal of the rule `hand`: one on which an alert rests, or that carries an item (id, version).

    `due_at` is when it is to be looked at, UTC.
    """
    share_red(work, signal.label, [signal.id])
    work.add(
        Signal(
            id=signal.id,
            key=signal_key,
            rule=signal.rule,
            rule_version=1,
            theme=signal.theme,
            subject=Subject.ITEM if item else Subject.HAND,
            subject_value=item[0] if item else signal.id,
            level=signal.level,
            source_count=1 if item else 0,
            sentence=sentence,
            emerged_at=signal.emerged_at,
            flagged_at=signal.flagged_at,
            inbox_state=signal.state,
            inbox_due_at=due_at,
            **signal.label.columns(),
        )
    )
    work.flush()
    if item:
        work.add(SignalEvidence(signal_id=signal.id, version_id=item[1], item_id=item[0]))
        work.flush()
