"""Which alerts are there, and who has them?"""

from datetime import timedelta

import streamlit as st

from dashboards.components import filters, marks
from dashboards.components.markup import html
from dashboards.components.rows import alert_link, row, under
from dashboards.sections.by_hand import by_hand
from dashboards.session import Visit, enter
from tracker.access.people import show_people
from tracker.access.permissions import Deed
from tracker.domain.countries import country_name
from tracker.domain.life import OPEN_STATES
from tracker.domain.wording import counted, said
from tracker.domain.words import MilestoneKind
from tracker.respond.steps import Need, level_of
from tracker.respond.today import next_steps
from tracker.store.reads.alerts import AlertFilter, alerts
from tracker.store.reads.countries import countries_with_alerts

_AT_ONCE = 30
_WIDTHS = (1.05, 3.8, 1.6, 1.5, 1.8)
_REACHED: dict[str, str] = {
    MilestoneKind.VERIFIED: "Verified",
    MilestoneKind.DELIVERED: "Delivered",
    MilestoneKind.DECIDED: "Decided",
    MilestoneKind.FIRST_RESPONSE: "First response",
    MilestoneKind.OUTCOME: "Outcome",
}


def page() -> None:
    """Draw the list of alerts."""
    here = enter()
    with here.store.viewing(here.viewer) as view:
        busy = countries_with_alerts(view)
    top = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wanted = _filters(here, [each.country for each in busy])
        if here.may(Deed.WORK):
            with st.popover("Raise by hand"):
                by_hand(here)
    start = filters.current_page() * _AT_ONCE
    with here.store.viewing(here.viewer) as view:
        rows = alerts(view, wanted, limit=_AT_ONCE + 1, offset=start)
        found = next_steps(view, rows[:_AT_ONCE], here.policy, here.now)
    shown = rows[:_AT_ONCE]
    with top:
        total = sum(each.open_count for each in busy)
        words = f"{counted(total, 'alert is', 'alerts are')} open in {counted(len(busy), 'country', 'countries')}."
        label = marks.strictest_of(tlp for alert in shown for tlp in alert.tlp)
        marks.head(label, html("newest first"), html("{}", words if total else "No alert is open."))
    names = show_people(here.store, here.viewer, [a.owner_id for a in shown if a.owner_id], here.now)
    for number, need in enumerate(found):
        _row(here, need, names.get(need.alert.owner_id or ""), first=number == 0)
    if not shown:
        marks.note("No alert fits. Signals are promoted to alerts in the inbox; critical ones open theirs.")
    filters.page_number(more=len(rows) > _AT_ONCE)


def _filters(here: Visit, busy: list[str]) -> AlertFilter:
    country = filters.choose(
        "Country", "country", {code: country_name(code) for code in busy}, "Every country"
    )
    themes = {theme.code: theme.name for theme in here.policy.taxonomy.themes if theme.raises}
    theme = filters.choose("Theme", "theme", themes, "Every theme")
    state = filters.choose("Show", "show", {"open": "Open ones", "all": "All"}, None)
    reached = filters.choose("Reached", "reached", _REACHED, "Any step")
    days = filters.choose("Opened", "days", filters.PERIODS, "At any time")
    return AlertFilter(
        open_only=state == "open",
        country=country,
        theme=theme,
        reached=MilestoneKind(reached) if reached else None,
        since=here.now - timedelta(days=int(days)) if days else None,
    )


def _row(here: Visit, need: Need, owner: str | None, *, first: bool) -> None:
    alert = need.alert
    with row(alert.id, first=first, widths=_WIDTHS) as cells:
        with cells[0]:
            marks.show(marks.level(level_of(alert)))
        with cells[1]:
            alert_link(here, alert)
            marks.write('<span class="small soft">{}</span>', under(alert))
        with cells[2]:
            stage = said(alert.chain.stage) if alert.chain.stage else "not known"
            marks.write('{}<br><span class="small soft">{}</span>', stage, said(alert.state))
        with cells[3]:
            if alert.state in OPEN_STATES:
                marks.show(marks.deadline(need.step, need.due_at, here.now, parted="<br>"))
            else:
                marks.write(
                    '<span class="soft">{} {}</span>',
                    said(alert.state),
                    marks.instant(alert.closed_at, here.now),
                )
        with cells[4]:
            marks.show(marks.person(owner))


page()
