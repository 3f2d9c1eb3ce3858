"""The weekly mail with people in it: Friday's draft, a lead, what comes first and what is left out, Monday's mails.

All parts are real: commands, `tracker run` with its jobs, `tracker serve`, Chromium, an SMTP server, one clock.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.program import FeedServer, Program
from tests.acceptance.world import ANA, CLEO, KENYA, OMAR, PAT, Desk, Platform
from tests.support.smtp import SmtpSink
from tracker.access.people import viewer_of_email
from tracker.domain.words import Level, Tlp
from tracker.respond.inbox import ByHand, raise_by_hand
from tracker.respond.release import LineSaid, approve_release_line
from tracker.store import Store

WEDNESDAY = datetime(2026, 11, 18, 9, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 20, 12, 1, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 6, 1, tzinfo=UTC)
LEAD = "Threats in Kenya now carry a date, and a word from both chiefs was believed there before."
LINE = "Two groups in one district ask for calm."
EVERYBODY = (ANA, CLEO, OMAR, KENYA, PAT)


@pytest.fixture
def platform(database_url: str, feeds: FeedServer, smtp_sink: SmtpSink, tmp_path: Path) -> Iterator[Platform]:
    """A platform with its people, and three alerts of a Wednesday, one with a release line."""
    home = tmp_path / "home"
    home.mkdir()
    env = {"TRACKER_DATABASE_URL": database_url, "TRACKER_SMTP_URL": smtp_sink.url}
    platform = Platform(Program(home, env, WEDNESDAY), feeds, smtp_sink)
    platform.is_set_up()
    store = Store.open(database_url)
    cleo = viewer_of_email(store, CLEO, WEDNESDAY)
    for country in ("MLI", "KEN", "TCD"):
        said = ByHand(country, "unrest", Level.HIGH, "Three partners called.", Tlp.GREEN, WEDNESDAY)
        alert = raise_by_hand(store, cleo, said, WEDNESDAY)
        if country == "KEN":
            approve_release_line(
                store, cleo, alert.id, LineSaid(LINE, "The partner agreed.", Tlp.GREEN), WEDNESDAY
            )
    store.close()
    with platform.serving():
        yield platform


@pytest.fixture
def ana(page: Page, platform: Platform) -> Desk:
    return Desk(page, platform, page.locator("body"))


@pytest.fixture
def cleo(browser: Browser, platform: Platform) -> Desk:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    return Desk(page, platform, page.locator("body"))


def the_jobs_run(platform: Platform, at: datetime, *until: str) -> None:
    """Move the clock, and let the jobs run until their log says so and what they queued was sent."""
    platform.program.clock_says(at)
    with platform.program.running() as jobs:
        jobs.wait_for(*until)
        rounds = jobs.log.count("mail done")
        platform.program.later(minutes=2)
        jobs.wait_until(lambda: jobs.log.count("mail done") > rounds)


def text_of(platform: Platform, email: str, subject: str) -> str:
    """Return the one mail to somebody whose subject holds these words, as text on one line; "" for none."""
    found = [mail for mail in platform.mails_to(email) if subject in mail["Subject"]]
    assert len(found) <= 1
    return " ".join(_text(found[0]).split()) if found else ""


def _text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def entry_of(desk: Desk, country: str) -> None:
    """Take the first line about a country in hand."""
    lines = desk.page.locator("[class*='st-key-row-'], [class*='st-key-first-row-']")
    desk.part = lines.filter(has_text=country).first


def opens_the_draft(desk: Desk, email: str) -> None:
    desk.signs_in(email)
    desk.opens("/digest")
    desk.sees("Week 47 waits for approval; it goes out on Monday at 06:00 UTC, in 2 days.")


@pytest.mark.timeout(300)
def test_a_draft_of_friday_is_edited_previewed_and_approved_and_each_audience_gets_its_own(
    platform: Platform, ana: Desk, cleo: Desk
) -> None:
    the_jobs_run(platform, FRIDAY, "draft 2026-W47 is there, 2 editors told")
    assert "The draft of the digest of week 47 is there." in text_of(platform, ANA, "The draft of week 47")
    assert [mail["Subject"] for mail in platform.mails_to(OMAR)] == []
    opens_the_draft(ana, ANA)
    ana.part = ana.page.locator(".st-key-card-lead")
    ana.writes("Lead", "Read KEN-0001 first.")
    ana.sends("Keep the lead", then_sees="It names an alert, KEN-0001.")
    ana.writes("Lead", LEAD)
    ana.sends("Keep the lead", then_sees="It names Kenya.")
    entry_of(ana, "Chad")
    ana.sends("Put first", then_sees="It comes first.")
    entry_of(ana, "Mali")
    ana.sends("Leave out", then_sees="It is left out.")
    ana.sees("A coordinator approves it.")
    ana.opens("/digest?as=member_state&state=KEN&how=text")
    ana.sees("Nothing new to pass on")
    assert LEAD not in ana.page.get_by_test_id("stCode").inner_text()

    opens_the_draft(cleo, CLEO)
    mail = cleo.page.frame_locator("[data-testid=stIFrame]")
    expect(mail.get_by_text("Editor: the analyst")).to_be_visible()
    cleo.sends("Approve", then_sees="Week 47 is approved and goes to 5 readers on Monday at 06:00 UTC.")
    ana.opens("/digest")
    ana.sees("Week 47 is approved")
    assert ana.page.get_by_role("button", name="Keep the lead").count() == 0

    the_jobs_run(platform, MONDAY, "digest 2026-W47 queued for 5")
    week = {email: text_of(platform, email, "Early warning week 47") for email in EVERYBODY}
    assert [email for email in EVERYBODY if LEAD in week[email]] == [ANA, CLEO, OMAR, PAT]
    gap = week[ANA].partition("The gap")[2]
    assert gap.index("Chad") < gap.index("Kenya")
    assert "Mali" not in week[ANA]
    assert "The editor left out 1 alert" in week[ANA]
    assert "left out" not in week[OMAR] + week[PAT] + week[KENYA]
    assert [email for email in EVERYBODY if LINE in week[email]] == [ANA, CLEO, OMAR, PAT]
    cleo.signs_in(CLEO)
    cleo.opens("/digest?week=2026-W47")
    cleo.sees("Week 47 went to 5 of 5 readers.")


@pytest.mark.timeout(300)
def test_what_nobody_approved_stays_inside_and_goes_to_the_others_once_somebody_does(
    platform: Platform, cleo: Desk
) -> None:
    the_jobs_run(platform, FRIDAY, "draft 2026-W47 is there")
    the_jobs_run(platform, MONDAY, "digest 2026-W47 queued for 2; not approved, 1 told")
    got = [email for email in EVERYBODY if text_of(platform, email, "Early warning week 47")]
    assert got == [ANA, CLEO]
    notice = text_of(platform, CLEO, "The digest of week 47 was not approved")
    assert "3 readers wait" in notice
    assert not any(word in notice for word in ("Mali", "Kenya", "Chad", LINE))
    cleo.signs_in(CLEO)
    cleo.opens("/digest")
    cleo.sees("Week 47 was not approved: 2 inside have it, 3 outside wait.")
    cleo.sends("Approve", then_sees="Week 47 went to 2 of 5 readers; 3 on the way.")
    the_jobs_run(platform, MONDAY + timedelta(hours=2), "mail done")
    for email in EVERYBODY:
        assert text_of(platform, email, "Early warning week 47"), email
