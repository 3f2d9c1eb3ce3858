"""Reads the items that wait for the present tagger, in batches, each batch in one transaction; then places them."""

from datetime import datetime

from tracker.domain.taxonomy import Taxonomy
from tracker.domain.words import ItemKind
from tracker.store import Store
from tracker.store.writes.tags import PendingItem, TaggedItem, count_pending, pending_items, store_tags
from tracker.understand.languages import UNKNOWN
from tracker.understand.placing import ACTOR, place
from tracker.understand.stories import StoryRules
from tracker.understand.tagger import TAGGER_VERSION, Tagger, TagInput, tagger_of


def understand(store: Store, taxonomy: Taxonomy, stories: StoryRules, now: datetime, batch: int = 500) -> int:
    """Tag every pending item, place it into a story, and mark its week as dirty; return how many were tagged.

    A kill between two batches loses nothing: what is not tagged is still pending. Doing it again tags nothing.
    """
    tagged = tag_pending(store, taxonomy, now, batch)
    place(store, stories, taxonomy.matching.shared_letters, now, batch)
    return tagged


def tag_pending(store: Store, taxonomy: Taxonomy, now: datetime, batch: int = 500) -> int:
    """Tag every pending item; return how many."""
    with store.looking("count pending items", now) as work:
        if not count_pending(work, TAGGER_VERSION):
            return 0
    tagger = tagger_of(taxonomy)
    total = 0
    while count := _tag_batch(store, tagger, now, batch):
        total += count
    return total


def understand_one(store: Store, taxonomy: Taxonomy, item_id: str, now: datetime) -> None:
    """Tag one item, where it waits for that: what a person just gave. The next run places it into a story.

    Whatever else is pending stays so, and nobody waits for it. Where the job has this one just now, it is waited for.
    """
    with store.acting(ACTOR, "understand", now) as work:
        if waiting := pending_items(work, TAGGER_VERSION, 1, item_id):
            store_tags(work, TAGGER_VERSION, [_tagged(tagger_of(taxonomy), item) for item in waiting])


def _tag_batch(store: Store, tagger: Tagger, now: datetime, batch: int) -> int:
    with store.acting(ACTOR, "understand", now) as work:
        tagged = [_tagged(tagger, item) for item in pending_items(work, TAGGER_VERSION, batch)]
        if tagged:
            store_tags(work, TAGGER_VERSION, tagged)
    return len(tagged)


def _tagged(tagger: Tagger, item: PendingItem) -> TaggedItem:
    is_report = item.kind is ItemKind.REPORT
    tag = tagger.tag(
        TagInput(
            title=item.title,
            text=item.text,
            lang=item.source_lang if item.lang in (None, UNKNOWN) else item.lang,
            claimed_country=item.country if is_report else None,
            killed=item.killed,
            report_kind=item.report_kind,
            is_report=is_report,
        )
    )
    return TaggedItem(
        item=item,
        lang=tag.lang,
        countries=() if item.country_uncertain else tag.countries,
        category=tag.category,
        categories=tag.categories,
        theme=tag.theme,
        severity=tag.severity,
        relevant=tag.relevant,
        grave=tag.grave,
        evidence=tag.evidence,
    )
