"""A feed's bytes → its entries as plain values. Runs in a worker process (parsers.py); touches no network.

feedparser reads the structure; its own sanitiser is off, since nothing but plain text is kept (text.py).
Guids are kept as written. A link is resolved against the document's own address, never against the one it
was fetched from, so that a file and its copy on a server give the same items.
"""

import io
import re
from dataclasses import replace
from html.entities import html5
from typing import Any

import feedparser
from feedparser.mixin import _FeedParserMixin

from tracker.ingest.decoding import decode
from tracker.ingest.documents import Document, RawItem, Reading, Unreadable
from tracker.ingest.jsonfeed import looks_like_json, read_json_feed
from tracker.ingest.pace import says_every
from tracker.ingest.text import one_line, plain_text
from tracker.ingest.urls import primary_lang, safe_url
from tracker.ingest.xmlfeed import read_plain_xml

_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_PROLOG = re.compile(r"<(?=\w)")
_ROOT_END = re.compile(r"</(?:\w+:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
_ITEM_END = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(
    r"<!\[CDATA\[.*?\]\]>|&(?!(?:amp|lt|gt|quot|apos|#\w{1,30});)(?:(\w{1,31});)?", re.DOTALL
)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_PAGE_HEAD = 2000
_PAGE_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)

# feedparser resolves guids like links; one that moves with the address would be a new guid (libraries.md).
_FeedParserMixin.can_be_relative_uri = _FeedParserMixin.can_be_relative_uri - {"id"}


def read_feed(body: bytes, content_type: str = "", *, cut_off: bool = False) -> Reading:
    """Read a feed in RSS, Atom, RDF or JSON Feed.

    Args:
        body: the document, inflated.
        content_type: the HTTP header; counts only where the bytes leave it open.
        cut_off: the body ended before its announced length.

    Returns:
        The document, or the reason why it is none.
    """
    text = decode(body, content_type)
    if not text.strip():
        return Unreadable("the answer was empty")
    if looks_like_json(text):
        return read_json_feed(text)
    text = _REFERENCE.sub(_mended, _NOT_IN_XML.sub("", _DECLARATION.sub("", text)).lstrip())
    first = _PROLOG.search(text)
    if "<!ENTITY" in text[: first.start() if first else len(text)].upper():
        return Unreadable("the document defines entities of its own, which may be a trap: refused")
    whole = _whole_entries(text)
    read = read_plain_xml(whole) or _read_xml(whole)
    if read is None:
        return Unreadable(_what_it_is(text))
    return replace(read, truncated=cut_off or whole is not text)


def _mended(found: re.Match[str]) -> str:
    """Return what XML can read: HTML's entities as characters, a bare ampersand escaped, CDATA as it is."""
    said, name = found[0], found[1]
    if said[:2] == "<!":
        return said
    return html5.get(f"{name};", f"&amp;{name};") if name else "&amp;"


def _whole_entries(text: str) -> str:
    """Return the text, cut after its last whole entry where the document's end is missing."""
    if _ROOT_END.search(text) or _HTML.search(text[:_PAGE_HEAD]):
        return text
    ends = [found.end() for found in _ITEM_END.finditer(text)]
    return text[: ends[-1]] if ends else text


def _read_xml(text: str) -> Document | None:
    found = feedparser.parse(
        io.BytesIO(text.encode("utf-8")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not found.version and not found.entries:
        return None
    base = _own_address(found.feed)
    lang = primary_lang(found.feed.get("language"))
    pace = (found.feed.get(name) for name in ("ttl", "sy_updateperiod", "sy_updatefrequency"))
    return Document(
        one_line(found.feed.get("title") or ""),
        lang,
        tuple(_raw(entry, base, lang) for entry in found.entries),
        says_every=says_every(*pace),
    )


def _own_address(feed: Any) -> str:
    """Return the address that a document gives as its site's or its own; "" where it gives none."""
    said = [feed.get("link"), *(link.get("href") for link in feed.get("links") or ()), feed.get("id")]
    return next((url for url in map(safe_url, said) if url), "")


def _raw(entry: Any, base: str, lang: str | None) -> RawItem:
    link = entry.get("link") or None
    return RawItem(
        guid=entry.get("id") or None,
        link=link,
        url=safe_url(link, base),
        title=one_line(entry.get("title") or ""),
        text=_longest_text(entry),
        claimed=entry.get("published") or dict.get(entry, "updated") or entry.get("created"),
        lang=primary_lang(_entry_lang(entry)) or lang,
    )


def _longest_text(entry: Any) -> str:
    """Return the fullest of what an entry says: its content, where that is more than its summary."""
    summary = plain_text(entry.get("summary") or "")
    contents = [plain_text(part.get("value") or "") for part in entry.get("content") or ()]
    return max([summary, *contents], key=len)


def _entry_lang(entry: Any) -> str | None:
    detail = entry.get("title_detail") or {}
    lang: str | None = detail.get("language")
    return lang


def _what_it_is(text: str) -> str:
    if not _HTML.search(text):
        return "the answer is neither a feed nor a page"
    title = _PAGE_TITLE.search(text)
    named = one_line(title[1], limit=80) if title else ""
    return f"got an HTML page titled '{named}', not a feed" if named else "got an HTML page, not a feed"
