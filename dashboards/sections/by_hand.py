"""Raising an alert without a rule."""

import streamlit as st

from dashboards.components import fields, marks
from dashboards.forms import Form, say
from dashboards.session import Visit
from tracker.domain.words import Level, Tlp
from tracker.respond.inbox import ByHand, raise_by_hand


def by_hand(here: Visit) -> None:
    """Draw the form that raises an alert by hand."""
    form, codes = Form("by-hand"), fields.countries(here)
    themes = {theme.code: theme.name for theme in here.policy.taxonomy.themes if theme.raises}
    with form.drawn():
        fields.one_of(form, "country", "Country", codes)
        fields.one_of(form, "theme", "Theme", themes)
        st.selectbox("Level", list(Level), format_func=marks.level_words, key=form.key("level"))
        st.text_area("What this rests on, in one line", key=form.key("ground"), height=80)
        fields.instant(form, "emerged_at", "When it began", here.now)
        fields.label(form, here, [Tlp.AMBER])
        form.submit("Raise it", "Raised.", lambda visit: _raise(visit, form))


def _raise(here: Visit, form: Form) -> None:
    said = ByHand(
        country=fields.chosen(form, "country"),
        theme=fields.chosen(form, "theme"),
        level=form.said("level"),
        ground=form.text("ground"),
        tlp=form.said("tlp"),
        emerged_at=form.at("emerged_at"),
    )
    raised = raise_by_hand(here.store, here.viewer, said, here.now)
    say(f"{raised.ref} was opened." if raised.opened else f"It joined the open alert {raised.ref}.")
