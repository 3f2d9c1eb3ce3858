import asyncio
import gzip
import socket
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web

from tests.ingest.conftest import POLICY, Server
from tracker.domain.words import Trouble
from tracker.ingest.failures import FetchFailed
from tracker.ingest.fetch import Fetched, Fetcher, FetchResult, Manner, NotModified, Target
from tracker.ingest.policy import FetchPolicy


def fetch(policy: FetchPolicy, *targets: Target, now: datetime) -> list[FetchResult]:
    async def run() -> list[FetchResult]:
        async with Fetcher(policy) as fetcher:
            return await asyncio.gather(*(fetcher.fetch(target, now) for target in targets))

    return asyncio.run(run())


def fetch_one(policy: FetchPolicy, url: str, now: datetime) -> FetchResult:
    return fetch(policy, Target(url), now=now)[0]


def reason(result: FetchResult) -> str:
    assert isinstance(result, FetchFailed), result
    return result.reason


def test_a_body_arrives_with_its_validators(server: Server, now: datetime) -> None:
    url = server.says("feed", "<rss/>", ETag='"v1"', Last_Modified="Mon, 02 Nov 2026 10:00:00 GMT")
    got = fetch_one(server.policy, url, now)
    assert isinstance(got, Fetched)
    assert (got.body, got.etag, got.final_url, got.manner) == (b"<rss/>", '"v1"', url, Manner())


def test_the_validators_of_last_time_are_sent_and_not_modified_is_no_failure(
    server: Server, now: datetime
) -> None:
    url = server.says("feed", "", status=304)
    got = fetch(server.policy, Target(url, '"v1"', "Mon, 02 Nov 2026 10:00:00 GMT"), now=now)
    assert got == [NotModified()]
    assert server.requests[0].headers["If-None-Match"] == '"v1"'
    assert server.requests[0].headers["If-Modified-Since"] == "Mon, 02 Nov 2026 10:00:00 GMT"


def test_an_error_is_told_with_its_number(server: Server, now: datetime) -> None:
    assert reason(fetch_one(server.policy, server.says("x", "oops", status=500), now)) == "answered 500"


def test_a_body_that_is_not_compressed_as_it_says_is_no_broken_connection(
    server: Server, now: datetime
) -> None:
    url = server.says("x", "<rss/>", Content_Encoding="gzip")
    assert reason(fetch_one(server.policy, url, now)) == "its body is not compressed as it says"


def test_gone_for_good_is_marked(server: Server, now: datetime) -> None:
    got = fetch_one(server.policy, server.says("x", "", status=410), now)
    assert isinstance(got, FetchFailed)
    assert got.trouble is Trouble.GONE


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("86400", timedelta(days=1)),
        ("Wed, 25 Nov 2026 10:40:00 GMT", timedelta(hours=1)),
        ("soon", None),
    ],
)
def test_the_time_a_server_names_is_kept(
    server: Server, now: datetime, said: str, until: timedelta | None
) -> None:
    got = fetch_one(server.policy, server.says("x", "", status=429, Retry_After=said), now)
    assert isinstance(got, FetchFailed)
    assert got.retry_at == (None if until is None else now + until)


def test_a_compressed_body_is_stopped_at_the_cap_counted_after_inflation(
    server: Server, now: datetime
) -> None:
    bomb = gzip.compress(b"A" * 50_000_000)
    assert len(bomb) < 100_000
    url = server.says("gz", bomb, Content_Encoding="gzip")
    assert reason(fetch_one(server.policy, url, now)) == "too large: larger than 0.2 MB"


def test_a_move_for_good_is_reported_and_a_passing_one_is_not(server: Server, now: datetime) -> None:
    server.says("new", "<rss/>")
    moved = server.says("old", "", status=301, Location="/new")
    passing = server.says("tmp", "", status=302, Location="/old")
    forever, once = fetch(server.policy, Target(moved), Target(passing), now=now)
    assert isinstance(forever, Fetched)
    assert isinstance(once, Fetched)
    assert (forever.manner.moved_to, once.manner.moved_to) == (server.url("new"), None)


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("/loop", "redirected more than 5 times"),
        ("file:///etc/passwd", "leads to file: which is neither http nor https"),
        ("ftp://127.0.0.1/x", "leads to ftp: which is neither http nor https"),
        ("http://10.0.0.1/x", "address 10.0.0.1 is not public"),
        ("http://[::ffff:169.254.1.1]/x", "address 169.254.1.1 is not public"),
        ("http://127.0.0.1:9/x", "address 127.0.0.1 is not public"),
        ("http://2130706433/x", "its address is not a valid URL"),
    ],
)
def test_a_redirect_is_judged_like_a_first_address(
    server: Server, now: datetime, location: str, why: str
) -> None:
    url = server.says("loop", "", status=302, Location=location)
    assert reason(fetch_one(server.policy, url, now)) == why


