"""A text that an analyst adds goes under the alert it was added to, or waits in the inbox, under its own label."""

from dataclasses import replace

import pytest

from tests.detect.desk import read_config
from tests.support.house import House
from tracker.domain.viewer import Viewer
from tracker.domain.words import Role, Tlp
from tracker.errors import NotAllowedError, NotFoundError, SubmissionError, TransitionError
from tracker.ingest.policy import FetchPolicy
from tracker.respond.added import Given, Placed, add
from tracker.respond.alerts import close
from tracker.store.reads.inbox import waiting_signals
from tracker.store.reads.items import evidence_of

FETCHING = FetchPolicy.read(read_config("fetching"))
SAID = Given("", "", "Armed men attacked a village in Mali and killed three people.", Tlp.AMBER)


def put(house: House, viewer: Viewer, given: Given = SAID, alert_id: str | None = None) -> Placed:
    return add(house.store, viewer, FETCHING, given, house.now, alert_id)


def test_it_is_evidence_of_the_alert_it_was_added_to_once(house: House, analyst: Viewer) -> None:
    alert = house.alert(analyst, "NER")
    first, again = put(house, analyst, alert_id=alert.id), put(house, analyst, alert_id=alert.id)
    assert (first.was_there, first.signalled) == (False, True)
    assert (again.was_there, again.signalled) == (True, False)
    with house.store.viewing(analyst) as view:
        [item] = evidence_of(view, alert.id)
    assert (item.id, item.text, item.country, item.tlp) == (first.item_id, SAID.text, "MLI", Tlp.AMBER)


def test_without_an_alert_it_waits_in_the_inbox_where_it_names_country_and_theme(
    house: House, analyst: Viewer
) -> None:
    assert put(house, analyst).signalled
    with house.store.viewing(analyst) as view:
        [signal] = [each for each in waiting_signals(view) if each.rule == "hand"]
    assert (signal.country, signal.tlp, signal.sentence) == (
        "MLI",
        Tlp.AMBER,
        "Added by hand: an item of Pasted texts.",
    )
    assert not put(house, analyst, replace(SAID, text="The harvest was good this year.")).signalled


def test_what_may_not_be_added_is_refused(house: House, analyst: Viewer) -> None:
    alert = house.alert(analyst)
    with pytest.raises(NotAllowedError):
        put(house, house.viewer(Role.ADMIN))
    with pytest.raises(NotFoundError):
        put(house, analyst, alert_id="no such alert")
    with pytest.raises(SubmissionError, match="tlp"):
        put(house, analyst, replace(SAID, tlp=Tlp.RED))
    with pytest.raises(SubmissionError, match="text"):
        put(house, analyst, replace(SAID, text=" "))
    close(house.store, analyst, alert.id, house.now, ("calm", None))
    with pytest.raises(TransitionError, match="closed"):
        put(house, analyst, alert_id=alert.id)
