"""The outbox: what must leave the house, written with the fact, sent by share/sender.py. Kind and ids only."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select, update

from tracker.domain.words import OutboxKind, OutboxState
from tracker.store.columns import new_id
from tracker.store.session import SystemSession
from tracker.store.tables import Outbox
from tracker.store.upsert import insert_ignoring


@dataclass(frozen=True)
class Outgoing:
    """One claimed outbox row."""

    id: str
    kind: OutboxKind
    recipient_id: str
    subject_id: str
    message_id: str
    try_count: int


def enqueue(work: SystemSession, kind: OutboxKind, subject_id: str, recipient_ids: list[str]) -> None:
    """Queue one thing for each recipient; what was queued before is left as it is."""
    rows = []
    for recipient_id in recipient_ids:
        row_id = new_id(work.now)
        rows.append(
            {
                "id": row_id,
                "kind": kind,
                "dedupe_key": f"{kind}:{subject_id}:{recipient_id}",
                "recipient_id": recipient_id,
                "subject_id": subject_id,
                "message_id": f"<{row_id.lower()}@early-action.invalid>",
                "state": OutboxState.QUEUED,
                "try_count": 0,
                "created_at": work.now,
                "next_try_at": work.now,
            }
        )
    insert_ignoring(work, Outbox, rows)


def recipients_of(work: SystemSession, kind: OutboxKind, subject_id: str) -> set[str]:
    """Return for whom a thing was queued before, whatever became of it."""
    rows = select(Outbox.recipient_id).where(Outbox.kind == kind, Outbox.subject_id == subject_id)
    return set(work.scalars(rows))


def waiting(work: SystemSession) -> int:
    """Return how many rows have still to leave, in flight or queued, due or not."""
    to_leave = Outbox.state.in_((OutboxState.QUEUED, OutboxState.IN_FLIGHT))
    return work.scalar(select(func.count()).select_from(Outbox).where(to_leave)) or 0


def claim_next(work: SystemSession, stuck_before: datetime) -> Outgoing | None:
    """Take the oldest row that is due, or in flight since before `stuck_before`; None where none is."""
    due = (
        select(Outbox)
        .where(
            or_(
                (Outbox.state == OutboxState.QUEUED) & (Outbox.next_try_at <= work.now),
                (Outbox.state == OutboxState.IN_FLIGHT) & (Outbox.in_flight_since < stuck_before),
            )
        )
        .order_by(Outbox.next_try_at, Outbox.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = work.scalars(due).first()
    if row is None:
        return None
    row.state, row.in_flight_since, row.try_count = OutboxState.IN_FLIGHT, work.now, row.try_count + 1
    return Outgoing(row.id, row.kind, row.recipient_id, row.subject_id, row.message_id, row.try_count)


def settle(
    work: SystemSession,
    row_id: str,
    state: OutboxState,
    *,
    reason: str | None = None,
    next_try_at: datetime | None = None,
) -> None:
    """Write what became of a claimed row, unless it was sent already."""
    values: dict[str, object] = {"state": state, "reason": reason, "in_flight_since": None}
    if state is OutboxState.SENT:
        values["sent_at"] = work.now
    if next_try_at is not None:
        values["next_try_at"] = next_try_at
    work.execute(update(Outbox).where(Outbox.id == row_id, Outbox.state != OutboxState.SENT).values(**values))


def counts(work: SystemSession) -> dict[OutboxState, int]:
    """Return how many rows stand in each state."""
    rows = work.execute(select(Outbox.state, func.count()).group_by(Outbox.state))
    return {state: count for state, count in rows}
