"""Where the gap is: how long a response takes, where warnings stop, and what we cannot see."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import streamlit as st

from dashboards.components import chain, marks
from dashboards.components.markup import html, joined, table
from dashboards.components.steps import Frame, steps
from dashboards.components.world import world_map
from tracker.domain.wording import counted
from tracker.domain.words import Level, MilestoneKind
from tracker.share.figures import Gap, on_time_words
from tracker.share.figures.curves import Curve
from tracker.share.figures.words import STEPS, ends_words, half_words
from tracker.store.reads.blind import BlindSpots
from tracker.store.reads.countries import CountryRow

RESPONSE = Frame(days=30, goal=7, marked=(0, 7, 14, 30))


def draw_response(curve: Curve, figures: Gap) -> None:
    """Draw how long a first response takes, and how many steps were in time."""
    kind = MilestoneKind.FIRST_RESPONSE
    with st.container(border=True, key="card-response"):
        marks.title("Time from alert to first response, last 90 days")
        words = f"{half_words(kind, curve)} {ends_words(curve)}"
        if curve.points:
            marks.show(steps(curve, RESPONSE, words))
        marks.write('<p class="small"><b>{}</b> {}</p>', half_words(kind, curve), ends_words(curve))
        marks.show(table((STEPS[step], on_time_words(each)) for step, each in figures.on_time.items()))
        marks.write('<p class="small"><a href="/figures" target="_self">All figures</a></p>')


def draw_funnel(figures: Gap) -> None:
    """Draw how many warnings came how far."""
    with st.container(border=True, key="card-funnel"):
        marks.title("Where warnings stop, last 90 days")
        marks.show(chain.funnel(figures.funnel, days=90))
        marks.write('<p class="small soft">{}</p>', stops(figures))


def stops(figures: Gap) -> str:
    """Say where warnings stop, and what is counted apart."""
    undelivered = figures.funnel.alerts - figures.funnel.delivered
    no_owner = sum(not late.has_owner for late in figures.waiting)
    words = "Every alert was delivered." if figures.funnel.alerts else "No alert was opened."
    if undelivered:
        words = f"{counted(undelivered, 'alert was', 'alerts were')} never delivered."
    if figures.waiting:
        late = counted(len(figures.waiting), "alert waits", "alerts wait")
        words += f" {late} past the decision date; {no_owner or 'none'} without an owner."
    apart = figures.apart.dismissed + figures.apart.withdrawn
    return f"{words} Not counted: {apart} dismissed or withdrawn." if apart else words


def draw_blind_spots(blind: BlindSpots, now: datetime) -> None:
    """Draw what we cannot see."""
    line = '<p class="small"><b>{}</b>: {} <span class="soft">Last heard {}.</span></p>'
    with st.container(border=True, key="card-blind"):
        marks.title("Blind spots")
        for source in blind.failing:
            why = (source.reason or "why is not known").rstrip(".") + "."
            marks.write(line, source.name, why, marks.instant(source.last_ok_at, now))
        for words in _blind_words(blind):
            marks.show(html('<p class="small">{}</p>', words))
        if blind.is_none:
            marks.note("No source fails, no partner is silent, and each country with an alert has a source.")
        else:
            marks.write('<p class="small"><a href="/sources" target="_self">All sources</a></p>')


def _blind_words(blind: BlindSpots) -> list[object]:
    words: list[object] = []
    if blind.failing_count > len(blind.failing):
        words.append(f"and {blind.failing_count - len(blind.failing)} more sources that fail.")
    if blind.silent:
        partners = counted(blind.partners, "partner has", "partners have")
        words.append(f"{blind.silent} of {partners} sent nothing for a week or longer.")
    if blind.unsourced:
        names = joined(map(marks.country, blind.unsourced), ", ")
        words.append(html("An open alert, but no source of its own: {}.", names))
    return words


def draw_world(found: Sequence[CountryRow]) -> None:
    """Draw where alerts are open, as a map and in words."""
    with st.container(border=True, key="card-world"):
        marks.title("Where alerts are open")
        drawn, said = st.columns([2.6, 1], gap="medium", vertical_alignment="center")
        with drawn:
            world_map(found)
        with said:
            _world_words(found)


def _world_words(found: Sequence[CountryRow]) -> None:
    by_level: Mapping[Level, list[CountryRow]] = {
        level: [each for each in found if each.level is level] for level in reversed(Level)
    }
    for level, rows in by_level.items():
        if rows:
            names = joined(
                (html("{} ({})", marks.country(each.country), each.open_count) for each in rows), ", "
            )
            marks.write('<p class="small">{}: {}</p>', marks.level(level), names)
    if not found:
        marks.note("No alert is open anywhere.")
    marks.write(
        '<p class="small soft">{} <a href="/countries" target="_self">All countries</a></p>',
        "Outlines by Natural Earth; they say nothing about the status of any territory.",
    )
