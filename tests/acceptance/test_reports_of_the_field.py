"""What partners send, as the desk lives it: a call written down within a minute, a table mended and sent again."""

import csv
import json
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.program import Program
from tests.support.house import NOW, House
from tests.support.serve import serve
from tracker.access.signin import make_link
from tracker.domain.words import Role

A_MINUTE_S = 60
ROWS, BAD = 500, 20


@pytest.fixture
def program(house: House, database_url: str, tmp_path: Path) -> Program:
    home = tmp_path / "home"
    home.mkdir()
    return Program(home, {"TRACKER_DATABASE_URL": database_url}, NOW)


def test_a_call_is_logged_in_under_a_minute_and_its_code_leads_back_to_it(
    house: House, program: Program, page: Page
) -> None:
    analyst = house.viewer(Role.ANALYST, name="Ana")
    with serve(program.env) as served:
        page.goto(make_link(house.store, analyst.user_id, served.url, NOW))
        page.get_by_role("button", name="Sign in").click()
        page.goto(f"{served.url}/call")
        began = time.monotonic()
        page.get_by_label("What happened, or what may happen").fill(
            "Leaflets tell people to leave by Friday."
        )
        country = page.get_by_role("combobox", name="Country")
        country.fill("Mali")
        page.get_by_role("option", name="Mali", exact=True).click()
        page.get_by_label("District, nearest town").fill("Mopti")
        page.get_by_label("Code of the source").fill("k12")
        page.get_by_text("tell the United Nations").click()
        page.get_by_text("I read the three questions aloud").click()
        page.get_by_role("button", name="Keep it and get the code").click()
        code = page.locator(".code b")
        expect(code).to_be_visible(timeout=30_000)
        spent_s = time.monotonic() - began
        assert spent_s < A_MINUTE_S
        said = code.inner_text()
        page.get_by_role("button", name="They have it").click()
        expect(code).to_have_count(0)
        page.goto(f"{served.url}/receipt/{said}")
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Your report is here. Nobody has read it yet."
        )
    [report] = program.exported("reports")
    assert (report["country"], report["place"], report["channel"]) == ("MLI", "Mopti", "phone")
    assert (report["may_share_un"], report["may_share_authorities"]) == (True, False)


def table(path: Path, bad: set[int]) -> None:
    with path.open("w", encoding="utf-8", newline="") as target:
        out = csv.writer(target)
        out.writerow(["what", "country", "place", "killed", "happened_on", "client_id"])
        for number in range(ROWS):
            killed = "many" if number in bad else str(number % 3)
            client = f"row-{number}" if number % 2 else ""
            out.writerow([f"Rumour number {number}", "NA", "Rundu", killed, "2026-11-20", client])


def test_a_table_of_five_hundred_rows_with_twenty_bad_ones_is_mended_and_sent_again(
    program: Program,
) -> None:
    path = program.home / "partners.csv"
    table(path, set(range(7, ROWS, ROWS // BAD)))
    first = json.loads(program.tracker("import", "reports", str(path), code=3).stdout)
    assert (first["new"], first["rejected"]) == (ROWS - BAD, BAD)
    waits = path.with_name("partners.csv.rejected.csv")
    waits.write_text(waits.read_text("utf-8-sig").replace(",many,", ",,"), encoding="utf-8")
    mended = json.loads(program.tracker("import", "reports", str(waits)).stdout)
    assert (mended["new"], mended["rejected"]) == (BAD, 0)
    again = json.loads(program.tracker("import", "reports", str(waits)).stdout)
    assert (again["new"], again["were_there"]) == (0, BAD)
    once_more = json.loads(program.tracker("import", "reports", str(path), code=3).stdout)
    assert (once_more["new"], once_more["were_there"]) == (0, ROWS - BAD)
    reports = program.exported("reports")
    assert len({report["what"] for report in reports}) == len(reports) == ROWS
    assert {report["country"] for report in reports} == {"NAM"}
    assert sum(report["killed"] is None for report in reports) == BAD


def brings(page: Page, path: Path) -> None:
    """Take a table in at the inbox."""
    upload, chosen = page.get_by_test_id("stFileUploaderDropzoneInput"), page.get_by_label("Remove ")
    expect(upload).to_have_count(1)
    expect(chosen).to_have_count(0)
    upload.set_input_files(path)
    expect(chosen).to_be_visible()
    page.get_by_role("button", name="Take it in").click()


def test_the_same_in_the_browser_gives_the_bad_rows_back_and_ends_with_each_report_once(
    house: House, program: Program, page: Page, tmp_path: Path
) -> None:
    path, coordinator = tmp_path / "partners.csv", house.viewer(Role.COORDINATOR, name="Cleo")
    table(path, set(range(7, ROWS, ROWS // BAD)))
    with serve(program.env) as served:
        page.goto(make_link(house.store, coordinator.user_id, served.url, NOW))
        page.get_by_role("button", name="Sign in").click()
        page.goto(f"{served.url}/inbox")
        page.get_by_text("Take in a table of field reports").click()
        brings(page, path)
        said = page.get_by_text(f"{ROWS - BAD} new reports, {BAD} rows put aside.")
        expect(said).to_be_visible(timeout=30_000)
        expect(
            page.get_by_text("Rows 9, 34, 59, 84, 109, 134, 159, 184 and 12 more: killed: ")
        ).to_be_visible()
        with page.expect_download() as given:
            page.get_by_role("button", name="Get the rows put aside").click()
        mended = tmp_path / given.value.suggested_filename
        given.value.save_as(mended)
        assert mended.name == "partners.csv.rejected.csv"
        mended.write_text(mended.read_text("utf-8-sig").replace(",many,", ",,"), encoding="utf-8")
        brings(page, mended)
        expect(page.get_by_text(f"{BAD} new reports.")).to_be_visible(timeout=30_000)
        for again, there, aside in ((mended, BAD, ""), (path, ROWS - BAD, f", {BAD} rows put aside")):
            brings(page, again)
            said = page.get_by_text(f"no new report, {there} already here{aside}.")
            expect(said).to_be_visible(timeout=30_000)
        page.goto(f"{served.url}/sources")
        page.get_by_role("combobox", name="Look at one").click()
        page.get_by_role("option", name="Imported reports").click()
        expect(page.get_by_text(f"{ROWS} in all")).to_be_visible(timeout=30_000)
    reports = program.exported("reports")
    assert len({report["what"] for report in reports}) == len(reports) == ROWS
    assert not list(program.home.glob("table-*"))
