"""Answers by mail on the pages: what they say and what speaks against them; confirmed, changed, set aside."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from tests.dashboards.conftest import Pages, field, press, words
from tests.dashboards.story import OFFICER, Past, tell
from tests.support.house import NOW, House
from tests.support.mailboxes import Postbox, maildir
from tracker.access.people import end_access
from tracker.domain.viewer import Viewer
from tracker.domain.words import DecisionKind, HowKnown, OutboxKind, Role, Tlp
from tracker.respond import alerts
from tracker.settings import Settings
from tracker.share.taking_in import take_in
from tracker.store.reads.alerts import DecisionRow, alert_file
from tracker.store.tables import Outbox


@dataclass(frozen=True)
class Mailed:
    """An alert whose brief went out by mail, and the mailbox that answers come to."""

    house: House
    analyst: Viewer
    past: Past
    box: Postbox
    settings: Settings

    def says(self, text: str, sender: str = OFFICER, answers: str = "") -> None:
        """Let a letter come and be taken in."""
        with self.house.store.looking("test", NOW) as work:
            sent = work.scalars(select(Outbox.message_id).where(Outbox.kind == OutboxKind.DELIVERY)).one()
        head = f"From: {sender}\nMessage-ID: <{len(text)}@un.example>\nIn-Reply-To: {answers or sent}\n"
        head += "Content-Type: text/plain; charset=utf-8\n\n"
        self.box.put((head + text).encode())
        take_in(self.house.store, self.settings, self.house.now)

    def decisions(self) -> list[DecisionRow]:
        with self.house.store.viewing(self.analyst) as view:
            return alert_file(view, self.past.worked).decisions


@pytest.fixture
def mailed(house: House, analyst: Viewer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    past = tell(house, analyst)
    with maildir(tmp_path / "box") as box:
        monkeypatch.setenv("TRACKER_MAILBOX_URL", box.url)
        yield Mailed(house, analyst, past, box, Settings.read())


def put(app: AppTest, label: str, value: object) -> None:
    found: Any = field(app, label)
    found.set_value(value)


def test_the_first_page_leads_to_an_answer_that_waits(pages: Pages, mailed: Mailed) -> None:
    assert "answer by mail" not in words(pages.open("today"))
    mailed.says("ACT\n\nWe call the prefect today.")
    app = pages.open("today")
    assert "1 answer by mail waits to be confirmed" in words(app)
    press(app, "Read it")
    assert "We call the prefect today." in words(app)


def test_an_answer_is_confirmed_as_it_is(pages: Pages, mailed: Mailed) -> None:
    mailed.says("ACT\n\nWe call the prefect today. <script>alert(1)</script>")
    app = pages.open("alert", id=mailed.past.worked)
    said = words(app)
    assert "Reads as: <b>act</b>" in said
    assert "<script>" not in said
    assert "another address" not in said
    assert "TLP:AMBER+STRICT" in said.partition("</h1>")[0]
    press(app, "Confirm")
    assert "Confirmed." in words(app)
    (decision,) = mailed.decisions()
    assert (decision.kind, decision.how_known) == (DecisionKind.ACT, HowKnown.BY_MAIL)
    assert decision.note is not None
    assert decision.note.startswith("We call the prefect today")
    assert decision.tlp is Tlp.AMBER_STRICT
    assert "by mail" in words(app)
    assert "confirmed by Ana" in words(app)


def test_an_answer_is_changed_before_it_is_confirmed(pages: Pages, mailed: Mailed) -> None:
    mailed.says("ACT", sender="eve@elsewhere.example")
    app = pages.open("alert", id=mailed.past.worked)
    assert "It came from another address than theirs" in words(app)
    put(app, "What they answer", "not_acting_now")
    app.run()
    press(app, "Confirm")
    assert "Reason: Choose one." in words(app)
    put(app, "Why", "R3")
    press(app, "Confirm")
    assert [row.kind for row in mailed.decisions()] == [DecisionKind.NOT_ACTING_NOW]


def test_a_confirmation_comes_back_whole_when_the_sign_in_ended(
    pages: Pages, analyst: Viewer, mailed: Mailed
) -> None:
    mailed.says("ACT\n\nWe call the prefect today.")
    app = pages.open("alert", id=mailed.past.worked)
    put(app, "What they answer", "watch")
    app.run()
    pages.signed_in = None
    press(app, "Confirm")
    pages.sign_in(analyst)
    app = pages.open("alert", id=mailed.past.worked)
    again: Any = field(app, "What they answer")
    assert again.value == "watch"


def test_what_says_nothing_clearly_has_to_be_chosen(pages: Pages, mailed: Mailed) -> None:
    mailed.says("Let us talk.")
    app = pages.open("alert", id=mailed.past.worked)
    assert "none of the five answers clearly" in words(app)
    press(app, "Confirm")
    assert "Answer: Choose one." in words(app)
    assert mailed.decisions() == []


def test_an_answer_is_set_aside_with_a_reason(pages: Pages, mailed: Mailed) -> None:
    mailed.says("Who are you?")
    app = pages.open("alert", id=mailed.past.worked)
    press(app, "Set it aside")
    assert "Because: Choose one." in words(app)
    put(app, "Why", "no_answer")
    press(app, "Set it aside")
    said = words(app)
    assert "set aside by Ana (It says no answer)" in said
    assert "Confirm" not in [button.label for button in app.button]


@pytest.mark.parametrize("end", ["alert", "access"])
def test_where_nothing_is_left_to_answer_it_can_only_be_set_aside(
    pages: Pages, mailed: Mailed, end: str
) -> None:
    mailed.says("ACT")
    if end == "alert":
        alerts.close(mailed.house.store, mailed.analyst, mailed.past.worked, mailed.house.now)
    else:
        end_access(mailed.house.store, OFFICER, mailed.house.now)
    app = pages.open("alert", id=mailed.past.worked)
    assert "so it can only be set aside" in words(app)
    assert "Confirm" not in [button.label for button in app.button]
    put(app, "Why", "too_late")
    press(app, "Set it aside")
    assert "set aside by Ana" in words(app)


def test_a_page_that_is_out_of_date_changes_nothing_and_says_so(pages: Pages, mailed: Mailed) -> None:
    mailed.says("ACT")
    stale, app = (pages.open("alert", id=mailed.past.worked) for _ in range(2))
    press(app, "Confirm")
    press(stale, "Confirm")
    assert "Somebody has settled this answer already: confirmed." in words(stale)
    assert len(mailed.decisions()) == 1


def test_a_coordinator_sees_what_else_came_and_where_it_lies(
    pages: Pages, house: House, mailed: Mailed
) -> None:
    mailed.says("Hello", answers="<none@of.ours>")
    mailed.says("Away until Monday", sender="mailer-daemon@un.example")
    pages.sign_in(house.viewer(Role.COORDINATOR, name="Cleo"))
    said = words(pages.open("admin"))
    assert "answers no mail of ours" in said
    assert "bounces, absences, lists" in said
    assert "tracker-aside" in said
    assert "Hello" not in said
