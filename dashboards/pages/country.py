"""Is this normal here, and who is there?"""

from datetime import timedelta

import streamlit as st

from dashboards.components import fields, filters, marks
from dashboards.components.evidence import first_words, source_name
from dashboards.components.markup import html, two_lines
from dashboards.components.rows import alert_link, row, under
from dashboards.places import place
from dashboards.sections.series import CountrySeries, draw_series
from dashboards.sections.worked import draw_worked
from dashboards.session import Visit, enter
from tracker.detect.normal import Normal
from tracker.domain.countries import country_name
from tracker.domain.times import iso_week, week_start, weeks_before
from tracker.domain.wording import counted, listed, said
from tracker.domain.words import SourceState
from tracker.respond.steps import level_of
from tracker.store.reads.alerts import AlertFilter, AlertRow, alerts
from tracker.store.reads.countries import (
    WeekRow,
    actions_started,
    countries_with_alerts,
    signals_of,
    weeks_of,
    what_worked,
)
from tracker.store.reads.inbox import SignalRow
from tracker.store.reads.items import ItemFilter, ItemRow, items
from tracker.store.reads.sources import SourceRow, sources

_WEEKS, _AT_ONCE = 26, 200
_RECENT = timedelta(days=14)
_OVERALL = {
    Normal.ABOVE: "more was told than usual, this week or last.",
    Normal.USUAL: "as usual, as far as we see.",
    Normal.UNSEEN: "nobody has reported for weeks; it may be a blind spot.",
}


def page() -> None:
    """Draw one country."""
    here = enter()
    names = fields.countries(here)
    with here.store.viewing(here.viewer) as view:
        busy = [each.country for each in countries_with_alerts(view) if each.country in names]
    names = {code: names[code] for code in [*busy, *(code for code in names if code not in busy)]}
    top = st.container()
    code = filters.choose("Country", "iso3", names, None, width=320)
    if code is None:
        return
    this_week = iso_week(here.now)
    weeks = [*weeks_before(this_week, _WEEKS - 1), this_week]
    with here.store.viewing(here.viewer) as view:
        counts, signals = weeks_of(view, code, weeks[0]), signals_of(view, code)
        since = week_start(weeks[0])
        opened = alerts(view, AlertFilter(open_only=False, country=code, since=since), limit=_AT_ONCE)
        open_alerts = alerts(view, AlertFilter(country=code))
        started = actions_started(view, code, since)
        newest = items(view, ItemFilter(country=code), limit=12)
        watched = [source for source in sources(view) if source.country == code]
        worked = what_worked(view, code)
    label = marks.strictest_of(row.tlp for rows in (signals, newest, worked) for row in rows)
    series = CountrySeries(weeks, counts, signals, opened, started)
    with top:
        right = f"{counted(len(open_alerts), 'open alert')} · the last {_WEEKS} weeks"
        marks.head(label, right, f"{country_name(code)}: {_sentence(here, series)}")
    draw_series(here, series)
    left, right_side = st.columns([1.55, 1], gap="medium")
    with left:
        _alerts(here, open_alerts)
        _items(here, code, newest)
    with right_side:
        _signals(here, signals)
        _sources(here, watched, counts)
        draw_worked(worked, here.now, "What worked here, and what was learnt")


def _sentence(here: Visit, series: CountrySeries) -> str:
    if not series.counts:
        return "nothing counted in these weeks; it may be a blind spot."
    recent = [s for s in series.signals if s.flagged_at >= here.now - _RECENT and s.bound is not None]
    if not recent:
        return _OVERALL[series.standing(here.policy.rules.escalation).normal]
    return f"more {listed(sorted({here.theme_name(s.theme).lower() for s in recent}))} than usual."


def _alerts(here: Visit, found: list[AlertRow]) -> None:
    with st.container(border=True, key="card-alerts"):
        marks.title("Open alerts")
        for number, alert in enumerate(found):
            with row(alert.id, first=number == 0, widths=(1, 4)) as cells:
                with cells[0]:
                    marks.show(marks.level(level_of(alert)))
                with cells[1]:
                    alert_link(here, alert)
                    marks.write('<span class="small soft">{}</span>', under(alert))
        if not found:
            marks.note("None is open.")


def _items(here: Visit, code: str, found: list[ItemRow]) -> None:
    with st.container(border=True, key="card-items"):
        marks.title("Newest items")
        for item in found:
            about = html("{} · {}", source_name(item), marks.instant(item.published_at, here.now))
            marks.write('<p dir="auto">{}</p>', two_lines(first_words(item), about))
        if found:
            st.page_link(
                place("items"),
                label="All items of this country",
                query_params={"country": code},
            )
        else:
            marks.note("None yet. Items about this country come from its own sources and from wider ones.")


def _signals(here: Visit, found: list[SignalRow]) -> None:
    with st.container(border=True, key="card-signals"):
        marks.title("Newest signals")
        for signal in found[:8]:
            when = html("{} · {}", said(signal.state), marks.instant(signal.flagged_at, here.now))
            marks.write("<p>{} {}</p>", marks.level(signal.level), two_lines(signal.sentence, when))
        if not found:
            marks.note("No rule has flagged anything here.")


def _sources(here: Visit, found: list[SourceRow], counts: list[WeekRow]) -> None:
    working = [source for source in found if source.state is SourceState.ACTIVE]
    with st.container(border=True, key="card-sources"):
        marks.title("Sources and blind spots")
        if found and not working:
            marks.write('<p class="small late">None of them works: this country is a blind spot.</p>')
        if not counts:
            marks.write('<p class="small late">No story was counted in these weeks: nobody reports.</p>')
        for source in found:
            line = '<p class="small"><b>{}</b> {} <span class="soft">last heard {}</span></p>'
            marks.write(
                line, source.name, marks.state(source.state), marks.instant(source.last_ok_at, here.now)
            )
        if not found:
            marks.note("No source is about this country alone: what we know comes from wider ones.")


page()
