"""The weekly mail: who gets it, whether it was approved, and what was withdrawn, which no viewer's session shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from tracker.domain.viewer import INSIDE
from tracker.domain.words import Hidden, Tlp
from tracker.store.session import SystemSession
from tracker.store.tables import Alert, AlertSignal, DigestWeek, Item, ReleaseLine, Secret, Signal, User
from tracker.store.upsert import inserted

_MAILED = (Tlp.CLEAR, Tlp.GREEN)
ITEM, SIGNAL, LINE = "item", "signal", "line"


def subscribers(work: SystemSession, *, inside_only: bool) -> list[str]:
    """Return the users who get the digest: all who did not stop it, or those inside the Platform."""
    rows = select(User.id).where(User.digest_stopped_at.is_(None)).order_by(User.id)
    if inside_only:
        rows = rows.where(User.role.in_(INSIDE))
    return list(work.scalars(rows))


def is_approved(work: SystemSession, week: str) -> bool:
    """Return whether the digest of an ISO week may go to readers outside the Platform."""
    row = select(DigestWeek.approved_at).where(DigestWeek.week == week)
    return work.scalar(row) is not None


def approve_week(work: SystemSession, week: str, user_id: str) -> bool:
    """Approve the digest of an ISO week; False where it was approved before."""
    row = {"week": week, "approved_by_id": user_id, "approved_at": work.now}
    return inserted(work, DigestWeek, row)


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
