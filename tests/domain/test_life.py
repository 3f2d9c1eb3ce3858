import pytest

from tests.support.house import NOW
from tracker.domain.chain import Milestone, chain_of
from tracker.domain.labels import highest, strictest, within
from tracker.domain.life import action_after, action_moves, alert_after, alert_moves
from tracker.domain.words import ActionStatus, AlertState, HowKnown, Level, MilestoneKind, Tlp
from tracker.errors import TransitionError


@pytest.mark.parametrize("state", list(AlertState))
def test_every_move_that_is_named_is_allowed_and_no_other(state: AlertState) -> None:
    for move in (
        "take",
        "close",
        "dismiss",
        "merge",
        "reopen",
        "brief",
        "deliver",
        "decide",
        "act",
        "verify",
    ):
        if move in alert_moves(state):
            alert_after(state, move)
        else:
            with pytest.raises(TransitionError):
                alert_after(state, move)


def test_a_merged_alert_cannot_be_moved_at_all() -> None:
    assert alert_moves(AlertState.MERGED) == ()


@pytest.mark.parametrize("status", [ActionStatus.DONE, ActionStatus.CANCELLED])
def test_what_is_finished_stays_finished(status: ActionStatus) -> None:
    assert action_moves(status) == ()


def test_a_blocked_action_can_start_again() -> None:
    assert action_after(ActionStatus.BLOCKED, "start") is ActionStatus.UNDER_WAY


def test_labels_are_ordered_from_loose_to_strict() -> None:
    assert within(Tlp.AMBER) == (Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER)
    assert strictest([Tlp.AMBER, Tlp.RED, Tlp.CLEAR]) is Tlp.RED
    assert highest([Level.HIGH, Level.MEDIUM]) is Level.HIGH


def test_a_chain_keeps_the_first_of_each_milestone() -> None:
    def fact(kind: MilestoneKind, hours: int) -> Milestone:
        at = NOW.replace(hour=hours)
        return Milestone(kind, at, at, "someone", HowKnown.IN_THE_TOOL)

    chain = chain_of(
        [fact(MilestoneKind.DECIDED, 9), fact(MilestoneKind.DECIDED, 7), fact(MilestoneKind.ALERTED, 8)]
    )
    decided = chain.at(MilestoneKind.DECIDED)
    assert decided is not None
    assert decided.hour == 7
    assert chain.stage is MilestoneKind.DECIDED
    assert chain.at(MilestoneKind.OUTCOME) is None
