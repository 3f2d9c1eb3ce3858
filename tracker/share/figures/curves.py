"""Curves of waiting times: which share has reached a step by which day, those that still wait counted.

Steps that everything open may still reach are estimated by Kaplan and Meier (lifelines). A first response competes
with the decision not to act, so its share is Aalen and Johansen's: computed here, since lifelines' own moves tied
times apart at random. Bands hold 95 % and are made on the log-log scale, so they stay within 0 and 1.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import exp, log, sqrt

from tracker.share.figures.shares import ENOUGH_FOR_A_SHARE, Z95
from tracker.share.figures.waits import End, Wait

HALF = 0.5
_NEARLY = 1e-9


@dataclass(frozen=True)
class Point:
    """From this day on, this share has reached the step; `low` and `high` hold it with 95 %."""

    days: float
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Curve:
    """A curve that starts at day 0 and steps up at each point. `ends` counts how the `n` waits ended.

    Below an n of ten it has no points: too few for a curve.
    """

    points: tuple[Point, ...]
    ends: Counter[End]

    @property
    def n(self) -> int:
        """How many alerts it is made of."""
        return self.ends.total()

    @property
    def reached(self) -> int:
        """How many of them reached the step."""
        return self.ends[End.REACHED]

    @property
    def median(self) -> float | None:
        """The day by which half have reached the step; None where the curve stays below half."""
        return next((point.days for point in self.points if point.share >= HALF - _NEARLY), None)

    def by(self, days: float) -> Point | None:
        """Return where the curve stands on a day; None without points."""
        before = [point for point in self.points if point.days <= days]
        if before:
            return before[-1]
        return Point(0.0, 0.0, 0.0, 0.0) if self.points else None


def kaplan_meier(waits: Sequence[Wait]) -> Curve:
    """Return the curve of a step that only time keeps from being reached: whatever else ended a wait is censored."""
    ends = Counter(wait.end for wait in waits)
    if len(waits) < ENOUGH_FOR_A_SHARE:
        return Curve((), ends)
    # lifelines takes a second to import, and only a page of figures needs it.
    from lifelines import KaplanMeierFitter

    fitter = KaplanMeierFitter()
    fitter.fit([wait.days for wait in waits], [wait.end is End.REACHED for wait in waits])
    waiting = fitter.survival_function_.iloc[:, 0]
    band = fitter.confidence_interval_survival_function_
    points = (
        Point(float(days), 1 - float(still), 1 - float(high), 1 - float(low))
        for days, still, low, high in zip(
            waiting.index, waiting, band.iloc[:, 0], band.iloc[:, 1], strict=True
        )
    )
    return Curve(tuple(_rising(points)), ends)


def aalen_johansen(waits: Sequence[Wait]) -> Curve:
    """Return the share that reached a step before it was declined, by day; `declined` competes, the rest is censored.

    The variance is the delta-method estimate (Marubini and Valsecchi 1995, 10.2.5).
    """
    ends = Counter(wait.end for wait in waits)
    if len(waits) < ENOUGH_FOR_A_SHARE:
        return Curve((), ends)
    sums = _Sums()
    points = []
    at_risk = len(waits)
    for days, same in groupby(sorted(waits, key=lambda wait: wait.days), key=lambda wait: wait.days):
        tied = Counter(wait.end for wait in same)
        sums.take(at_risk, tied[End.REACHED], tied[End.DECLINED])
        at_risk -= tied.total()
        points.append(_with_band(days, sums.share, sums.variance))
    return Curve(tuple(_rising(points)), ends)


@dataclass
class _Sums:
    """What the estimate at a time is made of: running sums over the times up to it."""

    waiting: float = 1.0
    share: float = 0.0
    hazards: float = 0.0
    by_share: float = 0.0
    by_share_squared: float = 0.0
    own: float = 0.0
    crossed: float = 0.0
    crossed_by_share: float = 0.0

    def take(self, at_risk: int, reached: int, declined: int) -> None:
        """Go on by one time, at which so many of those at risk reached the step or were declined."""
        ended = reached + declined
        if not ended:
            return
        self.share += self.waiting * reached / at_risk
        if at_risk > ended:  # else nobody waits on: the share moves no more, and neither does its variance
            hazard = ended / (at_risk * (at_risk - ended))
            self.hazards += hazard
            self.by_share += self.share * hazard
            self.by_share_squared += self.share**2 * hazard
        self.own += self.waiting**2 * reached * (at_risk - reached) / at_risk**3
        crossed = self.waiting * reached / at_risk**2
        self.crossed += crossed
        self.crossed_by_share += self.share * crossed
        self.waiting *= 1 - ended / at_risk

    @property
    def variance(self) -> float:
        """The variance of the share now."""
        moved = self.share**2 * self.hazards - 2 * self.share * self.by_share + self.by_share_squared
        return max(0.0, moved + self.own - 2 * (self.share * self.crossed - self.crossed_by_share))


def _with_band(days: float, share: float, variance: float) -> Point:
    waiting = 1 - share
    if waiting < _NEARLY:
        return Point(days, 1.0, 1.0, 1.0)
    if waiting >= 1 or variance <= 0:
        return Point(days, share, share, share)
    spread = Z95 * sqrt(variance) / (waiting * abs(log(waiting)))
    return Point(days, share, 1 - waiting ** exp(-spread), 1 - waiting ** exp(spread))


def _rising(points: Iterable[Point]) -> Iterable[Point]:
    """Leave out the times at which nothing was reached: the curve goes on level there."""
    last = 0.0
    for point in points:
        if point.share > last + _NEARLY:
            yield point
            last = point.share
