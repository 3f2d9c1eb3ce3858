"""Items as a viewer may see them: lists, the evidence of an alert, and the stream that exports read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from tracker.domain.words import (
    DatePrecision,
    HowReporterKnows,
    ItemKind,
    Reliability,
    ReportKind,
    ReportWhen,
    Tlp,
)
from tracker.errors import NotFoundError
from tracker.store.session import ViewerSession
from tracker.store.tables import (
    AlertSignal,
    FieldReport,
    Item,
    ItemContent,
    ItemCountry,
    SignalEvidence,
    Source,
)

_EVIDENCE_AT_MOST = 1000

_Earlier = aliased(Item)
"""The report that another one under the same id conflicts with; absent where the viewer may not see it."""


@dataclass(frozen=True)
class ItemRow:
    """One item with its current words. `source_name` is None where the viewer may not see the source.

    `conflicts_with` is the report under the same id that a person compares it with, where the viewer may see that.
    """

    id: str
    kind: ItemKind
    source_id: str
    source_name: str | None
    source_url: str | None
    reliability: Reliability | None
    no_redistribute: bool
    url: str | None
    guid: str | None
    title: str
    text: str
    place: str | None
    lang: str | None
    published_at: datetime
    published_claimed: str | None
    date_precision: DatePrecision
    fetched_at: datetime
    country: str | None
    category: str | None
    theme: str | None
    severity: int | None
    relevant: bool | None
    story_id: str
    wire_id: str | None
    tlp: Tlp
    org_id: str
    version_id: str
    how_known: HowReporterKnows | None
    report_kind: ReportKind | None
    when_said: ReportWhen | None
    happened_on: date | None
    killed: int | None
    help: str | None
    may_contact: bool | None
    may_share_un: bool | None
    may_share_authorities: bool | None
    country_said: str | None
    country_uncertain: bool
    conflicts_with: str | None
    channel: str | None


@dataclass(frozen=True)
class ItemFilter:
    """Which items a list shows; None means any. Times are UTC, `until` is not included."""

    country: str | None = None
    category: str | None = None
    kind: ItemKind | None = None
    source_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    relevant_only: bool = False


def items(view: ViewerSession, wanted: ItemFilter, limit: int = 50, offset: int = 0) -> list[ItemRow]:
    """Return items, newest first."""
    ids = _filtered(select(Item.id), wanted)
    if wanted.country:
        ids = ids.order_by(ItemCountry.published_at.desc(), ItemCountry.item_id.desc())
    else:
        ids = ids.order_by(Item.published_at.desc(), Item.id.desc())
    return _whole(view, view.scalars(ids.limit(limit).offset(offset)).all())


def _whole(view: ViewerSession, item_ids: Sequence[str]) -> list[ItemRow]:
    """Return items in this order.

    A list first chooses its few items, then reads them here: chosen and read in one statement, PostgreSQL joins the
    words of a million items before it chooses.
    """
    found = items_by_id(view, item_ids)
    return [found[item_id] for item_id in item_ids if item_id in found]


def _select() -> Select[*tuple[Any, ...]]:
    return (
        select(Item, ItemContent, Source, FieldReport, _Earlier.id)
        .join(ItemContent, ItemContent.version_id == Item.version_id)
        .outerjoin(Source, Source.id == Item.source_id)
        .outerjoin(FieldReport, FieldReport.item_id == Item.id)
        .outerjoin(_Earlier, _Earlier.id == FieldReport.conflicts_with)
    )


def _filtered(rows: Select[str], wanted: ItemFilter) -> Select[str]:
    if wanted.country:
        rows = rows.join(ItemCountry, ItemCountry.item_id == Item.id).where(
            ItemCountry.country == wanted.country
        )
    if wanted.category:
        rows = rows.where(Item.category == wanted.category)
    if wanted.kind:
        rows = rows.where(Item.kind == wanted.kind)
    if wanted.source_id:
        rows = rows.where(Item.source_id == wanted.source_id)
    if wanted.since:
        rows = rows.where(Item.published_at >= wanted.since)
    if wanted.until:
        rows = rows.where(Item.published_at < wanted.until)
    if wanted.relevant_only:
        rows = rows.where(Item.relevant.is_(True))
    return rows


def item_exists(view: ViewerSession, item_id: str) -> None:
    """Make sure that the viewer may see this item.

    Raises:
        NotFoundError: there is none for them.
    """
    if view.scalar(select(Item.id).where(Item.id == item_id)) is None:
        raise NotFoundError("item", item_id)


def evidence_of(view: ViewerSession, alert_id: str, limit: int = 200) -> list[ItemRow]:
    """Return the items that an alert's visible signals rest on, reports first, then newest."""
    ids = view.scalars(
        select(SignalEvidence.item_id)
        .join(AlertSignal, AlertSignal.signal_id == SignalEvidence.signal_id)
        .where(AlertSignal.alert_id == alert_id)
        .distinct()
        .limit(_EVIDENCE_AT_MOST)
    ).all()
    rows = _select().where(Item.id.in_(ids)).order_by(Item.kind.desc(), Item.published_at.desc(), Item.id)
    return [_row(row) for row in view.execute(rows.limit(limit))]


