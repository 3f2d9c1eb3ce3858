"""What is left of an alert when a report under it is withdrawn, or closed to some who saw it."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.house import House
from tracker.domain.viewer import Viewer
from tracker.domain.words import AlertState, Hidden, Role, Tlp
from tracker.errors import NotAllowedError, NotFoundError, SubmissionError
from tracker.ingest.receipts import withdraw
from tracker.ingest.reports import Received, open_form_source, submit
from tracker.ingest.submission import read_submission
from tracker.pipeline import work_through
from tracker.respond import release
from tracker.respond.deadlines import remind
from tracker.respond.labels import tighten
from tracker.store.reads.figures import release_lines
from tracker.store.tables import (
    Alert,
    AlertSignal,
    AuditRow,
    Base,
    DirtyWeek,
    History,
    Item,
    ReleaseLine,
    Signal,
)

CALL = "They say drive them out by Friday, cockroaches"


def report(house: House, tlp: Tlp = Tlp.AMBER_STRICT) -> Received:
    """Send a report that opens an alert by itself, and let the machine work."""
    said = read_submission({"what": CALL, "country": "KEN", "tlp": tlp})
    received = submit(house.store, open_form_source(house.store, house.now), said, house.now)
    work_through(house.store, house.now)
    return received


def every(house: House, table: type[Base]) -> Sequence[Any]:
    with house.store.looking("test", house.now) as work:
        return work.scalars(select(table).order_by(*table.__mapper__.primary_key)).all()


def take_back(house: House, received: Received) -> None:
    assert received.code
    withdraw(house.store, received.code, house.later(hours=1))


def deeds(house: House) -> list[tuple[str, str]]:
    return [(row.subject, row.deed) for row in every(house, History)]


def approve(house: House, analyst: Viewer) -> None:
    (alert,) = every(house, Alert)
    said = release.LineSaid("People in the west were told to leave.", "The elders agreed.")
    release.approve_release_line(house.store, analyst, alert.id, said, house.now)


def lines_for(house: House, viewer: Viewer) -> int:
    with house.store.viewing(viewer) as view:
        return len(release_lines(view))


def test_an_alert_whose_last_signal_is_withdrawn_is_dismissed_and_makes_room(house: House) -> None:
    received = report(house)
    take_back(house, received)
    (alert,) = every(house, Alert)
    assert (alert.state, alert.open_key) == (AlertState.DISMISSED, None)
    assert (alert.closed_because, alert.closed_at) == ("source_withdrew", house.now)
    row = every(house, History)[-1]
    assert (row.subject, row.deed, row.to_state) == ("alert", "dismiss", "dismissed")
    assert (row.reason, row.actor, row.tlp) == ("source_withdrew", "system", Tlp.AMBER_STRICT)
    report(house)
    assert [row.state for row in every(house, Alert)] == [AlertState.DISMISSED, AlertState.NEW]


def test_an_alert_that_another_signal_holds_up_stays_open(house: House) -> None:
    first, _ = report(house), report(house)
    take_back(house, first)
    (alert,) = every(house, Alert)
    assert alert.state is AlertState.NEW
    assert alert.open_key
    assert ("alert", "dismiss") not in deeds(house)


def test_release_lines_of_an_alert_go_with_the_report_and_its_owner_can_see_that(
    house: House, analyst: Viewer
) -> None:
    partner = house.viewer(Role.PARTNER)
    first, _ = report(house), report(house)
    approve(house, analyst)
    assert lines_for(house, partner) == 1
    take_back(house, first)
    assert lines_for(house, partner) == 0
    (line,) = every(house, ReleaseLine)
    assert (line.hidden_because, line.hidden_at) == (Hidden.WITHDRAWN, house.now)
    with house.store.viewing(analyst) as view:
        rows = view.scalars(select(History).where(History.alert_id == line.alert_id)).all()
    assert ("release line", "withdrawn") in [(row.subject, row.deed) for row in rows]


def test_nothing_but_the_items_own_history_names_its_source(house: House, analyst: Viewer) -> None:
    received = report(house)
    approve(house, analyst)
    take_back(house, received)
    named = {row.subject for row in every(house, History) if row.actor.startswith("source:")}
    assert named == {"item"}


def test_withdrawing_twice_changes_nothing_more(house: House) -> None:
    received = report(house)
    take_back(house, received)
    before = deeds(house)
    take_back(house, received)
    assert deeds(house) == before


def test_a_tightened_label_hides_looser_signals_and_what_still_holds_is_raised_anew(
    house: House, analyst: Viewer, officer: Viewer
) -> None:
    received = report(house, Tlp.AMBER)
    tighten(
        house.store, analyst, received.item_id, Tlp.AMBER_STRICT, "Names a village.", house.later(hours=1)
    )
    with house.store.viewing(officer) as view:
        assert view.scalars(select(Signal)).all() == []
        assert view.scalars(select(Item)).all() == []
        assert view.scalars(select(Alert)).all() == []
    assert [(row.country, row.week) for row in every(house, DirtyWeek)] == [("KEN", "2026-W48")]
    work_through(house.store, house.now)
    with house.store.viewing(analyst) as view:
        assert [row.tlp for row in view.scalars(select(Signal))] == [Tlp.AMBER_STRICT]
    states = [(row.state, row.closed_because) for row in every(house, Alert)]
    assert states == [(AlertState.NEW, None)]  # raised anew, it joined the alert that was there


def test_an_alert_that_nothing_joins_after_a_tightening_is_dismissed_by_the_machine(
    house: House, analyst: Viewer
) -> None:
    received = report(house, Tlp.AMBER)
    tighten(house.store, analyst, received.item_id, Tlp.AMBER_STRICT, "Names a village.", house.now)
    remind(house.store, house.now)
    assert [row.state for row in every(house, Alert)] == [AlertState.NEW]  # detection has yet to look
    work_through(house.store, house.later(days=60))
    remind(house.store, house.now)
    assert [(row.state, row.closed_because) for row in every(house, Alert)] == [
        (AlertState.DISMISSED, "other")
    ]


def test_a_tightened_label_stands_in_history_and_audit(house: House, analyst: Viewer) -> None:
    received = report(house, Tlp.AMBER)
    tighten(house.store, analyst, received.item_id, Tlp.AMBER_STRICT, " Names a village. ", house.now)
    (row,) = [row for row in every(house, History) if row.deed == "tightened"]
    assert (row.subject, row.subject_id, row.tlp) == ("item", received.item_id, Tlp.AMBER_STRICT)
    assert (row.from_state, row.to_state, row.note) == ("AMBER", "AMBER+STRICT", "Names a village.")
    assert row.actor == analyst.actor
    audited = [(row.actor, row.subject, row.reason) for row in every(house, AuditRow)]
    assert (analyst.actor, received.item_id, "Names a village.") in audited


def test_a_signal_that_may_hold_the_item_still_stays(house: House, analyst: Viewer) -> None:
    news = report(house, Tlp.GREEN)
    (before,) = every(house, Signal)
    with house.store.acting("test", "tighten the signal", house.now) as work:
        work.get_one(Signal, before.id).tlp = Tlp.AMBER
    tighten(house.store, analyst, news.item_id, Tlp.AMBER, "A name.", house.now)
    assert [row.hidden_at for row in every(house, Signal)] == [None]


def test_an_item_made_red_is_left_to_the_coordinators_of_its_holder(house: House, analyst: Viewer) -> None:
    coordinator = house.viewer(Role.COORDINATOR)
    stranger = house.viewer(Role.COORDINATOR, "Elsewhere")
    received = report(house)
    tighten(house.store, analyst, received.item_id, Tlp.RED, "Names a witness.", house.now)
    seen = []
    for viewer in (coordinator, stranger, analyst):
        with house.store.viewing(viewer) as view:
            seen.append(len(view.scalars(select(Item)).all()))
    assert seen == [1, 0, 0]
    assert all(row.hidden_at for row in every(house, Signal))


@pytest.mark.parametrize("tlp", [Tlp.CLEAR, Tlp.AMBER])
def test_a_label_is_only_ever_made_stricter(house: House, analyst: Viewer, tlp: Tlp) -> None:
    received = report(house, Tlp.AMBER)
    with pytest.raises(SubmissionError, match="stricter"):
        tighten(house.store, analyst, received.item_id, tlp, "Why not.", house.now)
    assert [row.tlp for row in every(house, Item)] == [Tlp.AMBER]


@pytest.mark.parametrize("reason", ["  ", "x" * 501])
def test_tightening_asks_for_a_reason(house: House, analyst: Viewer, reason: str) -> None:
    received = report(house, Tlp.AMBER)
    with pytest.raises(SubmissionError, match="why"):
        tighten(house.store, analyst, received.item_id, Tlp.RED, reason, house.now)


def test_only_who_works_on_alerts_and_sees_the_item_may_tighten_its_label(
    house: House, analyst: Viewer, officer: Viewer
) -> None:
    received = report(house)
    with pytest.raises(NotAllowedError):
        tighten(house.store, officer, received.item_id, Tlp.RED, "So.", house.now)
    stranger = house.viewer(Role.ANALYST, "Elsewhere")
    with pytest.raises(NotFoundError):
        tighten(house.store, stranger, received.item_id, Tlp.RED, "So.", house.now)
    take_back(house, received)
    with pytest.raises(NotFoundError):
        tighten(house.store, analyst, received.item_id, Tlp.RED, "So.", house.now)


def test_a_line_is_refused_once_the_consent_under_it_was_taken_back_unless_it_rests_on_others(
    house: House, analyst: Viewer
) -> None:
    first, _ = report(house), report(house)
    (alert,) = every(house, Alert)
    take_back(house, first)
    with pytest.raises(SubmissionError, match=r"taken back on 25 November") as refused:
        approve(house, analyst)
    assert refused.value.field == "consent"
    assert every(house, ReleaseLine) == []
    assert release.consent_taken_back_at(house.store, analyst, alert.id, house.now) == house.now
    said = release.LineSaid("Markets are tense.", "The elders agreed.", rests_on_others=True)
    release.approve_release_line(house.store, analyst, alert.id, said, house.now)
    assert lines_for(house, house.viewer(Role.PARTNER)) == 1


def test_who_could_not_see_a_report_is_not_told_that_it_was_taken_back(house: House) -> None:
    first, _ = report(house), report(house, tlp=Tlp.GREEN)
    take_back(house, first)
    other = house.viewer(Role.ANALYST, "Elsewhere", name="Else")
    (alert,) = every(house, Alert)
    assert release.consent_taken_back_at(house.store, other, alert.id, house.now) is None


def test_a_red_report_that_was_taken_back_is_told_to_nobody_without_a_grant(
    house: House, analyst: Viewer
) -> None:
    report(house, tlp=Tlp.GREEN)
    (alert,) = every(house, Alert)
    red = report(house, tlp=Tlp.RED)
    with house.store.acting("test", "put it under the alert", house.now) as work:
        (signal,) = [row for row in work.scalars(select(Signal)) if row.tlp is Tlp.RED]
        for row in work.scalars(select(AlertSignal).where(AlertSignal.signal_id == signal.id)):
            row.alert_id = alert.id
    take_back(house, red)
    cleo = house.viewer(Role.COORDINATOR, "Elsewhere", name="Cleo")
    assert release.consent_taken_back_at(house.store, cleo, alert.id, house.now) is None


def test_a_report_outside_ones_countries_is_not_told_to_have_been_taken_back(house: House) -> None:
    first, _ = report(house, tlp=Tlp.GREEN), report(house, tlp=Tlp.GREEN)
    take_back(house, first)
    (alert,) = every(house, Alert)
    near = house.viewer(Role.ANALYST, name="Near", countries=("KEN",))
    assert release.consent_taken_back_at(house.store, near, alert.id, house.now) == house.now
