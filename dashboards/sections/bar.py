"""What is allowed now: each move a button with its form behind it; why others are not, under "More"."""

import streamlit as st

from dashboards.components import fields, marks
from dashboards.components.markup import EMPTY, html
from dashboards.forms import Form
from dashboards.lookups import colleagues
from dashboards.sections import moves
from dashboards.sections.opened import Opened
from dashboards.session import Visit
from tracker.domain.life import alert_after
from tracker.domain.vocabulary import ALERT_DISMISSAL, CLOSING
from tracker.domain.words import ActionStatus
from tracker.errors import TransitionError
from tracker.respond.alerts import close, dismiss, hand_over, merge, reopen, take
from tracker.respond.steps import OUTCOME

_MORE = ("close", "dismiss", "merge")


def draw_bar(page: Opened) -> None:
    """Draw the bar of moves, the clock and the owner."""
    need = page.need
    _open_asked(page)
    with st.container(horizontal=True, key="bar", vertical_alignment="center"):
        for move, (label, draw) in moves.FORMS.items():
            form = moves.form_of(move, page)
            form.put_back()
            if move in page.moves or form.fault:
                primary = need is not None and need.move == move
                with st.popover(
                    label, type="primary" if primary else "secondary", key=form.opener, on_change="rerun"
                ):
                    draw(page, form)
        if page.moves:
            _more(page)
        _clock(page)
    _take(page).show_fault()


def _open_asked(page: Opened) -> None:
    """Open the form that a link asked for (`do`), once; what it does is still for a person to press."""
    asked = st.query_params.pop("do", None)
    if asked in moves.FORMS and asked in page.moves:
        moves.form_of(asked, page).open()
    if asked == OUTCOME:
        for action in [action for action in page.actions if action.status is ActionStatus.DONE][:1]:
            Form("outcome", action.id).open()


def _clock(page: Opened) -> None:
    alert, need, me = page.alert, page.need, page.here.viewer.user_id
    clock = marks.deadline(need.step, need.due_at, page.now) if need and need.due_at else EMPTY
    owner = marks.person(page.name(alert.owner_id) if alert.owner_id else None)
    marks.show(html('<span class="clock">{} {}</span>', clock, owner), narrow=True)
    if "take" in page.moves and alert.owner_id != me:
        seen, words = alert.revision, "Take it over" if alert.owner_id else "I am on it"
        _take(page).button(
            words,
            "It is yours.",
            lambda here: take(here.store, here.viewer, alert.id, here.now, seen),
            primary=need is not None and need.move == "take",
        )


def _take(page: Opened) -> Form:
    return Form("take", page.alert.id)


def _more(page: Opened) -> None:
    names = ("hand-over", "close", "dismiss", "merge", "reopen")
    rounds = "-".join(Form(name, page.alert.id).id for name in names)
    last = page.need is not None and page.need.move in _MORE
    with st.popover("More", type="primary" if last else "secondary", key=f"more-{rounds}"):
        if "take" in page.moves:
            _hand_over(page)
        if "close" in page.moves:
            _close(page)
        if "dismiss" in page.moves:
            _dismiss(page)
        if "merge" in page.moves and page.others:
            _merge(page)
        if "reopen" in page.moves:
            form, alert_id = Form("reopen", page.alert.id), page.alert.id
            form.button(
                "Reopen",
                "It is open again.",
                lambda here: reopen(here.store, here.viewer, alert_id, here.now),
            )
            form.show_fault()
        for move in ("take", *_MORE, "brief", "reopen"):
            if move not in page.moves:
                marks.write('<p class="small soft">{}</p>', _why_not(page, move))


def _why_not(page: Opened, move: str) -> str:
    try:
        alert_after(page.alert.state, move)
    except TransitionError as error:
        return str(error).partition(" Allowed now")[0]
    return f"You cannot {move} it."


def _hand_over(page: Opened) -> None:
    form, people, alert_id = Form("hand-over", page.alert.id), colleagues(page.here), page.alert.id
    with form.drawn():
        fields.one_of(form, "owner", "Hand over to", people)
        form.submit(
            "Hand over",
            "Handed over.",
            lambda here: hand_over(here.store, here.viewer, alert_id, fields.chosen(form, "owner"), here.now),
            primary=False,
        )


def _close(page: Opened) -> None:
    form, reasons = Form("close", page.alert.id), page.here.policy.vocabulary.reasons[CLOSING]
    with form.drawn():
        fields.reason(form, "Close, because (not needed once an outcome is known)", reasons)
        form.submit("Close", "Closed.", lambda here: _closed(here, page.alert.id, form), primary=False)


def _closed(here: Visit, alert_id: str, form: Form) -> None:
    close(
        here.store, here.viewer, alert_id, here.now, (form.text("reason") or None, form.text("note") or None)
    )


def _dismiss(page: Opened) -> None:
    form, reasons = Form("dismiss-alert", page.alert.id), page.here.policy.vocabulary.reasons[ALERT_DISMISSAL]
    alert_id = page.alert.id
    with form.drawn():
        fields.reason(form, "Dismiss, because", reasons)
        form.submit(
            "Dismiss",
            "Dismissed.",
            lambda here: dismiss(
                here.store,
                here.viewer,
                alert_id,
                fields.chosen(form, "reason"),
                here.now,
                form.text("note") or None,
            ),
            primary=False,
        )


def _merge(page: Opened) -> None:
    form, alert_id = Form("merge", page.alert.id), page.alert.id
    names = {
        other.id: f"{other.ref} · {page.here.theme_name(other.theme)} · {other.why}" for other in page.others
    }
    with form.drawn():
        fields.one_of(form, "into", "Merge into", names)
        form.submit(
            "Merge",
            "Merged.",
            lambda here: merge(here.store, here.viewer, alert_id, fields.chosen(form, "into"), here.now),
            primary=False,
        )
