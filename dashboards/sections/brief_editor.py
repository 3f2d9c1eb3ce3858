"""The editor of the one-page warning: what is typed is shown as it will be read, before it is kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count, takewhile

import streamlit as st

from dashboards import forms
from dashboards.components import fields, marks
from dashboards.forms import Form
from dashboards.sections.opened import Opened
from dashboards.session import Visit
from tracker.domain.words import Confidence, Likelihood, MilestoneKind, Tlp, Verification
from tracker.respond.briefs import write_brief
from tracker.store.reads.alerts import BriefRow
from tracker.store.writes.response import BriefText

Show = Callable[[BriefRow, datetime], None]


def option_words(option: dict[str, str]) -> tuple[str, str, str]:
    """Return what could be done, by whom and by when."""
    return option.get("what", ""), option.get("owner", ""), option.get("by", "")


@st.fragment
def draw_editor(page: Opened, form: Form, brief: BriefRow | None, show: Show) -> None:
    """Draw the editor; `show` draws what a brief says."""
    forms.leave_fragment(form)
    form.say_put_back()
    writing, reading = st.tabs(["Write", "As it will be read"])
    with writing:
        _words(form, brief)
        _judgement(form, brief)
        _lists(page, form, brief)
        _when_and_label(page, form, brief)
    with reading:
        marks.note("As far as it is written. Nothing is kept or sent by looking at it.")
        show(_as_read(form), page.now)
    form.show_fault()
    form.button("Keep the draft", "The draft is kept.", _keeps(page, form, brief), primary=True)


def _words(form: Form, old: BriefRow | None) -> None:
    st.text_input("Headline", value=old.headline if old else "", key=form.key("headline"))
    for field, words, was in (
        ("bottom_line", "Bottom line", old.bottom_line if old else ""),
        ("why_now", "Why now", old.why_now if old else ""),
        ("mind", "What would change our mind", old.would_change_our_mind if old else ""),
    ):
        st.text_area(words, value=was, key=form.key(field), height=90)


def _judgement(form: Form, old: BriefRow | None) -> None:
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


def _lists(page: Opened, form: Form, old: BriefRow | None) -> None:
    marks.title("Options, best first; two or more")
    _table(form, _OPTION, [option_words(each) for each in old.options] if old else [])
    marks.title("Where sources disagree, what each says")
    disputed = "This alert is disputed. " if page.alert.verification is Verification.DISPUTED else ""
    marks.note(
        f"{disputed}Grade the source A to F and what it says 1 to 6, such as C3. Empty where they agree."
    )
    claims = [(each["what"], each["who"], each["grade"]) for each in old.claims] if old else []
    _table(form, _CLAIM, claims)


def _when_and_label(page: Opened, form: Form, old: BriefRow | None) -> None:
    due = page.due.get(MilestoneKind.DECIDED)
    proposed = max(due or page.now, page.now + timedelta(hours=4))
    was = old.decision_needed_by if old and old.decision_needed_by > page.now else proposed
    fields.instant(form, "decision_needed_by", "Decision needed by", was)
    fields.label(form, page.here, page.alert.tlp)


def _as_read(form: Form) -> BriefRow:
    said = _text(form)
    return BriefRow(
        id="",
        number=0,
        frozen_at=None,
        tlp=form.said("tlp") or Tlp.AMBER,
        headline=said.headline,
        bottom_line=said.bottom_line,
        why_now=said.why_now,
        outlook=said.outlook,
        confidence=said.confidence,
        would_change_our_mind=said.would_change_our_mind,
        options=tuple({"what": what, "owner": owner, "by": by} for what, owner, by in said.options),
        claims=tuple({"what": what, "who": who, "grade": grade} for what, who, grade in said.claims),
        decision_needed_by=said.decision_needed_by,
        written_at=said.decision_needed_by,
        revision=0,
    )


def _keeps(page: Opened, form: Form, old: BriefRow | None) -> Callable[[Visit], None]:
    """What the button does; it carries the revision of the draft that is shown now."""
    seen = form.pinned(old.revision if old and not old.frozen_at else 0)
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
    write_brief(here.store, here.viewer, alert_id, _text(form), fields.labelling(form, seen), here.now)


def _text(form: Form) -> BriefText:
    return BriefText(
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
