"""What came of asking a source, onto its row: the one exit of every success and failure, with its history."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from tracker.domain.words import OutboxKind, Reliability, Role, SourceState, Trouble
from tracker.store.session import SystemSession
from tracker.store.tables import Source, SourceAddress, User
from tracker.store.writes.log import Change, Label, record
from tracker.store.writes.outbox import enqueue

HEALTH = ("failed", "recovered", "noted")
"""Deeds of a source's history that tell how it fared; kept for a while, unlike what people did and where it moved."""


@dataclass(frozen=True)
class Move:
    """A move for good: where to, in how many polls in a row it was seen, whether that is enough to follow it."""

    to: str | None = None
    seen: int = 0
    follow: bool = False


@dataclass(frozen=True)
class PollResult:
    """What came of one poll, success or not; times in UTC.

    Attributes:
        state: how the source stands now.
        asked_in: how it stood when it was chosen to be asked, and since when.
        ok: whether it answered as a feed should.
        failure_count: failures in a row.
        next_poll_at: when it is due again; None where it is not asked any more.
        reason: shown to people; None where all is well.
        trouble: what kind of trouble it is in, where it fails.
        held_until: until when its host wants to be left alone.
        body_digest: None where the document is to be read again next time, whatever it is.
        says_every: how long its document may be kept, as it says.
        move: whether its address moved for good.
        guid_churns: whether its guids proved fresh at every poll.
        items_new: how many items it gave for the first time.
    """

    state: SourceState
    asked_in: tuple[SourceState, datetime | None]
    ok: bool
    failure_count: int
    next_poll_at: datetime | None
    reason: str | None = None
    trouble: Trouble | None = None
    held_until: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_digest: str | None = None
    says_every: timedelta | None = None
    move: Move = field(default_factory=Move)
    guid_churns: bool = False
    items_new: int = 0


def apply_poll(work: SystemSession, row: Source, result: PollResult) -> None:
    """Write what came of a poll onto its source, which is under lock; one switched off meanwhile stays so."""
    row.last_polled_at = work.now
    row.held_until = result.held_until
    row.failure_count = result.failure_count
    row.guid_churns = row.guid_churns or result.guid_churns
    row.item_count += result.items_new
    if result.items_new:
        row.last_new_at = work.now
    if result.ok:
        row.last_ok_at = work.now
        row.etag, row.last_modified, row.body_digest = result.etag, result.last_modified, result.body_digest
        row.says_every = int(result.says_every.total_seconds()) if result.says_every else None
    if row.state is SourceState.DISABLED and (row.state, row.state_since) != result.asked_in:
        return
    reason = _follow(work, row, result.move) or result.reason
    _note_change(work, row, result.state, reason)
    row.reason, row.trouble, row.next_poll_at = reason, result.trouble, result.next_poll_at


def switch_off(work: SystemSession, source_id: str, reason: str) -> bool:
    """Ask a source no more, because a person said so; False where it was off already."""
    row = _lock(work, source_id)
    if row.state is SourceState.DISABLED:
        return False
    _record(work, row, "switched off", to_state=SourceState.DISABLED, note=reason)
    row.state, row.state_since, row.reason = SourceState.DISABLED, work.now, reason
    row.trouble, row.next_poll_at = None, None
    return True


def switch_on(work: SystemSession, source_id: str) -> bool:
    """Ask a source again from now on, because a person said so; False where it was on already.

    Its earlier failures are forgotten.
    """
    row = _lock(work, source_id)
    if row.state is not SourceState.DISABLED:
        return False
    _record(work, row, "switched on", to_state=SourceState.ACTIVE, note=None)
    row.state, row.state_since, row.reason = SourceState.ACTIVE, work.now, None
    row.trouble, row.next_poll_at, row.failure_count = None, work.now, 0
    return True


def keep(work: SystemSession, source_id: str, steward_id: str | None, reliability: Reliability) -> None:
    """Give a source another steward or grade; the history names no person."""
    row = _lock(work, source_id)
    changed = ["another steward"] if steward_id != row.steward_id else []
    if reliability is not row.reliability:
        changed.append(f"reliability {row.reliability} → {reliability}")
    if changed:
        _record(work, row, "changed", note=", ".join(changed))
    row.steward_id, row.reliability = steward_id, reliability


def _lock(work: SystemSession, source_id: str) -> Source:
    """Return a source, and keep polls and other people from changing it until this transaction ends."""
    one = select(Source).where(Source.id == source_id).with_for_update()
    return work.scalars(one.execution_options(populate_existing=True)).one()


def _follow(work: SystemSession, row: Source, move: Move) -> str | None:
    """Rewrite the address where its move was seen often enough; say why where it cannot be."""
    row.moved_to, row.moved_count = move.to, move.seen
    if not move.follow or move.to is None or row.url is None:
        return None
    other = owner_of(work, move.to)
    if other is not None and other.id != row.id:
        return "moved for good to an address of another source; switch one of the two off"
    work.execute(delete(SourceAddress).where(SourceAddress.url.in_((move.to, row.url))))
    work.add(SourceAddress(url=row.url, source_id=row.id, left_at=work.now))
    _record(work, row, "moved", note=f"{row.url} → {move.to}")
    row.url, row.moved_to, row.moved_count = move.to, None, 0
    return None


def owner_of(work: SystemSession, url: str) -> Source | None:
    """Return the source that has an address, or had it before it moved."""
    present = work.scalars(select(Source).where(Source.url == url)).first()
    if present is not None:
        return present
    before = select(Source).join(SourceAddress, SourceAddress.source_id == Source.id)
    return work.scalars(before.where(SourceAddress.url == url)).first()


def _note_change(work: SystemSession, row: Source, state: SourceState, reason: str | None) -> None:
    """Append to the history what changed: the state, why it fails, or that there is something to know."""
    fails_otherwise = state is SourceState.FAILING and reason != row.reason
    is_news = state is SourceState.ACTIVE and reason is not None and row.reason is None
    if state is row.state and not fails_otherwise and not is_news:
        return
    deed = _DEEDS[state] if state is not row.state or fails_otherwise else "noted"
    change_id = _record(work, row, deed, to_state=state, note=reason)
    if state is not row.state:
        row.state, row.state_since = state, work.now
        if state is SourceState.DISABLED:
            enqueue(work, OutboxKind.SOURCE_OFF, change_id, _keepers(work, row))


_DEEDS = {
    SourceState.ACTIVE: "recovered",
    SourceState.FAILING: "failed",
    SourceState.DISABLED: "switched off",
}


def _record(
    work: SystemSession, row: Source, deed: str, *, to_state: SourceState | None = None, note: str | None
) -> str:
    change = Change(
        subject="source",
        subject_id=row.id,
        deed=deed,
        label=Label.of(row),
        from_state=row.state,
        to_state=to_state or row.state,
        note=note,
    )
    (change_id,) = record(work, change)
    return change_id


def _keepers(work: SystemSession, row: Source) -> list[str]:
    """Return whom to tell of a source: its steward, or where it has none the coordinators of its holder."""
    here = select(User.id).where(User.disabled_at.is_(None))
    steward = work.scalars(here.where(User.id == row.steward_id)).all()
    coordinators = here.where(User.org_id == row.org_id, User.role == Role.COORDINATOR)
    return list(steward or work.scalars(coordinators))
