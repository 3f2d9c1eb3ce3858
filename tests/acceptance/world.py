"""The world of the thread: a platform with its feed, its mail server and its people at browsers."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import httpx
from playwright.sync_api import Locator, Page, expect

from tests.acceptance.program import Entry, FeedServer, Program
from tests.support.serve import serve
from tests.support.smtp import SmtpSink
from tests.support.villages import village

FIRST_MONDAY = datetime(2026, 10, 26, 8, tzinfo=UTC)
QUIET_WEEKS = 3
WEEK = "2026-W47"
ANA, CLEO, OMAR = "ana@platform.example", "cleo@platform.example", "omar@un.example"
KENYA, PAT = "kioni@state.example", "pat@partner.example"
REPORTER = "Wanjiru of the market committee"
TOLD = "Leaflets tell one group to leave by Friday. Houses were marked at night."
REPORT = {
    "what": TOLD,
    "kind": "threat",
    "country": "KEN",
    "when": "today",
    "how_known": "saw_it",
    "may_share_un": True,
    "may_contact": True,
    "reporter_name": REPORTER,
    "client_id": "phone-1",
}


def what_the_news_says_until(now: datetime) -> list[Entry]:
    """Weeks with an attack or two, then one with twelve."""
    entries = []
    for week in range(QUIET_WEEKS):
        monday = FIRST_MONDAY + timedelta(weeks=week)
        entries.append(Entry(monday, f"Mali's football season opens, week {week}"))
        entries += [
            Entry(
                monday + timedelta(hours=turn),
                f"Mali: villagers killed in attack near {village(2 * week + turn)}",
            )
            for turn in range(week % 2 + 1)
        ]
    busy = FIRST_MONDAY + timedelta(weeks=QUIET_WEEKS)
    entries += [
        Entry(
            busy + timedelta(hours=4 * turn),
            f"Mali: attack on a village near {village(100 + turn)}, bodies found",
        )
        for turn in range(12)
    ]
    return [entry for entry in entries if entry.at <= now]


@dataclass
class Platform:
    """The program with the world around it: its feed, its mail server, its pages."""

    program: Program
    feeds: FeedServer
    mails: SmtpSink
    url: str = ""

    def is_set_up(self) -> None:
        self.program.tracker("init", "--org", "Platform")
        self.program.tracker("keys", "create", str(self.program.home / "keys"))
        self._has(ANA, "analyst", "Platform", "Ana")
        self._has(CLEO, "coordinator", "Platform", "Cleo")
        self._has(OMAR, "officer", "UN department", "Omar")
        self._has(KENYA, "member_state", "Mission of Kenya", "Kioni", "--country", "KEN")
        self._has(PAT, "partner", "Women's peace network", "Pat")
        self.program.tracker("sources", "add", self.feeds.says("sahel.xml", []), "--lang", "en")

    def _has(self, email: str, role: str, org: str, name: str, *more: str) -> None:
        words = ("users", "add", email, "--role", role, "--org", org, "--name", name, *more)
        assert "/sign-in?key=" in self.program.said(*words)

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Run `tracker serve`; the addresses that commands print lead to it."""
        with serve(self.program.env) as served:
            self.url = self.program.env["TRACKER_PUBLIC_URL"] = served.url
            yield

    def a_week_passes(self, number: int) -> None:
        """Move the clock to a Wednesday evening and poll."""
        self.program.clock_says(FIRST_MONDAY + timedelta(weeks=number, days=2, hours=9))
        self.feeds.says("sahel.xml", what_the_news_says_until(self.program.now))
        polled = json.loads(self.program.said("ingest", "--once"))
        assert (polled["ok"], polled["failed"]) == (1, 0)

    def signals_of(self, country: str) -> list[dict[str, Any]]:
        """Return what the analyst may see of a country's signals."""
        rows = self.program.exported("signals", "--as", ANA)
        return [row for row in rows if row["country"] == country]

    def a_report_is_posted(self) -> str:
        """Post the report, and again as a phone does that heard no answer; return its receipt code."""
        bearer = {"Authorization": f"Bearer {self.program.said('users', 'token', PAT, '--name', 'phone')}"}
        first = httpx.post(f"{self.url}/api/reports", json=REPORT, headers=bearer)
        again = httpx.post(f"{self.url}/api/reports", json=REPORT, headers=bearer)
        assert (first.status_code, again.json()) == (201, {"already_received": True}), first.text
        return str(first.json()["receipt"])

    def link_for(self, email: str) -> str:
        return self.program.link_for(email)

    def mails_to(self, email: str) -> list[EmailMessage]:
        return [mail.content for mail in self.mails.messages if mail.recipients == (email,)]

    def digest(self, *words: str) -> dict[str, int]:
        """Run `tracker digest` for the week; return its counts."""
        counts: dict[str, int] = json.loads(self.program.said("digest", "--week", WEEK, *words))
        return counts


@dataclass
class Desk:
    """A person at a browser; `part` is the form at hand."""

    page: Page
    platform: Platform
    part: Locator

    def signs_in(self, email: str) -> None:
        """Opening the one-time address changes nothing; its button signs in."""
        link = self.platform.link_for(email)
        self.page.goto(link)
        self.page.goto(link)
        self.page.get_by_role("button", name="Sign in").click()

    def opens(self, path: str) -> None:
        self.page.goto(f"{self.platform.url}{path}")

    def sees(self, words: str) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible(timeout=30_000)

    def follows(self, words: str) -> None:
        self.page.get_by_role("link", name=words).click()

    def presses(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def waits(self) -> None:
        """Wait until the page is drawn to its end: else what is written may go to a form of before."""
        drawn = self.page.get_by_test_id("stApp")
        expect(drawn).to_have_attribute("data-test-script-state", "notRunning", timeout=30_000)

    def unfolds(self, name: str) -> None:
        """Open the form behind a button."""
        self.waits()
        self.presses(name)
        self.part = self.page.get_by_test_id("stPopoverBody")

    def unfolds_the_brief(self) -> None:
        self.waits()
        self.part = self.page.locator(".st-key-card-brief")
        self.part.get_by_text("Write the brief").click()

    def writes(self, label: str, words: str, turn: int = 0) -> None:
        """Write into a field and leave it: a hint below it goes then, and a button that moves misses its press."""
        self.waits()
        field = self.part.get_by_label(label, exact=True).nth(turn)
        field.fill(words)
        field.blur()

    def chooses(self, label: str, option: str) -> None:
        """Choose from a list; a list that opens while its form still unfolds is shut again, and is opened anew."""
        box = self.part.get_by_test_id("stSelectbox").filter(has_text=label).get_by_role("combobox")
        wanted = self.page.get_by_role("option", name=re.compile(f"^{re.escape(option)}"))
        self.waits()
        box.click()
        try:
            expect(wanted).to_be_visible(timeout=3_000)
        except AssertionError:
            box.click()
        wanted.click()

    def switches(self, option: str) -> None:
        """Press one of a few choices that the fields follow."""
        self.part.get_by_test_id("stButtonGroup").get_by_text(option, exact=True).click()
        self.waits()

    def sends(self, button: str, then_sees: str) -> None:
        """Press a form's button; where that was refused, the failure says in what words."""
        self.waits()
        self.part.get_by_role("button", name=button, exact=True).click()
        try:
            self.sees(then_sees)
        except AssertionError as error:
            error.add_note(f"The page says instead: {self.page.get_by_test_id('stAlert').all_inner_texts()}")
            raise
        self.waits()
