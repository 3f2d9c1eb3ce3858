"""Is this normal here, and who is there?"""

from datetime import timedelta

import streamlit as st

from dashboards.components import fields, filters, marks
from dashboards.components.evidence import first_words, source_name
from dashboards.components.markup import html, two_lines
from dashboards.components.rows import alert_link, row, under
from dashboards.sections.series import draw_series
from dashboards.session import Visit, enter
from tracker.domain.countries import country_name
from tracker.domain.times import iso_week, weeks_before
from tracker.domain.wording import counted, listed, said
from tracker.respond.steps import level_of
from tracker.store.reads.alerts import AlertFilter, AlertRow, alerts
from tracker.store.reads.countries import WeekRow, countries_with_alerts, signals_of, weeks_of
from tracker.store.reads.inbox import SignalRow
from tracker.store.reads.items import ItemFilter, ItemRow, items
from tracker.store.reads.sources import SourceRow, sources

_WEEKS = 26
_RECENT = timedelta(days=14)


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
        open_alerts = alerts(view, AlertFilter(country=code))
        newest = items(view, ItemFilter(country=code), limit=12)
        watched = [source for source in sources(view) if source.country == code]
    label = marks.strictest_of([s.tlp for s in signals] + [i.tlp for i in newest])
    with top:
        right = f"{counted(len(open_alerts), 'open alert')} · the last {_WEEKS} weeks"
        marks.head(label, right, f"{country_name(code)}: {_sentence(here, counts, signals)}")
    draw_series(here, weeks, counts, signals)
    left, right_side = st.columns([1.55, 1], gap="medium")
    with left:
        _alerts(here, open_alerts)
        _items(here, newest)
    with right_side:
        _signals(here, signals)
        _sources(here, watched)


def _sentence(here: Visit, counts: list[WeekRow], signals: list[SignalRow]) -> str:
    if not counts:
        return "nothing counted in these weeks; it may be a blind spot."
    recent = [s for s in signals if s.flagged_at >= here.now - _RECENT and s.bound is not None]
    if not recent:
        return "within its normal, as far as we see."
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


def _items(here: Visit, found: list[ItemRow]) -> None:
    with st.container(border=True, key="card-items"):
        marks.title("Newest items")
        for item in found:
            about = html("{} · {}", source_name(item), marks.instant(item.published_at, here.now))
            marks.write('<p dir="auto">{}</p>', two_lines(first_words(item), about))
        if not found:
            marks.note("None yet.")


def _signals(here: Visit, found: list[SignalRow]) -> None:
    with st.container(border=True, key="card-signals"):
        marks.title("Newest signals")
        for signal in found[:8]:
            when = html("{} · {}", said(signal.state), marks.instant(signal.flagged_at, here.now))
            marks.write("<p>{} {}</p>", marks.level(signal.level), two_lines(signal.sentence, when))
        if not found:
            marks.note("No rule has flagged anything here.")


def _sources(here: Visit, found: list[SourceRow]) -> None:
    with st.container(border=True, key="card-sources"):
        marks.title("Sources about this country alone")
        for source in found:
            line = '<p class="small"><b>{}</b> {} <span class="soft">last heard {}</span></p>'
            marks.write(
                line, source.name, marks.state(source.state), marks.instant(source.last_ok_at, here.now)
            )
        if not found:
            marks.note("None: what we know comes from wider sources.")


page()