def test_a_name_is_judged_by_the_address_it_resolves_to(now: datetime) -> None:
    why = reason(fetch_one(POLICY, "http://localhost:9/", now))
    assert "is not public" in why


def test_a_slow_answer_ends_at_the_deadline_and_holds_up_nobody(server: Server, now: datetime) -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        for _ in range(100):
            await answer.write(b"<")
            await asyncio.sleep(0.1)
        return answer

    server.answers["slow"] = drip
    quick = server.says("quick", "<rss/>")
    policy = replace(server.policy, deadline_s=0.8)
    began = time.monotonic()
    slow, fast = fetch(policy, Target(server.url("slow")), Target(quick), now=now)
    assert reason(slow) == "took longer than 0.8 s"
    assert isinstance(fast, Fetched)
    assert time.monotonic() - began < 3


def test_dead_name_servers_hold_up_no_other_source(
    server: Server, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = threading.Event()
    look_up = socket.getaddrinfo

    def slow_for_some(host: str, *args: Any, **kwargs: Any) -> list[Any]:
        if host.endswith(".example"):
            answered.wait(5)
            raise socket.gaierror(socket.EAI_AGAIN, "try again")
        return look_up(host, *args, **kwargs)

    async def release(_request: web.Request) -> web.StreamResponse:
        answered.set()
        return web.Response(text="<rss/>")

    monkeypatch.setattr(socket, "getaddrinfo", slow_for_some)
    server.answers["quick"] = release
    dead = [Target(f"http://{at}.example/feed") for at in range(server.policy.at_once - 1)]
    quick = Target(f"http://localhost:{server.port}/quick")
    policy = replace(server.policy, deadline_s=4)
    *failed, fast = fetch(policy, *dead, quick, now=now)
    assert isinstance(fast, Fetched)
    assert {reason(each) for each in failed[:1]} == {"the name 0.example cannot be resolved"}


def test_a_body_that_breaks_off_is_kept_and_marked(server: Server, now: datetime) -> None:
    async def short(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Length": "500"})
        await answer.prepare(request)
        await answer.write(b"<rss>")
        assert request.transport is not None
        request.transport.close()
        return answer

    server.answers["short"] = short
    got = fetch_one(server.policy, server.url("short"), now)
    assert isinstance(got, Fetched)
    assert (got.body, got.truncated) == (b"<rss>", True)


def test_nobody_listening_is_said_plainly(server: Server, now: datetime) -> None:
    policy = replace(POLICY, allow=tuple(replace(network, port=None) for network in server.allow))
    assert reason(fetch_one(policy, "http://127.0.0.1:1/", now)) == (
        "no connection to 127.0.0.1: connection refused"
    )


def test_at_most_two_requests_at_once_reach_one_host(server: Server, now: datetime) -> None:
    at_once, most = 0, 0

    async def count(_request: web.Request) -> web.StreamResponse:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.05)
        at_once -= 1
        return web.Response(text="<rss/>")

    server.answers["feed"] = count
    fetch(server.policy, *[Target(server.url("feed"))] * 8, now=now)
    assert most == 2


def test_nothing_is_kept_between_two_requests_by_cookies(server: Server, now: datetime) -> None:
    url = server.says("feed", "<rss/>", Set_Cookie="seen=1")
    fetch(server.policy, Target(url), now=now)
    fetch(server.policy, Target(url), Target(url), now=now)
    assert all("Cookie" not in request.headers for request in server.requests)


def test_instants_of_retry_are_in_utc(server: Server, now: datetime) -> None:
    url = server.says("x", "", status=503, Retry_After="60")
    got = fetch_one(server.policy, url, now)
    assert isinstance(got, FetchFailed)
    assert got.retry_at is not None
    assert got.retry_at.tzinfo is UTC
