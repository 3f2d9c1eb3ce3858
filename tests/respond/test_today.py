from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from tests.support.house import House
from tracker.domain.viewer import Viewer
from tracker.domain.words import (
    ActionStatus,
    AlertState,
    DecisionKind,
    HowKnown,
    Level,
    MilestoneKind,
    OutcomeResult,
    Role,
    Tlp,
)
from tracker.respond import actions, alerts, decisions, today
from tracker.respond.actions import ActionPlanned, Move, OutcomeTold
from tracker.respond.decisions import DecisionTold
from tracker.respond.labelling import Labelling
from tracker.respond.policy import Policy, policy_in_force
from tracker.respond.steps import CHECK, OUTCOME, REVIEW, Need, still_due
from tracker.store.columns import new_id
from tracker.store.reads.decisions import due_reviews, standing_decisions
from tracker.store.tables import Action


@pytest.fixture
def policy(house: House) -> Policy:
    return policy_in_force(house.store, house.now)


def needs(house: House, viewer: Viewer, policy: Policy) -> list[Need]:
    return today.needs(house.store, viewer, policy, house.now)


def decide(house: House, analyst: Viewer, alert_id: str, kind: DecisionKind) -> None:
    review = None if kind is DecisionKind.ACT else (house.now + timedelta(days=2)).date()
    reason = "R5" if kind is DecisionKind.NOT_ACTING_NOW else None
    told = DecisionTold(
        kind, "Desk officer", HowKnown.TOLD_IN_A_CALL, house.now, Labelling(Tlp.AMBER), reason, None, review
    )
    decisions.record_decision(house.store, analyst, alert_id, told, house.now)


def test_critical_comes_first_then_the_longest_overdue(house: House, analyst: Viewer, policy: Policy) -> None:
    for country, level in (("MLI", Level.MEDIUM), ("NER", Level.HIGH), ("TCD", Level.CRITICAL)):
        house.alert(analyst, country, level)
    house.later(days=9)
    found = needs(house, analyst, policy)
    assert [need.alert.country for need in found] == ["TCD", "NER", "MLI"]
    assert all(need.late_at(house.now) for need in found)


def test_an_alert_without_owner_is_to_be_taken_then_verified_then_decided(
    house: House, analyst: Viewer, policy: Policy
) -> None:
    alert = house.alert(analyst)
    (need,) = needs(house, analyst, policy)
    assert (need.step, need.move) == ("verify", "take")
    alerts.take(house.store, analyst, alert.id, house.now)
    (need,) = needs(house, analyst, policy)
    assert (need.step, need.move) == ("verify", "verify")
    house.later(days=2)
    (need,) = needs(house, analyst, policy)
    assert (need.step, need.move) == ("decide", "decide")


def test_after_a_decision_to_act_the_response_is_next_and_then_the_outcome(
    house: House, analyst: Viewer, policy: Policy
) -> None:
    alert = house.alert(analyst)
    alerts.take(house.store, analyst, alert.id, house.now)
    decide(house, analyst, alert.id, DecisionKind.ACT)
    (need,) = needs(house, analyst, policy)
    assert (need.step, need.move) == ("respond", "act")
    due = (house.now + timedelta(days=3)).date()
    planned = ActionPlanned("DIALOGUE", "Elders meet", "Peace committee", due, Labelling(Tlp.AMBER))
    action_id = actions.add_action(house.store, analyst, alert.id, planned, house.now)
    actions.move_action(house.store, analyst, action_id, Move("start", house.now), house.now)
    (need,) = needs(house, analyst, policy)
    assert (need.step, need.due_at) == ("outcome", None)
    told = OutcomeTold(OutcomeResult.EASED, "Calm.", "CSO", HowKnown.BY_MAIL, house.now, Labelling(Tlp.AMBER))
    actions.record_outcome(house.store, analyst, action_id, told, house.now)
    (need,) = needs(house, analyst, policy)
    assert (need.step, need.move) == ("close", "close")


