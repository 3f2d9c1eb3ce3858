"""Field reports: everything one brings, in the caller's transaction; and what withdrawing one takes away."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Select, delete, exists, select, update

from tracker.domain.words import (
    DateOrigin,
    DatePrecision,
    Hidden,
    HowReporterKnows,
    ItemKind,
    ReportKind,
    ReportWhen,
    Tlp,
)
from tracker.store.columns import new_ids
from tracker.store.session import SystemSession
from tracker.store.tables import (
    AlertSignal,
    FieldReport,
    Item,
    ItemContent,
    ItemCountry,
    ItemVersion,
    Receipt,
    SealedIdentity,
    SignalEvidence,
    Triage,
)
from tracker.store.upsert import insert_all, insert_ignoring
from tracker.store.writes.hiding import withdraw_item
from tracker.store.writes.log import Change, Label, record, share_red
from tracker.store.writes.people import grant
from tracker.store.writes.sources import count_reports, partner_of


@dataclass(frozen=True)
class NewReport:
    """A report to be stored; `id` is a fresh ULID.

    `digest` is of what it says, `client_digest` of its sender's own id for it.

    `sealed` is (key id, box) of who reported. Without a `country` a person settles which is meant; `said_on` is the
    day it tells of, where the report came later than that; `conflicts_with` another report under the same id.
    """

    id: str
    label: Label
    lang: str | None
    text: str
    place: str | None
    help: str | None
    kind: ReportKind | None
    when_said: ReportWhen | None
    happened_on: date | None
    how_known: HowReporterKnows | None
    killed: int | None
    may_contact: bool
    may_share_un: bool
    may_share_authorities: bool
    digest: str
    code_hash: str
    sealed: tuple[str, bytes] | None
    client_digest: str | None = None
    country_said: str | None = None
    said_on: date | None = None
    conflicts_with: str | None = None
    channel: str | None = None

    @property
    def country(self) -> str | None:
        """Which country it is about."""
        return self.label.country


@dataclass(frozen=True)
class EarlierReport:
    """A report that arrived under the same client id; `digest` is of what it said, `client` of the id.

    `hidden` where it counts no more: it was superseded, taken back or erased.
    """

    item_id: str
    digest: str
    client: str
    hidden: bool = False


@dataclass(frozen=True)
class StoredReceipt:
    """What a receipt code leads to; times in UTC."""

    item_id: str
    source_id: str
    received_at: datetime
    withdrawn: bool
    triaged: bool
    in_alert: bool
    lang: str
    reply: str | None
    replied_at: datetime | None


def earlier_reports(
    work: SystemSession, source_id: str, client_digests: Collection[str]
) -> dict[str, EarlierReport]:
    """Return the reports that a source sent under these client ids, by the ids' digests."""
    known = _earlier(source_id).where(Receipt.client_digest.in_(client_digests))
    return {report.client: report for report in _read_earlier(work, known)}


def reports_after(work: SystemSession, source_id: str, item_id: str) -> list[EarlierReport]:
    """Return what a source sent after a report, with a client id, and that is not hidden; the oldest first."""
    later = _earlier(source_id).where(Receipt.item_id > item_id, Item.hidden_at.is_(None))
    return _read_earlier(work, later)


def _earlier(source_id: str) -> Select[str, str, str | None, bool]:
    return (
        select(
            Receipt.item_id, ItemVersion.content_digest, Receipt.client_digest, Item.hidden_at.is_not(None)
        )
        .join(ItemVersion, (ItemVersion.item_id == Receipt.item_id) & (ItemVersion.number == 1))
        .join(Item, Item.id == Receipt.item_id)
        .where(Receipt.source_id == source_id, Receipt.client_digest.is_not(None))
        .order_by(Receipt.item_id)
    )


def _read_earlier(work: SystemSession, found: Select[str, str, str | None, bool]) -> list[EarlierReport]:
    return [
        EarlierReport(item, said, client or "", hidden) for item, said, client, hidden in work.execute(found)
    ]


