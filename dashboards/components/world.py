"""A world map by level that needs no internet: outlines come along (world.json says whose), and a click leads on.

Each country with an open alert is filled, and marked by its level's shape where a small one would be missed.
"""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import altair as alt
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
    st.altair_chart(_chart([row for each in found if (row := _row(each))], ink), width="stretch", theme=None)


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


def _chart(rows: list[dict[str, Any]], ink: dict[str, Any]) -> Any:
    topology = alt.TopoDataFormat(type="topojson", feature="countries")
    outlines = alt.InlineData(values=_world()["outlines"], format=topology)
    colours = alt.Scale(domain=_LEVELS, range=ink["levels"])
    shapes = alt.Scale(domain=_LEVELS, range=[_SHAPES[level] for level in Level])
    land = alt.Chart(outlines).mark_geoshape(fill=ink["land"], stroke=ink["border"], strokeWidth=0.4)
    told = alt.InlineData(values=rows)
    told_of = [alt.Tooltip("country:N", title="Country"), alt.Tooltip("said:N", title="Highest level")]
    filled = (
        alt.Chart(outlines)
        .transform_lookup(lookup="id", from_=alt.LookupData(told, "id", ["country", "level", "said", "url"]))
        .transform_filter("isValid(datum.level)")
        .mark_geoshape(stroke=ink["border"], strokeWidth=0.4, fillOpacity=0.45)
        .encode(color=alt.Color("level:N", scale=colours, legend=None), href="url:N", tooltip=told_of)
    )
    marked = (
        alt.Chart(told)
        .mark_point(filled=True, size=90, opacity=1, stroke=ink["border"], strokeWidth=0.8)
        .encode(
            longitude="lon:Q",
            latitude="lat:Q",
            shape=alt.Shape("level:N", scale=shapes, legend=None),
            color=alt.Color("level:N", scale=colours, legend=None),
            href="url:N",
            tooltip=told_of,
        )
    )
    chart: Any = alt.layer(land, filled, marked) if rows else alt.layer(land)
    chart = chart.project("equalEarth").properties(height=330)
    return chart.configure_view(stroke=None).configure(background="transparent")
