"""The web room on a real store, served by uvicorn on loopback, as whoever asks for it sees it."""

import html
import logging
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from tests.support.house import NOW, House, house_at
from tracker.access.signin import make_link, make_token, sign_in
from tracker.domain.viewer import Viewer
from tracker.domain.words import Confidence, Likelihood, Role, Tlp
from tracker.respond.briefs import deliver, write_brief
from tracker.respond.labelling import Labelling
from tracker.settings import Settings
from tracker.store.writes.response import BriefText
from tracker.web.app import create_app
from tracker.web.visitors import COOKIE


@dataclass
class Site:
    """A running server, the house behind it, and how to reach it as somebody."""

    house: House
    app: FastAPI
    url: str
    _stack: ExitStack = field(repr=False)

    def browser(self, viewer: Viewer | None = None) -> httpx.Client:
        """Return a client that keeps cookies and follows nothing; signed in as the viewer."""
        client = self._stack.enter_context(httpx.Client(base_url=self.url, timeout=30))
        if viewer is not None:
            client.cookies.set(COOKIE, self.cookie(viewer))
        return client

    def program(self, viewer: Viewer) -> httpx.Client:
        """Return a client that sends a token of the viewer."""
        token = make_token(self.house.store, viewer.user_id, "test", self.house.now)
        client = self.browser()
        client.headers["authorization"] = f"Bearer {token}"
        return client

    def key(self, viewer: Viewer) -> str:
        """Return the secret of a fresh one-time sign-in address."""
        return make_link(self.house.store, viewer.user_id, self.url, self.house.now).partition("key=")[2]

    def cookie(self, viewer: Viewer) -> str:
        """Return the cookie of a browser that is signed in as the viewer."""
        cookie = sign_in(self.house.store, self.key(viewer), self.house.now)
        assert cookie is not None
        return cookie

    def deliver(self, analyst: Viewer, email: str, headline: str = "Leaflets tell people to leave") -> str:
        """Raise an alert, write its brief and deliver it; return the delivery's id."""
        alert = self.house.alert(analyst)
        text = BriefText(
            headline=headline,
            bottom_line="Organised threats carry a date.",
            why_now="Leaflets in three villages.",
            outlook=Likelihood.LIKELY,
            confidence=Confidence.MEDIUM,
            would_change_our_mind="A normal market day.",
            options=(("Call the prefect", "adviser", "today"), ("Elders on the radio", "CSO", "Thursday")),
            decision_needed_by=self.house.now + timedelta(days=1),
        )
        brief_id = write_brief(
            self.house.store, analyst, alert.id, text, Labelling(Tlp.AMBER), self.house.now
        )
        return deliver(self.house.store, analyst, brief_id, email, self.house.now)


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Run an application under uvicorn on a free loopback port; give its address."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, access_log=False, log_config=None, ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.005)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
        listening.close()


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """What the environment of a test says."""
    return Settings.read({"TRACKER_DATA_DIR": str(tmp_path), "TRACKER_DATABASE_URL": database_url})


@pytest.fixture
def site(
    database_url: str, settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[Site]:
    """The pages on a house that is set up, at noon of its day."""
    monkeypatch.setenv("TRACKER_NOW", NOW.isoformat())
    caplog.set_level(logging.INFO)
    with ExitStack() as stack:
        house = stack.enter_context(house_at(database_url))
        app = create_app(house.store, settings)
        url = stack.enter_context(served(app))
        yield Site(house, app, url, stack)


@pytest.fixture
def analyst(site: Site) -> Viewer:
    return site.house.viewer(Role.ANALYST, name="Ana")


@pytest.fixture
def officer(site: Site) -> Viewer:
    return site.house.viewer(Role.OFFICER, "UN", name="Omar")


@pytest.fixture
def partner(site: Site) -> Viewer:
    return site.house.viewer(Role.PARTNER, "Network", name="Awa")


OFFICER_EMAIL = "omar.un@example.org"


def hidden(page: httpx.Response, name: str) -> str:
    """Return the value of a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found is not None, f"no hidden field {name}"
    return html.unescape(found[1])


def words(page: httpx.Response) -> str:
    """Return the words of a page, without markup, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page.text)).split())


__all__ = ["OFFICER_EMAIL", "Site", "hidden", "served", "words"]
