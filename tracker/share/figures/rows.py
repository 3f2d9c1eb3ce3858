"""Figures as rows of a table: what `tracker export metrics` and the download of `/figures` hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tracker.domain.deadlines import MILESTONE_OF
from tracker.share.figures.curves import Curve
from tracker.share.figures.gap import WITHIN
from tracker.share.figures.loop import closed_share
from tracker.share.figures.shares import Share
from tracker.share.figures.summary import Summary

COLUMNS = ("metric", "count", "n", "share", "low", "high", "days")
_GOALS = {str(MILESTONE_OF[step]): within for step, within in WITHIN.items()}


@dataclass(frozen=True)
class Metric:
    """One figure: a count of `n`; from an n of ten on its share, with a 95 % interval. `days` is for times."""

    metric: str
    count: int
    n: int
    share: float | None = None
    low: float | None = None
    high: float | None = None
    days: float | None = None

    @classmethod
    def of(cls, name: str, figure: Share) -> "Metric":
        """Return a share as a figure."""
        low, high = figure.interval or (None, None)
        return cls(name, figure.met, figure.of, figure.share, low, high)


def metric_rows(summary: Summary) -> Iterator[dict[str, Any]]:
    """Return every figure of a period, one row each."""
    return (vars(metric) for metric in _metrics(summary))


def _metrics(summary: Summary) -> Iterator[Metric]:
    yield from _funnel(summary)
    for step, figure in summary.gap.on_time.items():
        yield Metric.of(f"{step}_on_time", figure)
    for step, figure in summary.by_level.items():
        yield Metric.of(f"{step}_on_time_by_level", figure)
    for kind, curve in summary.curves.items():
        yield from _times(kind, curve)
    yield from _times("first_response_unless_declined", summary.undeclined)
    for kind, known in summary.known.items():
        total = known.reached.total()
        for how, count in sorted(known.reached.items()):
            yield Metric(f"{kind}_{how}", count, total)
            if str(kind) in _GOALS:
                yield Metric.of(f"{kind}_{how}_in_time", Share(known.in_time[how], count))
    yield from _loop(summary)
    yield from _trust(summary)


def _funnel(summary: Summary) -> Iterator[Metric]:
    funnel, apart = summary.gap.funnel, summary.gap.apart
    for name, count in vars(funnel).items():
        yield Metric(name, count, funnel.signals if name in ("signals", "looked_at") else funnel.alerts)
    yield Metric("waiting_for_decision", len(summary.gap.waiting), funnel.alerts)
    for name, count in vars(apart).items():
        yield Metric(name, count, funnel.alerts + apart.dismissed + apart.withdrawn)


def _times(name: str, curve: Curve) -> Iterator[Metric]:
    yield Metric(f"{name}_half_within", curve.reached, curve.n, days=curve.median)
    goal = _GOALS.get(name)
    point = curve.by(goal.days) if goal else None
    if goal and point:
        yield Metric(
            f"{name}_by_day_{goal.days}",
            curve.reached,
            curve.n,
            point.share,
            point.low,
            point.high,
            goal.days,
        )


def _loop(summary: Summary) -> Iterator[Metric]:
    yield Metric.of("loop_closed", closed_share(summary.loops))
    mature, late = summary.loops.total(), summary.stops.total()
    yield from (Metric(f"loop_{loop}", count, mature) for loop, count in sorted(summary.loops.items()))
    yield from (Metric(f"late_{stop}", count, late) for stop, count in sorted(summary.stops.items()))
    given = summary.reasons.total()
    yield from (Metric(f"reason_{code}", count, given) for code, count in sorted(summary.reasons.items()))


def _trust(summary: Summary) -> Iterator[Metric]:
    trust = summary.trust
    low, high = trust.precision.range
    figures = {
        "verified": trust.precision.share,
        "verified_if_all_else_false": low,
        "verified_if_all_else_true": high,
        "corroborated": trust.corroborated,
        "delivered_with_options": trust.with_options,
        "reporters_answered": trust.reporters_answered,
        "briefs_answered": trust.briefs_answered,
        "reopened": trust.reopened,
        "refuted_after_action": trust.refuted_after_action,
    }
    yield from (Metric.of(name, figure) for name, figure in figures.items())
    answers = trust.briefs_answered.of
    yield from (Metric(f"answer_{answer}", count, answers) for answer, count in sorted(trust.answers.items()))
