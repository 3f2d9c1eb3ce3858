"""A weekly series with what was expected of it: small in a row, large on a page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from dashboards.components.image import image, text
from dashboards.components.markup import html
from tracker.domain.wording import counted, number

_SMALL, _LARGE, _WIDE = (170, 46), (420, 170), (1100, 240)
_SIDE, _TOP, _FOOT = 8, 12, 22


@dataclass(frozen=True)
class Weeks:
    """Counts by ISO week, oldest first. `expected` and `bound` belong to the last; None where not known.

    `alerts` and `actions` name the weeks in which such were opened and started, once for each.
    """

    weeks: tuple[str, ...]
    counts: tuple[float, ...]
    expected: float | None = None
    bound: float | None = None
    alerts: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()

    @classmethod
    def of_signal(
        cls, series: Sequence[dict[str, Any]] | None, expected: float | None, bound: float | None
    ) -> "Weeks | None":
        """Read the series that a signal keeps; None where it keeps none."""
        if not series:
            return None
        return cls(
            tuple(str(point["week"]) for point in series),
            tuple(float(point["count"]) for point in series),
            expected,
            bound,
        )

    @property
    def words(self) -> str:
        """What the curve says, in words."""
        if not self.counts:
            return "no week counted yet"
        said = f"{number(self.counts[-1])} in week {_number(self.weeks[-1])}"
        if self.expected is not None:
            said += f", {number(self.expected)} expected"
        if self.bound is not None:
            said += f", at most {number(self.bound)}"
        if self.alerts or self.actions:
            done = f"{counted(len(self.actions), 'action')} started"
            said += f"; {counted(len(self.alerts), 'alert')} opened, {done}"
        return said


def curve(weeks: Weeks, *, large: bool = False, wide: bool = False) -> Markup:
    """Return the drawing as an image: band up to the bound, the expected line, the counts, the last week marked.

    Small for a row, `large` for a card, `wide` for a page.
    """
    size = _WIDE if wide else _LARGE if large else _SMALL
    return image(_parts(weeks, size, large=large or wide), size, weeks.words)


def _parts(weeks: Weeks, size: tuple[int, int], *, large: bool) -> list[Markup]:
    width, height = size
    foot = _FOOT if large else 4
    top = max([*weeks.counts, weeks.bound or 0.0, 1.0])
    step = (width - 2 * _SIDE) / max(len(weeks.counts) - 1, 1)

    def y(value: float) -> float:
        return round(_TOP + (height - _TOP - foot) * (1 - value / top), 1)

    points = [(round(_SIDE + i * step, 1), y(count)) for i, count in enumerate(weeks.counts)]
    parts = list[Markup]()
    if weeks.bound is not None:
        band = '<rect class="band" x="{}" y="{}" width="{}" height="{}"/>'
        parts.append(html(band, _SIDE, y(weeks.bound), width - 2 * _SIDE, round(y(0) - y(weeks.bound), 1)))
    if weeks.expected is not None:
        line = '<path class="expected" d="M{} {}H{}"/>'
        parts.append(html(line, _SIDE, y(weeks.expected), width - _SIDE))
    path = " ".join(f"{x} {at}" for x, at in points)
    parts.append(html('<path class="line" d="M{}"/>', path))
    at_week = dict(zip(weeks.weeks, (x for x, _ in points), strict=True))
    parts += _marks(weeks, at_week, y(0))
    if points:
        parts.append(html('<circle class="now" cx="{}" cy="{}" r="{}"/>', *points[-1], 5 if large else 3.5))
    if large and points:
        parts += _notes(weeks, points[-1], size)
    return parts


def _marks(weeks: Weeks, at_week: dict[str, float], foot: float) -> Iterable[Markup]:
    """Alerts as triangles that stand on the axis, actions as dots that hang from it."""
    for week in sorted(set(weeks.alerts) & set(at_week)):
        x = at_week[week]
        yield html('<path class="mark" d="M{} {}l5 -9l5 9z"/>', round(x - 5, 1), foot)
    for week in sorted(set(weeks.actions) & set(at_week)):
        yield html('<circle class="act" cx="{}" cy="{}" r="4"/>', at_week[week], foot)


def _notes(weeks: Weeks, last: tuple[float, float], size: tuple[int, int]) -> list[Markup]:
    width, height = size
    said = [
        text(_SIDE, height - 6, "start", weeks.weeks[0]),
        text(width - _SIDE, height - 6, "end", weeks.weeks[-1]),
    ]
    if weeks.counts[-1] == max(weeks.counts):
        now = f"{number(weeks.counts[-1])} in week {_number(weeks.weeks[-1])}"
        said.append(text(last[0] - 10, max(last[1] + 4, 11), "end", now))
    return said


def _number(week: str) -> str:
    return week.partition("-W")[2]
