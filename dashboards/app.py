"""The dashboard's frame: what is in the side bar, and which page runs. Every page checks its viewer itself."""

import streamlit as st

from dashboards import forms, kept
from dashboards.components import marks
from dashboards.places import place
from dashboards.roster import duty
from dashboards.sections.on_duty import draw_banner
from dashboards.session import Visit, said_role, visit
from tracker.access.permissions import Deed
from tracker.domain.words import SourceState
from tracker.store.reads.actions import unfinished_count
from tracker.store.reads.alerts import open_alert_count
from tracker.store.reads.inbox import waiting_count
from tracker.store.reads.items import unsettled_count
from tracker.store.reads.sources import source_health

st.set_page_config(page_title="Early action", layout="wide", initial_sidebar_state="auto")

_PAGES = (
    st.Page(place("today"), title="Today", default=True),
    st.Page(place("inbox"), title="Inbox", url_path="inbox"),
    st.Page(place("call"), title="Log a call", url_path="call"),
    st.Page(place("alerts"), title="Alerts", url_path="alerts"),
    st.Page(place("actions"), title="Actions", url_path="actions"),
    st.Page(place("countries"), title="Countries", url_path="countries"),
    st.Page(place("items"), title="Items", url_path="items"),
    st.Page(place("digest"), title="Digest", url_path="digest"),
    st.Page(place("figures"), title="Figures", url_path="figures"),
    st.Page(place("duty"), title="Duty", url_path="duty"),
    st.Page(place("channels"), title="How we reach you", url_path="channels"),
    st.Page(place("sources"), title="Sources", url_path="sources"),
    st.Page(place("admin"), title="Admin", url_path="admin"),
)
_NEEDS = {"admin": Deed.ADMINISTER, "call": Deed.TRIAGE, "digest": Deed.EDIT_DIGEST}
"""What one must be allowed to do to be shown a page; all else is for everybody inside."""
_BEGINS_A_GROUP = ("countries", "digest", "duty", "sources")
_NOT_IN_THE_SIDE_BAR = (
    st.Page(place("alert"), title="Alert", url_path="alert"),
    st.Page(place("country"), title="Country", url_path="country"),
)


def _counts(here: Visit) -> dict[str, int]:
    with here.store.viewing(here.viewer) as view:
        return {
            "inbox": waiting_count(view) + unsettled_count(view),
            "alerts": open_alert_count(view),
            "actions": unfinished_count(view),
            "sources": source_health(view).get(SourceState.FAILING, 0),
        }


def _side_bar(here: Visit, current: str) -> None:
    counts = _counts(here)
    with st.sidebar:
        marks.write('<p class="house">Early action</p>')
        for page in _PAGES:
            if not here.may(_NEEDS.get(page.url_path, Deed.SEE_ITEMS)):
                continue
            count = counts.get(page.url_path)
            place_ = "group" if page.url_path in _BEGINS_A_GROUP else "page"
            with st.container(key=f"{'here' if page.url_path == current else 'to'}-{place_}-{page.url_path}"):
                st.page_link(page, label=f"{page.title} :gray[{count}]" if count else page.title)
        marks.write(
            '<p class="small soft who">{}<br>{} · <a href="/sign-out" target="_self">sign out</a></p>',
            here.viewer.name,
            said_role(here.viewer.role),
        )


running = st.navigation([*_PAGES, *_NOT_IN_THE_SIDE_BAR], position="hidden")
marks.look()
if here := visit():
    kept.remember(here)
    _side_bar(here, running.url_path)
    forms.show_done()
else:
    forms.show_refusal()
above = st.container()
if here and running.url_path != "duty":
    draw_banner(here, duty(here))
running.run()
with above:
    forms.show_refusal()
