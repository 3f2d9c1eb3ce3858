"""One document of one source → items in the store: the path that polled feeds and imported files share."""

from collections.abc import Callable
from datetime import datetime

from tracker.ingest.dates import DateWindow, read_date
from tracker.ingest.documents import Document, RawItem
from tracker.ingest.health import Added
from tracker.ingest.identity import Decision, Decisions, Known, KnownItem, Verdict, decide, keys_of
from tracker.ingest.policy import FetchPolicy
from tracker.store import Store, SystemSession
from tracker.store.writes.items import (
    Holding,
    ItemWords,
    NewItem,
    NewVersion,
    StoredItem,
    known_keys,
    store_keys,
    store_new,
    store_versions,
    stored_items,
    void_keys,
)
from tracker.store.writes.sources import PolledSource, PollResult, lock_source, record_poll

ACTOR = "job:ingest"


def take_in(
    store: Store,
    source: PolledSource,
    document: Document,
    now: datetime,
    policy: FetchPolicy,
    result: Callable[[Added], PollResult],
) -> Added:
    """Store what a document says anew and how its source is doing, in one transaction.

    Args:
        store: the database.
        source: whose document it is.
        document: what was read.
        now: aware UTC; when the document was seen.
        policy: how far an item may grow, and which dates are plausible.
        result: makes the record of the poll from what was added.

    Returns:
        What was added; nothing where the same document was taken in before.
    """
    with store.acting(ACTOR, "ingest", now) as work:
        present = lock_source(work, source.id) or source
        known, stored = _known(work, present, document.items)
        decisions = decide(document.items, known, policy.cap)
        _store(work, present, decisions, stored, policy.dates)
        verdicts = [entry.verdict for entry in decisions.entries]
        added = Added(verdicts.count(Verdict.NEW), verdicts.count(Verdict.CHANGED), decisions.guid_churns)
        record_poll(work, source.id, result(added))
    return added


def _known(
    work: SystemSession, source: PolledSource, raws: tuple[RawItem, ...]
) -> tuple[Known, dict[str, StoredItem]]:
    keys = known_keys(work, source.id, keys_of(raws, guid_churns=source.guid_churns))
    stored = stored_items(work, {item_id for item_id in keys.values() if item_id})
    items = {
        item_id: KnownItem(item.digest, item.version_count, item.key_count, item.hidden)
        for item_id, item in stored.items()
    }
    return Known(keys, items, source.guid_churns), stored


def _store(
    work: SystemSession,
    source: PolledSource,
    decisions: Decisions,
    stored: dict[str, StoredItem],
    dates: DateWindow,
) -> None:
    void_keys(work, source.id, decisions.void_keys)
    new = [entry for entry in decisions.entries if entry.verdict is Verdict.NEW]
    store_new(
        work,
        Holding(source.id, source.org_id, source.default_tlp),
        [_new_item(entry, source.lang, work.now, dates) for entry in new],
    )
    store_versions(
        work,
        [
            _new_version(entry.item_id, entry.raw, stored[entry.item_id])
            for entry in decisions.entries
            if entry.verdict is Verdict.CHANGED and entry.item_id
        ],
    )
    store_keys(
        work,
        source.id,
        {key: entry.item_id for entry in decisions.entries if entry.item_id for key in entry.keys},
    )


def _new_item(entry: Decision, source_lang: str | None, now: datetime, dates: DateWindow) -> NewItem:
    date = read_date(entry.raw.claimed, now, dates)
    return NewItem(
        words=_words(entry.raw),
        keys=entry.keys,
        published_at=date.used,
        published_claimed=date.claimed,
        date_origin=date.origin,
        date_precision=date.precision,
        lang=source_lang or entry.raw.lang,
    )


def _new_version(item_id: str, raw: RawItem, stored: StoredItem) -> NewVersion:
    return NewVersion(item_id, _words(raw), stored.version_count + 1, stored.revision + 1)


def _words(raw: RawItem) -> ItemWords:
    return ItemWords(raw.title, raw.text, raw.url, raw.guid, raw.content)
