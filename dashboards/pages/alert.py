"""What do we know, what is next, who does it?"""

import streamlit as st

from dashboards.components import chain, marks
from dashboards.components.evidence import by_source, claims, folded
from dashboards.forms import say
from dashboards.places import place
from dashboards.sections.actions import draw_actions
from dashboards.sections.add_item import draw_add_item
from dashboards.sections.answers import draw_answers
from dashboards.sections.bar import draw_bar
from dashboards.sections.beside import draw_beside
from dashboards.sections.brief import draw_brief
from dashboards.sections.head import draw_head
from dashboards.sections.mail_replies import draw_mail_replies
from dashboards.sections.opened import Opened, opened
from dashboards.sections.reply import draw_replies
from dashboards.session import enter
from tracker.domain.life import OPEN_STATES
from tracker.domain.wording import counted
from tracker.errors import NotFoundError
from tracker.respond.alerts import where_merged

_CLAIMS = 6


def page() -> None:
    """Draw one alert, or say that there is none for this viewer."""
    here = enter()
    alert_id = st.query_params.get("id", "")
    try:
        found = opened(here, alert_id)
    except NotFoundError:
        into = where_merged(here.store, here.viewer, alert_id, here.now)
        if into is not None:
            say("The alert you asked for was merged into this one.")
            st.query_params["id"] = into
            st.rerun()
        marks.head(None, "", "You may not see this alert, or there is none.")
        st.page_link(place("alerts"), label="All alerts that you may see")
        return
    draw_head(found)
    draw_bar(found)
    left, right = st.columns([1.7, 1], gap="medium")
    with left:
        _chain(found)
        draw_mail_replies(found)
        _claims(found)
        if found.alert.state in OPEN_STATES:
            draw_add_item(here, found.alert.id)
        draw_replies(found)
        draw_brief(found)
        draw_answers(found)
        draw_actions(found)
    with right:
        draw_beside(found)


def _chain(found: Opened) -> None:
    with st.container(border=True, key="card-chain"):
        marks.title("From warning to outcome")
        marks.show(chain.chain(found.alert.chain, found.due, found.now, len(found.file.checks)))


def _claims(found: Opened) -> None:
    told = folded(found.items)
    parts = by_source(told)
    copies = len(found.items) - len(told)
    known = f"{counted(len(found.items), 'item')} of {counted(len(parts), 'source')} that you may see"
    known += f", {counted(copies, 'copy', 'copies')} folded" if copies else ""
    marks.title(f"What the sources say ({known})" if parts else "What the sources say")
    if not found.items:
        marks.note("No item that you may see. An alert raised by hand rests on what its author wrote.")
        return
    marks.show(claims(parts[:_CLAIMS], found.now))
    if len(parts) > _CLAIMS:
        with st.expander(f"{len(parts) - _CLAIMS} more"):
            marks.show(claims(parts[_CLAIMS:], found.now))


page()
