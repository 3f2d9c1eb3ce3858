"""What needs me, and where is the gap?"""

from datetime import timedelta

import streamlit as st
from markupsafe import Markup

from dashboards.components import marks
from dashboards.components.markup import html
from dashboards.components.rows import need_row, row
from dashboards.lookups import PERIOD
from dashboards.places import place
from dashboards.sections.gap import draw_blind_spots, draw_funnel, draw_on_time
from dashboards.session import Visit, enter
from tracker.domain.wording import counted, moment, week_words
from tracker.domain.words import SourceState
from tracker.respond.steps import Need
from tracker.respond.today import LastLook, headline, needs, since_last_look
from tracker.share.figures import Gap, gap
from tracker.store import ViewerSession
from tracker.store.reads.figures import chains_since, signal_counts
from tracker.store.reads.inbox import SignalRow, waiting_count, waiting_signals
from tracker.store.reads.sources import source_health, sources

_ROWS = 12
_BLIND_SPOTS = 6


def page() -> None:
    """Draw the first page."""
    here = enter()
    found = needs(here.store, here.viewer, here.policy, here.now)
    with here.store.viewing(here.viewer) as view:
        figures = _gap(view, here)
        waiting, first = waiting_count(view), waiting_signals(view, limit=1)
        health = source_health(view)
        failing = [source for source in sources(view, _BLIND_SPOTS) if source.state is SourceState.FAILING]
    label = marks.strictest_of(tlp for need in found for tlp in need.alert.tlp)
    marks.head(label, _right(here, health), headline(found, here.now), _since(here))
    left, right = st.columns([1.55, 1], gap="medium")
    with left, st.container(border=True, key="card-needs"):
        _needs(here, [need for need in found if need.is_for(here.viewer, here.now)], waiting, first)
    with right:
        draw_on_time(figures)
        draw_blind_spots(failing, here.now)
    draw_funnel(figures)


def _gap(view: ViewerSession, here: Visit) -> Gap:
    since = here.now - PERIOD
    period = chains_since(view, since, here.now + timedelta(seconds=1))
    return gap(period, signal_counts(view, since, here.now), here.policy.deadlines, here.now)


def _right(here: Visit, health: dict[SourceState, int]) -> Markup:
    silent, total = health.get(SourceState.FAILING, 0), sum(health.values())
    facts = (week_words(here.now), here.now, silent, counted(total, "source"))
    return html("{} · data to {:%H:%M} UTC · <b>{} of {} failing</b>", *facts)


def _since(here: Visit) -> Markup:
    key = f"last-look-{here.viewer.user_id}"
    if key not in st.session_state:
        st.session_state[key] = since_last_look(here.store, here.viewer, here.now)
    look: LastLook = st.session_state[key]
    if look.at is None:
        return html("This is your first look.")
    return html("Since you looked {}: {}.", moment(look.at, here.now), look.changes)


def _needs(here: Visit, found: list[Need], waiting: int, first: list[SignalRow]) -> None:
    marks.title("Needs you: critical first, then longest overdue")
    for number, need in enumerate(found[:_ROWS]):
        need_row(here, need, first=number == 0)
    if len(found) > _ROWS:
        st.page_link(place("alerts"), label=f"and {len(found) - _ROWS} more")
    if waiting:
        with row("inbox", first=not found) as cells:
            cells[0].html('<div class="eat soft">Inbox</div>')
            with cells[1]:
                words = counted(waiting, "signal waits", "signals wait")
                marks.write("<b>{} to be looked at</b>", words)
            with cells[2]:
                marks.show(marks.deadline("look", first[0].due_at, here.now, parted="<br>"))
            if cells[3].button("Open the inbox", width="stretch"):
                st.switch_page(place("inbox"))
    if not found and not waiting:
        marks.note("Nothing waits for you. Signals that the rules raise come to the inbox.")


page()
