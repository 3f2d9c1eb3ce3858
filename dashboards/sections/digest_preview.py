"""A week's digest as each audience gets it: the mail itself, wide, on a phone, and as text."""

from base64 import b64encode

import streamlit as st

from dashboards.components import filters, marks
from dashboards.session import Visit
from tracker.domain.countries import country_choices
from tracker.share.desk import Audience, Desk, Reader, preview

_NAMES = {
    Audience.INSIDE: "Inside: you, as you get it",
    Audience.OFFICER: "An officer",
    Audience.PARTNER: "A partner",
    Audience.MEMBER_STATE: "A Member State",
}
_FORMS = {"wide": "Mail, 600 px", "phone": "Mail, phone", "text": "Text"}
_WIDTHS = {"wide": 600, "phone": 375}
_HEIGHT = 720


def draw_preview(here: Visit, at: Desk) -> None:
    """Draw the mail that the chosen audience would get if it left now."""
    marks.title("As they get it")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        said = filters.choose(
            "For", "as", {str(each): name for each, name in _NAMES.items()}, None, width=240
        )
        audience = Audience(said or Audience.INSIDE)
        state = None
        if audience is Audience.MEMBER_STATE:
            state = filters.choose("Which", "state", dict(country_choices()), None, width=240)
        form = filters.choose("How", "how", _FORMS, None, width=180) or "wide"
    mail = preview(here.store, here.settings, here.viewer, at.week.week, Reader(audience, state), here.now)
    marks.write('<p class="small"><span class="soft">Subject:</span> {}</p>', mail.subject)
    if form == "text":
        st.code(mail.text, language=None, wrap_lines=True)
    else:
        st.iframe(_apart(mail.html), width=_WIDTHS[form], height=_HEIGHT, alt="The mail")
    if audience is not Audience.INSIDE:
        marks.note("A typical reader, cleared as their role is, with no scope and nothing delivered to them.")


def _apart(mail: str) -> str:
    """Return a mail as an address of its own: a browser lets nothing in it reach the page around it."""
    return f"data:text/html;charset=utf-8;base64,{b64encode(mail.encode()).decode('ascii')}"
