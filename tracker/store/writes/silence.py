"""When partners last reported, and which silences were said of partners who have reported again since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from tracker.domain.words import InboxState, ItemKind, SourceKind, Tlp
from tracker.store.session import SystemSession
from tracker.store.tables import Item, Signal, SignalEvidence, Source
from tracker.store.writes.inbox import SignalNow, signal_now

REPORTS_AT_MOST = 30
"""Newest reports by which a partner's habit is known."""


@dataclass(frozen=True)
class ReportRow:
    """One of the newest reports of a partner's source; times in UTC."""

    source_id: str
    arrived_at: datetime
    item_id: str
    version_id: str
    country: str | None
    severity: int | None
    tlp: Tlp
    org_id: str


def newest_reports(work: SystemSession, since: datetime, before: datetime) -> Sequence[ReportRow]:
    """Return the newest reports of partners whose last one came in this time, by source, oldest first."""
    quiet = select(Source.id).where(
        Source.kind == SourceKind.PARTNER,
        Source.hidden_at.is_(None),
        Source.last_ok_at >= since,
        Source.last_ok_at < before,
    )
    place = func.row_number().over(
        partition_by=Item.source_id, order_by=(Item.fetched_at.desc(), Item.id.desc())
    )
    reports = (
        select(
            Item.source_id,
            Item.fetched_at,
            Item.id,
            Item.version_id,
            Item.country,
            Item.severity,
            Item.tlp,
            Item.org_id,
            place.label("place"),
        )
        .where(Item.source_id.in_(quiet), Item.kind == ItemKind.REPORT, Item.hidden_at.is_(None))
        .subquery()
    )
    rows = select(*(column for column in reports.c if column.name != "place")).where(
        reports.c.place <= REPORTS_AT_MOST
    )
    return [
        ReportRow(*row) for row in work.execute(rows.order_by(reports.c.source_id, reports.c.place.desc()))
    ]


def broken_silences(work: SystemSession, rule: str) -> list[SignalNow]:
    """Return under lock the signals of silence still in the inbox whose partner has reported again."""
    later = aliased(Item)
    again = (
        select(later.id)
        .where(
            later.source_id == Item.source_id,
            later.kind == ItemKind.REPORT,
            later.hidden_at.is_(None),
            later.fetched_at > Item.fetched_at,
        )
        .exists()
    )
    about = select(SignalEvidence.signal_id).join(Item, Item.id == SignalEvidence.item_id).where(again)
    rows = (
        select(Signal)
        .where(
            Signal.rule == rule,
            Signal.inbox_state.in_((InboxState.WAITING, InboxState.SNOOZED)),
            Signal.hidden_at.is_(None),
            Signal.id.in_(about),
        )
        .order_by(Signal.id)
        .with_for_update(skip_locked=True)
    )
    return [signal_now(row) for row in work.scalars(rows)]
