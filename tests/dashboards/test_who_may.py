from datetime import timedelta

import pytest

from tests.dashboards.conftest import PAGES, Pages, press, side_bar, words
from tests.support.house import House
from tracker.access.signin import sign_out
from tracker.domain.viewer import Viewer
from tracker.domain.words import Role
from tracker.store.reads.alerts import alert


@pytest.mark.parametrize("name", PAGES)
def test_without_a_sign_in_every_page_says_so_and_nothing_else(pages: Pages, name: str) -> None:
    said = words(pages.open(name))
    assert "You are not signed in." in said
    assert 'href="/sign-in"' in said
    assert "<h1" not in said


@pytest.mark.parametrize("role", [Role.OFFICER, Role.MEMBER_STATE, Role.PARTNER])
def test_those_with_light_pages_are_led_to_them(pages: Pages, house: House, role: Role) -> None:
    pages.sign_in(house.viewer(role, "UN", countries=("SSD",)))
    for name in PAGES:
        said = words(pages.open(name))
        assert 'href="/my"' in said
        assert "<h1" not in said


def test_a_sign_out_counts_at_the_next_press(pages: Pages, house: House, analyst: Viewer) -> None:
    alert_id = house.alert(analyst).id
    app = pages.open("alert", id=alert_id)
    assert pages.signed_in
    sign_out(house.store, pages.signed_in, house.now + timedelta(minutes=1))
    press(app, "I am on it")
    assert "You are not signed in." in words(app)
    with house.store.viewing(analyst) as view:
        assert alert(view, alert_id).owner_id is None


def test_an_analyst_may_not_administer(pages: Pages, analyst: Viewer) -> None:
    app = pages.open("admin")
    assert "This page is not for your role." in words(app)
    assert "Admin" not in side_bar(app)


def test_an_admin_reads_alerts_and_works_on_none(pages: Pages, house: House, analyst: Viewer) -> None:
    alert_id = house.alert(analyst).id
    pages.sign_in(house.viewer(Role.ADMIN))
    app = pages.open("alert", id=alert_id)
    assert "MLI-0001" in words(app)
    assert not app.button
    assert not pages.open("inbox").button


@pytest.mark.parametrize("role", [Role.PARTNER, Role.ADMIN])
def test_nobody_but_those_who_triage_writes_down_a_call(pages: Pages, house: House, role: Role) -> None:
    """A partner who could would report as another source."""
    pages.sign_in(house.viewer(role, "UN"))
    app = pages.open("call")
    assert not app.text_area
    assert not app.button
    assert "Log a call" not in side_bar(app)