def test_a_decision_not_to_act_waits_for_its_review(house: House, analyst: Viewer, policy: Policy) -> None:
    alert = house.alert(analyst)
    alerts.take(house.store, analyst, alert.id, house.now)
    decide(house, analyst, alert.id, DecisionKind.NOT_ACTING_NOW)
    (need,) = needs(house, analyst, policy)
    assert need.move == REVIEW
    assert need.due_at == datetime.combine((house.now + timedelta(days=2)).date(), time.max, tzinfo=UTC)


def test_a_review_that_was_kept_leaves_the_alert_to_be_closed_or_decided_anew(
    house: House, analyst: Viewer, policy: Policy
) -> None:
    for country, kind, step in (
        ("MLI", DecisionKind.NOT_ACTING_NOW, "close"),
        ("NER", DecisionKind.WATCH, "decide anew"),
    ):
        alert = house.alert(analyst, country)
        alerts.take(house.store, analyst, alert.id, house.now)
        decide(house, analyst, alert.id, kind)
        with house.store.viewing(analyst) as view:
            standing = standing_decisions(view, [alert.id])[alert.id]
        house.later(days=3)
        (need,) = [need for need in needs(house, analyst, policy) if need.alert.id == alert.id]
        assert need.move == REVIEW
        assert need.late_at(house.now)
        decisions.keep_review(house.store, analyst, alert.id, standing.id, house.now)
        (need,) = [need for need in needs(house, analyst, policy) if need.alert.id == alert.id]
        assert (need.step, need.due_at) == (step, None)


def test_a_later_decision_to_act_ends_the_review_of_an_earlier_one(
    house: House, analyst: Viewer, policy: Policy
) -> None:
    alert = house.alert(analyst)
    alerts.take(house.store, analyst, alert.id, house.now)
    decide(house, analyst, alert.id, DecisionKind.WATCH)
    house.later(hours=1)
    decide(house, analyst, alert.id, DecisionKind.ACT)
    (need,) = needs(house, analyst, policy)
    assert need.step == "respond"
    with house.store.viewing(analyst) as view:
        assert due_reviews(view, house.later(days=9).date()) == []


def test_a_month_after_an_action_was_done_one_asks_what_came_of_it_though_the_alert_is_closed(
    house: House, analyst: Viewer, policy: Policy
) -> None:
    alert = house.alert(analyst)
    due = (house.now + timedelta(days=3)).date()
    planned = ActionPlanned("DIALOGUE", "Elders meet", "Peace committee", due, Labelling(Tlp.AMBER))
    action_id = actions.add_action(house.store, analyst, alert.id, planned, house.now)
    for move in ("start", "finish"):
        actions.move_action(house.store, analyst, action_id, Move(move, house.now), house.now)
    told = OutcomeTold(OutcomeResult.EASED, "Calm.", "CSO", HowKnown.BY_MAIL, house.now, Labelling(Tlp.AMBER))
    done_at = house.now
    actions.record_outcome(house.store, analyst, action_id, told, house.now)
    alerts.close(house.store, analyst, alert.id, house.now)
    house.later(days=29)
    assert needs(house, analyst, policy) == []
    house.later(days=1)
    (need,) = needs(house, analyst, policy)
    assert (need.step, need.move, need.due_at) == (CHECK, OUTCOME, done_at + timedelta(days=30))
    actions.record_outcome(house.store, analyst, action_id, told, house.later(days=1))
    assert needs(house, analyst, policy) == []
    house.later(days=59)
    (need,) = needs(house, analyst, policy)
    assert need.due_at == done_at + timedelta(days=90)
    assert need.alert.state is AlertState.CLOSED


def test_no_number_of_steps_that_were_done_hides_what_one_has_to_ask(
    house: House, analyst: Viewer, policy: Policy
) -> None:
    alert = house.alert(analyst)
    due = (house.now + timedelta(days=3)).date()
    for kind, times in (("VERIFY", 501), ("DIALOGUE", 1)):
        with house.store.acting("test", "build", house.now) as work:
            work.add_all(
                Action(
                    id=new_id(house.now),
                    alert_id=alert.id,
                    kind=kind,
                    title=kind,
                    owner="Peace committee",
                    due_on=due,
                    status=ActionStatus.DONE,
                    done_at=house.now,
                    created_at=house.now,
                    tlp=Tlp.AMBER,
                    org_id=analyst.org_id,
                    country="MLI",
                )
                for _ in range(times)
            )
        house.later(hours=1)
    alerts.close(house.store, analyst, alert.id, house.now, ("calm", None))
    house.later(days=31)
    (need,) = needs(house, analyst, policy)
    assert (need.step, need.move) == (CHECK, OUTCOME)


