"""My queue and one brief: the page changes nothing, five buttons do, and nobody else learns that it exists."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import func, select

from tests.web.conftest import OFFICER_EMAIL, Site, hidden, words
from tracker.domain.viewer import Viewer
from tracker.domain.words import Answer, DecisionKind, Role
from tracker.respond.release import LineSaid, approve_release_line
from tracker.store.reads.briefs import Delivered, delivered_to
from tracker.store.tables import Decision, History


def answer(client: httpx.Client, delivery_id: str, **said: str) -> httpx.Response:
    token = hidden(client.get(f"/brief/{delivery_id}"), "csrf")
    return client.post(f"/brief/{delivery_id}/answer", data={"csrf": token, **said})


def delivered(site: Site, viewer: Viewer, delivery_id: str) -> Delivered:
    with site.house.store.viewing(viewer) as view:
        return delivered_to(view, delivery_id)


def test_the_page_says_what_to_decide_by_when_and_is_small(
    site: Site, analyst: Viewer, officer: Viewer
) -> None:
    brief = site.browser(officer).get(f"/brief/{site.deliver(analyst, OFFICER_EMAIL)}")
    said = words(brief)
    assert brief.status_code == 200
    assert len(brief.content) < 40_000
    assert "<script" not in brief.text
    for part in ("TLP:AMBER", "▲ High", "Leaflets tell people to leave", "Organised threats carry a date."):
        assert part in said
    assert "Your decision is needed by tomorrow 09:40 UTC" in said
    assert "Outlook: likely . Confidence: medium" in said
    for button in ("I decide to act", "Watch, look again", "Not acting now", "Not for me", "Received"):
        assert button in said


def test_opening_a_brief_writes_nothing(site: Site, analyst: Viewer, officer: Viewer) -> None:
    delivery_id = site.deliver(analyst, OFFICER_EMAIL)
    changes = select(func.count()).select_from(History)
    with site.house.store.looking("test", site.house.now) as work:
        before = work.scalar(changes)
    for _ in range(3):
        site.browser(officer).get(f"/brief/{delivery_id}")
    with site.house.store.looking("test", site.house.now) as work:
        assert work.scalar(changes) == before
    assert delivered(site, officer, delivery_id).answer is None


def test_acting_is_a_decision_with_its_option(site: Site, analyst: Viewer, officer: Viewer) -> None:
    delivery_id = site.deliver(analyst, OFFICER_EMAIL)
    client = site.browser(officer)
    done = answer(client, delivery_id, answer="act", option="2")
    assert (done.status_code, done.headers["location"]) == (303, f"/brief/{delivery_id}")
    with site.house.store.looking("test", site.house.now) as work:
        decision = work.scalars(select(Decision)).one()
        assert (decision.kind, decision.option_number) == (DecisionKind.ACT, 2)
    shown = words(client.get(f"/brief/{delivery_id}"))
    assert "You decided to act on this. Option 2: Elders on the radio." in shown
    assert "tell the analyst" in shown
    assert "I decide to act" not in shown


def test_received_leaves_the_decision_open(site: Site, analyst: Viewer, officer: Viewer) -> None:
    delivery_id = site.deliver(analyst, OFFICER_EMAIL)
    client = site.browser(officer)
    answer(client, delivery_id, answer="received")
    shown = words(client.get(f"/brief/{delivery_id}"))
    assert "Your decision is still open" in shown
    assert "I decide to act" in shown
    assert answer(client, delivery_id, answer="act", option="other").status_code == 303
    assert delivered(site, officer, delivery_id).answer is Answer.ACT


@pytest.mark.parametrize(
    ("said", "fault", "part"),
    [
        ({"answer": "watch"}, "watch-review-fault", "watch"),
        ({"answer": "watch", "review_on": "soon"}, "watch-review-fault", "watch"),
        ({"answer": "watch", "review_on": "2031-01-01"}, "watch-review-fault", "watch"),
        ({"answer": "not_acting_now", "review_on": "2026-11-26"}, "not-acting-reason-fault", "not-acting"),
        ({"answer": "not_acting_now", "reason": "No access."}, "not-acting-review-fault", "not-acting"),
        ({"answer": "not_for_me"}, "not-for-me-reason-fault", "not-for-me"),
        ({"answer": "not_for_me", "reason": "x" * 1001}, "not-for-me-reason-fault", "not-for-me"),
        ({"answer": "act", "option": "3"}, "option-fault", ""),
    ],
)
def test_a_faulty_answer_keeps_what_was_typed_and_says_beside_the_field_what_is_missing(
    site: Site, analyst: Viewer, officer: Viewer, said: dict[str, str], fault: str, part: str
) -> None:
    delivery_id = site.deliver(analyst, OFFICER_EMAIL)
    back = answer(site.browser(officer), delivery_id, **said)
    assert back.status_code == 422
    assert f'id="{fault}"' in back.text
    assert f'{fault}" aria-invalid="true"' in back.text
    assert back.text.count("<details open") == (1 if part else 0)
    if said.get("reason") == "No access.":
        assert "No access." in back.text
    assert delivered(site, officer, delivery_id).answer is None


def test_an_answer_that_does_not_exist_is_refused(site: Site, analyst: Viewer, officer: Viewer) -> None:
    back = answer(site.browser(officer), site.deliver(analyst, OFFICER_EMAIL), answer="maybe")
    assert back.status_code == 422
    assert "Nothing is recorded yet." in words(back)


def test_not_acting_now_is_recorded_with_reason_and_review(
    site: Site, analyst: Viewer, officer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery_id = site.deliver(analyst, OFFICER_EMAIL)
    client = site.browser(officer)
    answer(client, delivery_id, answer="not_acting_now", reason="No <access>.", review_on="2026-11-27")
    shown = client.get(f"/brief/{delivery_id}")
    assert "You decided not to act now. Look again on 27 Nov." in words(shown)
    assert "No &lt;access&gt;." in shown.text
    assert "Answered" in words(client.get("/my"))
    monkeypatch.setenv("TRACKER_NOW", (site.house.now + timedelta(days=2)).isoformat())
    again = words(site.browser(officer).get("/my"))
    assert "expired" not in again


def test_a_review_that_is_due_stands_in_the_queue(
    site: Site, analyst: Viewer, officer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery_id = site.deliver(analyst, OFFICER_EMAIL)
    answer(site.browser(officer), delivery_id, answer="watch", review_on="2026-11-26")
    monkeypatch.setenv("TRACKER_NOW", site.house.later(days=1).isoformat())
    shown = words(site.browser(officer).get("/my"))
    assert "To look at again" in shown
    assert "You decided: watch. Look again today" in shown


def test_a_second_other_answer_is_refused_and_the_first_shown(
    site: Site, analyst: Viewer, officer: Viewer
) -> None:
    delivery_id = site.deliver(analyst, OFFICER_EMAIL)
    client = site.browser(officer)
    token = hidden(client.get(f"/brief/{delivery_id}"), "csrf")
    where = f"/brief/{delivery_id}/answer"
    client.post(where, data={"csrf": token, "answer": "act", "option": "1"})
    assert client.post(where, data={"csrf": token, "answer": "act", "option": "1"}).status_code == 303
    late = client.post(where, data={"csrf": token, "answer": "not_for_me", "reason": "Not my desk"})
    assert late.status_code == 409
    assert "You answered this before: act" in words(late)
    assert "You decided to act on this" in words(late)


def test_an_answer_needs_the_page_of_this_browser(site: Site, analyst: Viewer, officer: Viewer) -> None:
    delivery_id = site.deliver(analyst, OFFICER_EMAIL)
    refused = site.browser(officer).post(f"/brief/{delivery_id}/answer", data={"answer": "act"})
    assert refused.status_code == 403
    assert delivered(site, officer, delivery_id).answer is None


def test_to_anybody_else_a_brief_looks_like_one_that_is_not_there(
    site: Site, analyst: Viewer, officer: Viewer, partner: Viewer
) -> None:
    delivery_id = site.deliver(analyst, OFFICER_EMAIL)
    other = site.house.viewer(Role.OFFICER, "UN", name="Other")
    for viewer in (analyst, partner, other):
        client = site.browser(viewer)
        theirs, nobodys = client.get(f"/brief/{delivery_id}"), client.get("/brief/01NOSUCHBRIEF")
        assert theirs.status_code == nobodys.status_code == 404
        assert theirs.text == nobodys.text
        token = hidden(client.get("/my"), "csrf")
        data = {"csrf": token, "answer": "received"}
        assert client.post(f"/brief/{delivery_id}/answer", data=data).status_code == 404
    assert site.browser().get(f"/brief/{delivery_id}").headers["location"] == "/sign-in"


def test_the_queue_says_what_waits_longest_and_is_not_anybodys(
    site: Site, analyst: Viewer, officer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "No brief waits for your answer." in words(site.browser(officer).get("/my"))
    delivery_id = site.deliver(analyst, OFFICER_EMAIL, "Market shut")
    assert "1 brief waits for your answer; the next decision is needed in" in words(
        site.browser(officer).get("/my")
    )
    monkeypatch.setenv("TRACKER_NOW", (site.house.now + timedelta(hours=36)).isoformat())
    site.house.now += timedelta(hours=36)
    queue = site.browser(officer).get("/my")
    assert "1 brief waits for your answer; it is 12 h late." in words(queue)
    assert f'href="/brief/{delivery_id}"' in queue.text
    assert "no-store" in queue.headers["cache-control"]


def test_partner_and_member_state_see_release_lines_and_no_brief(
    site: Site, analyst: Viewer, partner: Viewer
) -> None:
    state = site.house.viewer(Role.MEMBER_STATE, "State", name="Kofi", countries=("GHA",))
    own = site.house.viewer(Role.MEMBER_STATE, "Own", name="Modibo", countries=("MLI",))
    assert "Nothing was released to you yet." in words(site.browser(state).get("/my"))
    alert = site.house.alert(analyst, "MLI")
    said = LineSaid("Threats were reported; mediators are at work.", "the partner agreed")
    approve_release_line(site.house.store, analyst, alert.id, said, site.house.now)
    assert "One line was released to you. TLP:GREEN Mali" in words(site.browser(state).get("/my"))
    assert "Nothing was released to you yet." in words(site.browser(own).get("/my"))
    shown = words(site.browser(partner).get("/my"))
    assert "Send a report" in shown
    assert "mediators are at work" in shown


def test_where_sources_disagree_every_side_is_told_with_its_grade(
    site: Site, analyst: Viewer, officer: Viewer
) -> None:
    alert = site.house.alert(analyst)
    desk = site.program(analyst)
    said = {
        "headline": "Who did it is disputed",
        "bottom_line": "People were killed.",
        "why_now": "Two accounts.",
        "outlook": "likely",
        "confidence": "low",
        "would_change_our_mind": "A visit.",
        "options": [{"what": what, "owner": "UN", "by": "today"} for what in ("Send a visit", "Call both")],
        "decision_needed_by": (site.house.now + timedelta(days=1)).isoformat(),
        "tlp": "AMBER",
    }
    sides = [
        {"what": "Soldiers did it.", "who": "a partner", "grade": "c3"},
        {"what": "<b>Nothing</b> happened.", "who": "officials", "grade": "E5"},
    ]
    refused = desk.post(f"/api/alerts/{alert.id}/brief", json=said | {"claims": sides[:1]})
    assert (refused.status_code, [each["field"] for each in refused.json()]) == (422, ["claims"])
    brief = desk.post(f"/api/alerts/{alert.id}/brief", json=said | {"claims": sides}).json()["id"]
    delivery = desk.post(f"/api/briefs/{brief}/deliver", json={"email": OFFICER_EMAIL}).json()["id"]
    shown = words(site.browser(officer).get(f"/brief/{delivery}"))
    for part in (
        "Sources disagree",
        "A partner: Soldiers did it. C3: source fairly reliable, information possibly true",
        "Officials: <b>Nothing</b> happened. E5: source unreliable, information improbable",
    ):
        assert part in shown
    plain = words(site.browser(officer).get(f"/brief/{site.deliver(analyst, OFFICER_EMAIL, 'Other')}"))
    assert "Sources disagree" not in plain
