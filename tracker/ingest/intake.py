"""Documents of sources → items in the store: the path that polled feeds and imported files share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.ingest.dates import DateWindow, ItemDate, read_date
from tracker.ingest.documents import Document, Key, RawItem
from tracker.ingest.health import Added
from tracker.ingest.identity import Decision, Decisions, Known, KnownItem, Verdict, decide, keys_of
from tracker.ingest.policy import FetchPolicy
from tracker.store import SystemSession
from tracker.store.writes.items import (
    Holding,
    ItemWords,
    NewItem,
    NewVersion,
    SourceKey,
    StoredItem,
    known_keys,
    store_keys,
    store_new,
    store_versions,
    stored_items,
    void_keys,
)
from tracker.store.writes.sources import PolledSource

ACTOR = "job:ingest"


@dataclass(frozen=True)
class _Sorted:
    """A source's document with what is to be done with its entries."""

    source: PolledSource
    decisions: Decisions


def take_in(
    work: SystemSession, arrived: Sequence[tuple[PolledSource, Document]], policy: FetchPolicy
) -> list[Added]:
    """Store what documents say anew, in the caller's transaction; `work.now` is when they were seen.

    Args:
        work: the transaction.
        arrived: sources under lock (`lock_sources`), each at most once, with what was read of them.
        policy: how far an item may grow, and which dates are plausible.

    Returns:
        What was added, in the same order; nothing where the same document was taken in before.
    """
    keys = known_keys(
        work,
        {source.id: keys_of(document.items, guid_churns=source.guid_churns) for source, document in arrived},
    )
    stored = stored_items(work, {item_id for known in keys.values() for item_id in known.values() if item_id})
    documents = [
        _Sorted(source, decide(document.items, _known(source, keys[source.id], stored), policy.cap))
        for source, document in arrived
    ]
    _store(work, documents, stored, policy.dates)
    return [_added(document.decisions) for document in documents]


def _known(source: PolledSource, keys: Mapping[Key, str | None], stored: Mapping[str, StoredItem]) -> Known:
    known = {item_id: stored[item_id] for item_id in keys.values() if item_id}
    items = {
        item_id: KnownItem(item.digest, item.version_count, item.key_count, item.hidden)
        for item_id, item in known.items()
    }
    return Known(keys, items, source.guid_churns)


def _added(decisions: Decisions) -> Added:
    verdicts = [entry.verdict for entry in decisions.entries]
    return Added(verdicts.count(Verdict.NEW), verdicts.count(Verdict.CHANGED), decisions.guid_churns)


def _store(
    work: SystemSession, documents: Sequence[_Sorted], stored: Mapping[str, StoredItem], dates: DateWindow
) -> None:
    entries = [(one.source, entry) for one in documents for entry in one.decisions.entries]
    for one in documents:
        void_keys(work, one.source.id, one.decisions.void_keys)
    holdings = {
        one.source.id: Holding(one.source.id, one.source.org_id, one.source.default_tlp) for one in documents
    }
    store_new(
        work,
        [
            _new_item(holdings[source.id], source.lang, entry, read_date(entry.raw.claimed, work.now, dates))
            for source, entry in entries
            if entry.verdict is Verdict.NEW
        ],
    )
    store_versions(
        work,
        [
            _new_version(entry.item_id, entry.raw, stored[entry.item_id])
            for _, entry in entries
            if entry.verdict is Verdict.CHANGED and entry.item_id
        ],
    )
    store_keys(
        work,
        [
            SourceKey(source.id, key, entry.item_id)
            for source, entry in entries
            if entry.item_id
            for key in entry.keys
        ],
    )


def _new_item(holding: Holding, lang: str | None, entry: Decision, date: ItemDate) -> NewItem:
    return NewItem(
        holding=holding,
        words=_words(entry.raw),
        keys=entry.keys,
        published_at=date.used,
        published_claimed=date.claimed,
        date_origin=date.origin,
        date_precision=date.precision,
        lang=lang or entry.raw.lang,
    )


def _new_version(item_id: str, raw: RawItem, stored: StoredItem) -> NewVersion:
    return NewVersion(item_id, _words(raw), stored.version_count + 1, stored.revision + 1)


def _words(raw: RawItem) -> ItemWords:
    return ItemWords(raw.title, raw.text, raw.url, raw.guid, raw.content)
