"""History and audit rows: appended with the change, in its transaction, never altered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self, TypedDict

from sqlalchemy import select

from tracker.domain.words import Role, Tlp
from tracker.store.columns import new_id
from tracker.store.session import SystemSession
from tracker.store.tables import AuditRow, Grant, History, User
from tracker.store.tables.base import Base, LabelledRow
from tracker.store.upsert import insert_ignoring


class LabelColumns(TypedDict):
    """The columns of a labelled row that say who may see it."""

    tlp: Tlp
    org_id: str
    country: str | None


@dataclass(frozen=True)
class Label:
    """Who may see a row: its TLP label, its holder, its country (None: about none)."""

    tlp: Tlp
    org_id: str
    country: str | None

    @classmethod
    def of(cls, row: LabelledRow) -> Self:
        """Return the label that a row carries."""
        return cls(row.tlp, row.org_id, row.country)

    def columns(self) -> LabelColumns:
        """Return the label as the columns of a row."""
        return {"tlp": self.tlp, "org_id": self.org_id, "country": self.country}


@dataclass(frozen=True)
class Change:
    """One change for the history. `note` holds words, so it must be right for `label`.

    `happened_at` is when it happened in the world, UTC; None means with the transaction.
    """

    subject: str
    subject_id: str
    deed: str
    label: Label
    alert_id: str | None = None
    from_state: str | None = None
    to_state: str | None = None
    reason: str | None = None
    note: str | None = None
    rule_version: int | None = None
    happened_at: datetime | None = None
    actor: str | None = None


def share_red(work: SystemSession, label: Label, row_ids: Sequence[str]) -> None:
    """Grant rows that are RED to the holder's coordinators: RED is seen by grant alone, and someone must see it."""
    if label.tlp is not Tlp.RED or not row_ids:
        return
    coordinators = select(User.id).where(User.org_id == label.org_id, User.role == Role.COORDINATOR)
    grants = [
        {"user_id": user_id, "row_id": row_id, "granted_at": work.now}
        for user_id in work.scalars(coordinators)
        for row_id in row_ids
    ]
    insert_ignoring(work, Grant, grants)


def append(work: SystemSession, table: type[Base], label: Label, **columns: object) -> str:
    """Append a row of a labelled table under a label, shared where it is RED; return its ULID."""
    row_id = new_id(work.now)
    share_red(work, label, [row_id])
    work.add(table(id=row_id, **columns, **label.columns()))
    work.flush()
    return row_id


def record(work: SystemSession, *changes: Change) -> list[str]:
    """Append changes to the history, as the session's actor's unless one names its own; return their ULIDs."""
    ids = list[str]()
    for change in changes:
        history_id = new_id(work.now)
        share_red(work, change.label, [history_id])
        row = History(
            id=history_id,
            subject=change.subject,
            subject_id=change.subject_id,
            alert_id=change.alert_id,
            deed=change.deed,
            from_state=change.from_state,
            to_state=change.to_state,
            reason=change.reason,
            note=change.note,
            rule_version=change.rule_version,
            actor=change.actor or work.actor,
            happened_at=change.happened_at or work.now,
            learned_at=work.now,
            **change.label.columns(),
        )
        work.add(row)
        ids.append(history_id)
    return ids


def audit(work: SystemSession, deed: str, subject: str, reason: str | None = None) -> None:
    """Append an accountable deed; the sealer chains it later (seal_audit)."""
    work.add(
        AuditRow(
            id=new_id(work.now),
            actor=work.actor,
            deed=deed,
            subject=subject,
            reason=reason,
            done_at=work.now,
        )
    )


@dataclass(frozen=True)
class AuditEntry:
    """One audit row as the sealer and the doctor read it."""

    id: str
    actor: str
    deed: str
    subject: str
    reason: str | None
    done_at: datetime
    number: int | None
    seal: str | None


def unsealed(work: SystemSession, limit: int) -> list[AuditEntry]:
    """Return the oldest audit rows that no seal covers yet."""
    rows = select(AuditRow).where(AuditRow.number.is_(None)).order_by(AuditRow.id).limit(limit)
    return [_entry(row) for row in work.scalars(rows)]


def last_sealed(work: SystemSession) -> AuditEntry | None:
    """Return the newest sealed audit row."""
    newest = select(AuditRow).where(AuditRow.number.is_not(None)).order_by(AuditRow.number.desc()).limit(1)
    row = work.scalars(newest).first()
    return _entry(row) if row else None


def sealed_after(work: SystemSession, number: int, limit: int) -> list[AuditEntry]:
    """Return sealed audit rows with a higher number, in order."""
    rows = select(AuditRow).where(AuditRow.number > number).order_by(AuditRow.number).limit(limit)
    return [_entry(row) for row in work.scalars(rows)]


def store_seals(work: SystemSession, seals: dict[str, tuple[int, str]]) -> None:
    """Write number and seal onto audit rows, by id."""
    for row in work.scalars(select(AuditRow).where(AuditRow.id.in_(seals), AuditRow.number.is_(None))):
        row.number, row.seal = seals[row.id]


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(row.id, row.actor, row.deed, row.subject, row.reason, row.done_at, row.number, row.seal)
