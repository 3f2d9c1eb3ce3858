"""The editor's part of a week's digest: the lead, and of each alert whether it comes first or is left out."""

from collections.abc import Callable
from functools import partial

import streamlit as st
from markupsafe import Markup

from dashboards.components import marks
from dashboards.components.markup import EMPTY, html
from dashboards.components.rows import row
from dashboards.forms import Form
from dashboards.session import Visit
from tracker.domain.wording import counted, moment
from tracker.domain.words import EditKind
from tracker.share.desk import Desk
from tracker.share.editing import Placing, place, week_held, write_lead
from tracker.share.lead import MAX_LENGTH, country_names
from tracker.share.reading import Entry
from tracker.share.sections import LINES

_WIDTHS = (1.1, 5.2, 1.3, 1.3)


def draw_lead(here: Visit, at: Desk) -> None:
    """Draw the lead with its editor, and the form that writes it while the digest is not approved."""
    marks.title("The lead: two sentences for every reader")
    form = Form("lead", at.week.week)
    if at.week.approved_at is None:
        with form.drawn():
            st.text_area(
                "Lead",
                value=at.draft.lead,
                key=form.key("lead"),
                max_chars=MAX_LENGTH,
                height=120,
                label_visibility="collapsed",
                placeholder="What should they take from this week?",
            )
            form.submit("Keep the lead", "The lead is kept.", _writes(at, form), primary=False)
        if form.fault and at.draft.lead:
            marks.write("<p>Now it says: {}</p>", at.draft.lead)
    elif at.draft.lead:
        marks.write("<p>{}</p>", at.draft.lead)
    else:
        marks.note("None was written.")
    _who_reads(here, at)


def _writes(at: Desk, form: Form) -> Callable[[Visit], None]:
    """What the button does; it carries the lead that is shown now."""
    seen = form.pinned(at.draft.lead_number)
    return lambda here: write_lead(here.store, here.viewer, at.week.week, form.text("lead"), here.now, seen)


def _who_reads(here: Visit, at: Desk) -> None:
    if at.draft.lead:
        edit = next(edit for edit in at.week.edits if edit.number == at.draft.lead_number)
        who = at.name(edit.editor_id)
        marks.note(f"By {who}, {moment(edit.edited_at, here.now)}. Readers see the role, not the name.")
    if at.lead_countries:
        not_shown = counted(at.without_lead, "reader is not shown it", "readers are not shown it")
        marks.write(
            '<p class="small"><b>It names {}.</b> A State never reads it about itself, nor anybody about a country '
            "outside their scope: {}.</p>",
            country_names(at.lead_countries),
            not_shown if at.without_lead else "here every reader is shown it",
        )
    if at.week.approved_at is None:
        marks.note("TLP:GREEN, your own words: no words of a report, no name, never what a rumour says.")


def draw_week(here: Visit, at: Desk) -> None:
    """Draw all that the week holds, each with what can be done with it."""
    sections = week_held(here.store, here.viewer, at.week.week, here.now)
    total = len({entry.alert_id for each in sections for entry in each.entries})
    first, out = len(at.draft.pinned), len(at.draft.dropped)
    marks.title("What the week holds")
    if not sections:
        marks.note("Nothing that mail may carry. It goes out all the same: no open gap is news.")
        return
    marks.note(
        f"{counted(total, 'alert')}; {first or 'none'} put first, {out or 'none'} left out. Who is outside reads "
        "only what has a release line. What is left out still counts in the headline and the figures."
    )
    for number, each in enumerate(sections):
        name = f"{each.title}, for readers outside" if each.title == LINES else each.title
        marks.write('<h3 class="name" style="margin-top:10px">{}</h3>', name)
        for place_, entry in enumerate(each.entries):
            _entry(at, entry, f"{at.week.week}-{number}-{place_}", first=place_ == 0)


def _entry(at: Desk, entry: Entry, key: str, *, first: bool) -> None:
    alert_id = entry.alert_id or ""
    kind = at.draft.place_of(alert_id)
    with row(key, first=first, widths=_WIDTHS) as cells:
        with cells[0]:
            marks.show(marks.level(entry.level) if entry.level else html("line"))
        with cells[1]:
            lead = html("<b>{}</b>: ", entry.lead) if entry.lead else ""
            soft = " ".join(part for part in (entry.ref, entry.soft) if part)
            marks.write('<p>{}{} <span class="soft">{}</span></p>', lead, entry.text, soft)
        if at.week.approved_at is not None:
            with cells[2]:
                marks.show(_placed(kind))
            return
        if kind is EditKind.CLEARED:
            with cells[2]:
                _button(at, key, alert_id, EditKind.PINNED, "Put first", "It comes first.")
            with cells[3]:
                _button(at, key, alert_id, EditKind.DROPPED, "Leave out", "It is left out.")
        else:
            with cells[2]:
                marks.show(_placed(kind))
            with cells[3]:
                _button(at, key, alert_id, EditKind.CLEARED, "Put back", "It stands as it falls.")


def _placed(kind: EditKind) -> Markup:
    words = {EditKind.PINNED: "comes first", EditKind.DROPPED: "left out"}
    return marks.chip(words[kind]) if kind in words else EMPTY


def _button(at: Desk, key: str, alert_id: str, kind: EditKind, label: str, done: str) -> None:
    wanted = Placing(alert_id, kind, at.draft.place_number(alert_id))
    Form(f"place-{kind}", key).button(
        label, done, partial(_place, week=at.week.week, wanted=wanted), wide=True
    )


def _place(here: Visit, week: str, wanted: Placing) -> None:
    place(here.store, here.viewer, week, wanted, here.now)
