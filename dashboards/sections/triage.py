"""What a person does with signals: promote, attach, dismiss or snooze one, or several that were chosen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import streamlit as st

from dashboards.components import fields, marks
from dashboards.forms import Form, say
from dashboards.session import Visit
from tracker.domain.countries import country_name
from tracker.domain.vocabulary import SIGNAL_DISMISSAL
from tracker.respond.bulk import settle_each
from tracker.respond.inbox import attach, dismiss, promote, snooze
from tracker.respond.similar import Similar

_SNOOZE = {4: "4 hours", 24: "a day", 72: "3 days", 168: "a week"}


@dataclass(frozen=True)
class About:
    """The signals that a form is about, under which name, and the open alerts most like them."""

    name: str
    ids: tuple[str, ...]
    similar: list[Similar]


def draw_triage(here: Visit, about: About) -> None:
    """Draw one signal's buttons."""
    promote_form(about).button(
        "Promote", "", lambda visit: promote_all(visit, about), primary=True, wide=True
    )
    promote_form(about).show_fault()
    forms = [Form(name, about.name) for name in FORMS]
    rounds = "-".join(form.id for form in forms)
    with st.popover("Other …", width="stretch", key=f"other-{rounds}", on_change="rerun") as other:
        if other.open or any(form.fault for form in forms):
            for draw in FORMS.values():
                draw(here, about)


def promote_form(about: About) -> Form:
    """Return the form of one press behind "Promote"."""
    return Form("promote", about.name)


def promote_all(here: Visit, about: About) -> None:
    """Promote the signals, and say what came of it."""
    if len(about.ids) > 1:
        _each(about, "promoted", lambda signal_id: promote(here.store, here.viewer, signal_id, here.now))
        return
    put = promote(here.store, here.viewer, about.ids[0], here.now)
    say(f"{put.ref} was opened." if put.opened else f"It joined the open alert {put.ref}.")


def _attach(here: Visit, about: About) -> None:
    form = Form("attach", about.name)
    if not about.similar:
        marks.note("No open alert is like it.")
        return
    names = {alert.id: _name(here, alert) for alert in about.similar}
    with form.drawn():
        st.selectbox("Attach to", list(names), format_func=names.__getitem__, key=form.key("alert"))
        form.submit("Attach", "", lambda visit: _attached(visit, about, form.text("alert")), primary=False)


def _name(here: Visit, alert: Similar) -> str:
    return f"{alert.ref} · {country_name(alert.country)}: {here.theme_name(alert.theme)} · {alert.why}"


def _attached(here: Visit, about: About, alert_id: str) -> None:
    _each(about, "attached", lambda signal: attach(here.store, here.viewer, signal, alert_id, here.now))


def _dismiss(here: Visit, about: About) -> None:
    form, reasons = Form("dismiss", about.name), here.policy.vocabulary.reasons[SIGNAL_DISMISSAL]
    with form.drawn():
        fields.reason(form, "Dismiss, because", reasons)
        form.submit("Dismiss", "", lambda visit: _dismissed(visit, about, form), primary=False)


def _dismissed(here: Visit, about: About, form: Form) -> None:
    reason, note = fields.chosen(form, "reason"), form.text("note") or None
    _each(about, "dismissed", lambda one: dismiss(here.store, here.viewer, one, reason, here.now, note))


def _snooze(here: Visit, about: About) -> None:
    form = Form("snooze", about.name)
    with form.drawn():
        st.selectbox("Snooze for", list(_SNOOZE), format_func=_SNOOZE.__getitem__, key=form.key("hours"))
        form.submit("Snooze", "", lambda visit: _snoozed(visit, about, form), primary=False)


def _snoozed(here: Visit, about: About, form: Form) -> None:
    until = here.now + timedelta(hours=form.said("hours"))
    _each(about, "snoozed", lambda one: snooze(here.store, here.viewer, one, until, here.now))


def _each(about: About, done: str, deed: Callable[[str], object]) -> None:
    say(settle_each(about.ids, deed).words(done))


FORMS: dict[str, Callable[[Visit, About], None]] = {
    "attach": _attach,
    "dismiss": _dismiss,
    "snooze": _snooze,
}
"""What else can be done with signals, each with its form."""
