"""The pages of figures and countries, and the gap on the first page."""

import pytest

from dashboards.components.steps import Frame, steps
from dashboards.components.world import _world, place_of
from tests.dashboards.conftest import Pages, words
from tests.dashboards.story import Past, tell
from tests.support.house import House
from tracker.domain.countries import country_choices
from tracker.domain.viewer import Viewer
from tracker.domain.words import Level, MilestoneKind, Role, Tlp
from tracker.share.figures.curves import aalen_johansen
from tracker.share.figures.waits import End, Wait
from tracker.share.figures.words import half_words


@pytest.fixture
def past(house: House, analyst: Viewer) -> Past:
    return tell(house, analyst)


def test_figures_say_how_fast_with_their_n_and_below_ten_only_counts(pages: Pages, past: Past) -> None:
    said = words(pages.open("figures"))
    assert "2 alerts opened in the last 90 days" in said
    assert "1 of 2 was answered with a response so far; fewer than ten make no curve." in said
    assert "Of 1 alert without one in time, 1 stopped here: nobody took it." in said
    assert "We know: 1 told in a call." in said
    assert "Verified within 1 day: 1 of 2" in said
    assert "data:image/svg+xml" in said, "the months are drawn"
    assert "(50%)" not in said
    assert "Violence" not in said


def test_figures_follow_the_address_and_drop_what_is_gone(pages: Pages, past: Past) -> None:
    app = pages.open("figures", country="SSD", days="365", theme="gone", level="high")
    assert "1 alert opened in the last 365 days" in words(app)
    assert "theme" not in app.query_params
    assert app.query_params["days"] in ("365", ["365"])
    assert "No alert was opened in this time." in words(
        pages.open("figures", country="SSD", level="critical")
    )


def test_the_first_page_draws_the_response_and_leads_from_each_count_to_what_it_counts(
    pages: Pages, past: Past
) -> None:
    app = pages.open("today")
    said = words(app)
    assert "1 of 2 was answered with a response so far" in said
    assert 'href="/alerts?show=all&amp;reached=decided&amp;days=90"' in said
    assert "An open alert, but no source of its own" in said
    assert '<a href="/country?iso3=SSD" target="_self">South Sudan</a> (1)' in said
    assert 'class="lv high">▲ High' in said


def test_the_list_of_alerts_holds_what_a_count_of_the_first_page_counted(pages: Pages, past: Past) -> None:
    said = words(pages.open("alerts", show="all", reached="outcome", days="90"))
    assert "TCD-0001" in said
    assert "SSD-0001" not in said
    assert "No alert fits." in words(
        pages.open("alerts", show="all", reached="outcome", days="30", country="SSD")
    )


def test_what_changed_is_listed_with_links(pages: Pages, past: Past, house: House, analyst: Viewer) -> None:
    pages.open("today")
    house.later(minutes=10)
    raised = house.alert(analyst, "NER", Level.HIGH)
    app = pages.open("today")
    assert "1 new alert" in words(app)
    assert f'<a href="/alert?id={raised.id}" target="_self">Niger' in words(app)


def test_countries_say_where_it_is_not_normal_and_where_nobody_reports(
    pages: Pages, past: Past, house: House, analyst: Viewer
) -> None:
    house.alert(analyst, "TON", Level.CRITICAL)
    said = words(pages.open("countries"))
    assert "1 country is above normal, this week or last." in said
    assert said.index("Tonga") < said.index("South Sudan") < said.index("Mali")
    assert '<span class="above">above its normal</span>' in said
    assert '<span class="unseen">nobody reports</span>' in said
    assert "12 in week 48" in said
    only = words(pages.open("countries", show="above"))
    assert "Mali" in only
    assert "Tonga" not in only
    assert "no working source of their own" in said


def test_a_country_shows_what_worked_there(pages: Pages, past: Past) -> None:
    said = words(pages.open("country", iso3="TCD"))
    assert "<b>Eased</b>: The market is open." in said
    assert f'href="/alert?id={past.worked}"' in said
    assert "1 alert opened, 1 action started" not in said, (
        "no story of this country was counted, so no series"
    )


def test_who_may_see_less_is_shown_less(pages: Pages, house: House, past: Past) -> None:
    cora = house.viewer(Role.COORDINATOR, name="Cora")
    house.alert(cora, "COD", Level.CRITICAL, Tlp.AMBER_STRICT)
    pages.sign_in(house.viewer(Role.ANALYST, "Elsewhere", name="Eve"))
    for name in ("countries", "today", "figures"):
        assert "Congo" not in words(pages.open(name)).replace("Republic of the Congo", "")
    assert "2 alerts opened" in words(pages.open("figures"))


def test_the_map_has_a_place_for_every_country() -> None:
    missing = [code for code, _ in country_choices() if place_of(code) is None]
    assert missing == ["ATA"], "Antarctica has no people to warn"
    assert place_of("XKX") is not None
    for longitude, latitude in map(tuple, _world()["points"].values()):
        assert -180 <= longitude <= 180
        assert -90 <= latitude <= 90
    outlines = {shape["id"] for shape in _world()["outlines"]["objects"]["countries"]["geometries"]}
    assert {"XKX", "SSD", "PSE", "ESH"} <= outlines
    assert "Natural Earth" in _world()["source"]


def test_a_curve_of_thousands_draws_no_more_than_a_point_a_pixel() -> None:
    waits = [Wait(day / 100, End.REACHED) for day in range(3000)]
    curve, frame = aalen_johansen(waits), Frame(days=30, goal=7, marked=(0, 7, 14, 30))
    assert len(curve.points) > 2900
    assert len(steps(curve, frame, "so many")) < 80_000
    assert half_words(MilestoneKind.FIRST_RESPONSE, curve) == "Half get a response within 15 days."
