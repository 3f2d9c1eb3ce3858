"""JSON Feed 1.0 and 1.1 (jsonfeed.org) → the same values as other feeds. Pure."""

import json
from typing import Any

from tracker.ingest.documents import Document, RawItem, Reading, Unreadable
from tracker.ingest.text import one_line, plain_text
from tracker.ingest.urls import primary_lang, safe_url


def looks_like_json(text: str) -> bool:
    """Return whether a document is JSON rather than XML or HTML."""
    return text.lstrip()[:1] in ("{", "[")


def read_json_feed(text: str) -> Reading:
    """Read a JSON Feed; fields of a wrong type count as absent."""
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError):
        return Unreadable("the answer is broken JSON, not a feed")
    entries = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(entries, list):
        return Unreadable("the answer is JSON without a list of items, not a JSON Feed")
    base, lang = _text(feed, "home_page_url") or "", primary_lang(_text(feed, "language"))
    items = tuple(_raw(entry, base, lang) for entry in entries if isinstance(entry, dict))
    return Document(one_line(_text(feed, "title") or ""), lang, items)


def _raw(entry: dict[str, Any], base: str, lang: str | None) -> RawItem:
    link = _text(entry, "url") or _text(entry, "external_url")
    said = [_text(entry, key) or "" for key in ("content_html", "content_text", "summary")]
    return RawItem(
        guid=_text(entry, "id"),
        link=link,
        url=safe_url(link, base),
        title=one_line(_text(entry, "title") or ""),
        text=max((plain_text(words) for words in said), key=len),
        claimed=_text(entry, "date_published") or _text(entry, "date_modified"),
        lang=primary_lang(_text(entry, "language")) or lang,
    )


def _text(values: dict[str, Any], key: str) -> str | None:
    value = values.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value or None if isinstance(value, str) else None
