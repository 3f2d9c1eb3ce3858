"""Around the pages: headers, errors, log lines, health, figures, unsubscribing, the dashboard behind."""

import logging
import re
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Lifespan, Receive, Scope, Send

from tests.web.conftest import Site, served, words
from tracker.domain.viewer import Viewer
from tracker.errors import ConfigError, NotTakenError, StoreError
from tracker.ingest.reports import open_form_source
from tracker.ingest.sources import add_source
from tracker.settings import Settings
from tracker.share.unsubscribe import signing_key, stop_token
from tracker.store import Store
from tracker.store.migrate import upgrade
from tracker.store.writes.people import people
from tracker.web.app import create_app
from tracker.web.guesses import _MOST_KEPT, GuessLimit


def test_every_page_is_strict_small_and_uncached(site: Site, officer: Viewer) -> None:
    client = site.browser(officer)
    for path in ("/report", "/receipt", "/sign-in", "/sign-out", "/api/docs", "/no/such", "/my"):
        page = client.get(path)
        policy = page.headers["content-security-policy"]
        assert "default-src 'self'" in policy, path
        assert "frame-ancestors 'none'" in policy
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["cache-control"] == "no-store"
        assert len(page.content) < 100_000
        assert "style=" not in page.text
        assert re.findall(r'(?:src|href)="(?:https?:)?//', page.text) == []


def test_the_stylesheet_is_kept_by_browsers_and_changes_its_address_with_its_content(site: Site) -> None:
    address = re.search(r'href="(/light/look.css[^"]+)"', site.browser().get("/report").text)
    assert address is not None
    sheet = site.browser().get(address[1])
    assert "immutable" in sheet.headers["cache-control"]
    assert sheet.headers["content-type"].startswith("text/css")
    assert "prefers-color-scheme:dark" in sheet.text


def test_a_page_that_is_not_there_is_said_to_be_none(site: Site) -> None:
    missing = site.browser().get("/no/such")
    assert missing.status_code == 404
    assert "There is no such page" in words(missing)
    assert site.browser().get("/api/no").json() == {"problem": "Look at the address again."}
    assert site.browser().put("/report").status_code == 405


