"""The duty roster and the channels as people see and press them."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from tests.dashboards.conftest import Pages, field, press, side_bar, words
from tests.support.house import NOW, House
from tracker.access.kept_forms import Drawer, typed_before
from tracker.access.signin import sign_out
from tracker.domain.viewer import Viewer
from tracker.domain.words import Level, Role
from tracker.respond.duty import Stretch, Turns, roster_now, say_away, set_layer
from tracker.settings import Settings
from tracker.share.channels import reach
from tracker.store.tables import AuditRow

BANNER = "Nobody is on duty"


@pytest.fixture
def cleo(house: House) -> Viewer:
    return house.viewer(Role.COORDINATOR, name="Cleo")


def layer(house: House, cleo: Viewer, *people: Viewer, number: int = 1) -> None:
    turns = Turns(number, tuple(each.user_id for each in people), "UTC", time(9), 1, date(2026, 11, 25))
    set_layer(house.store, cleo, turns, NOW)


def test_while_nobody_is_on_duty_every_page_says_so_and_what_to_do(
    pages: Pages, house: House, analyst: Viewer, cleo: Viewer
) -> None:
    for name in ("today", "inbox", "alerts", "duty"):
        assert BANNER in words(pages.open(name))
    assert "See the roster" in words(pages.open("today"))
    assert "nobody on duty" in words(pages.open("today"))
    pages.sign_in(cleo)
    assert "Set who takes turns" in words(pages.open("today"))
    layer(house, cleo, analyst)
    said = words(pages.open("today"))
    assert BANNER not in said
    assert "on duty: Ana" in said


def test_the_banner_says_until_when_and_offers_the_hours(
    pages: Pages, house: House, analyst: Viewer, cleo: Viewer
) -> None:
    layer(house, cleo, analyst)
    say_away(house.store, analyst, Stretch(NOW, NOW + timedelta(hours=3)), NOW)
    said = words(pages.open("inbox"))
    assert "Nobody is on duty until 12:40 UTC." in said
    assert "Take these hours" in said


def test_the_page_says_who_is_on_and_shows_the_weeks(
    pages: Pages, house: House, analyst: Viewer, cleo: Viewer
) -> None:
    ben = house.viewer(Role.ANALYST, name="Ben")
    layer(house, cleo, analyst, ben)
    layer(house, cleo, cleo, number=2)
    said = words(pages.open("duty"))
    assert "Ana is on duty until Thu 26 Nov 09:00 UTC. Next to be asked: Cleo." in said
    assert "You are on duty now, in the first layer." in said
    assert "Ana and Ben take turns of a day, handing over at 09:00 (UTC), from 25 Nov." in said
    assert said.count('<table class="weeks">') == 4
    assert "Duty" in side_bar(pages.open("duty"))


def test_a_coordinator_sets_a_layer_and_an_analyst_may_not(
    pages: Pages, house: House, analyst: Viewer, cleo: Viewer
) -> None:
    assert "Add a layer" not in words(pages.open("duty"))
    assert not pages.open("duty").multiselect
    pages.sign_in(cleo)
    app = pages.open("duty")
    app.multiselect[0].set_value([cleo.user_id, analyst.user_id])
    app = press(app, "Set the layer")
    (plan,) = roster_now(house.store, NOW).plans
    assert (plan.people, plan.turn_days, plan.from_day) == (
        (cleo.user_id, analyst.user_id),
        7,
        date(2026, 11, 25),
    )
    assert "Cleo is on duty" in words(app)
    with house.store.looking("test", NOW) as work:
        deeds = [row.deed for row in work.scalars(select(AuditRow))]
    assert "duty layer set" in deeds


def test_a_layer_is_added_under_the_first_free_number_until_there_are_five(
    pages: Pages, house: House, cleo: Viewer
) -> None:
    for number in (1, 3):
        layer(house, cleo, cleo, number=number)
    pages.sign_in(cleo)
    app = pages.open("duty")
    assert len([each for each in app.button if each.label == "Set the layer"]) == 3
    for number in (2, 4, 5):
        layer(house, cleo, cleo, number=number)
    app = pages.open("duty")
    assert len([each for each in app.button if each.label == "Set the layer"]) == 5


def on_duty(house: House) -> tuple[str, ...]:
    """Return who is on once the pages' clock, which ticks from NOW, has gone on for a while."""
    later = NOW + timedelta(hours=1)
    return roster_now(house.store, later).on_duty(later)


