"""Shares by month with their intervals: a point a month, none where fewer than ten make no share."""

from collections.abc import Sequence

from markupsafe import Markup

from dashboards.components.image import image, text
from dashboards.components.markup import html
from tracker.share.figures.shares import Share

_SIZE = (340, 150)
_LEFT, _RIGHT, _TOP, _FOOT = 44, 30, 14, 24


def trend(months: Sequence[tuple[str, Share]], words: str) -> Markup:
    """Return the drawing of months (said short, oldest first) and their shares."""
    step = (_SIZE[0] - _LEFT - _RIGHT) / max(len(months) - 1, 1)
    parts = [html('<path class="grid" d="M{} {}H{}"/>', _LEFT, _y(at), _SIZE[0] - 8) for at in (0, 0.5, 1)]
    parts += [text(_LEFT - 12, _y(at) + 4, "end", f"{at:.0%}") for at in (0, 0.5, 1)]
    line = list[str]()
    for place, (month, figure) in enumerate(months):
        x = round(_LEFT + step * place, 1)
        if len(months) <= 6 or place % 2 == (len(months) - 1) % 2:
            parts.append(text(x, _SIZE[1] - 6, "middle", month))
        if figure.share is not None and figure.interval is not None:
            low, high = figure.interval
            parts.append(html('<path class="spread" d="M{} {}V{}"/>', x, _y(low), _y(high)))
            parts.append(html('<circle class="dot" cx="{}" cy="{}" r="4"/>', x, _y(figure.share)))
            line.append(f"{x} {_y(figure.share)}")
    if line:
        parts.append(html('<path class="line" d="M{}"/>', "L".join(line)))
    else:
        parts.append(text(_SIZE[0] / 2, _y(0.5) - 8, "middle", "no month has ten alerts that are due"))
    return image(parts, _SIZE, words)


def _y(share: float) -> float:
    return round(_TOP + (_SIZE[1] - _TOP - _FOOT) * (1 - share), 1)
