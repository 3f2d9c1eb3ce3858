"""The five questions: blank, sent, sent twice, faulty, signed in and not."""

import re
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from tests.web.conftest import Site, hidden, words
from tracker.access.sealing import create_keys
from tracker.domain.viewer import Viewer
from tracker.domain.words import SourceKind, Tlp
from tracker.errors import NotTakenError, StoreError
from tracker.store.tables import FieldReport, Grant, Item, ItemContent, SealedIdentity, Source
from tracker.store.writes.sources import partner_of

SAID = {"what": "Leaflets tell people to leave by Friday.", "country": "KEN", "place": "Molo"}


def stored(site: Site) -> list[tuple[Item, ItemContent, FieldReport, Source]]:
    with site.house.store.looking("test", site.house.now) as work:
        rows = work.execute(
            select(Item, ItemContent, FieldReport, Source)
            .join(ItemContent, ItemContent.version_id == Item.version_id)
            .join(FieldReport, FieldReport.item_id == Item.id)
            .join(Source, Source.id == Item.source_id)
        ).all()
        work.expunge_all()
    return [(item, content, report, source) for item, content, report, source in rows]


def send(client: httpx.Client, **said: str) -> httpx.Response:
    form = client.get("/report")
    fields = {"client_id": hidden(form, "client_id"), **SAID, **said}
    if 'name="csrf"' in form.text:
        fields |= {"csrf": hidden(form, "csrf")}
    return client.post("/report", data=fields)


def test_the_form_is_small_needs_no_script_and_asks_five_questions(site: Site) -> None:
    form = site.browser().get("/report")
    assert form.status_code == 200
    assert len(form.content) < 40_000
    assert "<script" not in form.text
    said = words(form)
    for question in (
        "1. What happened",
        "2. Where?",
        "3. When?",
        "4. How do you know?",
        "5. What would help",
    ):
        assert question in said
    assert "Do not put names" in said
    assert 'lang="en" dir="ltr"' in form.text


def test_consent_starts_at_no_and_is_three_separate_choices(site: Site) -> None:
    form = site.browser().get("/report").text
    for name in ("may_contact", "may_share_un", "may_share_authorities"):
        assert f'name="{name}" value="no" checked' in form
    send(site.browser(), may_share_un="yes")
    [(_, _, report, _)] = stored(site)
    assert (report.may_contact, report.may_share_un, report.may_share_authorities) == (False, True, False)


def test_a_report_without_sign_in_comes_from_the_open_form(site: Site) -> None:
    sent = send(site.browser())
    assert sent.status_code == 200
    assert "Write it down now" in words(sent)
    [(item, content, _, source)] = stored(site)
    assert (content.text, content.place, item.country) == (SAID["what"], "Molo", "KEN")
    assert (item.tlp, source.kind, source.reliability) == (Tlp.AMBER_STRICT, SourceKind.FORM, "F")


def test_a_partners_report_comes_from_their_own_source_and_they_may_see_it(
    site: Site, partner: Viewer
) -> None:
    send(site.browser(partner))
    [(item, _, _, source)] = stored(site)
    assert source.kind is SourceKind.PARTNER
    with site.house.store.looking("test", site.house.now) as work:
        assert partner_of(work, source.id) == partner.user_id
        assert work.scalar(select(Grant.user_id).where(Grant.row_id == item.id)) == partner.user_id


def test_who_is_not_sure_of_the_country_is_heard_all_the_same(site: Site) -> None:
    assert send(site.browser(), country="?").status_code == 200
    [(item, content, report, _)] = stored(site)
    assert (item.country, content.country_said, report.country_uncertain) == (None, "?", True)


def test_an_officers_report_is_sent_without_their_name(site: Site, officer: Viewer) -> None:
    assert "without your name" in words(site.browser(officer).get("/report"))
    send(site.browser(officer))
    assert stored(site)[0][3].kind is SourceKind.FORM


def test_a_double_press_is_stored_once_and_shows_the_same_code(site: Site) -> None:
    client = site.browser()
    fields = {"client_id": hidden(client.get("/report"), "client_id"), **SAID}
    first, second = client.post("/report", data=fields), client.post("/report", data=fields)
    assert first.text == second.text
    assert 'id="code"' in first.text
    assert len(stored(site)) == 1


