"""A weekly series with what was expected of it: small in a row, large on a page.

Drawn as an image: Streamlit strips SVG out of HTML. Such an image follows light and dark by itself.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from dashboards.components.markup import html, joined
from tracker.domain.wording import number

_SMALL, _LARGE = (170, 46), (420, 170)
_SIDE, _TOP, _FOOT = 8, 12, 22
_STYLE = Path(__file__).with_name("curve.svg.css").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Weeks:
    """Counts by ISO week, oldest first. `expected` and `bound` belong to the last; None where not known."""

    weeks: tuple[str, ...]
    counts: tuple[float, ...]
    expected: float | None = None
    bound: float | None = None

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
        return f"{said}, at most {number(self.bound)}" if self.bound is not None else said


def curve(weeks: Weeks, *, large: bool = False) -> Markup:
    """Return the drawing as an image: band up to the bound, the expected line, the counts, the last week marked."""
    drawn = base64.b64encode(_svg(weeks, large=large).encode()).decode()
    return html('<img class="curve" alt="{}" src="data:image/svg+xml;base64,{}">', weeks.words, drawn)


def _svg(weeks: Weeks, *, large: bool) -> Markup:
    width, height = _LARGE if large else _SMALL
    foot = _FOOT if large else 4
    top = max([*weeks.counts, weeks.bound or 0.0, 1.0])
    step = (width - 2 * _SIDE) / max(len(weeks.counts) - 1, 1)

    def y(value: float) -> float:
        return round(_TOP + (height - _TOP - foot) * (1 - value / top), 1)

    points = [(round(_SIDE + i * step, 1), y(count)) for i, count in enumerate(weeks.counts)]
    size = 'xmlns="http://www.w3.org/2000/svg" width="{}" height="{}" viewBox="0 0 {} {}"'
    parts = [html(f"<svg {size}><style>{{}}</style>", width, height, width, height, Markup(_STYLE))]  # noqa: S704 - escaped before
    if weeks.bound is not None:
        band = '<rect class="band" x="{}" y="{}" width="{}" height="{}"/>'
        parts.append(html(band, _SIDE, y(weeks.bound), width - 2 * _SIDE, round(y(0) - y(weeks.bound), 1)))
    if weeks.expected is not None:
        line = '<path class="expected" d="M{} {}H{}"/>'
        parts.append(html(line, _SIDE, y(weeks.expected), width - _SIDE))
    path = " ".join(f"{x} {at}" for x, at in points)
    parts.append(html('<path class="line" d="M{}"/>', path))
    if points:
        parts.append(html('<circle class="now" cx="{}" cy="{}" r="{}"/>', *points[-1], 5 if large else 3.5))
    if large and points:
        parts.append(_notes(weeks, points[-1], height))
    return joined([*parts, html("</svg>")])


def _notes(weeks: Weeks, last: tuple[float, float], height: int) -> Markup:
    width = _LARGE[0]
    text = '<text x="{}" y="{}" text-anchor="{}">{}</text>'
    said = [
        html(text, _SIDE, height - 6, "start", weeks.weeks[0]),
        html(text, width - _SIDE, height - 6, "end", weeks.weeks[-1]),
    ]
    if weeks.counts[-1] == max(weeks.counts):
        now = f"{number(weeks.counts[-1])} in week {_number(weeks.weeks[-1])}"
        said.append(html(text, last[0] - 10, max(last[1] + 4, 11), "end", now))
    return joined(said)


def _number(week: str) -> str:
    return week.partition("-W")[2]
