"""A report that contradicts the news: every side is heard, none outvotes another, and the brief tells them all.

All parts are real: feeds and a page on loopback, a partner's phone, commands, `tracker serve`, Chromium, one clock.
"""

from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.program import FeedServer, Program
from tests.acceptance.world import ANA, FIRST_MONDAY, OMAR, PAT, Desk, Platform
from tests.support.browser import STEP_TIMEOUT_MS
from tests.support.smtp import SmtpSink
from tracker.domain.words import Role

PHONE_PX = 390
NEWS = "Jihadists kill 30 villagers in attack on Ogossagou in Mali"
DENIAL = "The village of Ogossagou is calm and nothing happened there, the governor's office said on Monday."
SEEN = "Men in army trucks, not jihadists, killed 30 people in Ogossagou. I saw the trucks."
REPORT = {
    "what": SEEN,
    "country": "MLI",
    "place": "Ogossagou",
    "how_known": "saw_it",
    "tlp": "AMBER",
    "may_share_un": True,
}
TRUE, IMPROBABLE = "information possibly true", "information improbable"
SIDES = (
    ("Men in army trucks killed 30 people.", "a partner who saw it", "C3", f"source fairly reliable, {TRUE}"),
    ("Jihadists killed 30 villagers.", "a news agency", "B3", f"source usually reliable, {TRUE}"),
    ("The village is calm.", "the governor's office", "E5", f"source unreliable, {IMPROBABLE}"),
)
"""What each side says, who says it, its grade, and that in words."""


@pytest.fixture
def platform(database_url: str, feeds: FeedServer, smtp_sink: SmtpSink, tmp_path: Path) -> Platform:
    home = tmp_path / "home"
    home.mkdir()
    env = {"TRACKER_DATABASE_URL": database_url, "TRACKER_ALLOW_NETWORKS": "127.0.0.1/32"}
    program = Program(home, env, FIRST_MONDAY)
    program.tracker("init", "--org", "Platform")
    for email, role, org, name in (
        (ANA, Role.ANALYST, "Platform", "Ana"),
        (OMAR, Role.OFFICER, "UN department", "Omar"),
        (PAT, Role.PARTNER, "Women's peace network", "Pat"),
    ):
        program.has(email, role, org, name)
    return Platform(program, feeds, smtp_sink)


def the_news_tells_of_an_attack(platform: Platform) -> None:
    entry = (
        f"<item><title>{escape(NEWS)}</title><guid>1</guid><pubDate>{format_datetime(platform.program.now)}"
        "</pubDate></item>"
    )
    head = "<title>Courier</title><link>https://news.example/</link><description>Invented.</description>"
    url = platform.feeds.serves(
        "courier.xml", f'<rss version="2.0"><channel>{head}{entry}</channel></rss>'.encode()
    )
    platform.program.tracker("sources", "add", url, "--name", "Sahel Courier", "--lang", "en")


def the_governor_denies_it_on_a_page(platform: Platform) -> str:
    body = f"<html lang=en><title>Calm</title><article><h1>Calm</h1><p>{DENIAL} {DENIAL}</p></article></html>"
    return platform.feeds.serves("governor.html", body.encode())


def a_partner_reports_otherwise(platform: Platform) -> None:
    bearer = {"Authorization": f"Bearer {platform.program.said('users', 'token', PAT, '--name', 'phone')}"}
    assert httpx.post(f"{platform.url}/api/reports", json=REPORT, headers=bearer).status_code == 201


def the_analyst_puts_all_three_under_one_alert(desk: Desk, page_of_governor: str) -> None:
    desk.signs_in(ANA)
    desk.opens("/inbox")
    desk.unfolds("Other …")
    desk.sends("Attach", then_sees="Attached.")
    desk.opens("/alerts")
    desk.page.get_by_role("link", name="Mali: ").first.click()
    desk.sees("What the sources say (2 items of 2 sources that you may see)")
    desk.waits()
    desk.part = desk.page.locator("body")
    desk.page.get_by_text("Add a link or a text").click()
    desk.writes("Address of a page", page_of_governor)
    desk.sends("Add it", then_sees="What the sources say (3 items of 3 sources that you may see)")
    claims = desk.page.locator(".claim")
    for words in ("Men in army trucks", "Jihadists kill 30", "Calm"):
        expect(claims.filter(has_text=words)).to_have_count(1)