def test_a_bug_shows_a_plain_page_and_logs_no_message(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise ValueError("words of a report")

    site.app.get("/fail")(fail)
    site.app.get("/api/fail")(fail)
    broken = site.browser().get("/fail")
    assert broken.status_code == 500
    assert "Something broke on our side" in words(broken)
    assert "Traceback" not in broken.text
    assert broken.headers["cache-control"] == "no-store"
    assert set(site.browser().get("/api/fail").json()) == {"problem"}
    assert "words of a report" not in caplog.text + broken.text
    assert "GET /fail failed: ValueError in fail" in caplog.text
    assert "GET /fail 500" in caplog.text


def test_what_the_database_will_never_take_does_not_ask_a_program_to_try_again(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse() -> None:
        raise NotTakenError("The database did not take this. Nothing was half-written.")

    site.app.get("/api/refuse")(refuse)
    answer = site.browser().get("/api/refuse")
    assert answer.status_code == 422
    assert "did not take this" in answer.json()["problem"]
    assert "did not take this" in caplog.text


def test_a_database_that_refuses_is_a_plain_page(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    def refuse() -> None:
        said = "duplicate key: words of a report"
        raise StoreError("The disk of the database is full.", "SQLITE_FULL") from ValueError(said)

    site.app.get("/refuse")(refuse)
    page = site.browser().get("/refuse")
    assert page.status_code == 503
    assert "The disk of the database is full." in words(page)
    assert "SQLITE_FULL" not in page.text
    assert "words of a report" not in page.text + caplog.text


def test_what_is_not_set_up_is_said_without_paths(site: Site) -> None:
    def miss() -> None:
        raise ConfigError("/etc/tracker/mail.txt cannot be read: Permission denied")

    site.app.get("/miss")(miss)
    page = site.browser().get("/miss")
    assert page.status_code == 503
    assert "/etc/tracker" not in page.text
    assert "tracker doctor" in words(page)


def test_health_is_ok_until_the_database_is_not(
    site: Site, settings: Settings, empty_database_url: str
) -> None:
    well = site.browser().get("/healthz")
    assert (well.status_code, well.text) == (200, "ok\n")
    empty = Store.open(empty_database_url)
    with served(create_app(empty, settings)) as url:
        ill = site.browser().get(f"{url}/healthz")
    empty.close()
    assert ill.status_code == 503
    assert "tracker init" in ill.text
    assert ill.text.count("\n") == 1
    gone = Store.open("postgresql://nobody@127.0.0.1:1/none?connect_timeout=2")
    with served(create_app(gone, settings)) as url:
        unreachable = site.browser().get(f"{url}/healthz")
    gone.close()
    assert unreachable.status_code == 503
    assert unreachable.text == "The database cannot be reached. Nothing was half-written.\n"


def test_figures_for_machines_are_counts_and_nothing_else(site: Site) -> None:
    add_source(site.house.store, "https://news.example.org/feed", site.house.now)
    open_form_source(site.house.store, site.house.now)
    figures = site.browser().get("/metrics")
    assert figures.headers["content-type"].startswith("text/plain")
    assert 'tracker_sources{state="active"} 1.0' in figures.text
    assert re.findall(r'tracker_items{source_kind="(\w+)"}', figures.text) == ["feed"]
    assert 'tracker_sources{state="failing"} 0.0' in figures.text
    assert 'tracker_outbox{state="queued"} 0.0' in figures.text


def test_a_database_that_was_not_set_up_says_what_to_run(
    site: Site, settings: Settings, empty_database_url: str
) -> None:
    upgrade(empty_database_url)
    store = Store.open(empty_database_url)
    with served(create_app(store, settings)) as url:
        said = site.browser().post(f"{url}/report", data={"what": "Leaflets.", "country": "KEN"})
    store.close()
    assert said.status_code == 503
    assert "tracker init" in words(said)


def stopped(site: Site, viewer: Viewer) -> bool:
    with site.house.store.looking("test", site.house.now) as work:
        return next(iter(people(work, [viewer.user_id]))).digest_stopped_at is not None


def test_the_weekly_mail_is_stopped_by_a_press_and_not_by_opening(site: Site, officer: Viewer) -> None:
    token = stop_token(signing_key(site.house.store, site.house.now), officer.user_id)
    client = site.browser()
    assert "Stop the weekly mail?" in words(client.get(f"/unsubscribe/{token}"))
    assert not stopped(site, officer)
    one_click = client.post(f"/unsubscribe/{token}", data={"List-Unsubscribe": "One-Click"})
    assert one_click.status_code == 200
    assert stopped(site, officer)
    assert client.post(f"/unsubscribe/{token}x").status_code == 404


class Other:
    """An application with routes of its own, as the dashboard is."""

    def __init__(self) -> None:
        self.started = 0
        self._app = Starlette(routes=[Route("/{path:path}", self._answer, methods=["GET", "POST"])])

    def lifespan(self) -> Lifespan[FastAPI]:
        @asynccontextmanager
        async def start(_app: FastAPI) -> AsyncIterator[None]:
            self.started += 1
            yield

        def begin(app: FastAPI) -> AbstractAsyncContextManager[None]:
            return start(app)

        return begin

    @staticmethod
    async def _answer(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"{request.url.path} took {len(await request.body())}")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


def test_the_dashboard_takes_what_no_page_has_and_starts_with_the_application(
    site: Site, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    behind = Other()
    with served(create_app(site.house.store, settings, dashboard=behind)) as url:
        answer = site.browser().get(f"{url}/alert?id=1")
        upload = site.browser().post(f"{url}/upload", content=b"x" * 200_000)
        assert "What happened" in words(site.browser().get(f"{url}/report"))
    assert (behind.started, answer.text) == (1, "/alert took 0")
    assert upload.text == "/upload took 200000"
    assert answer.headers["content-security-policy"] == "frame-ancestors 'self'"
    assert "cache-control" not in answer.headers
    lines = [r.getMessage() for r in caplog.records if r.name == "tracker.web" and r.levelno == logging.INFO]
    assert any(line.startswith("GET (dashboard) 200 ") for line in lines)
    assert not any("/alert" in line for line in lines)


def test_who_guesses_is_kept_by_household_and_never_without_end(site: Site) -> None:
    limit, now = GuessLimit(), site.house.now
    for number in range(10):
        limit.count_wrong(f"2001:db8::{number}", now)
    assert limit.exceeded("2001:db8::ffff", now)
    assert not limit.exceeded("2001:db8:1::1", now)
    for number in range(_MOST_KEPT):
        limit.count_wrong(f"host{number}", now)
    assert not limit.exceeded("2001:db8::1", now)
