from datetime import timedelta
from typing import Any

import pytest

from tests.dashboards.conftest import Pages, field, press, side_bar, words
from tests.support.house import NOW, House
from tracker.domain.viewer import Viewer
from tracker.domain.words import EditKind, Role, Tlp
from tracker.respond.release import LineSaid, approve_release_line
from tracker.share.desk import desk
from tracker.share.digest_queue import open_draft, queue_digest
from tracker.share.editing import Placing, approve_digest, place, write_lead

WEEK = "2026-W48"
LEAD = "Threats in Kenya now carry a date."
LINE = "Two groups in one district ask for calm."


@pytest.fixture
def cleo(house: House) -> Viewer:
    return house.viewer(Role.COORDINATOR, name="Cleo")


@pytest.fixture
def alerts(house: House, analyst: Viewer, cleo: Viewer) -> dict[str, str]:
    """A draft of this week, with three GREEN alerts, one of which has a release line; who reads it."""
    house.viewer(Role.OFFICER, "UN")
    house.viewer(Role.MEMBER_STATE, "Mission of Kenya", countries=("KEN",))
    made = {code: house.alert(analyst, code, tlp=Tlp.GREEN).id for code in ("MLI", "KEN", "TCD")}
    line = LineSaid(LINE, "The partner agreed.", Tlp.GREEN)
    approve_release_line(house.store, cleo, made["KEN"], line, house.now)
    open_draft(house.store, WEEK, NOW)
    return made


def buttons(app: Any) -> list[str]:
    return [str(button.label) for button in app.button]


def test_the_page_says_when_it_goes_out_to_whom_and_what_happens_if_nobody_approves(
    pages: Pages, alerts: dict[str, str]
) -> None:
    said = words(app := pages.open("digest"))
    assert "Week 48 waits for approval; it goes out on Monday at 06:00 UTC, in 4 days." in said
    assert "Not approved by then, 2 readers inside get it and 2 outside do not" in said
    assert "A coordinator approves it." in said
    assert "Approve" not in buttons(app)
    assert "Digest" in side_bar(app)


def test_a_lead_is_kept_refused_beside_its_field_and_shown_to_those_who_may_read_it(
    pages: Pages, house: House, analyst: Viewer, alerts: dict[str, str]
) -> None:
    app = pages.open("digest")
    lead: Any = field(app, "Lead")
    lead.set_value("Read MLI-0001 first, says Cleo.")
    press(app, "Keep the lead")
    assert "It names an alert, MLI-0001." in words(app)
    typed: Any = field(app, "Lead")
    assert typed.value == "Read MLI-0001 first, says Cleo."
    typed.set_value(LEAD)
    press(app, "Keep the lead")
    said = words(app)
    assert "The lead is kept." in said
    assert "<b>It names Kenya.</b>" in said
    assert "1 reader is not shown it." in said
    assert desk(house.store, analyst, WEEK, NOW).draft.lead == LEAD


def test_a_lead_that_somebody_wrote_meanwhile_is_shown_and_not_overwritten(
    pages: Pages, house: House, analyst: Viewer, cleo: Viewer, alerts: dict[str, str]
) -> None:
    app = pages.open("digest")
    lead: Any = field(app, "Lead")
    lead.set_value("Mine.")
    write_lead(house.store, cleo, WEEK, "Hers.", NOW)
    press(app, "Keep the lead")
    said = words(app)
    assert "Somebody wrote the lead meanwhile" in said
    assert "Now it says: Hers." in said
    typed: Any = field(app, "Lead")
    assert typed.value == "Mine."
    assert desk(house.store, analyst, WEEK, NOW).draft.lead == "Hers."


def test_alerts_are_put_first_left_out_and_put_back(
    pages: Pages, house: House, analyst: Viewer, alerts: dict[str, str]
) -> None:
    app = pages.open("digest")
    assert buttons(app).count("Put first") == buttons(app).count("Leave out") == 3
    press(app, "Leave out")
    press(app, "Put first", 1)
    said = words(app)
    assert "3 alerts; 1 put first, 1 left out." in said
    draft = desk(house.store, analyst, WEEK, NOW).draft
    assert (len(draft.pinned), len(draft.dropped)) == (1, 1)
    press(app, "Put back")
    press(app, "Put back")
    draft = desk(house.store, analyst, WEEK, NOW).draft
    assert (draft.pinned, draft.dropped) == ((), frozenset())


