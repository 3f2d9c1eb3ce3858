"""One conditional GET: a body, "not modified", or a plain reason why there is none.

Redirects are followed by hand, so that every hop passes the scheme check and, when its socket is opened,
the address guard. Time is counted over all hops, size after inflation. A slow host holds up only itself.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Self

import aiohttp
from yarl import URL

from tracker.domain.words import Trouble
from tracker.ingest.failures import FetchFailed, plain_failure, refused
from tracker.ingest.guard import DialGuard
from tracker.ingest.pace import fresh_for
from tracker.ingest.policy import FetchPolicy
from tracker.ingest.urls import host_of

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, "
    "text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)


@dataclass(frozen=True)
class Manner:
    """How a server wants its source asked: how long its answer is good for, where it moved for good (301, 308)."""

    fresh_for: timedelta | None = None
    moved_to: str | None = None


@dataclass(frozen=True)
class Fetched:
    """A body that arrived. `truncated` where it ended before its announced length."""

    body: bytes
    content_type: str
    etag: str | None
    last_modified: str | None
    final_url: str
    manner: Manner = field(default_factory=Manner)
    truncated: bool = False


@dataclass(frozen=True)
class NotModified:
    """The server says that nothing changed since last time."""

    manner: Manner = field(default_factory=Manner)


@dataclass(frozen=True)
class LeftAlone:
    """Not asked, since its host refused others just before."""


FetchResult = Fetched | NotModified | FetchFailed | LeftAlone


@dataclass(frozen=True)
class Target:
    """What to ask for: an address, and what the last answer said of its version."""

    url: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass
class _Way:
    """Where a request has come to: the present address, and the last one that moved for good."""

    url: URL
    permanent: URL | None = None
    moved_only_for_good: bool = True

    def follow(self, status: int, location: str) -> None:
        self.url = self.url.join(URL(location))
        self.moved_only_for_good = self.moved_only_for_good and status in _PERMANENT
        if self.moved_only_for_good:
            self.permanent = self.url


class _RefusedError(Exception):
    """Carries a FetchFailed out of the hops."""

    def __init__(self, reason: str, trouble: Trouble) -> None:
        super().__init__(reason)
        self.failed = FetchFailed(reason, trouble)


class Fetcher:
    """A client for many sources at once. Use as an async context; not shared between event loops."""

    def __init__(self, policy: FetchPolicy) -> None:
        self._policy = policy
        self._hosts: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(policy.per_host)
        )
        self._refusals: Counter[str] = Counter()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0,
                limit_per_host=policy.per_host,
                socket_factory=DialGuard(policy.allow),
                use_dns_cache=False,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=policy.deadline_s),
            headers={"User-Agent": policy.user_agent, "Accept": _ACCEPT},
        )

    async def __aenter__(self) -> Self:
        # Names are looked up by threads: with fewer than sources in hand, some dead name servers hold up all others.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(self._policy.at_once, "names"))
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._session.close()

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[None]:
        """Wait until the host of an address has one of its places free."""
        async with self._hosts[host_of(url)]:
            yield

    async def fetch(self, target: Target, now: datetime) -> FetchResult:
        """Ask for a source's document, unless its host has refused too many of this run already.

        Never raises for anything that a server or network does.

        Args:
            target: the address and the validators of the last answer.
            now: aware UTC; a Retry-After in seconds counts from it.
        """
        host = host_of(target.url)
        if self._refusals[host] >= self._policy.refusals_of_host:
            return LeftAlone()
        answer = await self._ask(target, now)
        if isinstance(answer, FetchFailed) and answer.trouble is Trouble.TOO_OFTEN:
            self._refusals[host] += 1
        return answer

    async def _ask(self, target: Target, now: datetime) -> FetchResult:
        policy = self._policy
        try:
            async with asyncio.timeout(policy.deadline_s):
                return await self._follow(target, now)
        except TimeoutError:
            return FetchFailed(f"took longer than {policy.deadline_s:g} s", Trouble.TOO_SLOW)
        except _RefusedError as error:
            return error.failed
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return plain_failure(error)

    async def _follow(self, target: Target, now: datetime) -> FetchResult:
        way = _Way(_checked(target.url))
        for _ in range(self._policy.max_redirects + 1):
            async with self._session.get(
                way.url, allow_redirects=False, headers=_conditions(target)
            ) as answer:
                location = answer.headers.get("Location")
                if answer.status not in _REDIRECTS or not location:
                    return await self._read(answer, way, now)
                way.follow(answer.status, location)
                _checked(str(way.url))
        often = f"redirected more than {self._policy.max_redirects} times"
        raise _RefusedError(often, Trouble.SERVER_FAULT)

    async def _read(self, answer: aiohttp.ClientResponse, way: _Way, now: datetime) -> FetchResult:
        moved_to = str(way.permanent) if way.permanent else None
        manner = Manner(fresh_for(answer.headers, now), moved_to)
        if answer.status == HTTPStatus.NOT_MODIFIED:
            return NotModified(manner)
        if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            return refused(answer.status, answer.headers, now)
        body, truncated = await self._body(answer)
        return Fetched(
            body=body,
            content_type=answer.headers.get("Content-Type", ""),
            etag=answer.headers.get("ETag"),
            last_modified=answer.headers.get("Last-Modified"),
            final_url=str(answer.url),
            manner=manner,
            truncated=truncated,
        )

    async def _body(self, answer: aiohttp.ClientResponse) -> tuple[bytes, bool]:
        """Return the inflated body, and whether it broke off; stops at the size cap."""
        most, body = self._policy.max_bytes, bytearray()
        try:
            async for chunk in answer.content.iter_any():
                body += chunk
                if len(body) > most:
                    raise _RefusedError(f"too large: larger than {_megabytes(most)}", Trouble.TOO_LARGE)
        except aiohttp.ClientPayloadError:
            if not body:
                raise
            return bytes(body), True
        return bytes(body), False


def _conditions(target: Target) -> dict[str, str]:
    said = {"If-None-Match": target.etag, "If-Modified-Since": target.last_modified}
    return {name: value for name, value in said.items() if value}


def _checked(url: str) -> URL:
    """Return the address where its scheme is http or https."""
    parsed = URL(url)
    if parsed.scheme not in ("http", "https"):
        leads = f"leads to {parsed.scheme or 'no'}: which is neither http nor https"
        raise _RefusedError(leads, Trouble.ADDRESS_REFUSED)
    if not parsed.host:
        raise _RefusedError("its address names no host", Trouble.ADDRESS_REFUSED)
    return parsed


def _megabytes(count: int) -> str:
    return f"{count / 1_000_000:g} MB"
