"""Well-formed RSS 2.0, RSS 1.0 and Atom → the same values as feedparser gives (feed.py), in less time. Pure.

Whatever is not of the plain form (two titles, markup that is not escaped, a base of its own …) is left to
feedparser. libxml2 reads without entities, network, DTD or huge trees; the body was capped before.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from tracker.ingest.documents import Document, RawItem
from tracker.ingest.pace import says_every
from tracker.ingest.text import one_line, plain_text
from tracker.ingest.urls import primary_lang, safe_url

_XML = "{http://www.w3.org/XML/1998/namespace}"
_ATOM = "http://www.w3.org/2005/Atom"
_PREFIXES = {
    "": "", _ATOM: "", "http://purl.org/rss/1.0/": "", "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:", "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/rss/1.0/modules/syndication/": "sy:",
    "http://search.yahoo.com/mrss/": "media:", "http://search.yahoo.com/mrss": "media:",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes:", "http://www.w3.org/1999/xhtml": "xhtml:",
}  # fmt: skip
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF"
_ROOTS = {
    "rss": ("channel", "item"),
    _RDF: ("", "item"),
    f"{{{_ATOM}}}feed": ("", "entry"),
}
_TITLES = frozenset({"title", "dc:title", "media:title", "itunes:title"})
_TEXTS = frozenset({"description", "summary", "content", "content:encoded"})
_DATES = {
    "pubdate": "published", "published": "published", "issued": "published", "dcterms:issued": "published",
    "updated": "updated", "modified": "updated", "lastbuilddate": "updated", "dc:date": "updated",
    "dcterms:modified": "updated", "created": "created", "dcterms:created": "created",
}  # fmt: skip
_TOLD = _TITLES | _TEXTS | _DATES.keys() | {"link", "guid", "id", "language", "dc:language", "item", "entry"}
_ELSEWHERE = frozenset(
    {"dc:description", "abstract", "body", "xhtml:body", "fullitem", "media:description", "itunes:summary"}
    | {"itunes:subtitle", "base", "newlocation"}
)
_PLAIN_TYPES = frozenset({None, "text", "html", "text/plain", "text/html"})
_C1_CONTROL = re.compile("[\x80-\x9f]")
_MEANT = {code: letter for code in range(0x80, 0xA0) if (letter := bytes([code]).decode("cp1252", "ignore"))}
"""Control characters that nobody writes: the bytes of Windows' letters, taken for those of ISO 8859-1."""
_IMAGE = frozenset({"title", "link", "description", "url", "width", "height"})
_OPEN_REFERENCE = re.compile("&([A-Za-z0-9_]+);")


class _NotPlainError(Exception):
    """The document has something that feedparser must judge."""


@dataclass
class _Parts:
    """What one entry or feed says, as written; None for what it does not."""

    title: str | None = None
    lang: str | None = None
    guid: str | None = None
    guid_is_link: bool = False
    link: str | None = None
    hrefs: list[str] = field(default_factory=list)
    language: str | None = None
    texts: dict[str, str] = field(default_factory=dict)
    dates: dict[str, str] = field(default_factory=dict)


