"""At night and while somebody is away: who is on duty is told, once, without a word of what it is about.

All parts are real: commands, `tracker serve`, `tracker run`, Chromium, an SMTP server, a channel on loopback.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.program import FeedServer, Program
from tests.acceptance.world import ANA, CLEO, PAT, REPORTER, Desk, Platform
from tests.support.hook import Hook, running_hook
from tests.support.smtp import SmtpSink
from tracker.domain.words import Role

SUNDAY_NIGHT = datetime(2026, 11, 29, 2, tzinfo=UTC)
BEN = "ben@platform.example"
_JOBS, _MINUTES = ("jobs detect done", "jobs deadlines done", "jobs mail done"), 5
INSIDE = ("Kenya", "KEN", "Leaflets", "leave", "houses", "threat", REPORTER, "Ana", "Ben", "Pat")


@pytest.fixture
def platform(database_url: str, feeds: FeedServer, smtp_sink: SmtpSink, tmp_path: Path) -> Platform:
    env = {
        "TRACKER_DATABASE_URL": database_url,
        "TRACKER_ALLOW_NETWORKS": "127.0.0.1/32",
        "TRACKER_SMTP_URL": smtp_sink.url,
    }
    home = tmp_path / "home"
    home.mkdir()
    platform = Platform(Program(home, env, SUNDAY_NIGHT), feeds, smtp_sink)
    program = platform.program
    program.tracker("init", "--org", "Platform")
    program.tracker("keys", "create", str(home / "keys"))
    people = ((ANA, Role.ANALYST), (BEN, Role.ANALYST), (CLEO, Role.COORDINATOR), (PAT, Role.PARTNER))
    for email, role in people:
        program.has(email, role, "Platform", email.partition("@")[0].capitalize())
    program.tracker("duty", "set", ANA, "--from", "2026-11-28")
    program.tracker("duty", "set", BEN, "--layer", "2", "--from", "2026-11-28")
    return platform


@pytest.fixture
def hook() -> Iterator[Hook]:
    with running_hook() as hook:
        yield hook


def says_nothing(mail: EmailMessage) -> bool:
    said = f"{mail['Subject']} {mail.get_content()}"
    return not any(word in said for word in INSIDE)


def notices(platform: Platform, to: str) -> list[EmailMessage]:
    """Return the notices of alerts that came to somebody; the weekly digest comes to them as well."""
    return [mail for mail in platform.mails_to(to) if re.search("alerts? waits?$", str(mail["Subject"]))]


def the_jobs_run(platform: Platform, to: str, mails: int) -> list[EmailMessage]:
    """Let all jobs run for some minutes, one after the other; return the notices that came to somebody."""
    with platform.program.running() as jobs:
        jobs.wait_for("jobs run as")
        for _ in range(_MINUTES):
            before = {name: jobs.log.count(name) for name in _JOBS}
            platform.program.later(minutes=1)
            jobs.wait_until(lambda seen=before: all(jobs.log.count(n) > seen[n] for n in _JOBS))  # type: ignore[misc]
    found = notices(platform, to)
    assert len(found) == mails, jobs.log
    return found


def the_analyst_adds_a_channel(desk: Desk, hook: Hook) -> None:
    desk.opens("/channels")
    desk.unfolds("Add a channel")
    desk.writes("Address", hook.address)
    desk.sends("Add it", then_sees="Nothing was sent yet; test it.")
    desk.presses("Test")
    desk.sees("The service took it.")
    assert [said["message"] for said in hook.told] == ["This is a test."]


def she_says_that_she_is_away(desk: Desk) -> None:
    desk.opens("/duty")
    desk.sees("Ana is on duty")
    desk.unfolds("I am away")
    desk.sends("I am away", then_sees="Ben is on duty")


def test_a_report_too_grave_to_wait_at_night(platform: Platform, page: Page, hook: Hook) -> None:
    desk = Desk(page, platform, page.locator("body"))
    with platform.serving():
        desk.signs_in(ANA)
        desk.sees("on duty: Ana")
        the_analyst_adds_a_channel(desk, hook)
        platform.a_report_is_posted()
        platform.program.later(minutes=2)
        (mail,) = the_jobs_run(platform, ANA, 1)
        assert mail["Subject"] == "[TLP:GREEN] 1 critical alert waits"
        assert says_nothing(mail)
        assert [said["message"] for said in hook.told[1:]] == ["1 critical alert waits. Sign in."]
        assert not any(word in f"{hook.told[1:]}" for word in INSIDE)
        assert notices(platform, BEN) == notices(platform, CLEO) == []

        she_says_that_she_is_away(desk)
        platform.program.later(hours=2, minutes=30)
        (mail,) = the_jobs_run(platform, BEN, 1)
        assert says_nothing(mail)
        assert len(notices(platform, ANA)) == 1
        assert len(hook.told) == 2


def test_an_owner_who_is_away(platform: Platform, page: Page) -> None:
    desk = Desk(page, platform, page.locator("body"))
    platform.program.tracker("duty", "set", BEN, "--from", "2026-11-28")
    with platform.serving():
        platform.a_report_is_posted()
        platform.program.tracker("ingest")
        (alert,) = platform.program.exported("alerts", "--as", ANA)
        desk.signs_in(ANA)
        desk.opens(f"/alert?id={alert['id']}")
        desk.presses("I am on it")
        desk.sees("owner: Ana")
        desk.opens("/duty")
        desk.unfolds("I am away")
        desk.sends("I am away", then_sees="Noted.")
        platform.program.later(hours=4, minutes=30)
        (mail,) = the_jobs_run(platform, BEN, 1)
        assert says_nothing(mail)
        assert notices(platform, ANA) == []

        bens = Desk(page, platform, page.locator("body"))
        bens.opens("/sign-out")
        bens.signs_in(BEN)
        bens.opens(f"/alert?id={alert['id']}")
        bens.sees("owner: Ana")
        bens.presses("Take it over")
        bens.sees("owner: Ben")
        expect(page.get_by_text("owner: Ana")).to_have_count(0)
