"""An alert handled from first view to closed by the mouse, as one does who read no manual: each click is counted."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator

from tests.acceptance.program import FeedServer
from tests.acceptance.test_response import Api, person, set_up
from tests.acceptance.world import ANA, Desk
from tests.support import databases
from tests.support.smtp import SmtpSink

MOST = 15
KIND = "Speak in private with those who can stop it"


class Counted:
    """Ana's hand: presses, and says each press."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.said = desk, list[str]()

    def clicks(self, where: Locator, said: str) -> None:
        self.desk.waits()
        where.click()
        self.said.append(said)

    def button(self, name: str, turn: int = 0) -> None:
        self.clicks(self.desk.page.get_by_role("button", name=name, exact=True).nth(turn), name)

    def form(self) -> None:
        self.desk.waits()
        self.desk.part = self.desk.page.get_by_test_id("stPopoverBody")

    def chooses(self, option: str) -> None:
        self.clicks(self.desk.part.get_by_test_id("stButtonGroup").get_by_text(option, exact=True), option)

    def sends(self, name: str) -> None:
        self.clicks(self.desk.part.get_by_role("button", name=name, exact=True), f"{name} (in the form)")


def takes(hand: Counted) -> None:
    hand.button("Take it")
    hand.desk.sees("owner: Ana")


def verifies(hand: Counted) -> None:
    hand.button("Verify")
    hand.form()
    hand.chooses("Verified")
    hand.desk.writes("How you checked", "a call to the next village")
    hand.sends("Write it down")
    hand.desk.sees("Attempts to verify")


def records_the_decision(hand: Counted) -> None:
    hand.button("Record decision")
    hand.form()
    hand.desk.writes("Or, if they are not listed: role and organisation", "Desk officer, UN")
    hand.desk.writes("In their words", "We shall call the governor.")
    hand.sends("Record decision")
    hand.desk.sees("We shall call the governor.")


def adds_the_action(hand: Counted) -> None:
    hand.button("Add action")
    hand.form()
    hand.desk.chooses("Kind", KIND)
    hand.said += ["Kind", KIND]
    hand.desk.writes("What", "Quiet call to the governor")
    hand.desk.writes("Who does it: a role or a body, no name", "Envoy")
    hand.clicks(hand.desk.part.get_by_text("It has started already"), "It has started already")
    hand.sends("Add action")
    hand.desk.sees("Quiet call to the governor")


def tells_the_outcome(hand: Counted) -> None:
    hand.button("Outcome")
    hand.form()
    hand.desk.writes("In words", "The leaflets were withdrawn.")
    hand.desk.writes("Whose claim this is", "Envoy")
    hand.sends("Record outcome")
    hand.desk.sees("The leaflets were withdrawn.")


def closes(hand: Counted) -> None:
    hand.button("More")
    hand.form()
    hand.sends("Close")
    hand.desk.sees("Closed.")


@pytest.mark.timeout(240)
def test_an_alert_is_handled_from_first_view_to_closed_in_fifteen_clicks(
    request: pytest.FixtureRequest, feeds: FeedServer, smtp_sink: SmtpSink, tmp_path: Path, browser: Browser
) -> None:
    url = databases.copy_sqlite(request.getfixturevalue("_sqlite_template"), tmp_path / "tracker.db")
    platform = set_up(url, feeds, smtp_sink, tmp_path)
    with platform.serving():
        Api(platform).alert("MLI")
        hand = Counted(person(browser, platform, ANA))
        for step in (takes, verifies, records_the_decision, adds_the_action, tells_the_outcome, closes):
            step(hand)
    assert len(hand.said) <= MOST, hand.said
    (alert,) = platform.program.exported("alerts", "--as", ANA)
    assert (alert["state"], alert["stage"], alert["verification"]) == ("closed", "outcome", "verified")
