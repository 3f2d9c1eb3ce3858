"""One warning, from a feed to an outcome, the weekly mail and a withdrawn report.

All parts are real: a served feed, commands, `tracker serve` and `tracker run`, Chromium, an SMTP server, one clock.
"""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page

from tests.acceptance.program import FeedServer, Program
from tests.acceptance.world import (
    ANA,
    CLEO,
    FIRST_MONDAY,
    KENYA,
    OMAR,
    PAT,
    QUIET_WEEKS,
    REPORTER,
    TOLD,
    Desk,
    Platform,
)
from tests.support.browser import STEP_TIMEOUT_MS
from tests.support.smtp import SmtpSink
from tracker.domain.words import MilestoneKind

WARNING = "Mali: Attacks on civilians"
HEADLINE = "Attacks on villages spread eastwards"
ELDERS, CALL = "Elders of both groups speak on the radio", "Quiet call to the governor"
LESSON = "A radio correction worked because both elders read it together."
MALI_LINE = "Attacks on villages in one region have eased after local mediation."
KENYA_LINE = "Tension between two groups is followed closely with local elders."
MILESTONES = [str(kind) for kind in MilestoneKind]
PHONE_PX = 390

Phones = Callable[[], Desk]


@pytest.fixture
def platform(database_url: str, feeds: FeedServer, smtp_sink: SmtpSink, tmp_path: Path) -> Platform:
    env = {
        "TRACKER_DATABASE_URL": database_url,
        "TRACKER_ALLOW_NETWORKS": "127.0.0.1/32",
        "TRACKER_SMTP_URL": smtp_sink.url,
    }
    home = tmp_path / "home"
    home.mkdir()
    return Platform(Program(home, env, FIRST_MONDAY), feeds, smtp_sink)


@pytest.fixture
def desk(page: Page, platform: Platform) -> Desk:
    """Ana's browser."""
    return Desk(page, platform, page.locator("body"))


@pytest.fixture
def phones(browser: Browser, platform: Platform) -> Phones:
    """Gives a phone of its own to whoever asks: 390 px wide, no JavaScript."""

    def phone() -> Desk:
        context = browser.new_context(
            viewport={"width": PHONE_PX, "height": 800}, java_script_enabled=False, locale="en-GB"
        )
        context.set_default_timeout(STEP_TIMEOUT_MS)
        page = context.new_page()
        return Desk(page, platform, page.locator("body"))

    return phone


def funnel_on(page: Page) -> dict[str, int]:
    """Read where warnings stop, from the first page."""
    cells = page.locator(".fun > *").all_inner_texts()
    pairs = [re.fullmatch(r"(\d+)\s+(.+)", cell) for cell in cells]
    return {pair[2]: int(pair[1]) for pair in pairs if pair}


def the_analyst_promotes_the_signal(desk: Desk) -> None:
    desk.opens("/")
    desk.sees("You are not signed in.")
    desk.signs_in(ANA)
    desk.sees("1 critical alert waits to be verified.")
    desk.sees("1 signal waits")
    desk.presses("Open the inbox")
    desk.sees("12 stories in week 2026-W47")
    desk.presses("Promote")
    desk.sees("MLI-0001 was opened.")


def the_analyst_takes_it_and_verifies(desk: Desk) -> None:
    desk.opens("/alerts")
    desk.follows(WARNING)
    desk.presses("I am on it")
    desk.sees("owner: Ana")
    desk.unfolds("Verify")
    desk.switches("Verified")
    desk.chooses("Grade of the information", "2 probably true")
    desk.writes("How you checked", "two calls to partners in the region")
    desk.sends("Write it down", then_sees="Attempts to verify")


def the_analyst_delivers_a_brief(desk: Desk) -> None:
    desk.unfolds_the_brief()
    desk.writes("Headline", HEADLINE)
    desk.writes("Bottom line", "More attacks are likely within two weeks.")
    desk.writes("Why now", "Twelve reports in three days.")
    desk.writes("What would change our mind", "Two weeks within the normal.")
    for turn, (what, owner) in enumerate(((ELDERS, "peace committee"), (CALL, "peace adviser"))):
        desk.writes("What", what, turn)
        desk.writes("By whom", owner, turn)
    desk.sends("Keep the draft", then_sees="Brief, version 1 (draft)")
    desk.unfolds("Deliver brief")
    desk.chooses("Deliver to", "Omar")
    desk.sends("Deliver", then_sees="No answer yet")


