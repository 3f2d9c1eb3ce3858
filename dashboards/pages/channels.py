"""How we reach you."""

import streamlit as st

from dashboards.components import marks
from dashboards.components.markup import html, two_lines
from dashboards.components.rows import row
from dashboards.forms import Form, say
from dashboards.session import Visit, enter
from tracker.domain.wording import ago, listed
from tracker.domain.words import ChannelState, Level
from tracker.errors import SubmissionError
from tracker.respond.duty import ZONES
from tracker.share.channels import (
    Reach,
    add_channel,
    change_level,
    reach,
    remove_channel,
    services,
    set_reach,
    try_channel,
)
from tracker.store.writes.channels import ChannelRow

_WIDTHS = (2.6, 2.1, 1.0, 1.2)


def page() -> None:
    """Draw mail and channels, and what one wants to be told by them."""
    here = enter()
    mine = reach(here.store, here.viewer, here.now)
    marks.head(None, "", _sentence(mine), "Notices say that something waits, never what. Sign in to see it.")
    left, right = st.columns([1.7, 1], gap="medium")
    with left, st.container(border=True, key="card-channels"):
        _channels(here, mine)
    with right, st.container(border=True, key="card-reach"):
        _reach(mine)


def _sentence(mine: Reach) -> str:
    failing = sum(channel.state is ChannelState.FAILING for channel in mine.channels)
    if failing:
        several = "One of your channels fails" if failing == 1 else f"{failing} of your channels fail"
        which = "Your channel fails" if len(mine.channels) == 1 else several
        return f"{which}; mail reaches you."
    more = " and by your channel" if len(mine.channels) == 1 else f" and by {len(mine.channels)} channels"
    return f"We reach you by mail{more if mine.channels else ''}."


def _channels(here: Visit, mine: Reach) -> None:
    marks.title("Ways to reach you")
    with row("mail", first=True, widths=_WIDTHS) as cells:
        with cells[0]:
            marks.show(two_lines(html("<b>Mail</b>"), mine.email))
        with cells[1]:
            marks.write('<span class="small">always</span>')
    for channel in mine.channels:
        _channel(here, channel)
    form = Form("channel", secret=("address",))
    with st.popover("Add a channel", key=form.opener):
        _add(here, form)


def _channel(here: Visit, channel: ChannelRow) -> None:
    test, change, remove = (Form(name, channel.id) for name in ("try", "level", "remove"))
    with row(channel.id, first=False, widths=_WIDTHS) as cells:
        with cells[0]:
            marks.show(two_lines(html("<b>{}</b>", channel.shown), _state(here, channel)))
        with cells[1]:
            st.selectbox(
                "From",
                list(Level),
                index=list(Level).index(channel.from_level),
                format_func=_from,
                label_visibility="collapsed",
                key=change.key("level"),
                on_change=change.press,
                args=("Kept.", lambda visit: _change(visit, channel.id, change)),
            )
        with cells[2]:
            test.button("Test", "Tried.", lambda visit: _try(visit, channel.id), wide=True)
        with cells[3]:
            remove.button(
                "Remove",
                "Removed.",
                lambda visit: remove_channel(visit.store, visit.viewer, channel.id, visit.now),
                wide=True,
            )
        for form in (test, change, remove):
            form.show_fault()


def _state(here: Visit, channel: ChannelRow) -> object:
    if channel.state is ChannelState.NEW:
        return "Nothing was sent yet; test it."
    since = ago(channel.state_since, here.now)
    if channel.state is ChannelState.WORKING:
        return f"works, since {since.removesuffix(' ago')}" if since != "just now" else "works"
    return html('<span class="late">fails</span>, {}: {}', since, channel.reason or "")


def _from(level: Level) -> str:
    return f"{marks.level_words(level)}{'' if level is Level.CRITICAL else ' and above'}"


def _change(here: Visit, channel_id: str, form: Form) -> None:
    change_level(here.store, here.viewer, channel_id, form.said("level"), here.now)


def _try(here: Visit, channel_id: str) -> None:
    came_back = try_channel(here.store, here.settings, here.viewer, channel_id, here.now)
    say(f"Sent: \u201cThis is a test.\u201d {came_back.words}")


def _add(here: Visit, form: Form) -> None:
    offered = services(here.settings).listed
    names = listed([service.name for service in offered])
    marks.write('<p class="small soft">{}.</p>', f"One of {names}")
    with form.drawn():
        st.text_input("Address", key=form.key("address"), placeholder=offered[0].example, type="password")
        with st.expander("How addresses are written"):
            for service in offered:
                marks.write('<p class="small"><b>{}</b><br>{}</p>', service.name, service.example)
        st.selectbox("Used for", list(Level), index=2, format_func=_from, key=form.key("level"))
        form.submit("Add it", "Added. Test it now.", lambda visit: _added(visit, form))


def _added(here: Visit, form: Form) -> None:
    if not form.text("address"):
        raise SubmissionError("address", "Write the address of your channel.")
    said = (form.text("address"), form.said("level"))
    add_channel(here.store, here.settings, here.viewer, said, here.now)


def _reach(mine: Reach) -> None:
    marks.title("Your week")
    zones, form = sorted(ZONES), Form("reach")
    with form.drawn():
        st.selectbox("Time zone", zones, index=zones.index(mine.time_zone), key=form.key("zone"))
        st.checkbox("The weekly digest, by mail", value=mine.gets_digest, key=form.key("digest"))
        form.submit("Keep", "Kept.", lambda visit: _kept(visit, form))
    marks.write(
        '<p class="small soft">What is not critical is told in the working week of your time zone; what is '
        'critical at any hour. When you are away, say so under <a href="/duty" target="_self">Duty</a>.</p>'
    )


def _kept(here: Visit, form: Form) -> None:
    digest = bool(form.said("digest"))
    set_reach(here.store, here.viewer, form.said("zone"), digest=digest, now=here.now)


page()
