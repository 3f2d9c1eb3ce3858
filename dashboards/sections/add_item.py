"""Adding a link or a text that no source brought: it becomes an item, under this alert or in the inbox."""

import streamlit as st

from dashboards.components import marks
from dashboards.forms import Form, say
from dashboards.session import Visit
from tracker.access.permissions import Deed
from tracker.domain.labels import within
from tracker.domain.words import Tlp
from tracker.ingest.policy import FetchPolicy
from tracker.respond.added import Given, add


def draw_add_item(here: Visit, alert_id: str | None = None) -> None:
    """Draw the form; without an alert what is added waits in the inbox."""
    if not here.may(Deed.WORK):
        return
    form, most = Form("add-item", alert_id or ""), FetchPolicy.of(here.settings).pasted_length
    with st.expander("Add a link or a text", expanded=bool(form.fault)), form.drawn():
        st.text_input("Address of a page", key=form.key("link"), placeholder="https://")
        marks.note("Or paste what was said, without names:")
        st.text_input("Title", key=form.key("title"))
        st.text_area("Text", key=form.key("text"), max_chars=most, height=90)
        labels = [tlp for tlp in within(here.viewer.clearance) if tlp is not Tlp.RED]
        st.selectbox(
            "Label",
            labels,
            labels.index(Tlp.AMBER) if Tlp.AMBER in labels else 0,
            format_func=lambda tlp: f"TLP:{tlp}",
            key=form.key("tlp"),
        )
        form.submit("Add it", "Added.", lambda visit: _add(visit, form, alert_id), primary=False)


def _add(visit: Visit, form: Form, alert_id: str | None) -> None:
    given = Given(form.text("link"), form.text("title"), form.text("text"), form.said("tlp"))
    fetching = FetchPolicy.of(visit.settings)
    placed = add(visit.store, visit.viewer, fetching, given, visit.now, alert_id)
    if placed.was_there and not placed.signalled:
        say("It was here already.")
    elif alert_id is None and not placed.signalled:
        say("Added to the items. It names no country and theme that raise a signal.")
    elif alert_id is None:
        say("Added; it waits in the inbox.")
