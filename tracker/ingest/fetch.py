"""One conditional GET: a body, "not modified", or a plain reason why there is none.

Redirects are followed by hand, so that every hop passes the scheme check and, when its socket is opened,
the address guard. Time is counted over all hops, size after inflation. A slow host holds up only itself.
"""

import asyncio
import os
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Self

import aiohttp
from yarl import URL

from tracker.ingest.guard import AddressRefusedError, DialGuard
from tracker.ingest.policy import FetchPolicy

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, "
    "text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)


@dataclass(frozen=True)
class Fetched:
    """A body that arrived. `truncated` where it ended before its announced length.

    `permanent_url` is where the address moved for good (301, 308), None where it did not.
    """

    body: bytes
    content_type: str
    etag: str | None
    last_modified: str | None
    final_url: str
    permanent_url: str | None = None
    truncated: bool = False


@dataclass(frozen=True)
class NotModified:
    """The server says that nothing changed since last time."""


@dataclass(frozen=True)
class FetchFailed:
    """Nothing we may use, and why. `retry_at` UTC where the server named a time; `gone` after a 410."""

    reason: str
    retry_at: datetime | None = None
    gone: bool = False


FetchResult = Fetched | NotModified | FetchFailed


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

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.failed = FetchFailed(reason)


class Fetcher:
    """A client for many sources at once. Use as an async context; not shared between event loops."""

    def __init__(self, policy: FetchPolicy) -> None:
        self._policy = policy
        self._hosts: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(policy.per_host)
        )
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
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._session.close()

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[None]:
        """Wait until the host of an address has one of its places free."""
        async with self._hosts[_host(url)]:
            yield

    async def fetch(self, target: Target, now: datetime) -> FetchResult:
        """Ask for a source's document; never raises for anything that a server or network does.

        Args:
            target: the address and the validators of the last answer.
            now: aware UTC; a Retry-After in seconds counts from it.
        """
        policy = self._policy
        try:
            async with asyncio.timeout(policy.deadline_s):
                return await self._follow(target, now)
        except TimeoutError:
            return FetchFailed(f"took longer than {policy.deadline_s:g} s")
        except _RefusedError as refused:
            return refused.failed
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return FetchFailed(_plain_reason(error))

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
        raise _RefusedError(f"redirected more than {self._policy.max_redirects} times")

    async def _read(self, answer: aiohttp.ClientResponse, way: _Way, now: datetime) -> FetchResult:
        if answer.status == HTTPStatus.NOT_MODIFIED:
            return NotModified()
        if answer.status == HTTPStatus.GONE:
            return FetchFailed("answered 410: gone for good", gone=True)
        if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            return FetchFailed(f"answered {answer.status}", _retry_at(answer.headers, now))
        body, truncated = await self._body(answer)
        return Fetched(
            body=body,
            content_type=answer.headers.get("Content-Type", ""),
            etag=answer.headers.get("ETag"),
            last_modified=answer.headers.get("Last-Modified"),
            final_url=str(answer.url),
            permanent_url=str(way.permanent) if way.permanent else None,
            truncated=truncated,
        )

    async def _body(self, answer: aiohttp.ClientResponse) -> tuple[bytes, bool]:
        """Return the inflated body, and whether it broke off; stops at the size cap."""
        most, body = self._policy.max_bytes, bytearray()
        try:
            async for chunk in answer.content.iter_any():
                body += chunk
                if len(body) > most:
                    raise _RefusedError(f"too large: larger than {_megabytes(most)}")
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
        raise _RefusedError(f"leads to {parsed.scheme or 'no'}: which is neither http nor https")
    if not parsed.host:
        raise _RefusedError("its address names no host")
    return parsed


def _host(url: str) -> str:
    try:
        return (URL(url).host or "").lower()
    except ValueError:
        return ""


def _megabytes(count: int) -> str:
    return f"{count / 1_000_000:g} MB"


def _retry_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return when the server wants to be asked again: in seconds, or at a date (RFC 9110, 10.2.3)."""
    said = headers.get("Retry-After", "").strip()
    try:
        if said.isdigit():
            return now + timedelta(seconds=int(said))
        at = parsedate_to_datetime(said)
    except (ValueError, OverflowError):
        return None
    return at.astimezone(UTC) if at.tzinfo else None


def _plain_reason(error: Exception) -> str:
    """Say in plain words why a request failed."""
    match error:
        case aiohttp.ClientConnectorDNSError():
            return f"the name {error.host} cannot be resolved"
        case aiohttp.ClientConnectorCertificateError():
            return f"the certificate of {error.host} is not valid"
        case aiohttp.ClientConnectorError():
            return (
                _refused_address(error.os_error) or f"no connection to {error.host}: {_short(error.os_error)}"
            )
        case aiohttp.ServerDisconnectedError() | ConnectionError() | aiohttp.ClientPayloadError():
            return "the connection broke off"
        case aiohttp.InvalidURL() | ValueError():
            return "its address is not a valid URL"
        case _:
            return f"the answer could not be understood ({type(error).__name__})"


def _short(error: OSError) -> str:
    """Return the system's words for an error, without the address that aiohttp adds."""
    return os.strerror(error.errno).lower() if error.errno and error.errno > 0 else "it was refused"


def _refused_address(error: OSError) -> str | None:
    """Return the guard's reason where it refused every address that was tried."""
    if isinstance(error, AddressRefusedError):
        return str(error)
    several = str(error)
    return several.removeprefix("Multiple exceptions: ") if "is not public" in several else None
