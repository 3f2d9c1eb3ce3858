"""What came of earlier actions, and what was learnt."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from dashboards.components import marks
from dashboards.components.markup import html
from tracker.domain.wording import said, sentence_case
from tracker.store.reads.countries import Worked


def draw_worked(found: Sequence[Worked], now: datetime, title: str) -> None:
    """Draw outcomes and lessons, each with whose claim it is and its alert."""
    with st.container(border=True, key="card-worked"):
        marks.title(title)
        for each in found:
            kind = sentence_case(said(each.result)) if each.result else "Lesson"
            claim = f"as {each.claimed_by} says" if each.claimed_by else "for next time"
            when = marks.instant(each.at, now)
            alert = html('<a href="/alert?id={}" target="_self">the alert</a>', each.alert_id)
            line = '<p class="small"><b>{}</b>: {} <span class="soft">{} · {} · {}</span> {}</p>'
            marks.write(line, kind, each.words, claim, when, alert, marks.tlp(each.tlp))
        if not found:
            marks.note("No outcome is known and no lesson was recorded here yet.")
