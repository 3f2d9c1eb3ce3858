"""One wire in forty papers, then a second source: from forty served feeds to one row in the inbox, and to an alert.

All parts are real: forty feeds on loopback, commands, `tracker serve`, Chromium, one clock.
"""

import re
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
import yaml
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from tests.acceptance.program import FeedServer, Program
from tests.acceptance.world import ANA, FIRST_MONDAY, Desk, Platform
from tests.support.smtp import SmtpSink
from tests.understand.test_stories import HEADLINES, WIRE
from tracker.domain.words import Role
from tracker.store import Store
from tracker.store.tables import WeekCount

PAPERS = 40
OWN_WORDS = (
    "Armed men raided Ogossagou in Mali overnight and killed 30 people. A nurse in Bankass counted the bodies; "
    "granaries were still burning when soldiers came. Herders fear that the village will take revenge."
)


@pytest.fixture
def platform(database_url: str, feeds: FeedServer, smtp_sink: SmtpSink, tmp_path: Path) -> Platform:
    env = {"TRACKER_DATABASE_URL": database_url, "TRACKER_ALLOW_NETWORKS": "127.0.0.1/32"}
    home = tmp_path / "home"
    home.mkdir()
    program = Program(home, env, FIRST_MONDAY)
    program.tracker("init", "--org", "Platform")
    program.has(ANA, Role.ANALYST, "Platform", "Ana")
    return Platform(program, feeds, smtp_sink)


def papers_carry_the_wire(platform: Platform) -> None:
    """Each paper under a headline and a dateline of its own, a few minutes after the last."""
    listed = []
    for number in range(PAPERS):
        at = FIRST_MONDAY - timedelta(hours=8) + timedelta(minutes=7 * number)
        text = WIRE if number % 2 else f"BAMAKO (Agency {number}) - {WIRE}"
        url = says(platform.feeds, f"paper{number}.xml", HEADLINES[number % 3], text, format_datetime(at))
        listed.append({"url": url, "name": f"Paper {number}", "lang": "en"})
    names = platform.program.home / "papers.yaml"
    names.write_text(yaml.safe_dump({"sources": listed}), encoding="utf-8")
    platform.program.tracker("sources", "import", str(names))


def says(feeds: FeedServer, path: str, title: str, text: str, at: str) -> str:
    entry = (
        f"<item><title>{escape(title)}</title><description>{escape(text)}</description>"
        f"<guid>{path}</guid><pubDate>{at}</pubDate></item>"
    )
    head = f"<title>{path}</title><link>https://news.example/</link><description>Invented.</description>"
    return feeds.serves(path, f'<rss version="2.0"><channel>{head}{entry}</channel></rss>'.encode())


def counted_stories(platform: Platform) -> int:
    store = Store.open(platform.program.env["TRACKER_DATABASE_URL"])
    try:
        with store.looking("test", platform.program.now) as work:
            return work.scalar(select(func.sum(WeekCount.story_count))) or 0
    finally:
        store.close()


def test_one_wire_copied_forty_times_is_one_story_until_somebody_else_tells_it(
    platform: Platform, page: Page
) -> None:
    papers_carry_the_wire(platform)
    platform.program.tracker("ingest", "--once")
    items = platform.program.exported("items", "--as", ANA)
    assert len(items) == PAPERS
    assert len({item["story_id"] for item in items}) == 1
    assert counted_stories(platform) == 1
    desk = Desk(page, platform, page.locator("body"))
    with platform.serving():
        desk.signs_in(ANA)
        desk.opens("/inbox")
        desk.sees("1 signal waits to be looked at")
        desk.sees("A news item about Mali names")
        desk.sees("40 items, 1 independent source")
        desk.opens("/items")
        page.locator(".dvn-scroller").first.click(position={"x": 20, "y": 60})
        desk.sees("40 items, 1 independent source")

        at = format_datetime(platform.program.now)
        url = says(platform.feeds, "river.xml", "Raid on Ogossagou", OWN_WORDS, at)
        platform.program.tracker("sources", "add", url, "--name", "River Radio", "--lang", "en")
        platform.program.later(hours=1)
        platform.program.tracker("ingest", "--once")
        (alert,) = platform.program.exported("alerts", "--as", ANA)
        assert (alert["level"], alert["source_count"]) == ("critical", 2)
        desk.opens("/inbox")
        desk.sees("No signal waits.")
        desk.opens(f"/alert?id={alert['id']}")
        desk.sees("2 independent sources in the news about Mali name")
        desk.sees("Same text in 39 other items")
        expect(page.get_by_text(re.compile("^River Radio$")).first).to_be_visible()
        the_analyst_parts_it_and_takes_that_back(desk)
    assert counted_stories(platform) == 1


def the_analyst_parts_it_and_takes_that_back(desk: Desk) -> None:
    desk.opens("/items")
    desk.page.locator(".dvn-scroller").first.click(position={"x": 20, "y": 60})
    desk.sees("41 items, 2 independent sources")
    desk.unfolds("Put right …")
    desk.sends("This item tells of something else", "It is a story of its own now.")
    desk.sees("No other item that you may see.")
    desk.part.get_by_text("Tells of the same as").first.wait_for()
    desk.sends("Take back the last change", "Taken back.")
    desk.sees("41 items, 2 independent sources")
