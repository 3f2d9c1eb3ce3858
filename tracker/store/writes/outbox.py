"""The outbox: what must leave the house, written with the fact, sent by share/sender.py. Kind and ids only."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, func, or_, select, update

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
    created_at: datetime
    channel_id: str | None


class By(StrEnum):
    """By which way rows leave: mail, or a channel of their recipient."""

    MAIL = "mail"
    CHANNEL = "channel"


@dataclass(frozen=True)
class Matter:
    """What mails are about: their kind, and the id of the delivery, the ISO week, or the alert."""

    kind: OutboxKind
    subject_id: str


_FIRST = (OutboxKind.NOTICE, OutboxKind.DELIVERY)
"""What leaves before all else: a long digest must not hold up what somebody waits for."""


def enqueue(work: SystemSession, kind: OutboxKind, subject_id: str, recipient_ids: list[str]) -> None:
    """Queue one thing for each recipient; what was queued before is left as it is."""
    rows = [_queued(work, kind, subject_id, recipient_id) for recipient_id in recipient_ids]
    insert_ignoring(work, Outbox, rows)


def enqueue_by(
    work: SystemSession, kind: OutboxKind, subject_id: str, recipient_id: str, channel_id: str
) -> None:
    """Queue one thing for a recipient to leave by one of their channels; twice changes nothing."""
    insert_ignoring(work, Outbox, [_queued(work, kind, subject_id, recipient_id, channel_id)])


def _queued(
    work: SystemSession, kind: OutboxKind, subject_id: str, recipient_id: str, channel_id: str | None = None
) -> dict[str, object]:
    row_id, by = new_id(work.now), f":{channel_id}" if channel_id else ""
    return {
        "id": row_id,
        "kind": kind,
        "dedupe_key": f"{kind}:{subject_id}:{recipient_id}{by}",
        "recipient_id": recipient_id,
        "subject_id": subject_id,
        "channel_id": channel_id,
        "message_id": f"<{row_id.lower()}@early-action.invalid>",
        "state": OutboxState.QUEUED,
        "try_count": 0,
        "created_at": work.now,
        "next_try_at": work.now,
    }


def recipients_of(work: SystemSession, kind: OutboxKind, subject_id: str) -> set[str]:
    """Return for whom a thing was queued before, whatever became of it."""
    rows = select(Outbox.recipient_id).where(Outbox.kind == kind, Outbox.subject_id == subject_id)
    return set(work.scalars(rows))


@dataclass(frozen=True)
class Fate:
    """What became of one mail, and why, where it did not go out."""

    recipient_id: str
    state: OutboxState
    reason: str | None


def fates(work: SystemSession, matter: Matter) -> list[Fate]:
    """Return what became of the mails of one matter, oldest first."""
    rows = select(Outbox.recipient_id, Outbox.state, Outbox.reason).where(*_about(matter))
    return [Fate(*row) for row in work.execute(rows.order_by(Outbox.id))]


def waiting(work: SystemSession, matter: Matter | None = None) -> int:
    """Return how many rows (of one matter) have still to leave, in flight or queued, due or not."""
    to_leave = Outbox.state.in_((OutboxState.QUEUED, OutboxState.IN_FLIGHT))
    return work.scalar(select(func.count()).select_from(Outbox).where(to_leave, *_about(matter))) or 0


def may_arrive(work: SystemSession, matter: Matter) -> bool:
    """Return whether one of the rows of a matter left, or may leave yet."""
    states = (OutboxState.SENT, OutboxState.QUEUED, OutboxState.IN_FLIGHT)
    return (
        work.scalar(select(Outbox.id).where(*_about(matter), Outbox.state.in_(states)).limit(1)) is not None
    )


def claim_next(
    work: SystemSession, stuck_before: datetime, matter: Matter | None = None, by: By = By.MAIL
) -> Outgoing | None:
    """Take the oldest row (of one matter) that is due, or in flight since before `stuck_before`.

    Notices and deliveries come before all else.
    """
    first = _oldest_due(work, stuck_before, by, *_about(matter), Outbox.kind.in_(_FIRST))
    row = first or _oldest_due(work, stuck_before, by, *_about(matter), Outbox.kind.not_in(_FIRST))
    if row is None:
        return None
    row.state, row.in_flight_since, row.try_count = OutboxState.IN_FLIGHT, work.now, row.try_count + 1
    return Outgoing(
        row.id,
        row.kind,
        row.recipient_id,
        row.subject_id,
        row.message_id,
        row.try_count,
        row.created_at,
        row.channel_id,
    )


def _oldest_due(
    work: SystemSession, stuck_before: datetime, by: By, *among: ColumnElement[bool]
) -> Outbox | None:
    due = (
        select(Outbox)
        .where(
            *among,
            Outbox.channel_id.is_(None) if by is By.MAIL else Outbox.channel_id.is_not(None),
            or_(
                (Outbox.state == OutboxState.QUEUED) & (Outbox.next_try_at <= work.now),
                (Outbox.state == OutboxState.IN_FLIGHT) & (Outbox.in_flight_since < stuck_before),
            ),
        )
        .order_by(Outbox.next_try_at, Outbox.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return work.scalars(due).first()


def _about(matter: Matter | None) -> list[ColumnElement[bool]]:
    if matter is None:
        return []
    return [Outbox.kind == matter.kind, Outbox.subject_id == matter.subject_id]


def settle(
    work: SystemSession,
    row: Outgoing,
    state: OutboxState,
    *,
    reason: str | None = None,
    next_try_at: datetime | None = None,
) -> None:
    """Write what became of a claimed row, as long as the claim is ours: a stuck row may have been claimed anew.

    That a server accepted the mail is a fact and is noted even so, lest it be sent again (ADR 0005).
    """
    ours: ColumnElement[bool] = (Outbox.state == OutboxState.IN_FLIGHT) & (Outbox.try_count == row.try_count)
    values: dict[str, object] = {"state": state, "reason": reason, "in_flight_since": None}
    if state is OutboxState.SENT:
        values["sent_at"], ours = work.now, Outbox.state != OutboxState.SENT
    if next_try_at is not None:
        values["next_try_at"] = next_try_at
    work.execute(update(Outbox).where(Outbox.id == row.id, ours).values(**values))


def counts(work: SystemSession) -> dict[OutboxState, int]:
    """Return how many rows stand in each state."""
    rows = work.execute(select(Outbox.state, func.count()).group_by(Outbox.state))
    return {state: count for state, count in rows}
