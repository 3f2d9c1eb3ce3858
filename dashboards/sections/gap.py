"""Where warnings stop: the funnel, what was in time, what we cannot see."""

from datetime import datetime

import streamlit as st

from dashboards.components import chain, marks
from dashboards.components.markup import table
from tracker.domain.deadlines import Step
from tracker.domain.wording import counted
from tracker.share.figures import Gap, on_time_words
from tracker.store.reads.sources import SourceRow

_STEPS = {
    Step.VERIFY: "Verified within 1 day",
    Step.DECIDE: "Decided within 3 days",
    Step.RESPOND: "Response within 7 days",
}


def draw_funnel(figures: Gap) -> None:
    """Draw how many warnings came how far."""
    with st.container(border=True, key="card-funnel"):
        marks.title("Where warnings stop, last 90 days")
        marks.show(chain.funnel(figures.funnel))
        marks.write('<p class="small soft">{}</p>', _stops(figures))


def draw_on_time(figures: Gap) -> None:
    """Draw how many alerts were verified, decided and answered in time."""
    with st.container(border=True, key="card-on-time"):
        marks.title("In time, alerts of the last 90 days")
        marks.show(table((_STEPS[step], on_time_words(each)) for step, each in figures.on_time.items()))


def draw_blind_spots(failing: list[SourceRow], now: datetime) -> None:
    """Draw what we cannot see."""
    with st.container(border=True, key="card-blind"):
        marks.title("Blind spots")
        for source in failing:
            line, why = (
                '<p class="small"><b>{}</b>: {} <span class="soft">Last heard {}.</span></p>',
                source.reason,
            )
            marks.write(
                line,
                source.name,
                (why or "why is not known").rstrip(".") + ".",
                marks.instant(source.last_ok_at, now),
            )
        if not failing:
            marks.note("No source fails.")


def _stops(figures: Gap) -> str:
    undelivered = figures.funnel.alerts - figures.funnel.delivered
    no_owner = sum(not late.has_owner for late in figures.waiting)
    words = "Every alert was delivered." if figures.funnel.alerts else "No alert was opened."
    if undelivered:
        words = f"{counted(undelivered, 'alert was', 'alerts were')} never delivered."
    if figures.waiting:
        late = counted(len(figures.waiting), "alert waits", "alerts wait")
        words += f" {late} past the decision date; {no_owner or 'none'} without an owner."
    return words
