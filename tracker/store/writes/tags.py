"""What the tagger reads and writes: pending items in, tags, cached columns and countries out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, false, func, select, update

from tracker.domain.times import iso_week
from tracker.domain.words import ItemKind, ReportKind
from tracker.store.session import SystemSession
from tracker.store.tables import FieldReport, Item, ItemContent, ItemCountry, ItemTag, Source
from tracker.store.upsert import insert_ignoring
from tracker.store.writes.counts import mark_dirty


@dataclass(frozen=True)
class PendingItem:
    """An item whose current version no tagger of this version has read."""

    id: str
    version_id: str
    kind: ItemKind
    country: str | None
    published_at: datetime
    lang: str | None
    source_lang: str | None
    title: str
    text: str
    report_kind: ReportKind | None
    killed: int | None
    country_uncertain: bool


@dataclass(frozen=True)
class TaggedItem:
    """A pending item with what was read in it; `evidence` holds codes and offsets only."""

    item: PendingItem
    lang: str
    countries: tuple[str, ...]
    category: str | None
    categories: tuple[str, ...]
    theme: str | None
    severity: int | None
    relevant: bool
    grave: str | None
    evidence: tuple[dict[str, Any], ...]


def count_pending(work: SystemSession, tagger_version: int) -> int:
    """Return how many items wait for this tagger version."""
    pending = select(func.count()).select_from(Item)
    return work.scalar(pending.where(Item.tagged_with < tagger_version, Item.hidden_at.is_(None))) or 0


def pending_items(
    work: SystemSession, tagger_version: int, limit: int, only: str | None = None
) -> list[PendingItem]:
    """Return some items that wait for this tagger version, or only the one named, locked until the transaction ends.

    Items that another process has locked are left to it; the one named is waited for. A version whose words were
    erased reads as empty. The words are read once the items are ours: in one statement they could be those of an
    earlier version, or none. The lock is one that a foreign key passes, so that detection never waits for it.
    """
    waiting = (
        select(Item.id)
        .where(Item.tagged_with < tagger_version, Item.hidden_at.is_(None))
        .order_by(Item.tagged_with)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=only is None)
    )
    if only is not None:
        waiting = waiting.where(Item.id == only)
    locked = list(work.scalars(waiting))
    rows = (
        select(
            Item.id,
            Item.version_id,
            Item.kind,
            Item.country,
            Item.published_at,
            Item.lang,
            Source.lang,
            func.coalesce(ItemContent.title, ""),
            func.coalesce(ItemContent.text, ""),
            FieldReport.kind,
            FieldReport.killed,
            func.coalesce(FieldReport.country_uncertain, false()),
        )
        .join(Source, Source.id == Item.source_id)
        .outerjoin(ItemContent, ItemContent.version_id == Item.version_id)
        .outerjoin(FieldReport, FieldReport.item_id == Item.id)
        .where(Item.id.in_(locked))
    )
    found: Sequence[Any] = work.execute(rows).all()
    return [PendingItem(*row) for row in found]


def store_tags(work: SystemSession, tagger_version: int, tagged: Sequence[TaggedItem]) -> None:
    """Keep a batch of tags, and mark the weeks of the main countries, old and new, as dirty."""
    ids = [each.item.id for each in tagged]
    before = select(ItemCountry.country, ItemCountry.published_at).where(
        ItemCountry.item_id.in_(ids), ItemCountry.rank == 0
    )
    changed = {(country, iso_week(at)) for country, at in work.execute(before)}
    changed |= {(each.countries[0], iso_week(each.item.published_at)) for each in tagged if each.countries}
    insert_ignoring(work, ItemTag, [_tag_row(each, tagger_version, work.now) for each in tagged])
    work.execute(update(Item), [_item_row(each, tagger_version) for each in tagged])
    work.execute(delete(ItemCountry).where(ItemCountry.item_id.in_(ids)))
    insert_ignoring(work, ItemCountry, [row for each in tagged for row in _country_rows(each)])
    mark_dirty(work, changed)


def _tag_row(each: TaggedItem, tagger_version: int, now: datetime) -> dict[str, Any]:
    return {
        "version_id": each.item.version_id,
        "tagger_version": tagger_version,
        "tagged_at": now,
        "lang": each.lang,
        "categories": list(each.categories),
        "severity": each.severity,
        "relevant": each.relevant,
        "grave": each.grave,
        "evidence": list(each.evidence),
    }


def _item_row(each: TaggedItem, tagger_version: int) -> dict[str, Any]:
    return {
        "id": each.item.id,
        "tagged_with": tagger_version,
        "lang": each.lang,
        "category": each.category,
        "theme": each.theme,
        "severity": each.severity,
        "relevant": each.relevant,
        "country": each.countries[0] if each.countries else None,
    }


def _country_rows(each: TaggedItem) -> list[dict[str, Any]]:
    return [
        {"item_id": each.item.id, "country": country, "rank": rank, "published_at": each.item.published_at}
        for rank, country in enumerate(each.countries)
    ]