def read_plain_xml(text: str) -> Document | None:
    """Return a feed; None where feedparser must read it."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        return _read(etree.fromstring(text.encode("utf-8"), parser))
    except (etree.XMLSyntaxError, _NotPlainError):
        return None


def _read(root: etree._Element) -> Document:
    if root.tag not in _ROOTS:
        raise _NotPlainError
    inside, entry_name = _ROOTS[str(root.tag)]
    channels = [root] if not inside else root.findall(inside)
    if len(channels) != 1:
        raise _NotPlainError
    head = channels[0] if entry_name == "entry" or inside else root.find("{http://purl.org/rss/1.0/}channel")
    entries = [child for child in channels[0] if _name(child) == entry_name]
    if any(map(_has_base, (root, *channels, *entries))):
        raise _NotPlainError
    if head is None or len(entries) != sum(1 for _ in root.iter("{*}" + entry_name)):
        raise _NotPlainError
    feed = _parts([child for child in head if _name(child) != entry_name], _lang(head, _lang(root, None)))
    root_lang = None if root.tag == _RDF else _lang(root, None)
    said = root_lang if feed.language is None else feed.language
    base = next((url for url in map(safe_url, (feed.link, *feed.hrefs, feed.guid)) if url), "")
    lang, inherited = primary_lang(said), _lang(head, _lang(root, None))
    items = tuple(_raw(entry, base, lang, inherited) for entry in entries)
    return Document(one_line(feed.title or ""), lang, items, says_every=says_every(*_pace(head)))


def _pace(head: etree._Element) -> tuple[str | None, ...]:
    """Return what a feed says of how often it is worth asking; the last of each counts."""
    said = {_name(child): (child.text or "").strip() for child in head}
    return tuple(said.get(name) for name in ("ttl", "sy:updateperiod", "sy:updatefrequency"))


def _raw(entry: etree._Element, base: str, lang: str | None, inherited: str | None) -> RawItem:
    parts = _parts(list(entry), _lang(entry, inherited))
    guid = parts.guid if parts.guid is not None else _rdf_about(entry)
    link = parts.guid if parts.link is None and parts.guid_is_link else parts.link
    content = parts.texts.get("content", "")
    said = [parts.texts.get("summary", content), content]
    return RawItem(
        guid=guid or None,
        link=link or None,
        url=safe_url(link, base),
        title=one_line(parts.title or ""),
        text=max((plain_text(words) for words in dict.fromkeys(said)), key=len),
        claimed=next(
            (parts.dates[key] for key in ("published", "updated", "created") if parts.dates.get(key)), None
        ),
        lang=primary_lang(parts.lang) or lang,
    )


def _parts(children: list[etree._Element], inherited: str | None) -> _Parts:
    parts = _Parts()
    for child in children:
        name = _name(child)
        if name in _ELSEWHERE or (name not in _TEXTS and _has_base(child)):
            raise _NotPlainError
        if name not in _TOLD:
            _refuse_nested(child, name)
        elif name in _TITLES:
            _add_title(parts, child, name, inherited)
        elif name in _TEXTS:
            _add_text(parts, child, name)
        elif name in _DATES:
            parts.dates[_DATES[name]] = _text(child)
        else:
            _add_name(parts, child, name)
    return parts


def _add_title(parts: _Parts, child: etree._Element, name: str, inherited: str | None) -> None:
    if parts.title:
        return
    if name != "title" or parts.title is not None:
        raise _NotPlainError
    parts.title, parts.lang = _text(child), _lang(child, inherited)


def _add_text(parts: _Parts, child: etree._Element, name: str) -> None:
    kind = "content" if name.startswith("content") else "summary"
    if kind in parts.texts or child.get("src"):
        raise _NotPlainError
    parts.texts[kind] = _text(child)


def _add_name(parts: _Parts, child: etree._Element, name: str) -> None:
    if name == "link":
        _add_link(parts, child)
    elif name in ("guid", "id"):
        if parts.guid is not None:
            raise _NotPlainError
        parts.guid = _text(child)
        parts.guid_is_link = _attribute(child, "ispermalink", "true") == "true"
    elif parts.language is None and name.endswith("language"):
        parts.language = _text(child)
    else:
        raise _NotPlainError


def _add_link(parts: _Parts, child: etree._Element) -> None:
    if child.get("url") or child.get("uri"):
        raise _NotPlainError
    href = child.get("href")
    if href is None:
        if parts.link is not None or child.attrib:
            raise _NotPlainError
        written = _text(child)
        parts.link = _OPEN_REFERENCE.sub(r"&\1", written.replace("&amp;", "&"))
        parts.hrefs.append(parts.link)
        _refuse_odd(written)
        return
    _refuse_odd(href)
    parts.hrefs.append(href)
    if child.get("rel", "alternate") == "alternate" and child.get("type", "text/html") == "text/html":
        if parts.link is not None:
            raise _NotPlainError
        parts.link = href


def _refuse_odd(link: str) -> None:
    """Leave to feedparser what it would mend in a link."""
    if "///" in link:
        raise _NotPlainError


def _refuse_nested(child: etree._Element, name: str) -> None:
    """Leave to feedparser an entry in which something deeper might count for it; a channel's image does not."""
    inner = {_name(found) for found in child.iterdescendants(etree.Element)}
    parent = child.getparent()
    if name == "image" and parent is not None and parent.tag == "channel" and inner <= _IMAGE:
        return
    if inner & (_TOLD | _ELSEWHERE):
        raise _NotPlainError


def _has_base(element: etree._Element) -> bool:
    return bool(element.get(_XML + "base") or element.get("base"))


def _text(child: etree._Element) -> str:
    """Return the text as feedparser does: stripped, UTF-8 that was taken for Latin-1 read again."""
    if len(child) or child.get("type") not in _PLAIN_TYPES or child.get("mode"):
        raise _NotPlainError
    text = (child.text or "").strip()
    if text.isascii():
        return text
    with suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_MEANT) if _C1_CONTROL.search(text) else text


def _name(child: etree._Element) -> str:
    """Return an element's name in lower case, with the usual prefix of its namespace."""
    return _named(child.tag)


@lru_cache(maxsize=1000)
def _named(tag: str) -> str:
    qualified = etree.QName(tag)
    space = (qualified.namespace or "").lower()
    prefix = _PREFIXES.get(space if space != _ATOM.lower() else _ATOM)
    return f"{space}:{qualified.localname}" if prefix is None else f"{prefix}{qualified.localname.lower()}"


def _attribute(child: etree._Element, name: str, default: str) -> str:
    found: Iterator[str] = (str(value) for key, value in child.attrib.items() if str(key).lower() == name)
    return next(found, default)


def _lang(element: etree._Element, inherited: str | None) -> str | None:
    said = element.get(_XML + "lang", element.get("lang"))
    return inherited if said is None else said or None


def _rdf_about(entry: etree._Element) -> str | None:
    return entry.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about")
