"""Coming back with a receipt code: what became of it, and stopping its use."""

import pytest

from tests.web.conftest import Site, hidden, words
from tracker.ingest.reports import open_form_source, submit
from tracker.ingest.submission import Submission
from tracker.web.guesses import MOST_WRONG


def sent(site: Site) -> str:
    source = open_form_source(site.house.store, site.house.now)
    said = Submission(what="Leaflets tell people to leave.", country="KEN")
    code = submit(site.house.store, source, said, site.house.now).code
    assert code is not None
    return code


def test_a_code_leads_to_its_report_by_form_and_by_address(site: Site) -> None:
    code = sent(site)
    client = site.browser()
    for shown in (client.post("/receipt", data={"code": code.lower()}), client.get(f"/receipt/{code}")):
        assert shown.status_code == 200
        assert "Your report is here. Nobody has read it yet." in words(shown)
        assert "no-store" in shown.headers["cache-control"]


def test_a_code_may_be_typed_with_the_digits_and_letters_of_other_keyboards(site: Site) -> None:
    code = sent(site)
    arabic = code.translate({ord(str(digit)): chr(0x660 + digit) for digit in range(10)})
    cyrillic = code.translate(str.maketrans("ABCEHKMPTXY", "АВСЕНКМРТХУ"))  # noqa: RUF001
    wide = "".join(chr(ord(sign) + 0xFEE0) if sign.isalnum() else " " for sign in code)
    for typed in (arabic, cyrillic.lower(), wide, f"\u200f{code}\u00a0"):
        assert site.browser().post("/receipt", data={"code": typed}).status_code == 200, typed


def test_the_words_of_a_report_are_not_shown_to_whoever_holds_its_code(site: Site) -> None:
    assert "Leaflets" not in site.browser().get(f"/receipt/{sent(site)}").text


def test_an_unknown_code_gets_a_friendly_page(site: Site) -> None:
    for code in ("AAAAA-BBBBB", "nonsense", "<b>", "x" * 500):
        shown = site.browser().post("/receipt", data={"code": code})
        assert shown.status_code == 404
        assert "We know no report with this code" in words(shown)
        assert "<b>" not in shown.text


def test_no_code_is_a_fault_beside_the_field(site: Site) -> None:
    shown = site.browser().post("/receipt", data={"code": " "})
    assert shown.status_code == 422
    assert 'id="code-fault"' in shown.text


def test_stopping_asks_first_then_erases_and_says_so(site: Site) -> None:
    code = sent(site)
    client = site.browser()
    asked = client.post("/receipt/stop", data={"code": code})
    assert "Stop using your report?" in words(asked)
    assert "Nobody has read it yet" in words(client.get(f"/receipt/{code}"))
    done = client.post("/receipt/stop", data={"code": code, "sure": hidden(asked, "sure")})
    assert "Your report is no longer used." in words(done)
    assert "Your report is no longer used." in words(client.get(f"/receipt/{code}"))
    assert "Stop using my report" not in words(done)


def test_guessing_is_slowed_down_on_every_door_and_right_codes_cost_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = sent(site)
    client = site.browser()
    for number in range(MOST_WRONG):
        assert client.get(f"/receipt/{code}").status_code == 200
        assert client.get(f"/receipt/WRONG{number}").status_code == 404
    assert client.get("/receipt/WRONG").status_code == 429
    assert client.post("/receipt", data={"code": "WRONG"}).status_code == 429
    assert client.post("/receipt/stop", data={"code": "WRONG", "sure": "yes"}).status_code == 429
    monkeypatch.setenv("TRACKER_NOW", site.house.later(minutes=30).isoformat())
    assert client.get(f"/receipt/{code}").status_code == 200


def test_codes_never_reach_the_log(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    code = sent(site)
    site.browser().get(f"/receipt/{code}")
    assert "GET /receipt/{code} 200" in caplog.text
    assert code not in "".join(r.getMessage() for r in caplog.records if r.name.startswith("tracker"))
