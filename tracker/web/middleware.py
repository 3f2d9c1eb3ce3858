"""Around every request: a log line without names or addresses, strict headers, no traceback, no endless body."""

import logging
import time
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tracker.errors import describe

_log = logging.getLogger("tracker.web")

LIGHT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'none'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""Light pages need nothing but their stylesheet."""

MOST_BYTES = 100_000
"""The answers of a report take 6,000 characters at most: 24 kB of UTF-8, 72 kB as a form encodes it."""

_BEHIND = "tracker.dashboard"
_DASHBOARD_POLICY = "frame-ancestors 'self'"


def route_of(scope: Scope) -> str:
    """Return the template of the route that took a request, never its path: paths hold receipt codes."""
    if _BEHIND in scope:
        return "(dashboard)"
    template = getattr(scope.get("route"), "path", None)
    return str(template) if template else "(other)"


class Behind:
    """The dashboard, whose requests are marked: its pages need scripts, and what it is sent has no limit of ours."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Mark the request and pass it on."""
        scope[_BEHIND] = True
        await self._app(scope, receive, send)


class AccessLog:
    """Logs method, route template, status and milliseconds."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and log it once it was answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0
        began = time.monotonic()

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            spent_ms = (time.monotonic() - began) * 1000
            _log.info("%s %s %d %.0f ms", scope["method"], route_of(scope), status, spent_ms)


class Headers:
    """Adds the headers that keep pages out of frames, caches and other people's address lines."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def adding(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(MutableHeaders(scope=message), behind=_BEHIND in scope)
            await send(message)

        await self._app(scope, receive, adding)


def _add_headers(headers: MutableHeaders, *, behind: bool) -> None:
    headers["x-content-type-options"] = "nosniff"
    headers["referrer-policy"] = "no-referrer"
    if behind:
        headers.setdefault("content-security-policy", _DASHBOARD_POLICY)
        return
    headers["content-security-policy"] = LIGHT_POLICY
    headers["cross-origin-opener-policy"] = "same-origin"
    headers["permissions-policy"] = "camera=(), geolocation=(), microphone=()"
    headers.setdefault("cache-control", "no-store")


class BodyLimit:
    """Stops reading what is larger than any honest form. What the dashboard takes is its own affair."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and its body up to the limit."""
        size = 0

        async def counting() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > MOST_BYTES and _BEHIND not in scope:
                raise HTTPException(413)
            return message

        await self._app(scope, counting if scope["type"] == "http" else receive, send)


class Crash:
    """Turns a bug into a plain page. The log gets kinds and places, never a message: it may hold a report's words."""

    def __init__(self, app: ASGIApp, page: Callable[[Scope], Response]) -> None:
        self._app = app
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer 500 where it failed before it was answered."""
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as error:
            if scope["type"] != "http" or started:
                raise
            _log.error("%s %s failed: %s", scope["method"], route_of(scope), describe(error))
            await self._page(scope)(scope, receive, send)