def test_an_alert_that_somebody_placed_meanwhile_is_looked_at_again(
    pages: Pages, house: House, cleo: Viewer, alerts: dict[str, str]
) -> None:
    app = pages.open("digest")
    for alert_id in alerts.values():
        place(house.store, cleo, WEEK, Placing(alert_id, EditKind.PINNED), NOW + timedelta(minutes=1))
    press(app, "Leave out")
    assert "Somebody placed this alert meanwhile. Look again." in words(app)


def test_each_audience_is_shown_its_own_mail_as_html_and_as_text(
    pages: Pages, house: House, cleo: Viewer, alerts: dict[str, str]
) -> None:
    write_lead(house.store, cleo, WEEK, LEAD, NOW)
    officer = pages.open("digest", **{"as": "officer", "how": "text"}).code[0].value
    assert LINE in officer
    assert f"{LEAD} Editor: the coordinator" in officer
    kenya = pages.open("digest", **{"as": "member_state", "state": "KEN", "how": "text"}).code[0].value
    assert "Nothing new to pass on" in kenya
    assert LEAD not in kenya
    app = pages.open("digest", **{"as": "partner"})
    frame = app.get("iframe")[0].proto
    assert frame.src.startswith("data:text/html;charset=utf-8;base64,"), "nothing in it reaches the page"
    app = pages.open("digest", **{"as": "nobody", "week": "2020-W01"})
    assert "as" not in app.query_params, "a filter value that is gone is dropped"


def test_an_approval_is_of_what_was_seen_and_can_be_taken_back_until_it_is_sent(
    pages: Pages, house: House, analyst: Viewer, cleo: Viewer, alerts: dict[str, str]
) -> None:
    pages.sign_in(cleo)
    app = pages.open("digest")
    write_lead(house.store, analyst, WEEK, LEAD, NOW)
    press(app, "Approve")
    assert "Somebody edited this digest meanwhile." in words(app)
    press(app, "Approve")
    said = words(app)
    assert "Week 48 is approved and goes to 4 readers on Monday at 06:00 UTC." in said
    assert "Approved by Cleo, Wednesday 25 November 2026, 09:40 UTC." in said
    assert buttons(app) == ["Take the approval back"]
    press(app, "Take the approval back")
    assert "Keep the lead" in buttons(app)


def test_after_sending_the_page_says_to_how_many_it_went_and_the_week_is_kept(
    pages: Pages, house: House, cleo: Viewer, alerts: dict[str, str]
) -> None:
    queue_digest(house.store, WEEK, NOW + timedelta(days=5))
    pages.sign_in(cleo)
    app = pages.open("digest")
    said = words(app)
    assert "Week 48 was not approved: 0 inside have it, 2 outside wait." in said
    press(app, "Approve")
    assert "Week 48 went to 0 of 4 readers; 4 on the way." in words(app)
    assert 'href="/digest?week=2026-W48"' in words(app)


def test_a_week_long_past_is_shown_and_no_more_approved(
    pages: Pages, house: House, cleo: Viewer, alerts: dict[str, str]
) -> None:
    queue_digest(house.store, "2026-W46", NOW)
    pages.sign_in(cleo)
    app = pages.open("digest", week="2026-W46")
    assert "Week 46 was not approved: 0 inside have it, 2 outside never got it." in words(app)
    assert "Approve" not in buttons(app)


def test_who_sees_only_part_of_it_edits_nothing(pages: Pages, house: House, alerts: dict[str, str]) -> None:
    pages.sign_in(house.viewer(Role.ANALYST, name="Nia", countries=("NER",)))
    app = pages.open("digest")
    assert "The digest is edited by who sees all that it may hold." in words(app)
    assert buttons(app) == []


def test_an_admin_does_not_edit_it(pages: Pages, house: House, cleo: Viewer, alerts: dict[str, str]) -> None:
    approve_digest(house.store, cleo, WEEK, NOW)
    pages.sign_in(house.viewer(Role.ADMIN))
    app = pages.open("digest")
    assert "This page is not for your role." in words(app)
    assert "Digest" not in side_bar(app)
