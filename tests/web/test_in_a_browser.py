"""The light pages as people use them: a phone of 390 px, no JavaScript, a real browser."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.web.conftest import OFFICER_EMAIL, Site
from tracker.access.sealing import create_keys
from tracker.domain.viewer import Viewer
from tracker.domain.words import Answer
from tracker.store.reads.briefs import delivered_to
from tracker.web.languages import LANGUAGES

PHONE_PX = 390


@pytest.fixture
def engine_name() -> str:
    """The pages are the same on both databases; one is enough for the browser."""
    return "sqlite"


@pytest.fixture
def phone(browser: Browser) -> Page:
    context = browser.new_context(
        viewport={"width": PHONE_PX, "height": 800}, java_script_enabled=False, locale="en-GB"
    )
    context.set_default_timeout(15_000)
    return context.new_page()


def fits(page: Page) -> bool:
    box = page.locator("body").bounding_box()
    widest = page.locator("main").bounding_box()
    assert box is not None
    assert widest is not None
    return box["width"] <= PHONE_PX and widest["width"] <= PHONE_PX


def test_a_report_is_sent_mended_looked_up_and_stopped(site: Site, phone: Page, tmp_path: Path) -> None:
    create_keys(site.house.store, tmp_path / "keys", site.house.now)
    phone.goto(f"{site.url}/report")
    assert fits(phone)
    phone.get_by_label("In one or two sentences").fill("Leaflets tell people to leave by Friday.")
    phone.get_by_label("A threat or words of hate").check()
    phone.get_by_label("If people were killed").fill("many")
    phone.get_by_label("This week").check()
    phone.get_by_label("Somebody who saw it told me").check()
    phone.get_by_role("group", name="May we tell the United Nations").get_by_label("Yes").check()
    phone.get_by_role("button", name="Send").click()
    assert "Not sent yet" in phone.get_by_role("alert").inner_text()
    assert phone.get_by_label("A threat or words of hate").is_checked()
    assert phone.get_by_role("group", name="May we tell the United Nations").get_by_label("Yes").is_checked()
    phone.get_by_role("link", name="Choose the country.").click()
    phone.get_by_label("Country").select_option(label="Kenya")
    phone.get_by_label("If people were killed").fill("")
    phone.get_by_role("button", name="Send").click()
    code = phone.locator("#code").inner_text()
    assert "/report" in phone.url
    phone.get_by_role("link", name="Look what became of it").click()
    phone.get_by_label("Your receipt code").fill(code.lower().replace("-", " "))
    phone.get_by_role("button", name="Show me").click()
    assert "Nobody has read it yet" in phone.get_by_role("heading", level=1).inner_text()
    assert code not in phone.url
    phone.get_by_role("button", name="Stop using my report").click()
    phone.get_by_role("button", name="Yes, stop using it").click()
    assert "no longer used" in phone.get_by_role("heading", level=1).inner_text()
    assert fits(phone)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_report_is_sent_and_looked_up_in_every_language_by_everybody(
    site: Site, browser: Browser, lang: str, tmp_path: Path
) -> None:
    create_keys(site.house.store, tmp_path / "keys", site.house.now)
    # Scripts are on for axe alone: our own policy keeps every script out of these pages.
    context = browser.new_context(viewport={"width": PHONE_PX, "height": 800}, locale=lang)
    page = context.new_page()
    page.goto(f"{site.url}/report")
    assert page.locator("html").get_attribute("lang") == lang
    look_at(page)
    page.locator("[name=killed]").fill("?")
    page.locator("button.primary").click()
    look_at(page)
    page.locator("[name=what]").fill("Leaflets tell people to leave by Friday.")
    page.locator("[name=killed]").fill("")
    page.locator("#country").select_option("KEN")
    page.locator("button.primary").click()
    code = page.locator("#code").inner_text()
    look_at(page)
    page.locator("a[href^='/receipt']").click()
    look_at(page)
    page.locator("#code").fill(code)
    page.locator("button.primary").click()
    assert page.locator("html").get_attribute("lang") == lang
    look_at(page)
    page.locator("form[action^='/receipt/stop'] button").click()
    look_at(page)


def look_at(page: Page) -> None:
    """Check that a page fits a phone and that axe finds nothing serious in it."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE_PX
    found = Axe().run(page, options={"resultTypes": ["violations", "passes"]}).response
    assert found["passes"]
    assert [v["id"] for v in found["violations"] if v["impact"] in ("serious", "critical")] == []


def test_an_officer_signs_in_reads_a_brief_and_answers(
    site: Site, phone: Page, analyst: Viewer, officer: Viewer
) -> None:
    delivery_id = site.deliver(analyst, OFFICER_EMAIL)
    phone.goto(f"{site.url}/sign-in?key={site.key(officer)}")
    phone.get_by_role("button", name="Sign in").click()
    assert "1 brief waits for your answer" in phone.get_by_role("heading", level=1).inner_text()
    phone.get_by_role("link", name="Leaflets tell people to leave").click()
    assert fits(phone)
    phone.get_by_text("Not acting now, because").click()
    phone.get_by_label("Why not now").fill("The envoy is there already.")
    phone.get_by_role("button", name="Record that I do not act now").click()
    assert "Say when to look again" in phone.get_by_role("alert").inner_text()
    assert phone.get_by_label("Why not now").input_value() == "The envoy is there already."
    phone.get_by_label("Look again on").nth(1).fill("2026-11-27")
    phone.get_by_role("button", name="Record that I do not act now").click()
    assert "You decided not to act now." in phone.locator("main").inner_text()
    with site.house.store.viewing(officer) as view:
        assert delivered_to(view, delivery_id).answer is Answer.NOT_ACTING_NOW
    phone.get_by_role("button", name="Sign out").click()
    phone.goto(f"{site.url}/brief/{delivery_id}")
    assert phone.url.endswith("/sign-in")