def the_mail_holds_only_the_link(platform: Platform) -> str:
    """Let the jobs run for a moment; return the link that the officer got."""
    platform.program.later(minutes=2)
    with platform.program.running() as jobs:
        jobs.wait_until(lambda: bool(platform.mails_to(OMAR)))
    (mail,) = platform.mails_to(OMAR)
    said = mail.get_content()
    assert mail.get_content_type() == "text/plain"
    assert not any(word in f"{mail}" for word in ("Mali", "MLI", HEADLINE, ELDERS, "attack"))
    (link,) = re.findall(r"http\S+", said)
    return str(link)


def the_officer_answers_by_phone(phone: Desk, link: str) -> None:
    phone.page.goto(link)
    assert phone.page.url.endswith("/sign-in")
    phone.signs_in(OMAR)
    phone.sees("1 brief waits for your answer")
    phone.follows(HEADLINE)
    assert phone.page.url == link
    widest = phone.page.locator("main").bounding_box()
    assert widest is not None
    assert widest["width"] <= PHONE_PX
    phone.page.get_by_label(ELDERS).check()
    phone.presses("I decide to act on this")
    phone.sees("You decided to act on this.")
    phone.sees(f"Option 1: {ELDERS}")


def the_analyst_comes_back(desk: Desk) -> None:
    """A sign-in lasts twelve hours."""
    desk.opens("/")
    desk.sees("You are not signed in.")
    desk.signs_in(ANA)
    desk.sees("Where warnings stop")


def the_action_is_started_and_finished(desk: Desk) -> None:
    desk.opens("/alerts")
    desk.follows(WARNING)
    desk.unfolds("Add action")
    desk.chooses("Kind", "Bring groups together to talk")
    desk.writes("What", ELDERS)
    desk.writes("Who does it: a role or a body, no name", "Peace committee")
    desk.writes("Of which organisation", "Women's peace network")
    desk.sends("Add action", then_sees="Bring groups together to talk")
    desk.unfolds("Move on")
    desk.switches("It started")
    desk.sends("Write it down", then_sees="under way")
    desk.platform.program.later(hours=8)
    desk.page.reload()
    desk.unfolds("Move on")
    desk.switches("It is done")
    desk.writes("What shows that it is done", "aired twice")
    desk.sends("Write it down", then_sees="done")


def the_outcome_is_told_and_the_alert_closed(desk: Desk) -> None:
    desk.unfolds("Outcome")
    desk.chooses("What came of it", "Eased")
    desk.writes("In words", "Both sides pulled back; the market opened.")
    desk.writes("Whose claim this is", "Women's peace network")
    desk.writes("What others can use next time", LESSON)
    desk.sends("Record outcome", then_sees="The outcome is recorded.")
    a_release_line_is_approved(desk, MALI_LINE)
    desk.unfolds("More")
    desk.sends("Close", then_sees="Reopen")


def another_alert_gets_its_line(desk: Desk) -> None:
    desk.opens("/alerts")
    desk.follows("Kenya: ")
    a_release_line_is_approved(desk, KENYA_LINE)


def a_release_line_is_approved(desk: Desk, line: str) -> None:
    desk.unfolds("Approve a release line")
    desk.writes("One or two sentences that are safe to pass on", line)
    desk.writes("Whose consent it rests on", "The partner, by phone")
    desk.sends("Approve", then_sees="The only words about this for partners and States.")


def the_weekly_mail_goes_out_once_to_each(platform: Platform) -> None:
    before = len(platform.mails.messages)
    assert platform.digest() == {"queued": 2, "sent": 2, "failed": 0, "waiting": 0}
    assert platform.digest()["queued"] == 0
    assert platform.digest("--approve", "--as", CLEO) == {"queued": 3, "sent": 3, "failed": 0, "waiting": 0}
    sent = platform.mails.messages[before:]
    assert sorted(mail.recipients[0] for mail in sent) == sorted((ANA, CLEO, OMAR, KENYA, PAT))
    assert {mail.content.get_content_type() for mail in sent} == {"multipart/alternative"}
    assert all(TOLD not in str(mail.content) and REPORTER not in str(mail.content) for mail in sent)
    texts = {mail.recipients[0]: _text_of(mail.content) for mail in sent}
    assert [email for email, text in texts.items() if MALI_LINE not in text] == []
    assert {email for email, text in texts.items() if KENYA_LINE in text} == {OMAR, PAT}


def _text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return " ".join(part.get_content().split())


