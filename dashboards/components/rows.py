"""Rows of a list: level, what it is about, its clock, one button."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboards.components import marks
from dashboards.forms import Form
from dashboards.places import place
from dashboards.session import Visit
from tracker.domain.countries import country_name
from tracker.domain.wording import counted, said
from tracker.domain.words import Level
from tracker.respond.alerts import take
from tracker.respond.steps import TAKE, Need
from tracker.store.reads.actions import ActionRow
from tracker.store.reads.alerts import AlertRow

_WIDTHS = (1.1, 3.4, 1.3, 2.1)
_TAKEN = "taken-alert"
VERBS = {
    "take": "Take it",
    "verify": "Verify",
    "decide": "Record decision",
    "act": "Follow it up",
    "review": "Review",
    "outcome": "Record outcome",
    "close": "Close it",
}
"""What the button of a next step says."""


@contextmanager
def row(key: str, *, first: bool, widths: tuple[float, ...] = _WIDTHS) -> Iterator[list[DeltaGenerator]]:
    """Draw a row with a hairline above, unless it is the first; gives its cells."""
    with st.container(key=f"{'first-row' if first else 'row'}-{key}"):
        yield list(st.columns(widths, vertical_alignment="center", gap="small"))


def title_of(here: Visit, alert: AlertRow) -> str:
    """Return an alert's title, made of country and theme alone."""
    return f"{country_name(alert.country)}: {here.theme_name(alert.theme)}"


def under(alert: AlertRow) -> str:
    """Return the soft line under an alert's title."""
    sources = counted(alert.source_count, "independent source") if alert.source_count else "raised by hand"
    return f"{alert.ref} · {sources} · {said(alert.verification)}"


def owner_words(action: ActionRow) -> str:
    """Return who does an action: a role, and its organisation where that is known."""
    return ", ".join(words for words in (action.owner, action.owner_org) if words)


def alert_link(here: Visit, alert: AlertRow) -> None:
    """Draw an alert's title as a link to its page."""
    st.page_link(place("alert"), label=title_of(here, alert), query_params={"id": alert.id})


def need_row(here: Visit, need: Need, *, first: bool) -> None:
    """Draw one alert that needs somebody, with its next step."""
    urgent = need.late_at(here.now) or need.level is Level.CRITICAL
    with row(need.alert.id, first=first) as cells:
        with cells[0]:
            marks.show(marks.level(need.level))
        with cells[1]:
            alert_link(here, need.alert)
            marks.write('<span class="small soft">{}</span>', under(need.alert))
        with cells[2]:
            marks.show(marks.deadline(need.step, need.due_at, here.now, parted="<br>"))
        with cells[3]:
            if need.move == TAKE:
                _take(need, primary=urgent)
            elif st.button(
                VERBS[need.move],
                key=f"open-{need.alert.id}",
                type="primary" if urgent else "secondary",
                width="stretch",
            ):
                st.switch_page(place("alert"), query_params={"id": need.alert.id, "do": need.move})


def _take(need: Need, *, primary: bool) -> None:
    alert = need.alert

    def deed(here: Visit) -> None:
        take(here.store, here.viewer, alert.id, here.now, alert.revision)
        st.session_state[_TAKEN] = alert.id

    form = Form("take", alert.id)
    form.button(VERBS[TAKE], "It is yours.", deed, primary=primary, wide=True)
    form.show_fault()


def follow_taken() -> None:
    """Go to the page of the alert that was just taken."""
    if alert_id := st.session_state.pop(_TAKEN, None):
        st.switch_page(place("alert"), query_params={"id": alert_id})