def test_what_a_bad_line_lost_is_sent_again_some_minutes_later_and_shows_the_same_code(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = site.browser()
    fields = {"client_id": hidden(client.get("/report"), "client_id"), **SAID}
    first = client.post("/report", data=fields)
    monkeypatch.setenv("TRACKER_NOW", site.house.later(minutes=9).isoformat())
    assert client.post("/report", data=fields).text == first.text
    assert len(stored(site)) == 1


def test_one_form_sent_by_two_is_two_reports_and_each_sees_its_own_code(site: Site, partner: Viewer) -> None:
    theirs, nobodys = site.browser(partner), site.browser()
    form = theirs.get("/report")
    fields = {"client_id": hidden(form, "client_id"), **SAID}
    own = {**fields, "csrf": hidden(form, "csrf")}
    first, other = theirs.post("/report", data=own), nobodys.post("/report", data=fields)
    assert len(stored(site)) == 2
    assert theirs.post("/report", data=own).text == first.text
    assert nobodys.post("/report", data=fields).text == other.text


def test_while_the_database_takes_nothing_no_word_is_lost_and_it_is_said_in_the_language_of_the_form(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(*_args: object) -> None:
        raise StoreError("The disk of the database is full.")

    client = site.browser()
    fields = {"client_id": hidden(client.get("/report"), "client_id"), **SAID, "lang": "fr"}
    with monkeypatch.context() as broken:
        broken.setattr("tracker.web.pages_report.submit", refused)
        back = client.post("/report", data=fields)
    assert back.status_code == 503
    assert SAID["what"] in back.text
    assert "Rien de ce que vous avez écrit n’est perdu" in words(back)
    assert "disk" not in back.text
    assert "The disk of the database is full." in caplog.text
    fields["client_id"] = hidden(back, "client_id")
    assert client.post("/report", data=fields).status_code == 200
    assert len(stored(site)) == 1


def test_faults_are_named_in_the_order_of_the_page(site: Site) -> None:
    faulty = {"what": "", "killed": "many", "country": "", "place": "x" * 201, "happened_on": "soon"}
    back = send(site.browser(), help="x" * 1001, **faulty)
    assert re.findall(r'<a href="#(\w+)">', back.text) == [*faulty, "help"]


def test_nothing_that_is_typed_is_offered_to_whoever_uses_the_phone_next(site: Site) -> None:
    for address in ("/report", "/receipt"):
        assert 'method="post"' in site.browser().get(address).text
        assert site.browser().get(address).text.count('autocomplete="off">') >= 1


def test_sent_again_later_it_is_stored_once_and_the_code_is_not_shown(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = site.browser()
    fields = {"client_id": hidden(client.get("/report"), "client_id"), **SAID}
    client.post("/report", data=fields)
    monkeypatch.setenv("TRACKER_NOW", site.house.later(hours=1).isoformat())
    again = client.post("/report", data=fields)
    assert "We have this report already" in words(again)
    assert 'id="code"' not in again.text
    assert len(stored(site)) == 1


def test_another_report_from_the_same_page_is_asked_about_then_taken(site: Site) -> None:
    client = site.browser()
    fields = {"client_id": hidden(client.get("/report"), "client_id"), **SAID}
    client.post("/report", data=fields)
    asked = client.post("/report", data={**fields, "what": "The market is shut as well."})
    assert asked.status_code == 409
    assert "The market is shut as well." in asked.text
    fields |= {"what": "The market is shut as well.", "client_id": hidden(asked, "client_id")}
    assert client.post("/report", data=fields).status_code == 200
    assert len(stored(site)) == 2


def test_a_faulty_form_comes_back_filled_in_with_each_fault_beside_its_field(site: Site) -> None:
    back = send(site.browser(), what="", killed="many", help="Bread & <water>", when="this_week")
    assert back.status_code == 422
    assert "Bread &amp; &lt;water&gt;" in back.text
    assert 'name="when" value="this_week" checked' in back.text
    assert '<option value="KEN" selected>' in back.text
    assert 'id="what-fault"' in back.text
    assert 'aria-describedby="what-fault"' in back.text
    assert 'aria-describedby="killed-hint killed-fault" aria-invalid="true"' in back.text
    assert stored(site) == []


def test_what_the_database_will_never_take_is_not_to_be_sent_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_args: object) -> None:
        raise NotTakenError("The database did not take this.")

    monkeypatch.setattr("tracker.web.pages_report.submit", refused)
    client = site.browser()
    fields = {"client_id": hidden(client.get("/report"), "client_id"), **SAID, "lang": "fr"}
    back = client.post("/report", data=fields)
    assert back.status_code == 422
    assert SAID["what"] in back.text
    assert "ne peut pas être conservé tel quel" in words(back)
    assert "Attendez une minute" not in words(back)


def test_a_text_that_is_too_long_is_kept_and_refused(site: Site) -> None:
    long = "Leaflets. " * 500
    back = send(site.browser(), what=long)
    assert back.status_code == 422
    assert "at most 4000 characters" in words(back)
    assert long.strip() in back.text


def test_more_than_any_honest_form_is_refused_unread(site: Site) -> None:
    client = site.browser()
    assert client.post("/report", data={"what": "x" * 200_000}).status_code == 413
    chunks = (b"what=" + b"x" * 60_000 for _ in range(3))
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/report", content=chunks, headers=form).status_code == 413


def test_a_form_sent_as_multipart_is_read_too_but_no_files(site: Site) -> None:
    client = site.browser()
    parts = {name: (None, value) for name, value in SAID.items()}
    assert client.post("/report", files=parts).status_code == 200
    refused = client.post("/report?lang=fr", files={"photo": ("a.jpg", b"x")})
    assert refused.status_code == 400
    assert "sans image ni fichier" in words(refused)
    assert len(stored(site)) == 1


def test_without_a_key_nobody_is_asked_who_they_are_and_a_name_is_refused(site: Site) -> None:
    client = site.browser()
    assert "reporter_name" not in client.get("/report").text
    refused = send(client, reporter_name="Amina")
    assert refused.status_code == 422
    assert "cannot be kept safely" in words(refused)
    assert stored(site) == []


def test_with_a_key_the_name_is_sealed_and_stands_nowhere_else(
    site: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    create_keys(site.house.store, tmp_path / "keys", site.house.now)
    client = site.browser()
    assert 'name="reporter_name"' in client.get("/report").text
    sent = send(client, reporter_name="Amina", reporter_contact="+254 700 000000")
    assert sent.status_code == 200
    assert "Amina" not in sent.text
    assert "Amina" not in caplog.text
    with site.house.store.looking("test", site.house.now) as work:
        box = work.scalars(select(SealedIdentity.box)).one()
    assert b"Amina" not in box


def test_a_form_of_another_browser_is_not_taken_from_one_that_is_signed_in(
    site: Site, partner: Viewer, officer: Viewer
) -> None:
    client = site.browser(partner)
    foreign = hidden(site.browser(officer).get("/report"), "csrf")
    for token in ({}, {"csrf": foreign}, {"csrf": "é"}):
        back = client.post("/report", data={**SAID, **token})
        assert back.status_code == 403
        assert SAID["what"] in back.text
    assert stored(site) == []


def test_whoever_was_signed_out_meanwhile_loses_no_word_and_is_asked_first(
    site: Site, partner: Viewer
) -> None:
    client = site.browser(partner)
    form = client.get("/report")
    fields = {**SAID, "csrf": hidden(form, "csrf"), "client_id": hidden(form, "client_id")}
    client.cookies.clear()
    back = client.post("/report", data=fields)
    assert back.status_code == 401
    assert SAID["what"] in back.text
    assert stored(site) == []
    del fields["csrf"]
    assert client.post("/report", data=fields).status_code == 200
    assert stored(site)[0][3].kind is SourceKind.FORM


def test_no_word_of_a_report_reaches_the_log(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    send(site.browser(), what="Zanzibarite leaflets", place="Quixoticville", killed="many")
    send(site.browser(), what="Zanzibarite leaflets", place="Quixoticville")
    assert "POST /report 200" in caplog.text
    assert "Zanzibarite" not in caplog.text
    assert "Quixoticville" not in caplog.text
    assert "127.0.0.1" not in "".join(r.getMessage() for r in caplog.records if r.name == "tracker.web")
