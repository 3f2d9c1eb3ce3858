"""Who is here. Looked up at every rerun: what a browser said at its start may not hold any more."""

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from tracker.access.permissions import Deed, may
from tracker.access.signin import viewer_of_cookie
from tracker.clock import utc_now
from tracker.domain.viewer import Viewer
from tracker.domain.words import Role
from tracker.respond.policy import Policy, policy_in_force
from tracker.settings import Settings
from tracker.store import Store

COOKIE = "eat_session"


@dataclass(frozen=True)
class House:
    """What all pages of this process share."""

    settings: Settings
    store: Store


@dataclass(frozen=True)
class Visit:
    """One rerun by one person: who, when, and the rules in force."""

    store: Store
    settings: Settings
    viewer: Viewer
    now: datetime
    policy: Policy

    def may(self, deed: Deed) -> bool:
        """Return whether this person's role allows a deed."""
        return may(self.viewer, deed)

    def theme_name(self, code: str) -> str:
        """Return a theme's name; its code where the taxonomy has it no more."""
        theme = self.policy.taxonomy.theme_by_code.get(code)
        return theme.name if theme else code


@st.cache_resource(show_spinner=False, on_release=lambda house: house.store.close())
def house() -> House:
    """Read the settings and open the store, once a process."""
    settings = Settings.read()
    return House(settings, Store.open(settings.database_url))


def session_cookie() -> str | None:
    """Return the secret that this browser was signed in with."""
    return st.context.cookies.get(COOKIE)


def visit() -> Visit | None:
    """Return who is here now; None where nobody is signed in, or not as one who works inside."""
    here, now = house(), utc_now()
    viewer = viewer_of_cookie(here.store, session_cookie(), now)
    if viewer is None or not viewer.inside:
        return None
    return Visit(here.store, here.settings, viewer, now, policy_in_force(here.store, now))


def enter(*deeds: Deed) -> Visit:
    """Return who is here, where their role allows one of the deeds (or none is named); else say why not."""
    here = visit()
    if here is None:
        _turn_away()
        st.stop()
    if deeds and not any(here.may(deed) for deed in deeds):
        st.markdown("#### This page is not for your role.")
        st.write(f"As {said_role(here.viewer.role)} you may not {deeds[0]}. Ask your coordinator.")
        st.stop()
    return here


def said_role(role: Role) -> str:
    """Return a role as people write it."""
    return role.replace("_", " ")


def _turn_away() -> None:
    shared = house()
    viewer = viewer_of_cookie(shared.store, session_cookie(), utc_now())
    if viewer is None:
        st.markdown("#### You are not signed in.")
        st.html('<p><a href="/sign-in" target="_self">Go to sign-in</a></p>')
    else:
        st.markdown("#### This part is for analysts and coordinators.")
        st.html('<p><a href="/my" target="_self">Go to your own page</a></p>')