def the_analyst_says_that_it_is_disputed(desk: Desk) -> None:
    desk.unfolds("Verify")
    desk.switches("Disputed")
    desk.chooses("Grade of the information", "3 possibly true")
    desk.writes("How you checked", "two calls to people in the next village; the governor's office denies it")
    desk.sends("Write it down", then_sees="Attempts to verify")
    desk.sees("disputed (information 3)")


def the_analyst_writes_down_every_side(desk: Desk) -> None:
    desk.unfolds_the_brief()
    desk.writes("Headline", "Thirty killed in a village; who did it is disputed")
    desk.writes("Bottom line", "People were killed. Reprisals are likely whoever did it.")
    desk.writes("Why now", "Two accounts within a day, and a denial.")
    desk.writes("What would change our mind", "A visit that finds the village calm.")
    for number, (what, who, grade, _) in enumerate(SIDES[:1]):
        _side(desk, number, what, who, grade)
    for number, (what, owner) in enumerate(
        (("Send a fact-finding visit", "UN"), ("Call both commanders", "envoy"))
    ):
        desk.part.get_by_label("What", exact=True).nth(number).fill(what)
        desk.part.get_by_label("By whom", exact=True).nth(number).fill(owner)
    desk.sends("Keep the draft", then_sees="tell at least two sides")
    for number, (what, who, grade, _) in enumerate(SIDES):
        _side(desk, number, what, who, grade)
    desk.sends("Keep the draft", then_sees="Brief, version 1 (draft)")
    desk.sees("Sources disagree.")
    desk.sees("E5: source unreliable, information improbable")
    desk.unfolds("Deliver brief")
    desk.chooses("Deliver to", "Omar")
    desk.sends("Deliver", then_sees="No answer yet")


def _side(desk: Desk, number: int, what: str, who: str, grade: str) -> None:
    for label, words in (("What is said", what), ("Who says it", who), ("Grade", grade)):
        desk.part.get_by_label(label, exact=True).nth(number).fill(words)


def the_officer_reads_them_all(phone: Desk) -> None:
    phone.signs_in(OMAR)
    phone.follows("who did it is disputed")
    expect(phone.page.get_by_role("heading", name="Sources disagree")).to_be_visible()
    sides = phone.page.get_by_role("listitem")
    for what, who, grade, words in SIDES:
        side = sides.filter(has_text=what)
        expect(side).to_contain_text(f"{who[0].upper()}{who[1:]}:")
        expect(side).to_contain_text(f"{grade}: {words}")
    widest = phone.page.locator("main").bounding_box()
    assert widest is not None
    assert widest["width"] <= PHONE_PX


@pytest.mark.timeout(240)
def test_a_report_that_contradicts_the_news_stands_beside_it_and_the_brief_tells_every_side(
    platform: Platform, page: Page, browser: Browser
) -> None:
    the_news_tells_of_an_attack(platform)
    denial = the_governor_denies_it_on_a_page(platform)
    desk = Desk(page, platform, page.locator("body"))
    context = browser.new_context(viewport={"width": PHONE_PX, "height": 800}, java_script_enabled=False)
    context.set_default_timeout(STEP_TIMEOUT_MS)
    phone = context.new_page()
    with platform.serving():
        a_partner_reports_otherwise(platform)
        platform.program.tracker("ingest", "--once")
        the_analyst_puts_all_three_under_one_alert(desk, denial)
        the_analyst_says_that_it_is_disputed(desk)
        the_analyst_writes_down_every_side(desk)
        the_officer_reads_them_all(Desk(phone, platform, phone.locator("body")))
    (alert,) = platform.program.exported("alerts", "--as", ANA)
    assert (alert["state"], alert["verification"]) == ("assessing", "disputed")
    assert not alert["verified_at"]
