"""A world map by level that needs no internet: outlines come along (world.json says whose), and a click leads on.

Each country with an open alert is filled, and marked by its level's shape where a small one would be missed.
"""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from dashboards.components.marks import level_words
from tracker.domain.countries import country_name
from tracker.domain.wording import counted
from tracker.domain.words import Level
from tracker.store.reads.countries import CountryRow

_FILE = Path(__file__).with_name("world.json")
_LEVELS = [str(level) for level in Level]
_SHAPES = {Level.MEDIUM: "circle", Level.HIGH: "triangle-up", Level.CRITICAL: "diamond"}
_INKS = {
    "light": {"land": "#e6eaed", "border": "#ffffff", "levels": ["#8a6a00", "#b4460f", "#8c1230"]},
    "dark": {"land": "#28323b", "border": "#141b21", "levels": ["#e5c04a", "#ff9a5c", "#ff7d97"]},
}


@cache
def _world() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return content


def place_of(iso3: str) -> tuple[float, float] | None:
    """Return a point inside a country as longitude and latitude in degrees; None where none is known."""
    point = _world()["points"].get(iso3)
    return (point[0], point[1]) if point else None


def world_map(found: Sequence[CountryRow]) -> None:
    """Draw the countries with open alerts by level; a click opens the country's page."""
    ink = _INKS["dark" if st.context.theme.type == "dark" else "light"]
    rows = [row for each in found if (row := _row(each))]
    st.vega_lite_chart(spec=_chart(rows, ink), width="stretch", theme=None)


def _row(each: CountryRow) -> dict[str, Any] | None:
    point = place_of(each.country)
    if point is None:
        return None
    return {
        "id": each.country,
        "country": country_name(each.country),
        "level": str(each.level),
        "said": f"{level_words(each.level)}, {counted(each.open_count, 'open alert')}",
        "url": f"/country?iso3={each.country}",
        "lon": point[0],
        "lat": point[1],
    }


def _chart(rows: list[dict[str, Any]], ink: dict[str, Any]) -> dict[str, Any]:
    """The map in Vega-Lite's own words: checking them by Altair takes a second for all these outlines."""
    outlines = {"values": _world()["outlines"], "format": {"type": "topojson", "feature": "countries"}}
    told = [
        {"field": "country", "type": "nominal", "title": "Country"},
        {"field": "said", "type": "nominal", "title": "Highest level"},
    ]
    colour = {"domain": _LEVELS, "range": ink["levels"]}
    shape = {"domain": _LEVELS, "range": [_SHAPES[level] for level in Level]}
    leads = {
        "color": {"field": "level", "type": "nominal", "scale": colour, "legend": None},
        "href": {"field": "url", "type": "nominal"},
        "tooltip": told,
    }
    border = {"stroke": ink["border"], "strokeWidth": 0.4}
    land = {"data": outlines, "mark": {"type": "geoshape", "fill": ink["land"], "aria": False, **border}}
    about = {"data": {"values": rows}, "key": "id", "fields": ["country", "level", "said", "url"]}
    filled = {
        "data": outlines,
        "transform": [{"lookup": "id", "from": about}, {"filter": "isValid(datum.level)"}],
        "mark": {"type": "geoshape", "fillOpacity": 0.45, **border},
        "encoding": leads,
    }
    marked = {
        "data": {"values": rows},
        "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1, "stroke": ink["border"]},
        "encoding": {
            "longitude": {"field": "lon", "type": "quantitative"},
            "latitude": {"field": "lat", "type": "quantitative"},
            "shape": {"field": "level", "type": "nominal", "scale": shape, "legend": None},
            **leads,
        },
    }
    return {
        "description": "World map of the countries with open alerts; the words beside it say the same.",
        "height": 330,
        "background": "transparent",
        "projection": {"type": "equalEarth"},
        "config": {"view": {"stroke": None}},
        "layer": [land, filled, marked] if rows else [land],
    }