def store_reports(work: SystemSession, source_id: str, reports: Sequence[NewReport]) -> None:
    """Store reports of one source with all that belongs to them. They are pending."""
    if not reports:
        return
    versions = dict(zip((report.id for report in reports), new_ids(work.now, len(reports)), strict=True))
    insert_all(work, Item, [_item(work, source_id, each, versions[each.id]) for each in reports])
    insert_all(work, ItemVersion, [_version(work, each, versions[each.id]) for each in reports])
    insert_all(work, ItemContent, [_content(each, versions[each.id]) for each in reports])
    insert_all(work, ItemCountry, [_country(work, each) for each in reports if each.country])
    insert_all(work, FieldReport, [_codes(each) for each in reports])
    insert_all(work, Receipt, [_receipt(source_id, each) for each in reports])
    insert_all(work, SealedIdentity, [_sealed(work, each) for each in reports if each.sealed])
    record(work, *(Change("item", each.id, "received", label=each.label) for each in reports))
    count_reports(work, source_id, len(reports))
    _grant(work, source_id, reports)


def _item(work: SystemSession, source_id: str, report: NewReport, version_id: str) -> dict[str, Any]:
    return {
        "id": report.id,
        **report.label.columns(),
        "source_id": source_id,
        "kind": ItemKind.REPORT,
        "story_id": report.id,
        "published_at": _dated(work, report),
        "published_claimed": report.said_on.isoformat() if report.said_on else None,
        "date_origin": DateOrigin.CLAIMED if report.said_on else DateOrigin.FIRST_SEEN,
        "date_precision": DatePrecision.DAY if report.said_on else DatePrecision.SECOND,
        "fetched_at": work.now,
        "version_id": version_id,
        "lang": report.lang,
    }


def _version(work: SystemSession, report: NewReport, version_id: str) -> dict[str, Any]:
    return {
        "id": version_id,
        "item_id": report.id,
        "number": 1,
        "seen_at": work.now,
        "content_digest": report.digest,
    }


def _content(report: NewReport, version_id: str) -> dict[str, Any]:
    return {
        "version_id": version_id,
        "title": "",
        "text": report.text,
        "place": report.place,
        "country_said": report.country_said,
        "help": report.help,
    }


def _country(work: SystemSession, report: NewReport) -> dict[str, Any]:
    at = _dated(work, report)
    return {"item_id": report.id, "country": report.country, "rank": 0, "published_at": at}


def _receipt(source_id: str, report: NewReport) -> dict[str, Any]:
    return {
        "item_id": report.id,
        "source_id": source_id,
        "code_hash": report.code_hash,
        "client_digest": report.client_digest,
        "lang": report.lang or "en",
    }


def _sealed(work: SystemSession, report: NewReport) -> dict[str, Any]:
    assert report.sealed is not None
    key_id, box = report.sealed
    return {"item_id": report.id, "key_id": key_id, "box": box, "sealed_at": work.now}


def _dated(work: SystemSession, report: NewReport) -> datetime:
    """Return the date used for a report: when it came, or the day it tells of."""
    return datetime.combine(report.said_on, time(), UTC) if report.said_on else work.now


def _codes(report: NewReport) -> dict[str, Any]:
    return {
        "item_id": report.id,
        "kind": report.kind,
        "when_said": report.when_said,
        "happened_on": report.happened_on,
        "how_known": report.how_known,
        "killed": report.killed,
        "may_contact": report.may_contact,
        "may_share_un": report.may_share_un,
        "may_share_authorities": report.may_share_authorities,
        "country_uncertain": report.country is None,
        "conflicts_with": report.conflicts_with,
        "channel": report.channel,
    }


def _grant(work: SystemSession, source_id: str, reports: Sequence[NewReport]) -> None:
    """Let the partner see their own reports, and where nobody else could, those who see to RED."""
    partner = partner_of(work, source_id)
    if partner is not None:
        grant(work, partner, [report.id for report in reports])
    red = [report for report in reports if report.label.tlp is Tlp.RED]
    for label in {report.label for report in red}:
        share_red(work, label, [report.id for report in red if report.label == label])


def store_reply(work: SystemSession, item_id: str, words: str) -> Label | None:
    """Keep the answer that a reporter will read; return the report's label, None where there is no such report."""
    row = work.execute(
        select(Receipt, Item.tlp, Item.org_id, Item.country)
        .join(Item, Item.id == Receipt.item_id)
        .where(Receipt.item_id == item_id, Item.hidden_at.is_(None))
    ).first()
    if row is None:
        return None
    row[0].reply, row[0].replied_at = words, work.now
    return Label(row[1], row[2], row[3])


