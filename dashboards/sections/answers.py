"""Who has the brief, what they answered, and what was decided."""

import streamlit as st
from markupsafe import Markup

from dashboards.components import marks
from dashboards.components.markup import EMPTY, html, joined
from dashboards.forms import Form
from dashboards.sections.opened import Opened
from tracker.domain.wording import day_words, said, sentence_case
from tracker.respond.decisions import keep_review
from tracker.store.reads.alerts import DecisionRow


def draw_answers(page: Opened) -> None:
    """Draw deliveries with their answers, then the decisions."""
    if not page.file.deliveries and not page.file.decisions:
        return
    with st.container(border=True, key="card-answers"):
        if page.file.deliveries:
            marks.title("Delivered to")
            marks.write("<table>{}</table>", _deliveries(page))
        if page.file.decisions:
            marks.title("Decisions")
        for decision in page.file.decisions:
            _decision(page, decision)


def _deliveries(page: Opened) -> Markup:
    versions = {brief.id: brief.number for brief in page.file.briefs}
    rows = []
    for delivery in page.file.deliveries:
        answer = sentence_case(said(delivery.answer)) if delivery.answer else "No answer yet"
        told = html("{}{}", f": {delivery.reason}" if delivery.reason else "", "")
        when = marks.instant(delivery.answered_at, page.now) if delivery.answered_at else EMPTY
        rows.append(
            html(
                "<tr><td><b>{}</b></td><td>version {}, {}</td><td>{}{} <span class=soft>{}</span></td></tr>",
                page.name(delivery.recipient_id),
                versions.get(delivery.brief_id, "not known"),
                marks.instant(delivery.delivered_at, page.now),
                answer,
                told,
                when,
            )
        )
    return joined(rows)


def _decision(page: Opened, decision: DecisionRow) -> None:
    reason = page.here.policy.vocabulary.reason_name(decision.reason)
    why = ". ".join(words for words in (reason, decision.note) if words)
    line = html(
        '<p><b>{}</b> · {} · {} {} {}</p><p class="small soft">{}</p>',
        sentence_case(said(decision.kind)),
        decision.decided_by,
        said(decision.how_known),
        marks.instant(decision.decided_at, page.now),
        marks.tlp(decision.tlp),
        why,
    )
    marks.show(line)
    if decision.review_on is None:
        return
    day = day_words(decision.review_on, page.now.date())
    if decision.reviewed_at:
        marks.show(
            html(
                '<p class="small soft">Looked at again {}.</p>', marks.instant(decision.reviewed_at, page.now)
            )
        )
    elif "decide" in page.moves:
        marks.show(
            html(
                '<p class="small">Look again on {}: {}</p>', day, marks.due_day(decision.review_on, page.now)
            )
        )
        alert_id, form = page.alert.id, Form("review", decision.id)
        form.button(
            "Looked at, it stands",
            "The review is kept.",
            lambda here: keep_review(here.store, here.viewer, alert_id, decision.id, here.now),
        )
        form.show_fault()
