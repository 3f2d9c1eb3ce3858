"""The one-page warning as it stands."""

from datetime import datetime

import streamlit as st
from markupsafe import Markup

from dashboards.components import marks
from dashboards.components.markup import EMPTY, html, joined
from dashboards.forms import Form
from dashboards.sections.brief_editor import draw_editor, option_words
from dashboards.sections.opened import Opened
from tracker.domain.grades import graded
from tracker.domain.wording import sentence_case
from tracker.store.reads.alerts import BriefRow


def draw_brief(page: Opened) -> None:
    """Draw the newest brief, and the editor for those who may write it."""
    brief = page.file.briefs[0] if page.file.briefs else None
    form = Form("brief", page.alert.id)
    with st.container(border=True, key="card-brief"):
        if brief:
            state = "delivered" if brief.frozen_at else "draft"
            marks.write("<h2>Brief, version {} ({}) {}</h2>", brief.number, state, marks.tlp(brief.tlp))
            show(brief, page.now)
        else:
            marks.title("Brief")
            marks.note("Not written yet. It says on one page what happens, why now, and what can be done.")
        if "brief" in page.moves or form.fault:
            with st.expander(_verb(brief), expanded=bool(form.fault or form.put_back()), key=form.opener):
                draw_editor(page, form, brief, show)


def _verb(brief: BriefRow | None) -> str:
    if brief is None:
        return "Write the brief"
    return "Write the next version" if brief.frozen_at else "Edit the draft"


def show(brief: BriefRow, now: datetime) -> None:
    """Draw what a brief says."""
    body = """<p><b>{}</b></p><p><b>Bottom line.</b> {}</p><p class="small"><b>Why now.</b> {}</p>
{}<p class="small"><b>Outlook.</b> {}. Confidence: {}. <b>Would change our mind:</b> {}</p>
<p class="small"><b>Options.</b></p><ol class="small">{}</ol><p class="small soft">Decision needed by {}, {}</p>"""
    options = joined(
        html("<li>{} <span class=soft>{}</span></li>", what, ", ".join(filter(None, by)))
        for what, *by in map(option_words, brief.options)
    )
    marks.write(
        body,
        brief.headline,
        brief.bottom_line,
        brief.why_now,
        _claims(brief),
        sentence_case(brief.outlook),
        brief.confidence,
        brief.would_change_our_mind,
        options,
        marks.instant(brief.decision_needed_by, now),
        marks.instant(brief.decision_needed_by, now, as_ago=True),
    )


def _claims(brief: BriefRow) -> Markup:
    if not brief.claims:
        return EMPTY
    sides = joined(
        html(
            "<li>{}: {} <span class=soft>({})</span></li>",
            sentence_case(each["who"]),
            each["what"],
            graded(each["grade"]),
        )
        for each in brief.claims
    )
    return html('<p class="small"><b>Sources disagree.</b></p><ul class="small">{}</ul>', sides)
