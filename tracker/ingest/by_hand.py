"""A link that somebody gives, or a text that they paste → an item, by the same guard and the same sanitiser.

A page counts as its publisher's: it joins the independence group of a feed from the same host, so that a link to what
a feed told already is no second voice. All pasted texts are one voice, since nobody knows where they come from.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.domain.words import KeyKind, SourceKind, Tlp
from tracker.errors import SubmissionError
from tracker.ingest.dates import read_date
from tracker.ingest.decoding import decode
from tracker.ingest.documents import RawItem, digest
from tracker.ingest.failures import FetchFailed
from tracker.ingest.fetch import Fetched, Fetcher, FetchResult, Target
from tracker.ingest.policy import FetchPolicy
from tracker.ingest.text import one_line, plain_text
from tracker.ingest.urls import host_of, primary_lang, safe_url
from tracker.store import Store, SystemSession
from tracker.store.writes.items import Holding, ItemWords, Key, NewItem, known_keys, store_new
from tracker.store.writes.people import host_org
from tracker.store.writes.sources import (
    HostFeed,
    NewSource,
    PolledSource,
    feeds_by_url,
    found_or_stored,
)

MOST_PASTED = 20_000
"""Characters of a pasted text."""

_PASTED = "pasted:texts"
_TEXTUAL = ("text/html", "application/xhtml+xml", "text/plain", "")
_TITLE_LENGTH = 300


@dataclass(frozen=True)
class Added:
    """The item that a link or a text became; `was_there` where it had come in before. `origin` is whose it is."""

    item_id: str
    was_there: bool
    origin: str


def add_link(store: Store, policy: FetchPolicy, url: str, tlp: Tlp, now: datetime) -> Added:
    """Fetch a page and keep what it says as an item, once.

    Raises:
        SubmissionError: no such address, one that may not be asked, or no text that can be read; says why.
    """
    address = safe_url(url)
    if address is None:
        raise SubmissionError("link", "Write an address that begins with https:// or http://.")
    raw, final = _read(_fetched(asyncio.run(_fetch(policy, address, now))), address)
    with store.acting("system", "add link", now) as work:
        source = _source_of_page(work, final)
        return _keep(work, policy, source, raw, tlp)


def add_text(store: Store, policy: FetchPolicy, title: str, text: str, tlp: Tlp, now: datetime) -> Added:
    """Keep a pasted text as an item, once.

    Raises:
        SubmissionError: there is no text, or too much.
    """
    said, heading = plain_text(text), one_line(title, limit=_TITLE_LENGTH)
    if not said:
        raise SubmissionError("text", "Paste the text here.")
    if len(said) > MOST_PASTED:
        raise SubmissionError("text", f"At most {MOST_PASTED} characters; this has {len(said)}.")
    raw = RawItem(guid=None, link=None, url=None, title=heading, text=said)
    with store.acting("system", "add text", now) as work:
        source = found_or_stored(work, _PASTED, NewSource("Pasted texts", SourceKind.FORM, host_org(work)))
        return _keep(work, policy, source, raw, tlp)


async def _fetch(policy: FetchPolicy, url: str, now: datetime) -> FetchResult:
    async with Fetcher(policy) as fetcher:
        return await fetcher.fetch(Target(url), now)


def _fetched(answer: FetchResult) -> Fetched:
    if isinstance(answer, FetchFailed):
        raise SubmissionError(
            "link", f"Nothing could be read there: {answer.reason}. You can paste its text."
        )
    if not isinstance(answer, Fetched):
        raise SubmissionError("link", "Nothing could be read there just now. You can paste its text.")
    return answer


def _read(page: Fetched, asked: str) -> tuple[RawItem, str]:
    """Return what a page says, and the address at which it stood."""
    from trafilatura import bare_extraction  # takes a moment to load, and few processes read pages

    kind = page.content_type.partition(";")[0].strip().lower()
    if kind not in _TEXTUAL:
        raise SubmissionError("link", f"This is no page of text but {kind}. Paste what it says.")
    markup, final = decode(page.body, page.content_type), safe_url(page.final_url) or asked
    if kind == "text/plain":
        text, title, claimed, lang = plain_text(markup), "", None, None
    else:
        found: Any = bare_extraction(markup, url=final, with_metadata=True)
        read = found.as_dict() if found is not None else {}
        text, title = (
            plain_text(read.get("text") or ""),
            one_line(read.get("title") or "", limit=_TITLE_LENGTH),
        )
        claimed, lang = read.get("date"), primary_lang(read.get("language"))
    if not text:
        raise SubmissionError("link", "No text could be found on this page. Paste what it says.")
    return RawItem(None, final, final, title, text, claimed=claimed, lang=lang), final


def _keep(work: SystemSession, policy: FetchPolicy, source: PolledSource, raw: RawItem, tlp: Tlp) -> Added:
    keys: tuple[Key, ...] = ((KeyKind.CONTENT, raw.content),)
    if raw.link:
        keys = ((KeyKind.LINK, digest(raw.link)), *keys)
    known = known_keys(work, {source.id: keys})[source.id]
    if there := next((item_id for key in keys if (item_id := known.get(key))), None):
        return Added(there, was_there=True, origin=source.name)
    date = read_date(raw.claimed, work.now, policy.dates)
    new = NewItem(
        holding=Holding(source.id, source.org_id, tlp),
        words=ItemWords(raw.title, raw.text, raw.url, raw.guid, raw.content),
        keys=keys,
        published_at=date.used,
        published_claimed=date.claimed,
        date_origin=date.origin,
        date_precision=date.precision,
        lang=raw.lang,
    )
    (item_id,) = store_new(work, [new])
    return Added(item_id, was_there=False, origin=source.name)


def _source_of_page(work: SystemSession, url: str) -> PolledSource:
    host = _host(url)
    feed = _feed_of(host, feeds_by_url(work))
    new = NewSource(
        name=(feed.publisher if feed else None) or host,
        kind=SourceKind.FEED,
        org_id=host_org(work),
        publisher=feed.publisher if feed else None,
        independence_group=feed.independence_group if feed else host,
        no_redistribute=feed.no_redistribute if feed else False,
    )
    return found_or_stored(work, f"page:{host}", new)


def _host(url: str) -> str:
    return host_of(url).removeprefix("www.")


def _feed_of(host: str, feeds: Mapping[str, HostFeed]) -> HostFeed | None:
    """Return a feed of the same host, else of a name under it or above it."""
    near = [feed for url, feed in feeds.items() if _host(url) == host]
    near += [
        feed
        for url, feed in feeds.items()
        if _host(url).endswith(f".{host}") or host.endswith(f".{_host(url)}")
    ]
    return next(iter(near), None)
