"""Answering the one who reported: they read it when they come back with their code."""

import streamlit as st

from dashboards.components.evidence import first_words
from dashboards.forms import Form
from dashboards.sections.opened import Opened
from tracker.domain.words import ItemKind
from tracker.respond.replies import MAX_LENGTH, reply
from tracker.store.reads.items import ItemRow

_WORDS_SHOWN = 60


def draw_replies(page: Opened) -> None:
    """Draw a form for each field report on the page, for those who work on alerts."""
    if "brief" not in page.moves:
        return
    for item in page.items:
        if item.kind is ItemKind.REPORT:
            _draw(page, item)


def _draw(page: Opened, item: ItemRow) -> None:
    form = Form("reply", item.id)
    begins = first_words(item)[:_WORDS_SHOWN]
    with st.expander(f"Answer the one who reported “{begins}”", expanded=bool(form.fault)), form.drawn():
        st.text_area(
            "They read this with their receipt code. No names, no next movements.",
            key=form.key("reply"),
            max_chars=MAX_LENGTH,
            height=80,
        )
        form.submit(
            "Answer",
            "Your answer waits for them.",
            lambda here: reply(here.store, here.viewer, item.id, form.text("reply"), here.now),
            primary=False,
        )
