"""Actions and what came of them."""

import streamlit as st
from markupsafe import Markup

from dashboards.components import fields, marks
from dashboards.components.markup import html, joined
from dashboards.components.rows import owner_words
from dashboards.forms import Form
from dashboards.sections.opened import Opened
from dashboards.session import Visit
from tracker.domain.life import action_moves
from tracker.domain.wording import said, sentence_case
from tracker.domain.words import ActionStatus, OutcomeResult
from tracker.respond.actions import Move, OutcomeTold, move_action, record_outcome
from tracker.store.reads.actions import ActionRow
from tracker.store.reads.alerts import OutcomeRow

_MOVED = {
    "agree": "It was agreed",
    "start": "It started",
    "finish": "It is done",
    "block": "Something blocks it",
    "cancel": "It will not be done",
}
_NOTES = {
    "block": "What blocks it; waiting for the other side is a cause",
    "finish": "What shows that it is done",
    "cancel": "Why not",
}
_STARTED = (ActionStatus.UNDER_WAY, ActionStatus.DONE, ActionStatus.BLOCKED)


def draw_actions(page: Opened) -> None:
    """Draw each action with its next moves and its outcomes."""
    with st.container(border=True, key="card-actions"):
        marks.title("Actions")
        if not page.actions:
            marks.note("None yet. One may start before any decision.")
        for action in page.actions:
            _action(page, action)
        if page.file.lessons:
            marks.title("What to remember")
            lessons = joined(html("<li>{}</li>", lesson) for lesson in page.file.lessons)
            marks.write('<ul class="small">{}</ul>', lessons)


def _action(page: Opened, action: ActionRow) -> None:
    move, outcome = Form("move", action.id), Form("outcome", action.id)
    with st.container(key=f"action-{action.id}"):
        left, right = st.columns([3, 1.9], vertical_alignment="center")
        with left:
            marks.show(_line(page, action))
        with right, st.container(horizontal=True):
            if ("act" in page.moves and action_moves(action.status)) or move.fault:
                with st.popover("Move on", key=move.opener, on_change="rerun"):
                    _move(page, action, move)
            if ("outcome" in page.moves and action.status in _STARTED) or outcome.fault:
                with st.popover("Outcome", key=outcome.opener, on_change="rerun"):
                    _outcome(page, action, outcome)


def _line(page: Opened, action: ActionRow) -> Markup:
    kinds = page.here.policy.vocabulary.action_kinds
    kind = kinds[action.kind].name if action.kind in kinds else action.kind
    over = action.status in (ActionStatus.DONE, ActionStatus.CANCELLED)
    due = marks.instant(action.done_at, page.now) if over else marks.due_day(action.due_on, page.now)
    started = html(" · started {}", marks.instant(action.started_at, page.now)) if action.started_at else ""
    line = html(
        '<p><b>{}</b> · {} · {}{} {}</p><p class="small soft">{}{}</p>',
        action.title,
        owner_words(action),
        due,
        started,
        marks.state(action.status),
        kind,
        f". {action.cause}" if action.cause else "",
    )
    found = [row for row in page.file.outcomes if row.action_id == action.id]
    return line + joined(_came_of_it(page, row) for row in found)


def _came_of_it(page: Opened, row: OutcomeRow) -> Markup:
    return html(
        '<p class="small">Outcome: <b>{}</b>. {} <span class="soft">{}, {}, {}</span></p>',
        sentence_case(said(row.result)),
        row.note,
        row.claimed_by,
        said(row.how_known),
        marks.instant(row.happened_at, page.now),
    )


def _move(page: Opened, action: ActionRow, form: Form) -> None:
    seen, moves = action.revision, action_moves(action.status)
    move = fields.switch(form, "move", "What happened", {name: _MOVED[name] for name in moves}, moves[0])
    with form.drawn():
        fields.instant(form, "happened_at", "When it happened", page.now)
        if move in _NOTES:
            st.text_input(_NOTES[move], key=form.key("note"))
        form.submit("Write it down", "Written down.", lambda here: _moved(here, action.id, form, seen))


def _moved(here: Visit, action_id: str, form: Form, seen: int) -> None:
    move = Move(form.text("move"), form.at("happened_at"), form.text("note") or None, seen)
    move_action(here.store, here.viewer, action_id, move, here.now)


def _outcome(page: Opened, action: ActionRow, form: Form) -> None:
    with form.drawn():
        st.selectbox("What came of it", list(OutcomeResult), format_func=fields.human, key=form.key("result"))
        st.text_area("In words", key=form.key("note"), height=80)
        st.text_input("Whose claim this is", key=form.key("claimed_by"))
        fields.how_known(form)
        fields.instant(form, "happened_at", "When", page.now)
        st.text_area("What others can use next time", key=form.key("lesson"), height=80)
        if action.status is ActionStatus.UNDER_WAY and "act" in page.moves:
            st.checkbox("The action is done with this", value=True, key=form.key("is_done"))
        fields.label(form, page.here, page.alert.tlp)
        form.submit("Record outcome", "The outcome is recorded.", lambda here: _told(here, action.id, form))


def _told(here: Visit, action_id: str, form: Form) -> None:
    told = OutcomeTold(
        result=form.said("result"),
        note=form.text("note"),
        claimed_by=form.text("claimed_by"),
        how_known=form.said("how_known"),
        happened_at=form.at("happened_at"),
        labelling=fields.labelling(form),
        lesson=form.text("lesson") or None,
        is_done=bool(form.said("is_done")),
    )
    record_outcome(here.store, here.viewer, action_id, told, here.now)