def countries_of(view: ViewerSession, item_ids: list[str]) -> dict[str, list[str]]:
    """Return the countries of each item, the main one first."""
    rows = (
        select(ItemCountry.item_id, ItemCountry.country)
        .where(ItemCountry.item_id.in_(item_ids))
        .order_by(ItemCountry.item_id, ItemCountry.rank)
    )
    found: dict[str, list[str]] = {}
    for item_id, country in view.execute(rows):
        found.setdefault(item_id, []).append(country)
    return found


def items_by_id(view: ViewerSession, item_ids: Sequence[str]) -> dict[str, ItemRow]:
    """Return those of some items that the viewer may see."""
    rows = view.execute(_select().where(Item.id.in_(item_ids)))
    return {item.id: item for item in map(_row, rows)}


_ASKS = or_(FieldReport.country_uncertain.is_(True), _Earlier.id.is_not(None))
_MAY_ASK = select(FieldReport.item_id).where(
    or_(FieldReport.country_uncertain.is_(True), FieldReport.conflicts_with.is_not(None))
)
"""What indexes alone can tell; whether the earlier of two reports may be seen is then asked of these few."""


def unsettled_reports(view: ViewerSession, limit: int = 50) -> list[ItemRow]:
    """Return the field reports that ask a person which country is meant, or which of two under one id holds.

    The gravest first, then the oldest.
    """
    ids = (
        select(Item.id)
        .join(FieldReport, FieldReport.item_id == Item.id)
        .outerjoin(_Earlier, _Earlier.id == FieldReport.conflicts_with)
        .where(Item.id.in_(_MAY_ASK), _ASKS)
        .order_by(func.coalesce(Item.severity, 0).desc(), Item.fetched_at, Item.id)
    )
    return _whole(view, view.scalars(ids.limit(limit)).all())


def unsettled_count(view: ViewerSession) -> int:
    """Return how many field reports ask a person."""
    rows = (
        select(func.count())
        .select_from(FieldReport)
        .outerjoin(_Earlier, _Earlier.id == FieldReport.conflicts_with)
        .where(FieldReport.item_id.in_(_MAY_ASK), _ASKS)
    )
    return view.scalar(rows) or 0


def all_items(view: ViewerSession, wanted: ItemFilter, batch: int = 500) -> Iterator[list[ItemRow]]:
    """Yield every item in batches, oldest first, without ever holding the table in memory."""
    after = ""
    while True:
        ids = view.scalars(
            _filtered(select(Item.id), wanted).where(Item.id > after).order_by(Item.id).limit(batch)
        ).all()
        if not ids:
            return
        yield _whole(view, ids)
        after = ids[-1]


def _row(row: Any) -> ItemRow:
    item, content, source, report, earlier_id = row
    return ItemRow(
        id=item.id,
        kind=item.kind,
        source_id=item.source_id,
        source_name=source.name if source else None,
        source_url=source.url if source else None,
        reliability=source.reliability if source else None,
        no_redistribute=source.no_redistribute if source else False,
        url=content.url,
        guid=content.guid,
        title=content.title,
        text=content.text,
        place=content.place,
        lang=item.lang,
        published_at=item.published_at,
        published_claimed=item.published_claimed,
        date_precision=item.date_precision,
        fetched_at=item.fetched_at,
        country=item.country,
        category=item.category,
        theme=item.theme,
        severity=item.severity,
        relevant=item.relevant,
        story_id=item.story_id,
        wire_id=item.wire_id,
        tlp=item.tlp,
        org_id=item.org_id,
        version_id=item.version_id,
        how_known=report.how_known if report else None,
        report_kind=report.kind if report else None,
        when_said=report.when_said if report else None,
        happened_on=report.happened_on if report else None,
        killed=report.killed if report else None,
        help=content.help,
        may_contact=report.may_contact if report else None,
        may_share_un=report.may_share_un if report else None,
        may_share_authorities=report.may_share_authorities if report else None,
        country_said=content.country_said,
        country_uncertain=report.country_uncertain if report else False,
        conflicts_with=earlier_id,
        channel=report.channel if report else None,
    )
