"""The pages as they are served: one process, a real browser."""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.dashboards.conftest import Pages
from tests.support.cli import clean_environment
from tests.support.house import NOW, House
from tests.support.ports import free_port
from tracker.domain.viewer import Viewer
from tracker.store.writes import log


@pytest.fixture
def address(house: House, tmp_path: Path) -> Iterator[str]:
    """The address of `python -m dashboards.serve` on this test's store."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    env = {
        "TRACKER_DATABASE_URL": str(house.store.writer.url),
        "TRACKER_DATA_DIR": str(tmp_path),
        "TRACKER_NOW": NOW.isoformat(),
        "TRACKER_PUBLIC_URL": url,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboards.serve", "--port", str(port)],
        env=clean_environment(env),
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def _wait(url: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise AssertionError("python -m dashboards.serve did not start")


def test_a_deep_link_has_its_frame_and_a_refusal_keeps_what_was_typed(
    address: str, pages: Pages, house: House, analyst: Viewer, page: Page
) -> None:
    """Also: nothing is asked of another host, and the first run of a process shows the side bar."""
    alert_id = house.alert(analyst).id
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.context.add_cookies([{"name": "eat_session", "value": str(pages.signed_in), "url": address}])
    page.goto(f"{address}/alert?id={alert_id}")
    expect(page.get_by_role("heading", name="Mali: Fighting between armed sides")).to_be_visible(
        timeout=30_000
    )
    expect(page.get_by_test_id("stSidebar").get_by_text("Inbox")).to_be_visible()
    page.get_by_role("button", name="Record decision").click()
    page.get_by_label("In their words").fill("They will call the governor.")
    page.get_by_role("button", name="Record decision").last.click()
    expect(page.get_by_text("Say who decided")).to_be_visible()
    expect(page.get_by_label("In their words")).to_have_value("They will call the governor.")
    page.get_by_label("Or, if they are not listed: role and organisation").fill("Desk officer")
    page.get_by_role("button", name="Record decision").last.click()
    expect(page.get_by_text("They will call the governor.")).to_be_visible()
    assert all(url.startswith((address, "data:", "blob:")) for url in asked)


def test_without_a_sign_in_a_page_leads_to_it(address: str, page: Page) -> None:
    page.goto(f"{address}/inbox")
    expect(page.get_by_text("You are not signed in.")).to_be_visible(timeout=30_000)
    page.get_by_role("link", name="Go to sign-in").click()
    expect(page).to_have_url(f"{address}/sign-in")


def test_the_map_leads_to_a_country_and_the_figures_go_out_as_a_table_that_is_audited(
    address: str, pages: Pages, house: House, analyst: Viewer, page: Page
) -> None:
    """Also: neither asks anything of another host."""
    house.alert(analyst, "MLI")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.context.add_cookies([{"name": "eat_session", "value": str(pages.signed_in), "url": address}])
    page.set_viewport_size({"width": 1280, "height": 1800})
    page.goto(f"{address}/figures")
    with page.expect_download(timeout=30_000) as download:
        page.get_by_role("button", name="Download CSV").click()
    table = download.value.path().read_text(encoding="utf-8")
    assert "\nalerts,1,1," in table
    with house.store.looking("test", NOW) as work:
        audited = [(entry.actor, entry.deed, entry.subject) for entry in log.unsealed(work, 100)]
    assert audited.count((analyst.actor, "exported", "metrics")) == 1
    page.goto(address)
    page.locator(".st-key-card-world svg .mark-symbol path").click(timeout=30_000)
    page.wait_for_url("**/country?iso3=MLI")
    assert all(url.startswith((address, "data:", "blob:")) for url in asked)
