"""What tests of ingest stand on: a migrated store with its host, and a server that answers as it is told."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from aiohttp import web

from tests.detect.desk import read_config
from tracker.ingest.guard import AllowedNetwork, read_allowed_networks
from tracker.ingest.policy import FetchPolicy
from tracker.store import Store
from tracker.store.writes.people import ensure_host

NOW = datetime(2026, 11, 25, 9, 40, tzinfo=UTC)
POLICY = FetchPolicy.read(read_config("fetching"))
"""What we ship, with public addresses alone."""
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store.open(database_url)
    with opened.acting("operator", "init", NOW) as work:
        ensure_host(work, "Platform")
    yield opened
    opened.close()


@dataclass
class Server:
    """A loopback HTTP server; `answers` maps a path without its slash to a coroutine."""

    port: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[web.BaseRequest] = field(default_factory=list)

    def url(self, name: str) -> str:
        return f"http://{self.host}/{name}"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def says(self, name: str, body: str | bytes, *, status: int = 200, **headers: str) -> str:
        """Answer with a body from now on, and return the address."""
        kept = {key.replace("_", "-"): value for key, value in headers.items()}
        data = body.encode() if isinstance(body, str) else body

        async def answer(_request: web.Request) -> web.StreamResponse:
            return web.Response(body=data, status=status, headers=kept)

        self.answers[name] = answer
        return self.url(name)

    @property
    def allow(self) -> tuple[AllowedNetwork, ...]:
        return read_allowed_networks([f"127.0.0.1/32:{self.port}"])

    @property
    def policy(self) -> FetchPolicy:
        return replace(POLICY, allow=self.allow, deadline_s=5, max_bytes=200_000)


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    loop = asyncio.new_event_loop()

    async def serve(request: web.BaseRequest) -> web.StreamResponse:
        running.requests.append(request)
        answer = running.answers.get(request.path.lstrip("/"))
        return await answer(request) if answer else web.Response(status=404)  # type: ignore[arg-type]

    async def start() -> web.ServerRunner:
        runner = web.ServerRunner(web.Server(serve), shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        running.port = runner.addresses[0][1]
        return runner

    runner = loop.run_until_complete(start())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield running

    async def stop() -> None:
        await runner.cleanup()
        slow = asyncio.all_tasks() - {asyncio.current_task()}
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)

    asyncio.run_coroutine_threadsafe(stop(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()
