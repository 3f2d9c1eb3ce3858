"""Adding users and letting them in."""

import streamlit as st

from dashboards.components import fields
from dashboards.forms import Form, say
from dashboards.session import Visit
from tracker.access.people import NewPerson, create_user
from tracker.access.permissions import Deed, require
from tracker.access.signin import make_link
from tracker.domain.words import Role
from tracker.store.writes.people import Person

_LINK = "sign-in-link"


def draw_user_forms(people: list[Person]) -> None:
    """Draw the forms that add a user and make a sign-in address."""
    with st.popover("Add a user", key=f"open-{Form('user').id}"):
        _add()
    with st.popover("Make a sign-in address", key=f"open-{Form('link').id}"):
        names = {person.id: f"{person.name} · {person.email}" for person in people}
        form = Form("link")
        with form.drawn():
            fields.one_of(form, "user", "For", names)
            form.submit(
                "Make it", "The address is shown above.", lambda visit: _link(visit, form.text("user"))
            )


def show_link() -> None:
    """Show the sign-in address that was made just now, once."""
    link = st.session_state.pop(_LINK, None)
    if link:
        st.info(
            "Give this address to them alone, by a safe way. It works once, for three days, and is shown only now."
        )
        st.code(link, language=None, wrap_lines=True)


def _add() -> None:
    form, roles = Form("user"), list(Role)
    with form.drawn():
        st.text_input("E-mail address", key=form.key("email"))
        st.text_input("Name", key=form.key("name"))
        st.selectbox(
            "Role", roles, index=roles.index(Role.ANALYST), format_func=fields.human, key=form.key("role")
        )
        st.text_input("Organisation", key=form.key("org"))
        st.text_input("Countries, as ISO codes (a Member State: its own first)", key=form.key("countries"))
        form.submit("Add", "Added; the sign-in address is shown above.", lambda visit: _added(visit, form))


def _added(here: Visit, form: Form) -> None:
    require(here.viewer, Deed.ADMINISTER)
    codes = tuple(form.text("countries").replace(",", " ").split())
    new = NewPerson(
        form.text("email"), form.said("role"), form.text("org"), form.text("name") or None, None, codes
    )
    _link(here, create_user(here.store, new, here.now, here.viewer.actor))
    say(f"{new.email} was added; the sign-in address is shown above.")


def _link(here: Visit, user_id: str) -> None:
    require(here.viewer, Deed.ADMINISTER)
    st.session_state[_LINK] = make_link(
        here.store, user_id, here.settings.public_url, here.now, here.viewer.actor
    )