def test_an_analyst_takes_hours_over_and_gives_only_their_own_away(
    pages: Pages, house: House, analyst: Viewer, cleo: Viewer
) -> None:
    ben = house.viewer(Role.ANALYST, name="Ben")
    layer(house, cleo, ben)
    app = pages.open("duty")
    field(app, "Which hours").select_index(0)  # type: ignore[attr-defined]
    app = press(app, "Swap")
    assert on_duty(house) == (analyst.user_id,)
    assert "Ana covers the first layer" in words(app)
    app = press(app, "Take back")
    assert on_duty(house) == (ben.user_id,)
    field(app, "Which hours").select_index(0)  # type: ignore[attr-defined]
    field(app, "Who takes them").set_value(cleo.user_id)  # type: ignore[attr-defined]
    app = press(app, "Swap")
    assert "You may give away your own hours only." in words(app)
    assert on_duty(house) == (ben.user_id,)


def test_somebody_says_that_they_are_away_and_takes_it_back(
    pages: Pages, house: House, analyst: Viewer, cleo: Viewer
) -> None:
    layer(house, cleo, analyst, cleo)
    app = press(pages.open("duty"), "I am away")
    roster = roster_now(house.store, NOW)
    assert roster.away[0].person == analyst.user_id
    assert roster.on_duty(NOW) == (cleo.user_id,)
    app = press(app, "Take back")
    assert roster_now(house.store, NOW).on_duty(NOW) == (analyst.user_id,)
    assert "Nobody is away" in words(app)


def test_an_admin_reads_the_roster_and_says_when_they_are_away(
    pages: Pages, house: House, cleo: Viewer
) -> None:
    pages.sign_in(house.viewer(Role.ADMIN))
    layer(house, cleo, cleo)
    app = pages.open("duty")
    assert "Cleo is on duty" in words(app)
    assert [button.label for button in app.button] == ["I am away"]


def test_how_we_reach_you_says_so_and_keeps_zone_and_digest(
    pages: Pages, house: House, analyst: Viewer
) -> None:
    app = pages.open("channels")
    assert "We reach you by mail." in words(app)
    assert "ana.platform@example.org" in words(app)
    field(app, "Time zone").set_value("Africa/Bamako")  # type: ignore[attr-defined]
    app.checkbox[0].uncheck()
    press(app, "Keep")
    kept = reach(house.store, analyst, NOW)
    assert (kept.time_zone, kept.gets_digest) == ("Africa/Bamako", False)
    assert "times by the clock of Africa/Bamako" in words(pages.open("duty"))


def test_an_address_that_is_none_is_refused_beside_its_field_and_not_repeated(
    pages: Pages, analyst: Viewer
) -> None:
    app = pages.open("channels")
    field(app, "Address").set_value("mailto://me:s3cret@x.example")  # type: ignore[attr-defined]
    app = press(app, "Add it")
    assert "Address: This is no address of ntfy, Matrix" in words(app)
    assert "s3cret" not in words(app)


def test_an_address_is_not_kept_when_a_sign_in_ends(pages: Pages, house: House, analyst: Viewer) -> None:
    app = pages.open("channels")
    field(app, "Address").set_value("ntfys://ntfy.example.org/a-secret-topic")  # type: ignore[attr-defined]
    assert pages.signed_in
    sign_out(house.store, pages.signed_in, NOW + timedelta(minutes=1))
    press(app, "Add it")
    drawer = Drawer(house.store, Settings.read().data_dir)
    assert "secret" not in str(typed_before(drawer, analyst, NOW))


def test_a_channel_is_added_changed_tried_and_removed(pages: Pages, house: House, analyst: Viewer) -> None:
    app = pages.open("channels")
    field(app, "Address").set_value("json://127.0.0.1:9/a-long-secret-path-xyz")  # type: ignore[attr-defined]
    app = press(app, "Add it")
    said = words(app)
    assert "JSON to a web address · …xyz" in said
    assert "Nothing was sent yet; test it." in said
    assert "a-long" not in said
    app = press(app, "Test")
    assert "One of your" not in words(app)
    assert "Your channel fails; mail reaches you." in words(app)
    assert "This address is not a public one" in words(app)
    field(app, "From").select_index(0)  # type: ignore[attr-defined]
    app.run()
    assert [channel.from_level for channel in reach(house.store, analyst, NOW).channels] == [Level.MEDIUM]
    press(app, "Remove")
    assert list(reach(house.store, analyst, NOW).channels) == []


def test_whom_an_alert_is_handed_to_shows_who_is_away(pages: Pages, house: House, analyst: Viewer) -> None:
    ben = house.viewer(Role.ANALYST, name="Ben")
    say_away(house.store, ben, Stretch(NOW, NOW + timedelta(days=8)), NOW)
    app = pages.open("alert", id=house.alert(analyst).id)
    assert field(app, "Hand over to").options == ["Ben · analyst, Platform · away until 3 Dec"]  # type: ignore[attr-defined]