def test_nothing_is_due_of_an_alert_that_is_closed(house: House, analyst: Viewer, policy: Policy) -> None:
    house.alert(analyst)
    (need,) = needs(house, analyst, policy)
    assert set(still_due(need.alert, policy.deadlines, None)) == {
        MilestoneKind.VERIFIED,
        MilestoneKind.DECIDED,
        MilestoneKind.FIRST_RESPONSE,
    }
    closed = replace(need.alert, state=AlertState.CLOSED)
    assert still_due(closed, policy.deadlines, None) == {}


def test_it_needs_its_owner_and_when_it_is_late_everybody(
    house: House, analyst: Viewer, policy: Policy
) -> None:
    other = house.viewer(Role.COORDINATOR)
    alert = house.alert(analyst)
    alerts.take(house.store, analyst, alert.id, house.now)
    (need,) = needs(house, analyst, policy)
    assert need.is_for(analyst, house.now)
    assert not need.is_for(other, house.now)
    house.later(days=2)
    (need,) = needs(house, other, policy)
    assert need.is_for(other, house.now)


def test_the_headline_is_built_from_the_numbers_below_it(
    house: House, analyst: Viewer, policy: Policy
) -> None:
    assert today.headline([], house.now) == "No alert is open."
    first = house.alert(analyst, "MLI", Level.HIGH)
    said = today.headline(needs(house, analyst, policy), house.now)
    assert said == "1 alert is open; none is past its decision date."
    house.later(days=10)
    said = today.headline(needs(house, analyst, policy), house.now)
    assert said == "1 alert is 9 days past its decision date; it has no owner."
    alerts.take(house.store, analyst, first.id, house.now)
    house.alert(analyst, "TCD", Level.CRITICAL)
    house.later(hours=5)
    said = today.headline(needs(house, analyst, policy), house.now)
    assert said == (
        "1 critical alert waits to be verified. "
        "2 alerts are past their decision date; the oldest, 9 days, has an owner."
    )


def test_what_changed_is_told_since_the_last_look_and_only_what_one_may_see(
    house: House, analyst: Viewer
) -> None:
    other = house.viewer(Role.ANALYST, "Elsewhere")
    assert today.since_last_look(house.store, analyst, house.now).at is None
    today.since_last_look(house.store, other, house.now)
    first = house.now
    house.later(hours=1)
    house.alert(analyst, tlp=Tlp.AMBER_STRICT)
    decide(house, analyst, house.alert(analyst, "NER").id, DecisionKind.ACT)
    look = today.since_last_look(house.store, analyst, house.later(minutes=1))
    assert (look.at, look.changes) == (first, "2 new alerts and 1 decision")
    assert today.since_last_look(house.store, other, house.now).changes == "1 new alert and 1 decision"
    assert today.since_last_look(house.store, analyst, house.later(hours=1)).changes == "nothing new"


def test_a_grave_report_after_the_decision_asks_for_a_decision_again(
    house: House, analyst: Viewer, policy: Policy
) -> None:
    alert = house.alert(analyst)
    alerts.take(house.store, analyst, alert.id, house.now)
    decide(house, analyst, alert.id, DecisionKind.ACT)
    house.later(hours=2)
    house.alert(analyst, level=Level.CRITICAL)
    (need,) = needs(house, analyst, policy)
    assert (need.step, need.due_at) == ("decide", house.now + timedelta(hours=4))
    house.later(hours=1)
    decide(house, analyst, alert.id, DecisionKind.ACT)
    (need,) = needs(house, analyst, policy)
    assert need.step == "respond"
