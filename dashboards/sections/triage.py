"""What a person does with a signal: promote it, attach, dismiss or put it aside."""

from datetime import timedelta

import streamlit as st

from dashboards.components import fields, marks
from dashboards.forms import Form, say
from dashboards.session import Visit
from tracker.domain.vocabulary import SIGNAL_DISMISSAL
from tracker.respond.inbox import attach, dismiss, promote, snooze
from tracker.store.reads.inbox import OpenAlert, SignalRow

_SNOOZE = {4: "4 hours", 24: "a day", 72: "3 days", 168: "a week"}


def draw_triage(here: Visit, signal: SignalRow, open_alerts: list[OpenAlert]) -> None:
    """Draw one signal's buttons; `open_alerts` are those it could be attached to."""
    form = Form("promote", signal.id)
    form.button(
        "Promote",
        "An alert was opened, or the open one joined.",
        lambda visit: _promote(visit, signal.id),
        primary=True,
        wide=True,
    )
    form.show_fault()
    with st.popover("Other …", width="stretch", key=f"other-{signal.id}"):
        _attach(here, signal.id, [alert for alert in open_alerts if alert.country == signal.country])
        _dismiss(here, signal.id)
        _snooze(signal.id)


def _promote(here: Visit, signal_id: str) -> None:
    put = promote(here.store, here.viewer, signal_id, here.now)
    say(f"{put.ref} was opened." if put.opened else f"It joined the open alert {put.ref}.")


def _attach(here: Visit, signal_id: str, alerts: list[OpenAlert]) -> None:
    form = Form("attach", signal_id)
    if not alerts:
        marks.note("No alert of this country is open to attach it to.")
        return
    with form.drawn():
        names = {alert.id: f"{alert.ref} · {here.theme_name(alert.theme)}" for alert in alerts}
        st.selectbox("Attach to", list(names), format_func=names.__getitem__, key=form.key("alert"))
        form.submit(
            "Attach",
            "Attached.",
            lambda visit: attach(visit.store, visit.viewer, signal_id, form.text("alert"), visit.now),
            primary=False,
        )


def _dismiss(here: Visit, signal_id: str) -> None:
    form, reasons = Form("dismiss", signal_id), here.policy.vocabulary.reasons[SIGNAL_DISMISSAL]
    with form.drawn():
        fields.reason(form, "Dismiss, because", reasons)
        form.submit(
            "Dismiss",
            "Dismissed.",
            lambda visit: dismiss(
                visit.store,
                visit.viewer,
                signal_id,
                fields.chosen(form, "reason"),
                visit.now,
                form.text("note") or None,
            ),
            primary=False,
        )


def _snooze(signal_id: str) -> None:
    form = Form("snooze", signal_id)
    with form.drawn():
        st.selectbox("Put aside for", list(_SNOOZE), format_func=_SNOOZE.__getitem__, key=form.key("hours"))
        form.submit(
            "Put aside",
            "Put aside.",
            lambda visit: snooze(
                visit.store,
                visit.viewer,
                signal_id,
                visit.now + timedelta(hours=form.said("hours")),
                visit.now,
            ),
            primary=False,
        )
