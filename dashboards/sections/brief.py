"""The one-page warning: as it stands, and the form that writes it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count, takewhile

import streamlit as st
from markupsafe import Markup

from dashboards.components import fields, marks
from dashboards.components.markup import EMPTY, html, joined
from dashboards.forms import Form
from dashboards.sections.opened import Opened
from dashboards.session import Visit
from tracker.domain.grades import graded
from tracker.domain.wording import sentence_case
from tracker.domain.words import Confidence, Likelihood, MilestoneKind, Verification
from tracker.respond.briefs import write_brief
from tracker.store.reads.alerts import BriefRow
from tracker.store.writes.response import BriefText


def draw_brief(page: Opened) -> None:
    """Draw the newest brief, and the editor for those who may write it."""
    brief = page.file.briefs[0] if page.file.briefs else None
    form = Form("brief", page.alert.id)
    with st.container(border=True, key="card-brief"):
        if brief:
            state = "delivered" if brief.frozen_at else "draft"
            marks.write("<h2>Brief, version {} ({}) {}</h2>", brief.number, state, marks.tlp(brief.tlp))
            _show(brief, page)
        else:
            marks.title("Brief")
            marks.note("Not written yet. It says on one page what happens, why now, and what can be done.")
        if "brief" in page.moves or form.fault:
            verb = (
                "Write the brief"
                if brief is None
                else "Write the next version"
                if brief.frozen_at
                else "Edit the draft"
            )
            with st.expander(verb, expanded=bool(form.fault), key=f"open-{form.id}"):
                _editor(page, form, brief)


def _show(brief: BriefRow, page: Opened) -> None:
    body = """<p><b>{}</b></p><p><b>Bottom line.</b> {}</p><p class="small"><b>Why now.</b> {}</p>
{}<p class="small"><b>Outlook.</b> {}. Confidence: {}. <b>Would change our mind:</b> {}</p>
<p class="small"><b>Options.</b></p><ol class="small">{}</ol><p class="small soft">Decision needed by {}, {}</p>"""
    options = joined(
        html("<li>{} <span class=soft>{}</span></li>", what, ", ".join(filter(None, by)))
        for what, *by in map(_option, brief.options)
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
        marks.instant(brief.decision_needed_by, page.now),
        marks.instant(brief.decision_needed_by, page.now, as_ago=True),
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


def _option(option: dict[str, str]) -> tuple[str, str, str]:
    return option.get("what", ""), option.get("owner", ""), option.get("by", "")


def _editor(page: Opened, form: Form, brief: BriefRow | None) -> None:
    old = brief or None
    with form.drawn():
        st.text_input("Headline", value=old.headline if old else "", key=form.key("headline"))
        st.text_area(
            "Bottom line", value=old.bottom_line if old else "", key=form.key("bottom_line"), height=90
        )
        st.text_area("Why now", value=old.why_now if old else "", key=form.key("why_now"), height=90)
        left, right = st.columns(2)
        outlooks, confidences = list(Likelihood), list(Confidence)
        left.selectbox(
            "Outlook",
            outlooks,
            index=outlooks.index(old.outlook) if old else 2,
            format_func=fields.human,
            key=form.key("outlook"),
        )
        right.selectbox(
            "Confidence",
            confidences,
            index=confidences.index(old.confidence) if old else 0,
            format_func=fields.human,
            key=form.key("confidence"),
        )
        st.text_area(
            "What would change our mind",
            value=old.would_change_our_mind if old else "",
            key=form.key("mind"),
            height=80,
        )
        marks.title("Where sources disagree, what each says")
        disputed = "This alert is disputed. " if page.alert.verification is Verification.DISPUTED else ""
        marks.note(
            f"{disputed}Grade the source A to F and what it says 1 to 6, such as C3. Empty where they agree."
        )
        _table(
            form, _CLAIM, [(each["what"], each["who"], each["grade"]) for each in old.claims] if old else []
        )
        marks.title("Options, best first; two or more")
        _table(form, _OPTION, [_option(each) for each in old.options] if old else [])
        due = page.due.get(MilestoneKind.DECIDED)
        proposed = max(due or page.now, page.now + timedelta(hours=4))
        fields.instant(
            form, "decision_needed_by", "Decision needed by", old.decision_needed_by if old else proposed
        )
        fields.label(form, page.here, page.alert.tlp)
        form.submit("Keep the draft", "The draft is kept.", _keeps(page, form, old))


def _keeps(page: Opened, form: Form, old: BriefRow | None) -> Callable[[Visit], None]:
    """What the button does; it carries the revision of the draft that is shown now."""
    seen = old.revision if old and not old.frozen_at else 0
    return lambda here: _write(here, page.alert.id, form, seen)


@dataclass(frozen=True)
class _Columns:
    """Fields in rows: how many at least, and of each column its key and what stands above it."""

    rows: int
    columns: tuple[tuple[str, str], ...]

    def read(self, form: Form) -> list[tuple[str, str, str]]:
        """Return what stands in the rows that are not empty."""
        drawn = takewhile(lambda number: form.said(f"{self.columns[0][0]}{number}") is not None, count())
        said = [tuple(form.text(f"{key}{number}") for key, _ in self.columns) for number in drawn]
        return [(first, second, third) for first, second, third in said if first or second or third]


_OPTION = _Columns(4, (("what", "What"), ("owner", "By whom"), ("by", "By when")))
_CLAIM = _Columns(3, (("claim", "What is said"), ("who", "Who says it"), ("grade", "Grade")))


def _table(form: Form, table: _Columns, was: Sequence[tuple[str, str, str]]) -> None:
    for number in range(max(table.rows, len(was))):
        values = was[number] if number < len(was) else ("", "", "")
        for cell, (key, words), value in zip(st.columns([3, 2, 1.4]), table.columns, values, strict=True):
            cell.text_input(
                words,
                value=value,
                placeholder=words if number else None,
                key=form.key(f"{key}{number}"),
                label_visibility="visible" if number == 0 else "collapsed",
            )


def _write(here: Visit, alert_id: str, form: Form, seen: int) -> None:
    said = BriefText(
        headline=form.text("headline"),
        bottom_line=form.text("bottom_line"),
        why_now=form.text("why_now"),
        outlook=form.said("outlook"),
        confidence=form.said("confidence"),
        would_change_our_mind=form.text("mind"),
        options=tuple(option for option in _OPTION.read(form) if option[0]),
        decision_needed_by=form.at("decision_needed_by"),
        claims=tuple(_CLAIM.read(form)),
    )
    write_brief(here.store, here.viewer, alert_id, said, fields.labelling(form, seen), here.now)
