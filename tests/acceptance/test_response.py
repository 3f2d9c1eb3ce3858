"""What comes of an alert, as people work with it: told by phone, reviewed, released, merged, decided by two at once.

All parts are real: commands, HTTP, `tracker serve`, Chromium, one clock.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.acceptance.program import FeedServer, Program
from tests.acceptance.world import ANA, CLEO, FIRST_MONDAY, KENYA, OMAR, Desk, Platform
from tests.support.browser import STEP_TIMEOUT_MS
from tests.support.smtp import SmtpSink
from tracker.domain.words import Role

LINE = "Tension between two groups in Mali is followed with local elders."
BRIEF = {
    "headline": "Leaflets tell people to leave",
    "bottom_line": "Threats carry a date.",
    "why_now": "Leaflets in three villages.",
    "outlook": "likely",
    "confidence": "medium",
    "would_change_our_mind": "A calm market day.",
    "options": [
        {"what": "Quiet call to the governor", "owner": "adviser", "by": "today"},
        {"what": "Elders on the radio", "owner": "local CSO", "by": "Thursday"},
    ],
}


@pytest.fixture
def platform(database_url: str, feeds: FeedServer, smtp_sink: SmtpSink, tmp_path: Path) -> Platform:
    return set_up(database_url, feeds, smtp_sink, tmp_path)


def set_up(database_url: str, feeds: FeedServer, smtp_sink: SmtpSink, tmp_path: Path) -> Platform:
    """A platform with its people, and nothing else yet."""
    home = tmp_path / "home"
    home.mkdir()
    env = {"TRACKER_DATABASE_URL": database_url, "TRACKER_ALLOW_NETWORKS": "127.0.0.1/32"}
    program = Program(home, env, FIRST_MONDAY)
    program.tracker("init", "--org", "Platform")
    program.has(ANA, Role.ANALYST, "Platform", "Ana")
    program.has(CLEO, Role.COORDINATOR, "Platform", "Cleo")
    program.has(OMAR, Role.OFFICER, "UN department", "Omar")
    program.has(KENYA, Role.MEMBER_STATE, "Mission of Kenya", "Kioni", "KEN")
    return Platform(program, feeds, smtp_sink)


class Api:
    """Ana's program: what she does without a browser."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.bearer = {"Authorization": f"Bearer {platform.program.token_for(ANA)}"}

    def post(self, path: str, **said: Any) -> Any:
        done = httpx.post(f"{self.platform.url}/api/{path}", json=said, headers=self.bearer)
        assert done.is_success, done.text
        return done.json() if done.content else None

    def alert(self, country: str, theme: str = "fighting", tlp: str = "AMBER") -> str:
        now = self.platform.program.now
        said = {"country": country, "theme": theme, "level": "high", "ground": "Partners called.", "tlp": tlp}
        made = self.post("alerts", **said, emerged_at=(now - timedelta(hours=5)).isoformat())
        return str(made["id"])

    def delivered(self, alert_id: str) -> None:
        by = (self.platform.program.now + timedelta(days=1)).isoformat()
        brief = self.post(f"alerts/{alert_id}/brief", **BRIEF, tlp="AMBER", decision_needed_by=by)
        self.post(f"briefs/{brief['id']}/deliver", email=OMAR)


def person(browser: Browser, platform: Platform, email: str, *, scripts: bool = True) -> Desk:
    context = browser.new_context(locale="en-GB", java_script_enabled=scripts)
    context.set_default_timeout(STEP_TIMEOUT_MS)
    page = context.new_page()
    desk = Desk(page, platform, page.locator("body"))
    desk.signs_in(email)
    return desk


def decisions_of(desk: Desk) -> list[str]:
    return desk.page.locator(".st-key-card-answers p b").all_inner_texts()


@pytest.mark.timeout(240)
def test_a_decision_told_by_phone_is_the_officers_answer_and_says_how_we_know(
    platform: Platform, browser: Browser
) -> None:
    with platform.serving():
        api = Api(platform)
        alert_id = api.alert("MLI")
        api.delivered(alert_id)
        ana = person(browser, platform, ANA)
        ana.opens(f"/alert?id={alert_id}&do=decide")
        ana.sees("What was decided")
        ana.waits()
        ana.part = ana.page.get_by_test_id("stPopoverBody")
        ana.chooses("Who decided", "Omar")
        ana.chooses("How we know", "Told in a call")
        ana.writes("In their words", "We shall call the governor.")
        ana.sends("Record decision", then_sees="told in a call")
        ana.sees("officer, UN department")
        omar = person(browser, platform, OMAR, scripts=False)
        omar.sees("No brief waits for your answer.")
        omar.follows("Leaflets tell people to leave")
        omar.sees("You decided to act on this.")
    (alert,) = platform.program.exported("alerts", "--as", ANA)
    assert (alert["stage"], alert["decided_how_known"]) == ("decided", "told_in_a_call")