def one_post_stops_the_weekly_mail(platform: Platform, email: str) -> None:
    mail = platform.mails_to(email)[-1]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = mail["List-Unsubscribe"].strip("<>")
    assert httpx.get(address).status_code == 200
    assert httpx.post(address, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    left = platform.program.home / "left"
    assert platform.digest("--dry-run", str(left)) == {"written": 4}
    assert not any(email in path.read_text() for path in left.iterdir())


def the_partner_takes_the_report_back(phone: Desk, code: str) -> None:
    phone.opens("/receipt")
    phone.page.get_by_label("Your receipt code").fill(code)
    phone.presses("Show me")
    phone.sees("became part of a warning")
    phone.presses("Stop using my report")
    phone.presses("Yes, stop using it")
    phone.sees("Your report is no longer used.")


def words_of_items(platform: Platform) -> str:
    return json.dumps(platform.program.exported("items", "--as", ANA))


def milestones_of(platform: Platform, country: str) -> list[str]:
    """Return what an alert reached, by the operator's export; every milestone has its columns."""
    (alert,) = [row for row in platform.program.exported("alerts") if row["country"] == country]
    reached = [kind for kind in MILESTONES if alert[f"{kind}_at"]]
    assert all(alert[f"{kind}_learned_at"] and alert[f"{kind}_how_known"] for kind in reached)
    return reached


def the_news_grows_until_a_signal_waits(platform: Platform) -> None:
    for number in range(QUIET_WEEKS):
        platform.a_week_passes(number)
    assert platform.signals_of("MLI") == []
    platform.a_week_passes(QUIET_WEEKS)
    (signal,) = platform.signals_of("MLI")
    assert (signal["rule"], signal["level"], signal["state"]) == ("escalation", "high", "waiting")


def a_grave_report_opens_an_alert_by_itself(platform: Platform) -> str:
    """Return the report's receipt code."""
    code = platform.a_report_is_posted()
    platform.program.said("ingest", "--once")
    (signal,) = platform.signals_of("KEN")
    assert (signal["rule"], signal["level"], signal["state"]) == ("grave", "critical", "promoted")
    return code


def the_first_page_shows_the_gap(desk: Desk) -> None:
    desk.opens("/")
    desk.sees("Where warnings stop, last 90 days")
    desk.waits()
    assert funnel_on(desk.page) == {
        "signals": 2,
        "looked at": 2,
        "alerts": 2,
        "delivered": 1,
        "decided": 1,
        "response started": 1,
        "outcome known": 1,
    }
    desk.sees("1 alert was never delivered.")


def a_member_state_reads_nothing_about_itself(phone: Desk) -> None:
    phone.signs_in(KENYA)
    phone.sees("One line was released to you.")
    phone.sees(MALI_LINE)
    assert KENYA_LINE not in phone.page.content()


def a_report_taken_back_is_gone(platform: Platform, phone: Desk, code: str) -> None:
    assert TOLD in words_of_items(platform)
    assert milestones_of(platform, "KEN") == MILESTONES[:4]
    the_partner_takes_the_report_back(phone, code)
    assert TOLD not in words_of_items(platform)
    assert platform.signals_of("KEN") == []


def the_house_is_in_order(platform: Platform) -> None:
    """Let the jobs run once more: they seal the audit chain, and no mail goes out twice."""
    with platform.program.running() as jobs:
        jobs.wait_for("housekeeping done", "mail done", "digest done")
    assert "audit rows sealed" in jobs.log
    ids = [message.content["Message-ID"] for message in platform.mails.messages]
    assert len(ids) == len(set(ids))
    assert json.loads(platform.program.said("doctor")) == {"faults": 0}


@pytest.mark.timeout(300)
def test_a_warning_leads_to_an_outcome_and_a_lesson(platform: Platform, desk: Desk, phones: Phones) -> None:
    platform.is_set_up()
    with platform.serving():
        the_news_grows_until_a_signal_waits(platform)
        receipt = a_grave_report_opens_an_alert_by_itself(platform)

        the_analyst_promotes_the_signal(desk)
        the_analyst_takes_it_and_verifies(desk)
        the_analyst_delivers_a_brief(desk)
        link = the_mail_holds_only_the_link(platform)

        platform.program.later(hours=14)
        the_officer_answers_by_phone(phones(), link)
        the_analyst_comes_back(desk)
        the_action_is_started_and_finished(desk)
        the_outcome_is_told_and_the_alert_closed(desk)
        another_alert_gets_its_line(desk)
        the_first_page_shows_the_gap(desk)
        a_member_state_reads_nothing_about_itself(phones())

        platform.program.clock_says(FIRST_MONDAY + timedelta(weeks=QUIET_WEEKS + 1))
        the_weekly_mail_goes_out_once_to_each(platform)
        one_post_stops_the_weekly_mail(platform, PAT)
        a_report_taken_back_is_gone(platform, phones(), receipt)
    assert milestones_of(platform, "MLI") == MILESTONES
    the_house_is_in_order(platform)
