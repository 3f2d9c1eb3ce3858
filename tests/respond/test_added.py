"""A text that an analyst adds goes under the alert it was added to, or waits in the inbox, under its own label."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.detect.desk import read_config
from tests.support.house import House
from tracker.domain.deadlines import Step
from tracker.domain.viewer import Viewer
from tracker.domain.words import InboxState, Level, Role, Tlp
from tracker.errors import NotAllowedError, NotFoundError, SubmissionError, TransitionError
from tracker.ingest.policy import FetchPolicy
from tracker.ingest.reports import partner_source, submit
from tracker.ingest.submission import read_submission
from tracker.pipeline import work_through
from tracker.respond.added import Given, Placed, add
from tracker.respond.alerts import close
from tracker.respond.inbox import ByHand, dismiss, raise_by_hand, snooze
from tracker.respond.policy import policy_in_force
from tracker.respond.stories import merge_stories
from tracker.store.reads.inbox import waiting_signals
from tracker.store.reads.items import evidence_of, items_by_id
from tracker.store.reads.stories import story_of
from tracker.store.tables import Item

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


@pytest.mark.parametrize("state", [InboxState.WAITING, InboxState.SNOOZED, InboxState.DISMISSED])
def test_what_is_in_the_inbox_goes_under_the_alert_that_it_is_added_to(
    house: House, analyst: Viewer, state: InboxState
) -> None:
    first = put(house, analyst)
    with house.store.viewing(analyst) as view:
        [signal] = waiting_signals(view)
    if state is InboxState.SNOOZED:
        snooze(house.store, analyst, signal.id, house.now + timedelta(days=1), house.now)
    if state is InboxState.DISMISSED:
        dismiss(house.store, analyst, signal.id, "same_again", house.now)
    said = ByHand("MLI", signal.theme, Level.HIGH, "A call.", Tlp.AMBER, house.now)
    alert = raise_by_hand(house.store, analyst, said, house.now)
    again, third = put(house, analyst, alert_id=alert.id), put(house, analyst, alert_id=alert.id)
    assert (again.item_id, again.was_there, again.signalled) == (first.item_id, True, True)
    assert not third.signalled
    with house.store.viewing(analyst) as view:
        assert [item.id for item in evidence_of(view, alert.id)] == [first.item_id]
        assert waiting_signals(view) == []


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


def test_a_stricter_label_given_again_tightens_what_was_there(house: House, analyst: Viewer) -> None:
    loose = put(house, analyst, replace(SAID, tlp=Tlp.GREEN))
    strict = put(house, analyst)
    assert (strict.item_id, strict.was_there) == (loose.item_id, True)
    again = put(house, analyst, replace(SAID, tlp=Tlp.GREEN))
    assert (again.item_id, again.signalled) == (loose.item_id, False)
    with house.store.viewing(analyst) as view:
        assert items_by_id(view, [loose.item_id])[loose.item_id].tlp is Tlp.AMBER
        assert [signal.tlp for signal in waiting_signals(view)] == [Tlp.AMBER]


def test_it_is_due_in_the_inbox_like_any_other_of_its_level(house: House, analyst: Viewer) -> None:
    put(house, analyst)
    policy = policy_in_force(house.store, house.now)
    with house.store.viewing(analyst) as view:
        [signal] = waiting_signals(view)
    assert signal.level is policy.rules.hand_level
    assert signal.due_at == house.now + policy.deadlines.allowed[signal.level][Step.TRIAGE]


def test_nobody_who_adds_one_waits_for_what_else_is_to_be_read(house: House, analyst: Viewer) -> None:
    source = partner_source(house.store, house.viewer(Role.PARTNER).user_id, house.now)
    said = read_submission({"what": SAID.text, "country": "MLI"})
    waits = submit(house.store, source, said, house.now).item_id
    added = put(house, analyst).item_id
    with house.store.looking("test", house.now) as work:
        assert [work.get_one(Item, item).category is None for item in (waits, added)] == [True, False]


def test_a_person_who_merges_it_before_it_was_placed_is_not_overruled(house: House, analyst: Viewer) -> None:
    first = put(house, analyst).item_id
    work_through(house.store, house.now)
    other = put(house, analyst, replace(SAID, text="The market of Mopti in Mali burned down.")).item_id
    merge_stories(house.store, analyst, other, first, house.now)
    work_through(house.store, house.later(minutes=1))
    with house.store.viewing(analyst) as view:
        assert {item.id for item in story_of(view, first).items} == {first, other}


def test_what_is_for_one_organisation_alone_never_becomes_that_of_another_which_had_it_before(
    house: House, analyst: Viewer
) -> None:
    theirs, uma = replace(SAID, tlp=Tlp.AMBER_STRICT), house.viewer(Role.ANALYST, "UN", name="Uma")
    before = put(house, analyst, replace(SAID, tlp=Tlp.GREEN)).item_id
    first, again = put(house, uma, theirs), put(house, uma, theirs)
    assert (first.was_there, first.signalled) == (False, True)
    assert (again.was_there, again.item_id) == (True, first.item_id)
    with house.store.viewing(uma) as view:
        seen = items_by_id(view, [before, first.item_id])
    assert {item.id: item.tlp for item in seen.values()} == {
        before: Tlp.GREEN,
        first.item_id: Tlp.AMBER_STRICT,
    }
    with house.store.viewing(analyst) as view:
        assert set(items_by_id(view, [before, first.item_id])) == {before}
        assert [signal.tlp for signal in waiting_signals(view)] == [Tlp.GREEN]
    assert put(house, analyst, theirs).item_id == before
    with house.store.viewing(analyst) as view:
        assert items_by_id(view, [before])[before].tlp is Tlp.AMBER_STRICT