@pytest.mark.timeout(240)
def test_a_decision_not_to_act_comes_back_on_its_day_and_closes_once_it_was_looked_at(
    platform: Platform, browser: Browser
) -> None:
    now = platform.program.now
    with platform.serving():
        api = Api(platform)
        alert_id = api.alert("MLI")
        api.post(f"alerts/{alert_id}/take")
        said = {"kind": "not_acting_now", "decided_by": "desk officer, UN", "how_known": "told_in_a_meeting"}
        review = (now + timedelta(days=2)).date().isoformat()
        api.post(
            f"alerts/{alert_id}/decisions",
            **said,
            reason="R5",
            note="The partner asked us to wait.",
            decided_at=now.isoformat(),
            review_on=review,
        )
        platform.program.clock_says(now + timedelta(days=3))
        ana = person(browser, platform, ANA)
        ana.sees("review")
        ana.presses("Review")
        ana.sees("The partner asked us not to")
        ana.waits()
        ana.presses("Looked at, it stands")
        ana.sees("Looked at again")
        ana.waits()
        ana.unfolds("More")
        ana.sends("Close", then_sees="Closed.")
    (alert,) = platform.program.exported("alerts", "--as", ANA)
    assert alert["state"] == "closed"


@pytest.mark.timeout(240)
def test_a_member_state_sees_a_release_line_and_nothing_else(platform: Platform, browser: Browser) -> None:
    with platform.serving():
        api = Api(platform)
        mali, kenya = api.alert("MLI"), api.alert("KEN")
        api.delivered(mali)
        for alert_id, line in ((mali, LINE), (kenya, "Something about Kenya.")):
            api.post(f"alerts/{alert_id}/release", line=line, consent="The elders agreed.", tlp="GREEN")
        kioni = person(browser, platform, KENYA, scripts=False)
        kioni.sees(LINE)
        shown = kioni.page.locator("body").inner_text()
        for hidden in ("Something about Kenya", "Leaflets", "elders agreed", "Partners called", "MLI-0001"):
            assert hidden not in shown
        cookies = {one["name"]: one["value"] for one in kioni.page.context.cookies()}
        gone = httpx.get(f"{platform.url}/brief/{mali}", cookies=cookies)
        never = httpx.get(f"{platform.url}/brief/01M00000000000000000000000", cookies=cookies)
        assert (gone.status_code, gone.text) == (404, never.text.replace("01M00000000000000000000000", mali))
        inside = person(browser, platform, KENYA)
        inside.opens(f"/alert?id={mali}")
        inside.sees("This part is for analysts and coordinators.")
        assert "Mali" not in inside.page.get_by_test_id("stMain").inner_text()
        token = platform.program.token_for(KENYA)
        for what in ("alerts", "signals", "items", "actions"):
            answer = httpx.get(f"{platform.url}/api/{what}", headers={"Authorization": f"Bearer {token}"})
            assert answer.status_code == 403, what


@pytest.mark.timeout(240)
def test_a_bookmarked_page_of_a_merged_alert_leads_to_the_other_and_says_so(
    platform: Platform, browser: Browser
) -> None:
    with platform.serving():
        api = Api(platform)
        first, second = api.alert("MLI"), api.alert("MLI", "unrest")
        ana = person(browser, platform, ANA)
        ana.opens(f"/alert?id={first}")
        stale = person(browser, platform, ANA)
        stale.opens(f"/alert?id={first}")
        stale.sees("MLI-0001")
        ana.unfolds("More")
        ana.chooses("Merge into", "MLI-0002")
        ana.sends("Merge", then_sees="MLI-0002")
        stale.waits()
        stale.presses("I am on it")
        stale.sees("MLI-0002")
        bookmark = person(browser, platform, CLEO)
        bookmark.opens(f"/alert?id={first}")
        bookmark.sees("The alert you asked for was merged into this one.")
        expect(bookmark.page).to_have_url(f"{platform.url}/alert?id={second}")
    (left,) = platform.program.exported("alerts", "--as", ANA)
    assert (left["ref"], left["state"]) == ("MLI-0002", "new")


@pytest.mark.timeout(240)
def test_two_analysts_who_decide_at_once_both_know_and_nothing_is_overwritten(
    platform: Platform, browser: Browser
) -> None:
    with platform.serving():
        alert_id = Api(platform).alert("MLI")
        desks = [person(browser, platform, email) for email in (ANA, CLEO)]
        for desk, who in zip(desks, ("Desk officer, UN", "Envoy of the region"), strict=True):
            desk.opens(f"/alert?id={alert_id}&do=decide")
            desk.sees("What was decided")
            desk.waits()
            desk.part = desk.page.get_by_test_id("stPopoverBody")
            desk.writes("Or, if they are not listed: role and organisation", who)
            desk.writes("In their words", f"So says the {who}.")
        ana, cleo = desks
        ana.sends("Record decision", then_sees="So says the Desk officer, UN.")
        cleo.sends("Record decision", then_sees="Somebody recorded a decision while you were writing")
        expect(cleo.part.get_by_label("In their words")).to_have_value("So says the Envoy of the region.")
        cleo.sends("Record decision", then_sees="Recorded.")
        cleo.sees("So says the Envoy of the region.")
        assert decisions_of(cleo).count("Act") == 2
