"""The weekly mail: who gets it, what its editors did, whether it was approved; and what no viewer's session shows.

That is what was withdrawn, and which alerts rest on a rumour: codes only, for what is to be left out.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select, update

from tracker.domain.viewer import INSIDE
from tracker.domain.words import EditKind, Hidden, Tlp
from tracker.store.reads.digest import rests_on
from tracker.store.session import SystemSession
from tracker.store.tables import (
    Alert,
    AlertSignal,
    DigestEdit,
    DigestWeek,
    Item,
    Receipt,
    ReleaseLine,
    Secret,
    Signal,
    User,
)
from tracker.store.upsert import insert_ignoring

_MAILED = (Tlp.CLEAR, Tlp.GREEN)
ITEM, SIGNAL, LINE = "item", "signal", "line"


def subscribers(work: SystemSession, *, inside_only: bool) -> list[str]:
    """Return the users who get the digest: all who did not stop it, or those inside the Platform."""
    rows = select(User.id).where(User.digest_stopped_at.is_(None)).order_by(User.id)
    if inside_only:
        rows = rows.where(User.role.in_(INSIDE))
    return list(work.scalars(rows))


@dataclass(frozen=True)
class Edit:
    """One thing that an editor did, in the order of `number`. `lead` belongs to a lead, `alert_id` to the others."""

    number: int
    kind: EditKind
    alert_id: str | None
    lead: str | None
    editor_id: str
    edited_at: datetime


@dataclass(frozen=True)
class WeekNow:
    """How far the digest of an ISO week has come, with its edits, oldest first. Instants are UTC."""

    week: str
    drafted_at: datetime | None = None
    approved_by_id: str | None = None
    approved_at: datetime | None = None
    queued_at: datetime | None = None
    edits: tuple[Edit, ...] = ()


def week_now(work: SystemSession, week: str) -> WeekNow:
    """Return how far a week's digest has come; nothing yet where it is not known."""
    row = work.scalars(select(DigestWeek).where(DigestWeek.week == week)).first()
    return _now(work, row) if row else WeekNow(week)


def lock_week(work: SystemSession, week: str) -> WeekNow:
    """Return how far a week's digest has come and hold it until the transaction ends; makes its row where needed."""
    insert_ignoring(work, DigestWeek, [{"week": week}])
    rows = select(DigestWeek).where(DigestWeek.week == week)
    return _now(work, work.scalars(rows.with_for_update().execution_options(populate_existing=True)).one())


def newest_weeks(work: SystemSession, limit: int) -> list[WeekNow]:
    """Return the newest weeks of which there is a draft or a mail."""
    begun = or_(
        DigestWeek.drafted_at.is_not(None),
        DigestWeek.approved_at.is_not(None),
        DigestWeek.queued_at.is_not(None),
    )
    rows = select(DigestWeek).where(begun).order_by(DigestWeek.week.desc()).limit(limit)
    return [_now(work, row) for row in work.scalars(rows)]


def _now(work: SystemSession, row: DigestWeek) -> WeekNow:
    edits = select(DigestEdit).where(DigestEdit.week == row.week).order_by(DigestEdit.number)
    return WeekNow(
        row.week,
        row.drafted_at,
        row.approved_by_id,
        row.approved_at,
        row.queued_at,
        tuple(
            Edit(each.number, each.kind, each.alert_id, each.lead, each.editor_id, each.edited_at)
            for each in work.scalars(edits)
        ),
    )


def store_edit(work: SystemSession, now: WeekNow, edit: Edit) -> None:
    """Append an edit to a week that is held (`lock_week`)."""
    row = DigestEdit(
        week=now.week,
        number=edit.number,
        kind=edit.kind,
        alert_id=edit.alert_id,
        lead=edit.lead,
        editor_id=edit.editor_id,
        edited_at=edit.edited_at,
    )
    work.add(row)


def change_week(work: SystemSession, week: str, **values: object) -> None:
    """Change how far a week's digest has come."""
    work.execute(update(DigestWeek).where(DigestWeek.week == week).values(**values))


def is_approved(work: SystemSession, week: str) -> bool:
    """Return whether the digest of an ISO week may go to readers outside the Platform."""
    row = select(DigestWeek.approved_at).where(DigestWeek.week == week)
    return work.scalar(row) is not None


def kept_secret(work: SystemSession, name: str) -> bytes | None:
    """Return the installation's secret of this name, None where none was made yet."""
    return work.scalar(select(Secret.value).where(Secret.name == name))


@dataclass(frozen=True)
class TakenBack:
    """A row that was withdrawn: what it was, its country, and the ref of the alert it stood under."""

    what: str
    country: str | None
    alert_ref: str | None


def taken_back(work: SystemSession, since: datetime, until: datetime) -> list[TakenBack]:
    """Return what was withdrawn in a period among the rows that a mail could have spoken of (GREEN at most).

    What retention erased is not among it: nobody took that back. Hidden rows are shown to nobody, so this reads on
    the system session. It gives codes only; whoever passes them on must still cut them by the reader's countries.
    """
    lines = select(ReleaseLine.country, Alert.ref).join(Alert, Alert.id == ReleaseLine.alert_id)
    signals = (
        select(Signal.country, Alert.ref)
        .outerjoin(AlertSignal, AlertSignal.signal_id == Signal.id)
        .outerjoin(Alert, Alert.id == AlertSignal.alert_id)
    )
    found = [
        TakenBack(ITEM, row[0], None)
        for row in work.execute(_hidden(select(Item.country), Item, since, until))
    ]
    found += [TakenBack(LINE, *row) for row in work.execute(_hidden(lines, ReleaseLine, since, until))]
    found += [TakenBack(SIGNAL, *row) for row in work.execute(_hidden(signals, Signal, since, until))]
    return found


def _hidden(rows: Any, table: Any, since: datetime, until: datetime) -> Select[Any]:
    taken: Select[Any] = rows.where(
        table.hidden_because == Hidden.WITHDRAWN,
        table.hidden_at >= since,
        table.hidden_at < until,
        table.tlp.in_(_MAILED),
    ).order_by(table.id)
    return taken


def resting_on(work: SystemSession, alert_ids: Collection[str], category: str) -> set[str]:
    """Return those of the alerts that rest on an item of a category, whatever its label: to leave words out by."""
    return set(work.scalars(rests_on(alert_ids, category)))


def unanswered(work: SystemSession, item_ids: Collection[str]) -> int:
    """Return how many of these field reports have no answer for their sender yet."""
    rows = select(func.count()).select_from(Receipt)
    return work.scalar(rows.where(Receipt.item_id.in_(item_ids), Receipt.replied_at.is_(None))) or 0
