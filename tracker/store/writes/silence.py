"""When partners last reported, and which silences were said of partners who have reported again since."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from tracker.domain.counts import Cut
from tracker.domain.words import InboxState, ItemKind, SourceKind, Tlp
from tracker.store.session import SystemSession
from tracker.store.tables import Item, Signal, SignalEvidence, Source
from tracker.store.writes.inbox import SignalNow, signal_now


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


def newest_reports(
    work: SystemSession, since: datetime, before: datetime, at_most: int
) -> Sequence[ReportRow]:
    """Return the newest reports of partners whose last one came in this time, by source, oldest first.

    `at_most` is how many of each.
    """
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
        reports.c.place <= at_most
    )
    return [
        ReportRow(*row) for row in work.execute(rows.order_by(reports.c.source_id, reports.c.place.desc()))
    ]


@dataclass(frozen=True)
class LaterReport:
    """A silence still in the inbox, and under which label its partner has reported since."""

    signal_id: str
    silence: Cut
    report: Cut


def reported_again(work: SystemSession, rule: str) -> list[LaterReport]:
    """Return the silences still in the inbox whose partners have reported again, each with every label of that.

    Reports of the silence's own country alone: of others, who is there for that country knows nothing.
    """
    rows = (
        select(Signal.id, Signal.tlp, Signal.org_id, Signal.country, Item.source_id, Item.fetched_at)
        .join(SignalEvidence, SignalEvidence.signal_id == Signal.id)
        .join(Item, Item.id == SignalEvidence.item_id)
        .where(*_in_inbox(), Signal.rule == rule)
    )
    silences = work.execute(rows).all()
    newest = _newest_by_label(work, {silence.source_id for silence in silences}) if silences else []
    return [
        LaterReport(silence.id, Cut.of(silence.tlp, silence.org_id), Cut.of(report.tlp, report.org_id))
        for silence in silences
        for report in newest
        if (report.source_id, report.country) == (silence.source_id, silence.country)
        and report.at > silence.fetched_at
    ]


def _newest_by_label(work: SystemSession, source_ids: Collection[str]) -> Sequence[Any]:
    newest = func.max(Item.fetched_at).label("at")
    rows = select(Item.source_id, Item.country, Item.tlp, Item.org_id, newest).where(
        Item.source_id.in_(source_ids), Item.kind == ItemKind.REPORT, Item.hidden_at.is_(None)
    )
    return work.execute(rows.group_by(Item.source_id, Item.country, Item.tlp, Item.org_id)).all()


def lock_in_inbox(work: SystemSession, signal_ids: Collection[str]) -> list[SignalNow]:
    """Return under lock those of these signals that are in the inbox; one that somebody settles is passed over."""
    rows = select(Signal).where(*_in_inbox(), Signal.id.in_(signal_ids)).order_by(Signal.id)
    return [signal_now(row) for row in work.scalars(rows.with_for_update(skip_locked=True))]


def _in_inbox() -> tuple[ColumnElement[bool], ...]:
    return Signal.inbox_state.in_((InboxState.WAITING, InboxState.SNOOZED)), Signal.hidden_at.is_(None)
