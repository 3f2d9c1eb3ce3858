"""The alert from a signal to a lesson, by the functions that pages press."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.house import House
from tracker.domain.viewer import Viewer
from tracker.domain.words import (
    AlertState,
    Answer,
    Confidence,
    Credibility,
    DecisionKind,
    HowKnown,
    InboxState,
    Level,
    Likelihood,
    MilestoneKind,
    OutcomeResult,
    Role,
    Tlp,
    Verification,
)
from tracker.errors import NotAllowedError, NotFoundError, StaleError, SubmissionError, TransitionError
from tracker.respond import actions, alerts, briefs, decisions, inbox, release
from tracker.respond.actions import ActionPlanned, Move, OutcomeTold
from tracker.respond.alerts import Verdict
from tracker.respond.briefs import AnswerGiven
from tracker.respond.deadlines import remind
from tracker.respond.decisions import DecisionTold
from tracker.respond.labelling import Labelling
from tracker.store.reads.actions import actions_of
from tracker.store.reads.alerts import AlertFile, alert_file
from tracker.store.reads.briefs import my_deliveries
from tracker.store.reads.figures import release_lines
from tracker.store.reads.inbox import waiting_signals
from tracker.store.reads.news import news_since
from tracker.store.writes.response import BriefText


def brief_text(house: House, headline: str = "Leaflets tell people to leave") -> BriefText:
    return BriefText(
        headline=headline,
        bottom_line="Organised threats carry a date.",
        why_now="Leaflets in three villages.",
        outlook=Likelihood.LIKELY,
        confidence=Confidence.MEDIUM,
        would_change_our_mind="A normal market day.",
        options=(("Call the prefect", "adviser", "today"), ("Elders on the radio", "local CSO", "Thursday")),
        decision_needed_by=house.now + timedelta(days=1),
    )


def read_file(house: House, viewer: Viewer, alert_id: str) -> AlertFile:
    with house.store.viewing(viewer) as view:
        return alert_file(view, alert_id)


def deliver(house: House, analyst: Viewer, officer_email: str, alert_id: str) -> str:
    said, labelling = brief_text(house), Labelling(Tlp.AMBER)
    brief_id = briefs.write_brief(house.store, analyst, alert_id, said, labelling, house.now)
    return briefs.deliver(house.store, analyst, brief_id, officer_email, house.now)


def plan(house: House, kind: str = "DIALOGUE") -> ActionPlanned:
    due = (house.now + timedelta(days=7)).date()
    return ActionPlanned(
        kind, "Bring both groups together", "Local peace committee", due, Labelling(Tlp.AMBER)
    )


def test_an_alert_is_worked_from_warning_to_lesson(house: House, analyst: Viewer, officer: Viewer) -> None:
    alert = house.alert(analyst)
    alerts.take(house.store, analyst, alert.id, house.later(hours=1))
    verdict = Verdict(
        Verification.VERIFIED, Credibility.PROBABLY_TRUE, "second call", None, Labelling(Tlp.AMBER)
    )
    alerts.verify(house.store, analyst, alert.id, verdict, house.later(hours=1))
    delivery_id = deliver(house, analyst, "omar.un@example.org", alert.id)
    briefs.answer(house.store, officer, delivery_id, AnswerGiven(Answer.ACT, 1), house.later(hours=3))
    action_id = actions.add_action(house.store, analyst, alert.id, plan(house), house.later(hours=1))
    actions.move_action(house.store, analyst, action_id, Move("start", house.now), house.later(days=1))
    actions.move_action(house.store, analyst, action_id, Move("finish", house.now), house.later(days=1))
    told = OutcomeTold(
        OutcomeResult.EASED,
        "The market is open.",
        "partner",
        HowKnown.TOLD_IN_A_CALL,
        house.now,
        Labelling(Tlp.AMBER),
        lesson="Both elders read it together.",
    )
    actions.record_outcome(house.store, analyst, action_id, told, house.later(days=1))
    alerts.close(house.store, analyst, alert.id, house.later(hours=1))

    file = read_file(house, analyst, alert.id)
    assert file.alert.state is AlertState.CLOSED
    assert set(file.alert.chain.reached) == set(MilestoneKind) - {MilestoneKind.REPORTED}
    assert file.lessons == ["Both elders read it together."]
    assert [(d.kind, d.decided_by, d.how_known) for d in file.decisions] == [
        (DecisionKind.ACT, "officer, UN", HowKnown.IN_THE_TOOL)
    ]
    deeds = [(row.subject, row.deed) for row in reversed(file.history)]
    assert deeds[:4] == [("alert", "opened"), ("signal", "promoted"), ("alert", "take"), ("check", "checked")]
    assert deeds[-1] == ("alert", "close")


def test_states_can_be_rebuilt_from_the_history(house: House, analyst: Viewer) -> None:
    alert = house.alert(analyst)
    alerts.take(house.store, analyst, alert.id, house.later(hours=1))
    action_id = actions.add_action(house.store, analyst, alert.id, plan(house), house.now)
    actions.move_action(house.store, analyst, action_id, Move("start", house.now), house.later(hours=1))
    alerts.dismiss(house.store, analyst, alert.id, "refuted", house.later(hours=1))
    file = read_file(house, analyst, alert.id)
    newest = {row.subject: row.to_state for row in reversed(file.history) if row.to_state}
    assert newest["alert"] == file.alert.state == AlertState.DISMISSED
    assert newest["action"] == "under_way"


def test_a_second_signal_on_the_same_country_and_theme_joins_the_open_alert(
    house: House, analyst: Viewer
) -> None:
    first, second = house.alert(analyst), house.alert(analyst, level=Level.CRITICAL)
    assert (second.id, first.opened, second.opened) == (first.id, True, False)
    assert {level for level, _ in read_file(house, analyst, first.id).alert.raised} == {
        Level.HIGH,
        Level.CRITICAL,
    }


def test_whoever_sees_fewer_signals_sees_a_lower_level(
    house: House, analyst: Viewer, officer: Viewer
) -> None:
    alert = house.alert(analyst, level=Level.MEDIUM, tlp=Tlp.AMBER)
    house.alert(analyst, level=Level.CRITICAL, tlp=Tlp.AMBER_STRICT)
    assert [level for level, _ in read_file(house, officer, alert.id).alert.raised] == [Level.MEDIUM]
    assert MilestoneKind.ALERTED in read_file(house, officer, alert.id).alert.chain.reached


def test_an_alert_on_strict_signals_alone_does_not_exist_for_an_officer(
    house: House, analyst: Viewer, officer: Viewer
) -> None:
    alert = house.alert(analyst, tlp=Tlp.AMBER_STRICT)
    with pytest.raises(NotFoundError):
        read_file(house, officer, alert.id)


def test_the_second_of_two_analysts_is_told_what_the_first_did(house: House, analyst: Viewer) -> None:
    other = house.viewer(Role.ANALYST, name="Bo")
    alert = house.alert(analyst)
    seen = read_file(house, other, alert.id).alert.revision
    alerts.take(house.store, analyst, alert.id, house.now, seen)
    with pytest.raises(StaleError, match="assessing"):
        alerts.take(house.store, other, alert.id, house.now, seen)


def test_a_brief_looser_than_its_signals_needs_a_reason(house: House, analyst: Viewer) -> None:
    alert = house.alert(analyst, tlp=Tlp.AMBER_STRICT)
    said = brief_text(house)
    with pytest.raises(SubmissionError, match="AMBER"):
        briefs.write_brief(house.store, analyst, alert.id, said, Labelling(Tlp.AMBER), house.now)
    labelling = Labelling(Tlp.AMBER, "The partner agreed on the phone.")
    briefs.write_brief(house.store, analyst, alert.id, said, labelling, house.now)


@pytest.mark.parametrize("field", ["headline", "bottom_line", "why_now", "would_change_our_mind"])
def test_a_brief_with_an_empty_part_is_refused_beside_it(house: House, analyst: Viewer, field: str) -> None:
    alert = house.alert(analyst)
    said = replace(brief_text(house), **{field: " "})  # type: ignore[arg-type]
    with pytest.raises(SubmissionError) as refused:
        briefs.write_brief(house.store, analyst, alert.id, said, Labelling(Tlp.AMBER), house.now)
    assert refused.value.field == field


def test_a_delivered_version_is_never_changed_again(house: House, analyst: Viewer, officer: Viewer) -> None:
    alert = house.alert(analyst)
    deliver(house, analyst, "omar.un@example.org", alert.id)
    changed = brief_text(house, "Something else")
    briefs.write_brief(house.store, analyst, alert.id, changed, Labelling(Tlp.AMBER), house.later(hours=1))
    file = read_file(house, analyst, alert.id)
    assert [(brief.number, brief.headline) for brief in file.briefs] == [
        (2, "Something else"),
        (1, "Leaflets tell people to leave"),
    ]
    with house.store.viewing(officer) as view:
        assert my_deliveries(view)[0].brief.headline == "Leaflets tell people to leave"


def test_a_brief_tells_every_side_with_its_grade_where_sources_disagree(
    house: House, analyst: Viewer
) -> None:
    alert = house.alert(analyst)
    sides = (
        ("Four were killed by soldiers.", "a village committee", "c3"),
        ("Nothing happened.", "officials", "E 5"),
    )

    def write(claims: tuple[tuple[str, str, str], ...]) -> None:
        said = replace(brief_text(house), claims=claims)
        briefs.write_brief(house.store, analyst, alert.id, said, Labelling(Tlp.AMBER), house.now)

    for wrong in (
        sides[:1],
        (sides[0], ("Nothing.", "", "E5")),
        (sides[0], ("Nothing.", "officials", "high")),
    ):
        with pytest.raises(SubmissionError, match="claims"):
            write(wrong)
    write(sides)
    with house.store.viewing(analyst) as view:
        [brief] = alert_file(view, alert.id).briefs
    assert [tuple(claim.values()) for claim in brief.claims] == [
        ("Four were killed by soldiers.", "a village committee", "C3"),
        ("Nothing happened.", "officials", "E5"),
    ]


def test_a_brief_reaches_an_officer_outside_its_country_scope(house: House, analyst: Viewer) -> None:
    far = house.viewer(Role.OFFICER, "UN", name="Far", countries=("TON",))
    alert = house.alert(analyst)
    deliver(house, analyst, "far.un@example.org", alert.id)
    with house.store.viewing(far) as view:
        assert [delivered.country for delivered in my_deliveries(view)] == ["MLI"]


def test_a_brief_above_the_recipients_clearance_is_not_delivered(house: House, analyst: Viewer) -> None:
    house.viewer(Role.OFFICER, "UN", name="Low", tlp=Tlp.GREEN)
    alert = house.alert(analyst)
    with pytest.raises(SubmissionError, match="cleared up to TLP:GREEN"):
        deliver(house, analyst, "low.un@example.org", alert.id)


def test_nobody_else_can_answer_a_brief(house: House, analyst: Viewer, officer: Viewer) -> None:
    other = house.viewer(Role.OFFICER, "UN", name="Other")
    alert = house.alert(analyst)
    delivery_id = deliver(house, analyst, "omar.un@example.org", alert.id)
    with pytest.raises(NotFoundError):
        briefs.answer(house.store, other, delivery_id, AnswerGiven(Answer.ACT), house.now)


def test_an_answer_pressed_twice_is_one_decision(house: House, analyst: Viewer, officer: Viewer) -> None:
    alert = house.alert(analyst)
    delivery_id = deliver(house, analyst, "omar.un@example.org", alert.id)
    given = AnswerGiven(Answer.ACT, 1)
    assert briefs.answer(house.store, officer, delivery_id, given, house.later(hours=1))
    assert not briefs.answer(house.store, officer, delivery_id, given, house.later(hours=1))
    assert len(read_file(house, analyst, alert.id).decisions) == 1
    otherwise = AnswerGiven(Answer.WATCH, review_on=house.now.date())
    with pytest.raises(StaleError, match="answered this before: act"):
        briefs.answer(house.store, officer, delivery_id, otherwise, house.now)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (AnswerGiven(Answer.NOT_ACTING_NOW, review_on=None), "reason"),
        (AnswerGiven(Answer.NOT_FOR_ME), "reason"),
        (AnswerGiven(Answer.WATCH), "review_on"),
    ],
)
def test_an_answer_without_what_it_needs_is_refused_beside_the_field(
    house: House, analyst: Viewer, officer: Viewer, given: AnswerGiven, field: str
) -> None:
    alert = house.alert(analyst)
    delivery_id = deliver(house, analyst, "omar.un@example.org", alert.id)
    with pytest.raises(SubmissionError) as refused:
        briefs.answer(house.store, officer, delivery_id, given, house.now)
    assert refused.value.field == field


def test_a_review_later_than_the_level_allows_is_refused(
    house: House, analyst: Viewer, officer: Viewer
) -> None:
    alert = house.alert(analyst, level=Level.HIGH)
    delivery_id = deliver(house, analyst, "omar.un@example.org", alert.id)
    late = AnswerGiven(Answer.WATCH, review_on=(house.now + timedelta(days=4)).date())
    with pytest.raises(SubmissionError, match="28 November at the latest"):
        briefs.answer(house.store, officer, delivery_id, late, house.now)


def test_a_decision_told_by_phone_keeps_who_decided_and_who_recorded(house: House, analyst: Viewer) -> None:
    alert = house.alert(analyst)
    told = DecisionTold(
        DecisionKind.NOT_ACTING_NOW,
        "Desk officer, UN",
        HowKnown.TOLD_IN_A_CALL,
        house.now - timedelta(hours=2),
        Labelling(Tlp.AMBER),
        "R5",
        "They asked us to wait.",
        (house.now + timedelta(days=2)).date(),
    )
    decision_id = decisions.record_decision(house.store, analyst, alert.id, told, house.now)
    with pytest.raises(TransitionError, match="no outcome yet"):
        alerts.close(house.store, analyst, alert.id, house.now)
    decisions.keep_review(house.store, analyst, alert.id, decision_id, house.later(days=2))
    alerts.close(house.store, analyst, alert.id, house.later(hours=1))
    decision = read_file(house, analyst, alert.id).decisions[0]
    assert (decision.decided_by, decision.how_known) == ("Desk officer, UN", HowKnown.TOLD_IN_A_CALL)
    assert decision.recorded_at - decision.decided_at == timedelta(hours=2)


def test_a_step_is_not_a_response(house: House, analyst: Viewer) -> None:
    alert = house.alert(analyst)
    step = actions.add_action(house.store, analyst, alert.id, plan(house, "VERIFY"), house.now)
    actions.move_action(house.store, analyst, step, Move("start", house.now), house.later(hours=1))
    assert MilestoneKind.FIRST_RESPONSE not in read_file(house, analyst, alert.id).alert.chain.reached


def test_a_move_that_is_not_allowed_names_those_that_are(house: House, analyst: Viewer) -> None:
    alert = house.alert(analyst)
    action_id = actions.add_action(house.store, analyst, alert.id, plan(house), house.now)
    with pytest.raises(TransitionError, match="agree, start, block, cancel"):
        actions.move_action(house.store, analyst, action_id, Move("finish", house.now), house.now)


def test_merging_moves_the_signals_and_reopening_meets_the_open_alert(house: House, analyst: Viewer) -> None:
    first, second = house.alert(analyst, "MLI"), house.alert(analyst, "NER")
    alerts.merge(house.store, analyst, first.id, second.id, house.later(hours=1))
    assert len(read_file(house, analyst, second.id).signals) == 2
    third = house.alert(analyst, "MLI")
    alerts.close(house.store, analyst, third.id, house.now, ("calm", None))
    fourth = house.alert(analyst, "MLI")
    assert alerts.reopen(house.store, analyst, third.id, house.later(hours=1)) == fourth.id
    assert len(read_file(house, analyst, fourth.id).signals) == 2


def test_a_merge_takes_everything_along_and_says_where_it_went(
    house: House, analyst: Viewer, officer: Viewer
) -> None:
    first, second = house.alert(analyst, "MLI"), house.alert(analyst, "NER")
    for alert in (first, second):
        deliver(house, analyst, "omar.un@example.org", alert.id)
    actions.add_action(house.store, analyst, first.id, plan(house), house.now)
    alerts.merge(house.store, analyst, first.id, second.id, house.later(hours=1))
    file = read_file(house, analyst, second.id)
    assert sorted(brief.number for brief in file.briefs) == [1, 2]
    assert len(file.deliveries) == 2
    assert alerts.where_merged(house.store, analyst, first.id, house.now) == second.id
    niger = house.viewer(Role.OFFICER, "UN", name="Ton", countries=("TON",))
    assert alerts.where_merged(house.store, niger, first.id, house.now) is None
    assert alerts.where_merged(house.store, analyst, second.id, house.now) is None


def test_two_authors_of_a_draft_do_not_overwrite_each_other(house: House, analyst: Viewer) -> None:
    alert = house.alert(analyst)
    labelling = Labelling(Tlp.AMBER, seen=0)
    briefs.write_brief(house.store, analyst, alert.id, brief_text(house), labelling, house.now)
    with pytest.raises(StaleError, match="wrote on this brief"):
        briefs.write_brief(house.store, analyst, alert.id, brief_text(house), labelling, house.now)


def test_an_officer_cannot_work_on_alerts(house: House, analyst: Viewer, officer: Viewer) -> None:
    alert = house.alert(analyst)
    with pytest.raises(NotAllowedError, match="officer"):
        alerts.take(house.store, officer, alert.id, house.now)


def test_a_dismissed_signal_leaves_the_inbox_with_its_reason(house: House, analyst: Viewer) -> None:
    house.alert(analyst)
    with house.store.viewing(analyst) as view:
        assert waiting_signals(view) == []


def test_a_member_state_sees_release_lines_but_none_about_itself(house: House, analyst: Viewer) -> None:
    mali = house.viewer(Role.MEMBER_STATE, "State of Mali", name="Mali", countries=("MLI",))
    niger = house.viewer(Role.MEMBER_STATE, "State of Niger", name="Niger", countries=("NER",))
    alert = house.alert(analyst)
    said = release.LineSaid("Threats with a date; mediators are at work.", "Partner agreed by phone.")
    release.approve_release_line(house.store, analyst, alert.id, said, house.now)
    with house.store.viewing(niger) as view:
        assert [line.country for line in release_lines(view)] == ["MLI"]
    with house.store.viewing(mali) as view:
        assert release_lines(view) == []
    with pytest.raises(NotFoundError):
        read_file(house, niger, alert.id)


def test_a_new_release_line_takes_the_place_of_the_old(house: House, analyst: Viewer) -> None:
    alert = house.alert(analyst)
    for line in ("First.", "Second."):
        said = release.LineSaid(line, "Partner agreed.")
        release.approve_release_line(house.store, analyst, alert.id, said, house.later(minutes=1))
    assert [line.line for line in read_file(house, analyst, alert.id).lines] == ["Second."]


def test_opening_what_is_grave_twice_opens_one_alert(house: House, analyst: Viewer) -> None:
    alert = house.alert(analyst, level=Level.CRITICAL)
    assert inbox.open_grave(house.store, house.now) == []
    assert read_file(house, analyst, alert.id).signals[0].state is InboxState.PROMOTED


def test_what_is_red_is_seen_by_the_hosts_coordinators_alone(house: House, analyst: Viewer) -> None:
    cleo = house.viewer(Role.COORDINATOR, name="Cleo")
    elsewhere = house.viewer(Role.COORDINATOR, "Accord", name="Cora")
    alert = house.alert(cleo, tlp=Tlp.RED)
    file = read_file(house, cleo, alert.id)
    assert {MilestoneKind.ALERTED, MilestoneKind.DETECTED} <= set(file.alert.chain.reached)
    assert [row.deed for row in reversed(file.history)] == ["opened", "promoted"]
    for viewer in (analyst, elsewhere):
        with pytest.raises(NotFoundError):
            read_file(house, viewer, alert.id)


def test_without_a_label_what_is_written_is_as_strict_as_what_it_rests_on(
    house: House, analyst: Viewer
) -> None:
    alert = house.alert(analyst, tlp=Tlp.AMBER_STRICT)
    due = (house.now + timedelta(days=7)).date()
    planned = ActionPlanned("DIALOGUE", "Call the one who told us", "analyst", due)
    actions.add_action(house.store, analyst, alert.id, planned, house.now)
    with house.store.viewing(analyst) as view:
        assert [row.tlp for row in actions_of(view, alert.id)] == [Tlp.AMBER_STRICT]
    looser = replace(planned, labelling=Labelling(Tlp.AMBER))
    with pytest.raises(SubmissionError) as refused:
        actions.add_action(house.store, analyst, alert.id, looser, house.now)
    assert refused.value.field == "label_reason"


def test_moves_on_a_strict_alert_are_not_counted_for_others(
    house: House, analyst: Viewer, officer: Viewer
) -> None:
    alert = house.alert(analyst, tlp=Tlp.AMBER_STRICT)
    alerts.take(house.store, analyst, alert.id, house.later(hours=1))
    with house.store.viewing(officer) as view:
        assert news_since(view, house.now - timedelta(days=1)) == []


def test_an_alert_raised_by_hand_is_about_a_country_that_exists(house: House, analyst: Viewer) -> None:
    with pytest.raises(SubmissionError, match="alpha-3"):
        house.alert(analyst, "ZZX")
    assert house.alert(analyst, "mli").id == house.alert(analyst, "MLI").id


def test_an_alert_is_handed_only_to_somebody_who_works_on_it(house: House, analyst: Viewer) -> None:
    house.viewer(Role.PARTNER, name="Pat")
    house.viewer(Role.ANALYST, "Accord", name="Far", countries=("TON",))
    alert = house.alert(analyst)
    for email in ("pat.platform@example.org", "far.accord@example.org", "nobody@example.org"):
        with pytest.raises(SubmissionError, match="Nobody who could work"):
            alerts.hand_over(house.store, analyst, alert.id, email, house.now)


def test_a_brief_that_somebody_changed_is_not_delivered_unread(
    house: House, analyst: Viewer, officer: Viewer
) -> None:
    alert = house.alert(analyst)
    said = brief_text(house)
    brief_id = briefs.write_brief(house.store, analyst, alert.id, said, Labelling(Tlp.AMBER), house.now)
    seen = read_file(house, analyst, alert.id).briefs[0].revision
    briefs.write_brief(house.store, analyst, alert.id, said, Labelling(Tlp.AMBER), house.later(minutes=1))
    with pytest.raises(StaleError, match="changed this brief"):
        briefs.deliver(house.store, analyst, brief_id, "omar.un@example.org", house.now, seen)


def test_two_merges_into_each_other_at_once_do_not_hang(house: House, analyst: Viewer) -> None:
    pair = [house.alert(analyst, "MLI").id, house.alert(analyst, "NER").id]

    def merge(turn: int) -> str:
        try:
            alerts.merge(house.store, analyst, pair[turn], pair[1 - turn], house.now)
        except (TransitionError, NotFoundError) as error:
            return str(error)
        return "merged"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(merge, range(2)))[-1] == "merged"


def test_two_openings_of_one_country_and_theme_at_once_end_in_one_alert(
    house: House, analyst: Viewer
) -> None:
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(lambda _: house.alert(analyst), range(8)))
    assert len({alert.id for alert in opened}) == 1
    assert len(read_file(house, analyst, opened[0].id).signals) == 8


def test_a_snoozed_signal_comes_back_with_its_history(house: House, analyst: Viewer) -> None:
    signal_id = house.signal(analyst)
    inbox.snooze(house.store, analyst, signal_id, house.now + timedelta(days=1), house.now)
    with house.store.viewing(analyst) as view:
        assert waiting_signals(view) == []
    assert remind(house.store, house.later(days=2)).woken == 1
    with house.store.viewing(analyst) as view:
        assert [row.id for row in waiting_signals(view)] == [signal_id]
        news = news_since(view, house.now - timedelta(hours=1))
        assert ("signal", "woken") in [(each.subject, each.deed) for each in news]


def test_a_signal_that_a_person_settled_is_not_opened_by_the_machine(house: House, analyst: Viewer) -> None:
    signal_id = house.signal(analyst, level=Level.CRITICAL)
    inbox.dismiss(house.store, analyst, signal_id, "old_news", house.now)
    assert inbox.open_grave(house.store, house.now) == []
    with pytest.raises(StaleError, match="dismissed"):
        inbox.promote(house.store, analyst, signal_id, house.now)


def told_by_phone(
    house: House, by: str, kind: DecisionKind = DecisionKind.ACT, tlp: Tlp = Tlp.AMBER
) -> DecisionTold:
    return DecisionTold(kind, by, HowKnown.TOLD_IN_A_CALL, house.now, Labelling(tlp), note="Go ahead.")


def test_a_decision_told_by_phone_answers_the_brief_that_it_decides(
    house: House, analyst: Viewer, officer: Viewer
) -> None:
    alert = house.alert(analyst)
    deliver(house, analyst, "omar.un@example.org", alert.id)
    told = told_by_phone(house, "Omar.UN@example.org")
    decisions.record_decision(house.store, analyst, alert.id, told, house.later(hours=1))
    (decision,) = read_file(house, analyst, alert.id).decisions
    assert (decision.decided_by, decision.how_known) == ("officer, UN", HowKnown.TOLD_IN_A_CALL)
    with house.store.viewing(officer) as view:
        (delivered,) = my_deliveries(view)
    assert (delivered.answer, delivered.answered_at, delivered.reason) == (
        Answer.ACT,
        told.decided_at,
        "Go ahead.",
    )


def test_who_is_not_cleared_for_a_decision_cannot_have_made_it(house: House, analyst: Viewer) -> None:
    house.viewer(Role.OFFICER, "UN", name="Olga", tlp=Tlp.GREEN)
    alert = house.alert(analyst)
    for by, problem in (
        ("olga.un@example.org", "cleared up to TLP:GREEN; this decision is TLP:AMBER"),
        ("nobody@example.org", "Nobody here has this address"),
        ("ana.platform@example.org", "briefs go to officers"),
    ):
        with pytest.raises(SubmissionError, match=problem) as refused:
            decisions.record_decision(house.store, analyst, alert.id, told_by_phone(house, by), house.now)
        assert refused.value.field == "decided_by"
    assert read_file(house, analyst, alert.id).decisions == []


def test_a_decision_with_a_review_is_refused_once_the_alert_is_closed_and_says_what_is_allowed(
    house: House, analyst: Viewer
) -> None:
    alert = house.alert(analyst)
    alerts.close(house.store, analyst, alert.id, house.now, ("calm", None))
    told = replace(
        told_by_phone(house, "Desk officer", DecisionKind.WATCH),
        review_on=(house.now + timedelta(days=2)).date(),
    )
    with pytest.raises(TransitionError, match=r"is closed; you cannot decide it") as refused:
        decisions.record_decision(house.store, analyst, alert.id, told, house.now)
    assert refused.value.allowed == ("reopen", "outcome")


@pytest.mark.parametrize("given", [Answer.RECEIVED, Answer.NOT_FOR_ME, Answer.ACT])
def test_an_answer_from_a_stale_page_of_a_closed_alert_changes_nothing_and_says_so(
    house: House, analyst: Viewer, officer: Viewer, given: Answer
) -> None:
    alert = house.alert(analyst)
    delivery_id = deliver(house, analyst, "omar.un@example.org", alert.id)
    alerts.close(house.store, analyst, alert.id, house.now, ("calm", None))
    with pytest.raises(TransitionError, match="Nothing was changed"):
        briefs.answer(house.store, officer, delivery_id, AnswerGiven(given, reason="Seen."), house.now)
    with house.store.viewing(officer) as view:
        (delivered,) = my_deliveries(view)
    assert delivered.answer is None


def test_of_two_who_decide_at_once_the_second_is_told_and_may_record_theirs_again(
    house: House, analyst: Viewer
) -> None:
    other = house.viewer(Role.ANALYST, name="Bea")
    alert = house.alert(analyst)
    first = replace(told_by_phone(house, "Desk officer"), seen=0)
    decisions.record_decision(house.store, analyst, alert.id, first, house.now)
    second = replace(told_by_phone(house, "Envoy"), seen=0)
    with pytest.raises(StaleError, match=r"act, by Desk officer"):
        decisions.record_decision(house.store, other, alert.id, second, house.later(minutes=1))
    assert len(read_file(house, analyst, alert.id).decisions) == 1
    decisions.record_decision(house.store, other, alert.id, replace(second, seen=1), house.now)
    assert [row.decided_by for row in read_file(house, analyst, alert.id).decisions] == [
        "Envoy",
        "Desk officer",
    ]


def test_a_decision_that_one_may_not_see_does_not_stand_in_the_way(house: House, analyst: Viewer) -> None:
    cleo = house.viewer(Role.COORDINATOR, name="Cleo")
    alert = house.alert(analyst)
    red = replace(told_by_phone(house, "Envoy", tlp=Tlp.RED), seen=0)
    decisions.record_decision(house.store, cleo, alert.id, red, house.now)
    decisions.record_decision(
        house.store, analyst, alert.id, replace(told_by_phone(house, "Desk officer"), seen=0), house.now
    )


def test_an_action_that_has_started_is_the_first_response_and_its_outcome_may_end_it(
    house: House, analyst: Viewer
) -> None:
    alert = house.alert(analyst)
    planned = replace(plan(house), has_started=True)
    action_id = actions.add_action(house.store, analyst, alert.id, planned, house.later(hours=1))
    started_at = house.now
    told = OutcomeTold(
        OutcomeResult.EASED,
        "Calm.",
        "CSO",
        HowKnown.BY_MAIL,
        house.later(hours=1),
        Labelling(Tlp.AMBER),
        is_done=True,
    )
    actions.record_outcome(house.store, analyst, action_id, told, house.now)
    file = read_file(house, analyst, alert.id)
    with house.store.viewing(analyst) as view:
        (action,) = actions_of(view, alert.id)
    assert (action.status, action.started_at, action.done_at) == ("done", started_at, told.happened_at)
    assert file.alert.chain.at(MilestoneKind.FIRST_RESPONSE) == started_at
    assert [row.deed for row in file.history if row.subject == "action"] == ["finish", "start", "added"]
