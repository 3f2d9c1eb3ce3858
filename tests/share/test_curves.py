"""Curves against those who know better: lifelines where it is exact, a naive recomputation everywhere."""

import warnings
from math import exp, isclose, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from tracker.share.figures.curves import Curve, aalen_johansen, kaplan_meier
from tracker.share.figures.shares import Z95, Share
from tracker.share.figures.waits import End, Wait

DAYS = st.floats(0, 60, allow_nan=False).map(lambda days: round(days, 3))
WAITS = st.lists(st.builds(Wait, DAYS, st.sampled_from(End)), min_size=10, max_size=60)
TIED = st.lists(st.builds(Wait, st.integers(0, 8).map(float), st.sampled_from(End)), min_size=10, max_size=60)


def naive(waits: list[Wait]) -> dict[float, float]:
    """The share that reached a step before it was declined, by day: multiplied out from the definition."""
    shares, share, waiting = {}, 0.0, 1.0
    for day in sorted({wait.days for wait in waits}):
        at_risk = sum(wait.days >= day for wait in waits)
        reached = sum(wait.days == day and wait.end is End.REACHED for wait in waits)
        declined = sum(wait.days == day and wait.end is End.DECLINED for wait in waits)
        share += waiting * reached / at_risk
        waiting *= 1 - (reached + declined) / at_risk
        if reached:
            shares[day] = share
    return shares


def undeclined(waits: list[Wait]) -> list[Wait]:
    return [Wait(wait.days, End.OPEN if wait.end is End.DECLINED else wait.end) for wait in waits]


def same(one: Curve, other: Curve, tolerance: float = 1e-9) -> bool:
    pairs = zip(one.points, other.points, strict=True)
    return all(
        isclose(getattr(a, name), getattr(b, name), abs_tol=tolerance)
        for a, b in pairs
        for name in ("days", "share", "low", "high")
    )


@given(st.one_of(WAITS, TIED))
def test_a_competing_decision_counts_as_the_definition_says(waits: list[Wait]) -> None:
    curve, expected = aalen_johansen(waits), naive(waits)
    assert [point.days for point in curve.points] == list(expected)
    for point in curve.points:
        assert isclose(point.share, expected[point.days], abs_tol=1e-9)
        assert 0 <= point.low <= point.share + 1e-12
        assert point.share <= point.high + 1e-12 <= 1 + 2e-12


@given(st.one_of(WAITS, TIED))
def test_where_nothing_competes_both_curves_and_bands_are_one(waits: list[Wait]) -> None:
    open_ended = undeclined(waits)
    assert same(aalen_johansen(open_ended), kaplan_meier(open_ended))


@given(
    st.lists(st.tuples(DAYS, st.sampled_from(End)), min_size=12, max_size=60, unique_by=lambda each: each[0])
)
def test_without_ties_the_curve_and_its_variance_are_those_of_lifelines(
    drawn: list[tuple[float, End]],
) -> None:
    from lifelines import AalenJohansenFitter

    waits = [Wait(days + 0.001, end) for days, end in drawn]
    curve = aalen_johansen(waits)
    if not curve.points:
        return
    codes = {End.REACHED: 1, End.DECLINED: 2}
    fitter = AalenJohansenFitter(calculate_variance=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitter.fit(
            [wait.days for wait in waits], [codes.get(wait.end, 0) for wait in waits], event_of_interest=1
        )
    shares, variances = fitter.cumulative_density_.iloc[:, 0], fitter.variance_
    for point in curve.points:
        assert isclose(point.share, float(shares[point.days]), abs_tol=1e-9)
        variance, waiting = float(variances[point.days]), 1 - point.share
        if variance > 1e-12 and 1e-9 < waiting < 1:
            spread = Z95 * sqrt(variance) / (waiting * abs(log(waiting)))
            assert isclose(point.low, 1 - waiting ** exp(-spread), abs_tol=1e-6)
            assert isclose(point.high, 1 - waiting ** exp(spread), abs_tol=1e-6)


@given(TIED, st.randoms())
def test_ties_and_order_change_nothing(waits: list[Wait], chance: object) -> None:
    again = list(waits)
    chance.shuffle(again)  # type: ignore[attr-defined]
    assert aalen_johansen(waits) == aalen_johansen(again)
    assert same(kaplan_meier(waits), kaplan_meier(again))


def test_half_is_reached_on_the_day_on_which_the_curve_gets_there() -> None:
    waits = [Wait(float(day), End.REACHED) for day in range(1, 11)]
    assert kaplan_meier(waits).median == 5
    assert aalen_johansen(waits).median == 5
    still = [*waits[:4], *(Wait(30.0, End.OPEN) for _ in range(6))]
    assert kaplan_meier(still).median is None
    assert aalen_johansen(still).by(7).share == pytest.approx(0.4)  # type: ignore[union-attr]


def test_those_who_still_wait_are_counted_and_not_left_out() -> None:
    quick, waiting = [Wait(1.0, End.REACHED)] * 6, [Wait(40.0, End.OPEN)] * 14
    curve = kaplan_meier([*quick, *waiting])
    assert curve.median is None, "the median of the finished alone would be one day"
    assert (curve.n, curve.reached, curve.ends[End.OPEN]) == (20, 6, 14)


def test_fewer_than_ten_make_no_curve() -> None:
    waits = [Wait(1.0, End.REACHED)] * 9
    for curve in (kaplan_meier(waits), aalen_johansen(waits)):
        assert (curve.points, curve.median, curve.by(3), curve.n) == ((), None, None, 9)


@given(st.integers(10, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_of_a_share_is_wilsons(drawn: tuple[int, int]) -> None:
    met, of = drawn
    interval = Share(met, of).interval
    expected = binomtest(met, of).proportion_ci(method="wilson")
    assert interval == pytest.approx((expected.low, expected.high), abs=1e-9)
    assert Share(9, 9).interval is None
