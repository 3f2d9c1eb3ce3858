"""A curve of waiting times: which share has reached a step by which day, with its band and the goal as a line."""

from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from dashboards.components.image import image, text
from dashboards.components.markup import html
from tracker.domain.wording import counted
from tracker.share.figures.curves import Curve, Point

_SIZE = (430, 190)
_LEFT, _RIGHT, _TOP, _FOOT = 44, 14, 18, 24
_SHARES = (0.0, 0.5, 1.0)


@dataclass(frozen=True)
class Frame:
    """Days on the x axis, from the opening of an alert; `marked` have a label, the goal has a line."""

    days: int
    goal: int | None
    marked: tuple[int, ...]


def steps(curve: Curve, frame: Frame, words: str) -> Markup:
    """Return the drawing; `words` say what it shows."""
    drawn = [*_grid(frame), *_curve(curve, frame), *_goal(frame)]
    return image(drawn, _SIZE, words)


def _x(days: float, frame: Frame) -> float:
    return round(_LEFT + (_SIZE[0] - _LEFT - _RIGHT) * min(days, frame.days) / frame.days, 1)


def _y(share: float) -> float:
    return round(_TOP + (_SIZE[1] - _TOP - _FOOT) * (1 - share), 1)


def _grid(frame: Frame) -> list[Markup]:
    right, foot = _SIZE[0] - _RIGHT, _SIZE[1]
    lines = [html('<path class="grid" d="M{} {}H{}"/>', _LEFT, _y(share), right) for share in _SHARES]
    shares = [text(_LEFT - 6, _y(share) + 4, "end", f"{share:.0%}") for share in _SHARES]
    last = frame.marked[-1]
    days = [
        text(_x(day, frame), foot - 6, "end" if day == last else "middle", str(day))
        for day in frame.marked[:-1]
    ]
    return [*lines, *shares, *days, text(right, foot - 6, "end", counted(last, "day"))]


def _curve(curve: Curve, frame: Frame) -> list[Markup]:
    points = [Point(0.0, 0.0, 0.0, 0.0), *_apart(curve, frame)]
    if not curve.points:
        return [text((_SIZE[0] + _LEFT) / 2, _y(0.5) - 8, "middle", "too few for a curve")]
    ends = [*(later.days for later in points[1:]), float(frame.days)]
    band = [
        html(
            '<rect class="band" x="{}" y="{}" width="{}" height="{}"/>',
            _x(point.days, frame),
            _y(point.high),
            round(_x(end, frame) - _x(point.days, frame), 1),
            round(_y(point.low) - _y(point.high), 1),
        )
        for point, end in zip(points, ends, strict=True)
        if point.high > point.low
    ]
    corners = [f"M{_x(0, frame)} {_y(0)}"]
    corners += [f"H{_x(later.days, frame)}V{_y(later.share)}" for _, later in pairwise(points)]
    corners.append(f"H{_x(frame.days, frame)}")
    return [*band, html('<path class="line" d="{}"/>', "".join(corners))]


def _apart(curve: Curve, frame: Frame) -> list[Point]:
    """The last point of each pixel: thousands of alerts make thousands of points, which nobody can tell apart."""
    by_pixel = {round(_x(point.days, frame)): point for point in curve.points if point.days <= frame.days}
    return list(by_pixel.values())


def _goal(frame: Frame) -> list[Markup]:
    if frame.goal is None:
        return []
    x = _x(frame.goal, frame)
    line = html('<path class="goal" d="M{} {}V{}"/>', x, _TOP - 8, _y(0))
    return [line, text(x + 5, _TOP, "start", f"goal: {counted(frame.goal, 'day')}", "goal-words")]
