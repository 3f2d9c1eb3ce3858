import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detect.desk import rules
from tracker.detect.bounds import expect, upper_bound
from tracker.detect.escalation import judge
from tracker.domain.labels import level_rank
from tracker.domain.words import Level

RULE = rules().escalation
HISTORY = st.lists(st.integers(0, 200), max_size=60)


def _judged(history: list[int], observed: int) -> Level | None:
    return judge(history, observed, RULE).level


@pytest.mark.parametrize(
    ("why", "history", "observed", "level"),
    [
        ("an empty past: a handful alarms", [], 5, Level.MEDIUM),
        ("an empty past: a single story does not", [], 1, None),
        ("a flat past of nothing: too few to judge", [0] * 52, 4, None),
        ("a flat past of nothing: five are many", [0] * 52, 5, Level.MEDIUM),
        ("a flat past of nothing: eight are more", [0] * 52, 8, Level.HIGH),
        ("a flat past of tens: twelve are nothing", [10] * 52, 12, None),
        ("a flat past of tens: sixteen are many", [10] * 52, 16, Level.MEDIUM),
        ("a flat past of tens: thirty are more", [10] * 52, 30, Level.HIGH),
        ("a wild past widens the bound", [0, 0, 0, 40] * 13, 30, None),
        ("one week of past is little to go by", [10], 18, None),
    ],
)
def test_weeks_are_judged_by_their_own_past(
    why: str, history: list[int], observed: int, level: Level | None
) -> None:
    assert _judged(history, observed) == level, why


@given(HISTORY, st.integers(0, 500), st.integers(0, 500))
def test_more_observed_never_lowers_the_level(history: list[int], one: int, more: int) -> None:
    low, high = _judged(history, one), _judged(history, one + more)
    rank = {None: -1} | {level: level_rank(level) for level in Level}
    assert rank[low] <= rank[high]


@given(HISTORY)
def test_every_past_can_alarm(history: list[int]) -> None:
    assert _judged(history, 100_000) is Level.HIGH


@given(HISTORY, st.floats(0.5, 0.98))
def test_a_higher_quantile_never_lowers_the_bound(history: list[int], quantile: float) -> None:
    expected = expect(history, RULE.min_history_weeks, RULE.expected_at_least)
    assert upper_bound(expected, quantile) <= upper_bound(expected, quantile + 0.01)


@given(HISTORY)
def test_the_order_of_the_past_does_not_matter(history: list[int]) -> None:
    mixed = history[:]
    mixed.reverse()
    one, other = (expect(each, RULE.min_history_weeks, RULE.expected_at_least) for each in (history, mixed))
    assert (one.mean, one.variance) == pytest.approx((other.mean, other.variance))


def test_a_past_that_is_not_spread_wider_than_chance_is_taken_as_poisson() -> None:
    expected = expect([10] * 52, 8, 0.5)
    assert expected.variance <= expected.mean
    assert upper_bound(expected, 0.95) == 15


def test_a_no_says_why() -> None:
    assert judge([0] * 20, 4, RULE).reason == "4 is fewer than 5, too few to judge"
    assert "within the bound" in judge([10] * 20, 10, RULE).reason
