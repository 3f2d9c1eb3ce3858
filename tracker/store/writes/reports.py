"""Field reports: everything one brings, in the caller's transaction; and what withdrawing one takes away."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, exists, select

from tracker.domain.words import (
    DateOrigin,
    DatePrecision,
    HowReporterKnows,
    ItemKind,
    ReportKind,
    ReportWhen,
    Tlp,
)
from tracker.store.columns import new_id
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
from tracker.store.writes.hiding import withdraw_item
from tracker.store.writes.log import Change, Label, record, share_red
from tracker.store.writes.people import grant
from tracker.store.writes.sources import count_report, partner_of


@dataclass(frozen=True)
class NewReport:
    """A report to be stored. `digest` is of what it says, `client_digest` of its sender's own id for it.

    `sealed` is (key id, box) of who reported.
    """

    source_id: str
    org_id: str
    tlp: Tlp
    country: str
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
    client_digest: str | None
    code_hash: str
    sealed: tuple[str, bytes] | None


@dataclass(frozen=True)
class EarlierReport:
    """A report that arrived under the same client id; `digest` is of what it said."""

    item_id: str
    digest: str


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


def earlier_report(work: SystemSession, source_id: str, client_digest: str) -> EarlierReport | None:
    """Return the report that a source sent under this client id."""
    found = (
        select(Receipt.item_id, ItemVersion.content_digest)
        .join(ItemVersion, ItemVersion.item_id == Receipt.item_id)
        .where(Receipt.source_id == source_id, Receipt.client_digest == client_digest)
        .order_by(ItemVersion.number)
    )
    row = work.execute(found).first()
    return EarlierReport(*row) if row else None


def store_report(work: SystemSession, report: NewReport) -> str:
    """Store a report with all that belongs to it and return its item's ULID. It is pending."""
    item_id, version_id = new_id(work.now), new_id(work.now)
    work.add(_item(work, report, item_id, version_id))
    work.flush()  # parents first: without relationship() the session does not know who stands on whom
    work.add(
        ItemVersion(id=version_id, item_id=item_id, number=1, seen_at=work.now, content_digest=report.digest)
    )
    work.flush()
    work.add(
        ItemContent(version_id=version_id, title="", text=report.text, place=report.place, help=report.help)
    )
    work.add(ItemCountry(item_id=item_id, country=report.country, rank=0, published_at=work.now))
    work.add(_codes(report, item_id))
    work.add(
        Receipt(
            item_id=item_id,
            source_id=report.source_id,
            code_hash=report.code_hash,
            client_digest=report.client_digest,
            lang=report.lang or "en",
        )
    )
    if report.sealed:
        key_id, box = report.sealed
        work.add(SealedIdentity(item_id=item_id, key_id=key_id, box=box, sealed_at=work.now))
    label = Label(report.tlp, report.org_id, report.country)
    record(work, Change(subject="item", subject_id=item_id, deed="received", label=label))
    count_report(work, report.source_id)
    _grant(work, report, label, item_id)
    return item_id


def _item(work: SystemSession, report: NewReport, item_id: str, version_id: str) -> Item:
    return Item(
        id=item_id,
        org_id=report.org_id,
        tlp=report.tlp,
        country=report.country,
        source_id=report.source_id,
        kind=ItemKind.REPORT,
        story_id=item_id,
        published_at=work.now,
        date_origin=DateOrigin.FIRST_SEEN,
        date_precision=DatePrecision.SECOND,
        fetched_at=work.now,
        version_id=version_id,
        lang=report.lang,
    )


def _codes(report: NewReport, item_id: str) -> FieldReport:
    return FieldReport(
        item_id=item_id,
        kind=report.kind,
        when_said=report.when_said,
        happened_on=report.happened_on,
        how_known=report.how_known,
        killed=report.killed,
        may_contact=report.may_contact,
        may_share_un=report.may_share_un,
        may_share_authorities=report.may_share_authorities,
    )


def _grant(work: SystemSession, report: NewReport, label: Label, item_id: str) -> None:
    """Let the partner see their own report, and where nobody else could, those who see to RED."""
    partner = partner_of(work, report.source_id)
    if partner is not None:
        grant(work, partner, [item_id])
    share_red(work, label, [item_id])


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
        select(Receipt, Item.fetched_at, Item.hidden_at.is_not(None))
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
        withdrawn,
        triaged,
        in_alert,
        receipt.lang,
        receipt.reply,
        receipt.replied_at,
    )


def withdraw_report(work: SystemSession, item_id: str) -> None:
    """Take a report back with all that rests on it, and erase its words and its sender; once."""
    if not withdraw_item(work, item_id):
        return
    versions = select(ItemVersion.id).where(ItemVersion.item_id == item_id)
    work.execute(delete(ItemContent).where(ItemContent.version_id.in_(versions)))
    work.execute(delete(SealedIdentity).where(SealedIdentity.item_id == item_id))
