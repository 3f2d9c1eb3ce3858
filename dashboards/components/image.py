"""Drawings as images: Streamlit strips SVG out of HTML. Such an image follows light and dark by itself."""

import base64
from pathlib import Path

from markupsafe import Markup

from dashboards.components.markup import html, joined

_STYLE = Path(__file__).with_name("curve.svg.css").read_text(encoding="utf-8")


def image(parts: list[Markup], size: tuple[int, int], words: str) -> Markup:
    """Return SVG elements as an image of a size in pixels; `words` say what it shows to who cannot see it."""
    width, height = size
    head = html(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}" viewBox="0 0 {} {}"><style>{}</style>',
        *(width, height, width, height),
        Markup(_STYLE),  # noqa: S704 - a file of ours
    )
    drawn = base64.b64encode(joined([head, *parts, html("</svg>")]).encode()).decode()
    return html('<img class="curve" alt="{}" src="data:image/svg+xml;base64,{}">', words, drawn)


def text(x: float, y: float, anchor: str, words: str, kind: str = "") -> Markup:
    """Return words in a drawing; `anchor` is start, middle or end."""
    return html('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>', kind, x, y, anchor, words)
