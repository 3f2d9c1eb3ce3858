"""The API: reports in, lists out; who may, who may not, and what is wrong field by field."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from tests.web.conftest import OFFICER_EMAIL, Site, words
from tracker.domain.viewer import Viewer
from tracker.domain.words import MilestoneKind, Role, SourceKind, Tlp
from tracker.ingest.reports import open_form_source, submit
from tracker.ingest.submission import Submission
from tracker.store.tables import AuditRow, FieldReport, Item, Source
from tracker.web.guesses import MOST_WRONG

SAID: dict[str, Any] = {
    "what": "Leaflets tell people to leave.",
    "country": "KEN",
    "kind": "threat",
    "killed": 0,
    "may_share_un": True,
    "client_id": "a-1",
}


def test_a_partners_report_is_taken_once(site: Site, partner: Viewer) -> None:
    client = site.program(partner)
    first = client.post("/api/reports", json=SAID)
    assert first.status_code == 201
    assert set(first.json()) == {"receipt"}
    again = client.post("/api/reports", json=SAID)
    assert (again.status_code, again.json()) == (200, {"already_received": True})
    other = client.post("/api/reports", json={**SAID, "what": "Another."})
    assert other.status_code == 409
    assert other.json()[0]["field"] == "client_id"
    assert site.browser().get(f"/receipt/{other.json()[0]['receipt']}").status_code == 200
    assert client.post("/api/reports", json={**SAID, "what": "Another."}).json()[0]["receipt"] is None
    with site.house.store.looking("test", site.house.now) as work:
        kept = work.scalars(select(Item).order_by(Item.id)).all()
        item, conflict = kept
        report = work.get_one(FieldReport, item.id)
        assert work.get_one(FieldReport, conflict.id).conflicts_with == item.id
        assert (report.killed, report.may_share_un, report.may_contact) == (0, True, False)
        assert work.get_one(Source, item.source_id).kind is SourceKind.PARTNER
    assert site.browser().get(f"/receipt/{first.json()['receipt']}").status_code == 200


def test_a_country_that_is_not_certain_is_kept_and_the_nearest_are_named(site: Site, partner: Viewer) -> None:
    sent = site.program(partner).post("/api/reports", json={**SAID, "country": "Guinea"})
    assert sent.status_code == 201
    assert sent.json()["country_uncertain"]
    assert [each["code"] for each in sent.json()["nearest"]] == ["GIN", "GNB", "GNQ", "PNG"]
    with site.house.store.looking("test", site.house.now) as work:
        assert work.scalars(select(Item)).one().country is None


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"what", "country"}),
        ({**SAID, "country": " ", "killed": -1}, {"country", "killed"}),
        ({**SAID, "what": ["a"]}, {"what"}),
        ({**SAID, "what": {"a": 1}, "may_contact": "perhaps"}, {"what", "may_contact"}),
        ({**SAID, "client_id": "x" * 101}, {"client_id"}),
        ({**SAID, "reporter_name": "Amina"}, {"reporter_name"}),
        ([], {"body"}),
        ("text", {"body"}),
    ],
)
def test_a_faulty_report_names_each_faulty_field(
    site: Site, partner: Viewer, body: object, fields: set[str]
) -> None:
    refused = site.program(partner).post("/api/reports", json=body)
    assert refused.status_code == 422
    assert {fault["field"] for fault in refused.json()} == fields
    assert all(fault["problem"] for fault in refused.json())
    assert "Amina" not in refused.text


def test_what_is_no_json_is_said_to_be_none(site: Site, partner: Viewer) -> None:
    client = site.program(partner)
    for content in (b"", b"{", b"\xff\xfe", b"[" * 50_000):
        assert client.post("/api/reports", content=content).json()[0]["field"] == "body"
    assert client.post("/api/reports", content=b'"' + b"x" * 200_000).status_code == 413


def audited(site: Site) -> list[str]:
    with site.house.store.looking("test", site.house.now) as work:
        return list(work.scalars(select(AuditRow.deed).where(AuditRow.deed == "token refused")))


def test_a_wrong_token_is_401_and_leaves_an_audit_row(site: Site) -> None:
    wrong = {"authorization": "Bearer eat_wrong"}
    for answer in (
        site.browser().get("/api/alerts", headers=wrong),
        site.browser().post("/api/reports", json=SAID, headers=wrong),
    ):
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert "problem" in answer.json()
    assert len(audited(site)) == 2
    assert site.browser().get("/api/items").status_code == 401
    assert len(audited(site)) == 2


def test_wrong_tokens_without_end_leave_no_more_audit_rows_than_a_few(site: Site, partner: Viewer) -> None:
    client, wrong = site.browser(), {"authorization": "Bearer eat_wrong"}
    assert {client.get("/api/items", headers=wrong).status_code for _ in range(15)} == {401}
    assert len(audited(site)) == MOST_WRONG
    assert site.program(partner).post("/api/reports", json=SAID).status_code == 201
    assert client.post("/receipt", data={"code": "WRONG"}).status_code == 404


def test_a_signed_in_browser_is_no_token(site: Site, analyst: Viewer) -> None:
    assert site.browser(analyst).get("/api/items").status_code == 401


def test_a_right_token_with_the_wrong_role_is_403(site: Site, officer: Viewer, partner: Viewer) -> None:
    state = site.house.viewer(Role.MEMBER_STATE, "State", countries=("GHA",))
    assert site.program(officer).post("/api/reports", json=SAID).status_code == 403
    for name in ("alerts", "signals", "items", "actions"):
        for viewer in (partner, state):
            refused = site.program(viewer).get(f"/api/{name}")
            assert refused.status_code == 403
            assert "you may not" in refused.json()["problem"]


def rows(client: httpx.Client, name: str, **wanted: str | int) -> list[dict[str, Any]]:
    answer = client.get(f"/api/{name}", params=wanted)
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()
    return found


def test_alerts_carry_every_milestone_and_only_what_the_owner_may_see(
    site: Site, analyst: Viewer, officer: Viewer
) -> None:
    site.deliver(analyst, OFFICER_EMAIL)
    strict = site.house.alert(analyst, "KEN", tlp=Tlp.AMBER_STRICT)
    inside = site.program(analyst)
    alerts = rows(inside, "alerts")
    assert {alert["country"] for alert in alerts} == {"MLI", "KEN"}
    mali = next(alert for alert in alerts if alert["country"] == "MLI")
    assert set(mali["milestones"]) == set(MilestoneKind)
    assert mali["milestones"]["delivered"]["happened_at"].startswith("2026-11-25T09:40:00")
    assert mali["milestones"]["outcome"] is None
    assert (mali["level"], mali["tlp"], mali["stage"]) == ("high", "AMBER", "delivered")
    seen = rows(site.program(officer), "alerts")
    assert [alert["country"] for alert in seen] == ["MLI"]
    signals = rows(inside, "signals")
    assert strict.id in {signal["alert_id"] for signal in signals}
    assert {signal["country"] for signal in rows(site.program(officer), "signals")} == {"MLI"}


def test_lists_are_cut_by_country_time_limit_and_offset(site: Site, analyst: Viewer) -> None:
    for country in ("MLI", "KEN", "NER"):
        site.house.alert(analyst, country)
        site.house.later(minutes=1)
    client = site.program(analyst)
    for name in ("alerts", "signals"):
        assert [row["country"] for row in rows(client, name)] == ["NER", "KEN", "MLI"]
        assert [row["country"] for row in rows(client, name, limit=1, offset=1)] == ["KEN"]
        assert [row["country"] for row in rows(client, name, country="mli")] == ["MLI"]
        assert [row["country"] for row in rows(client, name, since="2026-11-25T09:41:30Z")] == ["NER"]
        assert rows(client, name, since="2026-11-26") == []
    assert rows(client, "actions") == []


def test_items_hold_what_a_report_says_for_those_who_may_read_it(
    site: Site, analyst: Viewer, officer: Viewer
) -> None:
    store, now = site.house.store, site.house.now
    submit(store, open_form_source(store, now), Submission(what="Leaflets.", country="KEN"), now)
    [item] = rows(site.program(analyst), "items", country="KEN")
    assert (item["text"], item["countries"], item["tlp"]) == ("Leaflets.", ["KEN"], "AMBER+STRICT")
    assert {"id", "source_id", "url", "guid", "title", "lang", "published_at", "severity"} <= set(item)
    assert rows(site.program(officer), "items") == []


def test_a_list_that_cannot_be_cut_so_says_why(site: Site, analyst: Viewer) -> None:
    client = site.program(analyst)
    for field, value in (
        ("limit", "0"),
        ("limit", "501"),
        ("offset", "-1"),
        ("country", "XXX"),
        ("since", "yesterday"),
        ("since", "9999-12-31T23:59:59-14:00"),
        ("since", "0001-01-01T00:00:00+14:00"),
        ("since", "2026-11-25T09:40:00"),
    ):
        refused = client.get("/api/alerts", params={field: value})
        assert refused.status_code == 422
        assert refused.json()[0]["field"] == field


def test_the_description_lists_every_operation_and_fetches_nothing(site: Site) -> None:
    description = site.browser().get("/api/openapi.json").json()
    listed = {"/api/reports", "/api/alerts", "/api/signals", "/api/items", "/api/actions"}
    assert listed <= set(description["paths"])
    docs = site.browser().get("/api/docs")
    assert docs.status_code == 200
    assert "<script" not in docs.text
    assert "http" not in docs.text.replace("http-equiv", "")
    for path in description["paths"]:
        assert path in words(docs)
    assert "may_share_authorities" in words(docs)