def find_receipt(work: SystemSession, code_hash: str) -> StoredReceipt | None:
    """Return what a receipt code, given as its SHA-256, leads to."""
    row = work.execute(
        select(Receipt, Item.fetched_at, Item.hidden_because.in_((Hidden.WITHDRAWN, Hidden.ERASED)))
        .join(Item, Item.id == Receipt.item_id)
        .where(Receipt.code_hash == code_hash)
    ).first()
    if row is None:
        return None
    receipt, received_at, withdrawn = row
    resting = select(SignalEvidence.signal_id).where(SignalEvidence.item_id == receipt.item_id)
    triaged, in_alert = work.execute(
        select(
            exists().where(Triage.signal_id.in_(resting)), exists().where(AlertSignal.signal_id.in_(resting))
        )
    ).one()
    return StoredReceipt(
        receipt.item_id,
        receipt.source_id,
        received_at,
        bool(withdrawn),
        triaged,
        in_alert,
        receipt.lang,
        receipt.reply,
        receipt.replied_at,
    )


@dataclass(frozen=True)
class OpenQuestion:
    """What a person has to settle about a report: which country, and which of two under one id holds."""

    label: Label
    country_uncertain: bool
    conflicts_with: str | None


def open_question(work: SystemSession, item_id: str) -> OpenQuestion | None:
    """Return what is to be settled about a report, None for no report; it is held until the transaction ends.

    So is the one that it conflicts with. Once that was hidden, there is no conflict any more.
    """
    of_this = select(FieldReport.country_uncertain, FieldReport.conflicts_with).where(
        FieldReport.item_id == item_id
    )
    asked = work.execute(of_this).first()
    ids = [item_id, asked.conflicts_with] if asked else []
    both = select(Item).where(Item.id.in_(ids), Item.hidden_at.is_(None)).order_by(Item.id)
    held = {item.id: item for item in work.scalars(both.with_for_update(key_share=True))}
    if item_id not in held:
        return None
    report = work.execute(of_this).one()
    first = report.conflicts_with if report.conflicts_with in held else None
    return OpenQuestion(Label.of(held[item_id]), report.country_uncertain, first)


def settle_country(work: SystemSession, item_id: str, country: str | None) -> None:
    """Write which country a report is about, None for none; the report is pending again."""
    item, report = work.get_one(Item, item_id), work.get_one(FieldReport, item_id)
    item.country, item.tagged_with, item.revision = country, 0, item.revision + 1
    report.country_uncertain = False
    if country:
        rows = [{"item_id": item_id, "country": country, "rank": 0, "published_at": item.published_at}]
        insert_ignoring(work, ItemCountry, rows)
    record(work, Change("item", item_id, "country settled", Label.of(item), to_state=country))


def settle_conflict(work: SystemSession, item_id: str) -> None:
    """Note that a report stands beside the other one under its id, or in its place."""
    report = work.get_one(FieldReport, item_id)
    report.conflicts_with = None
    record(work, Change("item", item_id, "conflict settled", Label.of(work.get_one(Item, item_id))))


def succeed(work: SystemSession, first: str, later: str) -> None:
    """Let a report stand in the place of an earlier one, for whatever else came under the same id."""
    rest = update(FieldReport).where(FieldReport.conflicts_with == first, FieldReport.item_id != later)
    work.execute(rest.values(conflicts_with=later))


def withdraw_report(work: SystemSession, item_id: str) -> None:
    """Take a report back with all that rests on it, and erase its words and its sender; once.

    The oldest that is compared with it stands in its place, so that a person is still asked which of the rest holds.
    """
    if not withdraw_item(work, item_id):
        item = work.get_one(Item, item_id)
        if item.hidden_because is not Hidden.SUPERSEDED:
            return
        item.hidden_because = Hidden.WITHDRAWN
        record(work, Change("item", item_id, Hidden.WITHDRAWN, Label.of(item)))
    compared = select(FieldReport.item_id).join(Item, Item.id == FieldReport.item_id)
    waiting = compared.where(FieldReport.conflicts_with == item_id, Item.hidden_at.is_(None))
    if heir := work.scalars(waiting.order_by(Item.id)).first():
        succeed(work, item_id, heir)
    versions = select(ItemVersion.id).where(ItemVersion.item_id == item_id)
    work.execute(delete(ItemContent).where(ItemContent.version_id.in_(versions)))
    work.execute(delete(SealedIdentity).where(SealedIdentity.item_id == item_id))
