"""One country's weeks: is this normal here?"""

from collections import defaultdict

import streamlit as st

from dashboards.components import marks
from dashboards.components.curve import Weeks, curve
from dashboards.session import Visit
from tracker.store.reads.countries import WeekRow
from tracker.store.reads.inbox import SignalRow


def draw_series(here: Visit, weeks: list[str], counts: list[WeekRow], signals: list[SignalRow]) -> None:
    """Draw a country's weekly counts by theme, the busiest first, with the newest bound that a signal names."""
    by_theme: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for each in counts:
        by_theme[each.theme][each.week] += each.story_count
    busiest = sorted(by_theme, key=lambda theme: -sum(by_theme[theme].values()))
    with st.container(border=True, key="card-series"):
        marks.title("Stories a week by theme, with what was expected where a signal says so")
        if not busiest:
            marks.note("No story of this country was counted in these weeks.")
        for start in range(0, len(busiest), 3):
            for cell, theme in zip(st.columns(3), busiest[start : start + 3], strict=False):
                of = next((s for s in signals if s.theme == theme and s.bound is not None), None)
                seen = tuple(float(by_theme[theme].get(week, 0)) for week in weeks)
                drawn = Weeks(tuple(weeks), seen, of.expected if of else None, of.bound if of else None)
                with cell:
                    words = '<p class="small"><b>{}</b> <span class="soft">{}</span></p>{}'
                    marks.write(words, here.theme_name(theme), drawn.words, curve(drawn, large=True))
