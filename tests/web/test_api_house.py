"""What programs do about the house and about what waits: away, digest, answers by mail, triage, hand over, merge."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.support.house import NOW
from tests.web.conftest import OFFICER_EMAIL, Site
from tracker.domain.viewer import Viewer
from tracker.domain.words import Answer, Role, Tlp
from tracker.respond.duty import roster_now
from tracker.store.writes.digest import week_now
from tracker.store.writes.log import Label
from tracker.store.writes.mail_replies import NewReply, store_reply

WEEK = "2026-W48"


@pytest.fixture
def api(site: Site, analyst: Viewer) -> httpx.Client:
    return site.program(analyst)


def post(client: httpx.Client, path: str, **said: Any) -> httpx.Response:
    return client.post(f"/api/{path}", json=said)


def alert_of(client: httpx.Client, alert_id: str) -> dict[str, Any]:
    (row,) = [row for row in client.get("/api/alerts").json() if row["id"] == alert_id]
    return dict(row)


def test_a_person_says_that_they_are_away(site: Site, analyst: Viewer, api: httpx.Client) -> None:
    until = NOW + timedelta(days=9)
    assert post(api, "duty/away", since=NOW.isoformat(), until=until.isoformat()).status_code == 201
    (absence,) = roster_now(site.house.store, NOW).away
    assert (absence.person, absence.until) == (analyst.user_id, until)
    refused = post(api, "duty/away", since=until.isoformat(), until=NOW.isoformat())
    assert refused.status_code == 422
    assert "not after the beginning" in refused.text


def test_an_editor_places_an_alert_of_the_week_and_no_other(
    site: Site, analyst: Viewer, api: httpx.Client
) -> None:
    alert = site.house.alert(analyst, tlp=Tlp.GREEN)
    assert post(api, f"digests/{WEEK}/places", alert_id=alert.id, kind="dropped").status_code == 204
    strict = site.house.alert(analyst, "KEN", tlp=Tlp.AMBER)
    assert post(api, f"digests/{WEEK}/places", alert_id=strict.id, kind="pinned").status_code == 404


def test_a_coordinator_approves_a_week_and_an_analyst_does_not(site: Site, api: httpx.Client) -> None:
    assert api.post(f"/api/digests/{WEEK}/approve").status_code == 403
    with site.house.store.looking("test", NOW) as work:
        assert week_now(work, WEEK).approved_at is None
    cleo = site.program(site.house.viewer(Role.COORDINATOR, name="Cleo"))
    assert cleo.post(f"/api/digests/{WEEK}/approve").status_code == 204
    with site.house.store.looking("test", NOW) as work:
        assert week_now(work, WEEK).approved_at is not None


def answered_by_mail(site: Site, delivery_id: str, org_id: str) -> str:
    with site.house.store.acting("job:replies", "test", NOW) as work:
        new = NewReply(delivery_id, "f" * 64, "ACT", True, NOW, Answer.ACT, None, None)
        reply_id = store_reply(work, new, Label(Tlp.AMBER, org_id, "MLI"))
    assert reply_id is not None
    return reply_id


def test_an_answer_by_mail_is_listed_and_confirmed_once(
    site: Site, analyst: Viewer, officer: Viewer, partner: Viewer, api: httpx.Client
) -> None:
    reply_id = answered_by_mail(site, site.deliver(analyst, OFFICER_EMAIL), analyst.org_id)
    (row,) = api.get("/api/mail-replies").json()
    assert (row["id"], row["proposed"], row["from_recipient"]) == (reply_id, "act", True)
    done = post(api, f"mail-replies/{reply_id}/confirm", answer="act")
    assert done.status_code == 201
    assert done.json()["id"]
    assert api.get("/api/mail-replies").json() == []
    assert post(api, f"mail-replies/{reply_id}/confirm", answer="act").status_code == 409
    for outside in (officer, partner):
        assert site.program(outside).get("/api/mail-replies").status_code == 403


def test_a_signal_is_put_aside_or_under_an_alert(site: Site, analyst: Viewer, api: httpx.Client) -> None:
    alert = site.house.alert(analyst)
    first, second = (site.house.signal(analyst, country) for country in ("KEN", "NER"))
    assert post(api, f"signals/{first}/attach", alert_id=alert.id).json()["ref"] == alert.ref
    until = (NOW + timedelta(days=2)).isoformat()
    assert post(api, f"signals/{second}/snooze", until=until).status_code == 204
    states = {row["id"]: row["state"] for row in api.get("/api/signals").json()}
    assert (states[first], states[second]) == ("attached", "snoozed")


def test_an_alert_is_handed_over_merged_and_opened_again(
    site: Site, analyst: Viewer, api: httpx.Client
) -> None:
    site.house.viewer(Role.ANALYST, name="Ben")
    one, other = site.house.alert(analyst), site.house.alert(analyst, "KEN")
    assert post(api, f"alerts/{one.id}/hand-over", email="ben.platform@example.org").status_code == 204
    assert alert_of(api, one.id)["owner"] == "Ben"
    assert post(api, f"alerts/{one.id}/merge", into=other.id).status_code == 204
    assert post(api, f"alerts/{other.id}/close", reason="calm").status_code == 204
    assert api.post(f"/api/alerts/{other.id}/reopen").json() == {"id": other.id}
    assert alert_of(api, other.id)["state"] == "assessing"
