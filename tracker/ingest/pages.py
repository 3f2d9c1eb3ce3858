"""A page that somebody names → what it says: fetched by the same guard as feeds, read in a process of its own."""

import asyncio
from datetime import datetime

from tracker.errors import SubmissionError
from tracker.ingest.documents import RawItem, Unreadable
from tracker.ingest.failures import FetchFailed
from tracker.ingest.fetch import Fetched, Fetcher, FetchResult, Target
from tracker.ingest.parsers import Parsers
from tracker.ingest.policy import FetchPolicy
from tracker.ingest.urls import safe_url

_TEXTUAL = ("text/html", "application/xhtml+xml", "text/plain", "")


def read_page(policy: FetchPolicy, url: str, now: datetime) -> tuple[RawItem, str]:
    """Fetch a page and return what it says, and the address at which it stood.

    Raises:
        SubmissionError: no such address, one that may not be asked, or no text that can be read; says why.
    """
    address = safe_url(url)
    if address is None:
        raise SubmissionError(
            "link", "Write an address that begins with https:// or http://, without a password in it."
        )
    return _read(policy, _fetched(asyncio.run(_fetch(policy, address, now))), address)


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


def _read(policy: FetchPolicy, page: Fetched, asked: str) -> tuple[RawItem, str]:
    kind = page.content_type.partition(";")[0].strip().lower()
    if kind not in _TEXTUAL:
        raise SubmissionError("link", f"This is no page of text but {kind}. Paste what it says.")
    final = safe_url(page.final_url) or asked
    with Parsers(1, policy.parse_s, policy.parser_bytes) as parsers:
        read = parsers.read_page(page.body, page.content_type, final)
    if isinstance(read, Unreadable):
        raise SubmissionError("link", f"Nothing could be read there: {read.reason}. You can paste its text.")
    if not read.text:
        raise SubmissionError("link", "No text could be found on this page. Paste what it says.")
    return read, final
