"""The forms behind the bar: deliver, decide, act, verify, release."""

from collections.abc import Callable
from datetime import timedelta

import streamlit as st

from dashboards.components import fields, marks
from dashboards.forms import Form
from dashboards.lookups import recipients
from dashboards.sections.opened import Opened
from dashboards.session import Visit
from tracker.access.permissions import Deed
from tracker.domain.grades import CREDIBILITY
from tracker.domain.vocabulary import NOT_ACTING
from tracker.domain.words import Credibility, DecisionKind, Tlp, Verification
from tracker.respond.actions import ActionPlanned, add_action
from tracker.respond.alerts import Verdict, verify
from tracker.respond.briefs import deliver
from tracker.respond.decisions import DecisionTold, record_decision
from tracker.respond.release import MAX_LENGTH, LineSaid, approve_release_line, consent_taken_back_at


def form_of(move: str, page: Opened) -> Form:
    """Return the form behind a move."""
    return Form(move, page.alert.id)


def _deliver(page: Opened, form: Form) -> None:
    if not page.file.briefs:
        marks.write("<p>Write the brief first; it needs two options or more.</p>")
        return
    brief, people = page.file.briefs[0], recipients(page.here)
    state = "delivered before" if brief.frozen_at else "draft"
    marks.write(
        "<p>Version {} ({}) {}. They get a mail that holds only the link.</p>",
        brief.number,
        state,
        marks.tlp(brief.tlp),
    )
    with form.drawn():
        fields.one_of(form, "recipient", "Deliver to", people)
        form.submit(
            "Deliver",
            "Delivered.",
            lambda here: deliver(
                here.store, here.viewer, brief.id, fields.chosen(form, "recipient"), here.now, brief.revision
            ),
        )


def _decide(page: Opened, form: Form) -> None:
    kinds = {str(kind): fields.human(kind) for kind in DecisionKind}
    kind = fields.switch(form, "kind", "What was decided", kinds, DecisionKind.ACT)
    with form.drawn():
        fields.one_of(form, "decider", "Who decided", recipients(page.here))
        st.text_input("Or, if they are not listed: role and organisation", key=form.key("decided_by"))
        fields.how_known(form)
        fields.instant(form, "decided_at", "When", page.now)
        if kind == DecisionKind.NOT_ACTING_NOW:
            fields.one_of(form, "reason", "Why", page.here.policy.vocabulary.reasons[NOT_ACTING])
        if kind != DecisionKind.ACT:
            fields.review_on(form, page.last_review_day)
        st.text_area("In their words", key=form.key("note"), height=80)
        fields.label(form, page.here, _told_in(page))
        seen, alert_id = form.pinned(len(page.file.decisions)), page.alert.id
        form.submit("Record decision", "Recorded.", lambda here: _record(here, alert_id, form, seen))


def _told_in(page: Opened) -> list[Tlp]:
    """Return the labels of what a decision or an action answers: the signals and the newest brief."""
    return [*page.alert.tlp, *(brief.tlp for brief in page.file.briefs[:1])]


def _record(here: Visit, alert_id: str, form: Form, seen: int) -> None:
    kind = DecisionKind(form.text("kind"))
    told = DecisionTold(
        kind=kind,
        decided_by=form.text("decided_by") or form.text("decider"),
        how_known=form.said("how_known"),
        decided_at=form.at("decided_at"),
        labelling=fields.labelling(form),
        reason=form.said("reason"),
        note=form.text("note") or None,
        review_on=form.said("review_on") if kind is not DecisionKind.ACT else None,
        seen=seen,
    )
    record_decision(here.store, here.viewer, alert_id, told, here.now)


def _act(page: Opened, form: Form) -> None:
    kinds = {code: kind.name for code, kind in page.here.policy.vocabulary.action_kinds.items()}
    with form.drawn():
        fields.one_of(form, "kind", "Kind", kinds)
        st.text_input("What", key=form.key("title"))
        st.text_input("Who does it: a role or a body, no name", key=form.key("owner"))
        st.text_input("Of which organisation", key=form.key("owner_org"))
        st.date_input("By", value=(page.now + timedelta(days=3)).date(), key=form.key("due_on"))
        st.checkbox("It has started already", key=form.key("has_started"))
        fields.label(form, page.here, _told_in(page))
        form.submit("Add action", "Added.", lambda here: _add(here, page.alert.id, form))


def _add(here: Visit, alert_id: str, form: Form) -> None:
    planned = ActionPlanned(
        kind=fields.chosen(form, "kind"),
        title=form.text("title"),
        owner=form.text("owner"),
        owner_org=form.text("owner_org") or None,
        due_on=form.said("due_on"),
        has_started=bool(form.said("has_started")),
        labelling=fields.labelling(form),
    )
    add_action(here.store, here.viewer, alert_id, planned, here.now)


_FOUND = (
    Verification.VERIFIED,
    Verification.DISPUTED,
    Verification.REFUTED,
    Verification.UNVERIFIABLE,
    Verification.UNVERIFIED,
)
"""What an attempt to verify can find; none is proposed."""


def _verify(page: Opened, form: Form) -> None:
    fields.switch(
        form, "verification", "What you found", {str(word): fields.human(word) for word in _FOUND}, None
    )
    with form.drawn():
        st.selectbox(
            "Grade of the information",
            list(Credibility),
            index=5,
            format_func=lambda figure: f"{figure} {CREDIBILITY[figure]}",
            key=form.key("credibility"),
        )
        st.text_input("How you checked", key=form.key("method"))
        st.text_area("Note", key=form.key("note"), height=80)
        fields.label(form, page.here, page.alert.tlp)
        form.submit("Write it down", "Written down.", lambda here: _check(here, page.alert.id, form))


def _check(here: Visit, alert_id: str, form: Form) -> None:
    verdict = Verdict(
        Verification(fields.chosen(form, "verification")),
        form.said("credibility"),
        form.text("method"),
        form.text("note") or None,
        fields.labelling(form),
    )
    verify(here.store, here.viewer, alert_id, verdict, here.now)


def _release(page: Opened, form: Form) -> None:
    if not page.here.may(Deed.RELEASE):
        return
    with form.drawn():
        st.text_area(
            "One or two sentences that are safe to pass on",
            key=form.key("line"),
            max_chars=MAX_LENGTH,
            height=100,
        )
        st.text_input("Whose consent it rests on", key=form.key("consent"))
        st.selectbox(
            "Label", [Tlp.GREEN, Tlp.CLEAR], format_func=lambda tlp: f"TLP:{tlp}", key=form.key("tlp")
        )
        at = consent_taken_back_at(page.here.store, page.here.viewer, page.alert.id, page.now)
        if at is not None:
            words = f"It tells nothing that only the report taken back on {at:%-d %b} told"
            st.checkbox(words, key=form.key("rests_on_others"))
        form.submit("Approve", "Approved.", lambda here: _approve(here, page.alert.id, form))


def _approve(here: Visit, alert_id: str, form: Form) -> None:
    others = bool(form.said("rests_on_others"))
    said = LineSaid(form.text("line"), form.text("consent"), form.said("tlp"), others)
    approve_release_line(here.store, here.viewer, alert_id, said, here.now)


FORMS: dict[str, tuple[str, Callable[[Opened, Form], None]]] = {
    "deliver": ("Deliver brief", _deliver),
    "decide": ("Record decision", _decide),
    "act": ("Add action", _act),
    "verify": ("Verify", _verify),
    "release": ("Approve a release line", _release),
}
"""Move → what its button says, and what stands behind it."""
