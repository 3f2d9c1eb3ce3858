"""Who is on duty?"""

import streamlit as st

from dashboards.components import marks
from dashboards.roster import Duty, duty
from dashboards.sections import on_duty
from dashboards.sections.calendar import draw_weeks
from dashboards.sections.duty_forms import draw_away, draw_layers, draw_swaps
from dashboards.session import enter
from tracker.domain.duty_words import layer_name


def page() -> None:
    """Draw who is on now, this and the coming weeks, swaps, absences and layers."""
    here = enter()
    on = duty(here)
    marks.head(None, f"times by the clock of {on.zone}", on_duty.sentence(on), _mine(on, here.viewer.user_id))
    if on.roster.layers:
        with st.container(border=True, key="card-weeks"):
            draw_weeks(on, here.viewer.user_id)
    left, middle, right = st.columns(3, gap="medium")
    with left, st.container(border=True, key="card-layers"):
        draw_layers(here, on)
    with middle, st.container(border=True, key="card-swaps"):
        draw_swaps(here, on)
    with right, st.container(border=True, key="card-away"):
        draw_away(here, on)


def _mine(on: Duty, me: str) -> str:
    if not on.roster.layers:
        return "Notices of what waits go to the owners of alerts, and for want of one to the coordinators."
    mine = [shift for layer in on.roster.layers for shift in on.ahead(layer) if shift.person == me]
    first = min(mine, key=lambda shift: shift.since, default=None)
    if first is None:
        return "You are not on duty in the next four weeks."
    if first.since <= on.now:
        return f"You are on duty now, in the {layer_name(first.layer)}."
    return f"You are on duty from {on.clock(first.since)}."


page()
