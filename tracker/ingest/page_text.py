"""The text of a page, cut out of what stands around it. Pure; slow on some pages: it runs in a parser's process."""

from typing import Any

from trafilatura import bare_extraction

from tracker.ingest.decoding import decode
from tracker.ingest.documents import RawItem
from tracker.ingest.text import TITLE_LENGTH, one_line, plain_text
from tracker.ingest.urls import primary_lang


def read_page_text(body: bytes, content_type: str, url: str) -> RawItem:
    """Return what a page at `url` says, plain text or HTML; its text is empty where none was found."""
    markup = decode(body, content_type)
    if content_type.partition(";")[0].strip().lower() == "text/plain":
        return RawItem(None, url, url, "", plain_text(markup))
    found: Any = bare_extraction(markup, url=url, with_metadata=True)
    read = found.as_dict() if found is not None else {}
    return RawItem(
        None,
        url,
        url,
        one_line(read.get("title") or "", limit=TITLE_LENGTH),
        plain_text(read.get("text") or ""),
        claimed=read.get("date"),
        lang=primary_lang(read.get("language")),
    )
