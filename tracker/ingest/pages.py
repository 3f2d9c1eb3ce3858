"""A page that somebody names → what it says: fetched by the same guard as feeds, and its text cut out of the page."""

import asyncio
from datetime import datetime
from typing import Any

from tracker.errors import SubmissionError
from tracker.ingest.decoding import decode
from tracker.ingest.documents import RawItem
from tracker.ingest.failures import FetchFailed
from tracker.ingest.fetch import Fetched, Fetcher, FetchResult, Target
from tracker.ingest.policy import FetchPolicy
from tracker.ingest.text import one_line, plain_text
from tracker.ingest.urls import primary_lang, safe_url

TITLE_LENGTH = 300
_TEXTUAL = ("text/html", "application/xhtml+xml", "text/plain", "")


def read_page(policy: FetchPolicy, url: str, now: datetime) -> tuple[RawItem, str]:
    """Fetch a page and return what it says, and the address at which it stood.

    Raises:
        SubmissionError: no such address, one that may not be asked, or no text that can be read; says why.
    """
    address = safe_url(url)
    if address is None:
        raise SubmissionError("link", "Write an address that begins with https:// or http://.")
    return _read(_fetched(asyncio.run(_fetch(policy, address, now))), address)


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
            one_line(read.get("title") or "", limit=TITLE_LENGTH),
        )
        claimed, lang = read.get("date"), primary_lang(read.get("language"))
    if not text:
        raise SubmissionError("link", "No text could be found on this page. Paste what it says.")
    return RawItem(None, final, final, title, text, claimed=claimed, lang=lang), final
