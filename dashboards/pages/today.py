"""What needs me, and where is the gap?"""

from datetime import datetime, timedelta

import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from dashboards.components import marks
from dashboards.components.markup import html
from dashboards.components.rows import follow_taken, need_row, row
from dashboards.lookups import PERIOD
from dashboards.places import place
from dashboards.roster import duty
from dashboards.sections.gap import draw_blind_spots, draw_funnel, draw_response, draw_world
from dashboards.sections.mail_replies import draw_waiting_mail
from dashboards.sections.on_duty import line
from dashboards.session import Visit, enter
from tracker.access.permissions import Deed
from tracker.domain.countries import country_name
from tracker.domain.wording import counted, moment, sentence_case, week_words
from tracker.domain.words import SourceState
from tracker.respond.steps import Need
from tracker.respond.today import LastLook, headline, needs, said_change, since_last_look
from tracker.share.figures import Gap, gap
from tracker.share.figures.curves import aalen_johansen
from tracker.share.figures.gap import counted_apart
from tracker.share.figures.waits import waits_for_response
from tracker.store import ViewerSession
from tracker.store.reads.blind import blind_spots
from tracker.store.reads.chains import AlertChain, chains_since, open_chains
from tracker.store.reads.countries import countries_with_alerts
from tracker.store.reads.figures import signal_counts
from tracker.store.reads.inbox import SignalRow, waiting_count, waiting_signals
from tracker.store.reads.mail_replies import MailReplyRow, waiting_mail_replies
from tracker.store.reads.sources import source_health

_ROWS = 12
_CHANGES = 10
_SILENT_AFTER = timedelta(days=7)


def page() -> None:
    """Draw the first page."""
    here = enter()
    follow_taken()
    found = needs(here.store, here.viewer, here.policy, here.now)
    with here.store.viewing(here.viewer) as view:
        waiting, first = waiting_count(view), waiting_signals(view, limit=1)
        health = source_health(view)
        mail = waiting_mail_replies(view) if here.may(Deed.WORK) else []
    label = marks.strictest_of(tlp for need in found for tlp in need.alert.tlp)
    look = _last_look(here)
    marks.head(label, _right(here, health), headline(found, here.now), _since(look, here.now))
    _changes(here, look)
    left, right = st.columns([1.55, 1], gap="medium")
    with left, st.container(border=True, key="card-needs"):
        mine = [need for need in found if need.is_for(here.viewer, here.now)]
        _needs(here, mine, waiting, first, mail)
    _draw_gap(here, right)


def _draw_gap(here: Visit, right: DeltaGenerator) -> None:
    """Draw the rest once a person can begin to work."""
    with here.store.viewing(here.viewer) as view:
        chains, figures = _gap(view, here)
        blind = blind_spots(view, here.now - _SILENT_AFTER)
        busy = countries_with_alerts(view)
    with right:
        draw_response(aalen_johansen(waits_for_response(chains, here.now)), figures)
        draw_blind_spots(blind, here.now)
    draw_funnel(figures)
    draw_world(busy)


def _gap(view: ViewerSession, here: Visit) -> tuple[list[AlertChain], Gap]:
    since = here.now - PERIOD
    period = chains_since(view, since, here.now + timedelta(seconds=1))
    older = open_chains(view, since, here.now)
    figures = gap(period, signal_counts(view, since, here.now), here.policy.deadlines, here.now, older)
    return counted_apart(period)[0], figures


def _right(here: Visit, health: dict[SourceState, int]) -> Markup:
    silent, total = health.get(SourceState.FAILING, 0), sum(health.values())
    facts = (week_words(here.now), here.now, line(duty(here)), silent, counted(total, "source"))
    return html("{} · data to {:%H:%M} UTC · {} · <b>{} of {} failing</b>", *facts)


def _last_look(here: Visit) -> LastLook:
    key = f"last-look-{here.viewer.user_id}"
    if key not in st.session_state:
        st.session_state[key] = since_last_look(here.store, here.viewer, here.now)
    look: LastLook = st.session_state[key]
    return look


def _since(look: LastLook, now: datetime) -> Markup:
    if look.at is None:
        return html("This is your first look.")
    return html("Since you looked {}: {}.", moment(look.at, now), look.changes)


def _changes(here: Visit, look: LastLook) -> None:
    if not look.news:
        return
    with st.expander("What changed"):
        for news in look.news[:_CHANGES]:
            about = country_name(news.country) if news.country else "no country"
            theme = f", {here.theme_name(news.theme)}" if news.theme else ""
            where = f"/alert?id={news.alert_id}" if news.alert_id else "/inbox"
            line = '<p class="small">{} · {}: <a href="{}" target="_self">{}{}</a></p>'
            when = marks.instant(news.learned_at, here.now)
            marks.write(line, when, sentence_case(said_change(news)), where, about, theme)
        if len(look.news) > _CHANGES:
            marks.note(f"and {len(look.news) - _CHANGES} more.")


def _needs(
    here: Visit, found: list[Need], waiting: int, first: list[SignalRow], mail: list[MailReplyRow]
) -> None:
    marks.title("Needs you: critical first, then longest overdue")
    for number, need in enumerate(found[:_ROWS]):
        need_row(here, need, first=number == 0)
    if len(found) > _ROWS:
        st.page_link(place("alerts"), label=f"and {len(found) - _ROWS} more")
    if waiting:
        with row("inbox", first=not found) as cells:
            cells[0].html('<div class="eat soft">Inbox</div>')
            with cells[1]:
                words = counted(waiting, "signal waits", "signals wait")
                marks.write("<b>{} to be looked at</b>", words)
            with cells[2]:
                marks.show(marks.deadline("look", first[0].due_at, here.now, parted="<br>"))
            if cells[3].button("Open the inbox", width="stretch"):
                st.switch_page(place("inbox"))
    if mail:
        draw_waiting_mail(here, mail, first=not found and not waiting)
    if not found and not waiting and not mail:
        marks.note("Nothing waits for you. Signals that the rules raise come to the inbox.")


page()
