"""Is any of this worth an alert?"""

from dataclasses import dataclass

import streamlit as st

from dashboards.components import filters, marks
from dashboards.components.curve import Weeks, curve
from dashboards.components.rows import row
from dashboards.sections.add_item import draw_add_item
from dashboards.sections.table import draw_table
from dashboards.sections.toolbar import draw_box, draw_toolbar, is_marked
from dashboards.sections.triage import About, draw_triage
from dashboards.sections.unsettled import draw_unsettled
from dashboards.session import Visit, enter
from tracker.access.permissions import Deed
from tracker.domain.wording import counted, listed, still_elevated, story_words
from tracker.respond.similar import Similar, similar_to_signals
from tracker.store.reads.inbox import (
    SignalRow,
    evidence_sources,
    waiting_count,
    waiting_signals,
    weeks_since,
)
from tracker.store.reads.items import unsettled_count, unsettled_reports
from tracker.store.reads.stories import StoryCount, counts_of_signals

_AT_ONCE = 15
_ASKED_AT_ONCE = 10
_WIDTHS = (1.3, 4.2, 1.7, 1.2, 1.6)


def page() -> None:
    """Draw the signals that wait."""
    here = enter()
    start = filters.current_page() * _AT_ONCE
    with here.store.viewing(here.viewer) as view:
        total, asked = waiting_count(view), unsettled_count(view)
        asking = unsettled_reports(view, _ASKED_AT_ONCE)
        signals = waiting_signals(view, limit=_AT_ONCE, offset=start)
        sources = evidence_sources(view, [signal.id for signal in signals])
        since = weeks_since(view, signals)
        counts = counts_of_signals(view, [signal.id for signal in signals])
        similar = similar_to_signals(view, signals)
    late = sum(signal.due_at <= here.now for signal in signals)
    labels = [signal.tlp for signal in signals] + [item.tlp for item in asking]
    label = marks.strictest_of(labels)
    marks.head(label, "by level, then by how long they are due", _title(total, late, asked))
    if not total:
        marks.note("The rules look at each new item when it has come in; what they raise waits here.")
    draw_unsettled(here, asking)
    if signals and here.may(Deed.TRIAGE):
        draw_toolbar(here, [signal.id for signal in signals], similar)
    for number, signal in enumerate(signals):
        told = Told(
            signal,
            sources.get(signal.id, []),
            since.get(signal.id, []),
            counts.get(signal.id),
            similar[signal.id],
        )
        _row(here, told, first=number == 0)
    filters.page_number(more=start + _AT_ONCE < total)
    draw_add_item(here)
    draw_table(here)


def _title(total: int, late: int, asked: int) -> str:
    words = (
        f"{counted(total, 'signal waits', 'signals wait')} to be looked at" if total else "No signal waits"
    )
    if late and late == total:
        words += "; it is late" if total == 1 else "; all are late"
    elif late:
        words += f"; {late} of those shown {'is' if late == 1 else 'are'} late"
    asking = f" {counted(asked, 'field report asks', 'field reports ask')} you something." if asked else ""
    return f"{words}.{asking}"


@dataclass(frozen=True)
class Told:
    """A signal with the names of its sources, the weeks since that are still above its bound, and who tells it.

    `similar` are the open alerts most like it.
    """

    signal: SignalRow
    sources: list[str]
    since: list[tuple[str, int]]
    count: StoryCount | None
    similar: list[Similar]


def _row(here: Visit, told: Told, *, first: bool) -> None:
    signal, sources = told.signal, told.sources
    name = f"marked-{signal.id}" if is_marked(signal.id) else signal.id
    with row(name, first=first, widths=_WIDTHS) as cells:
        with cells[0], st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if here.may(Deed.TRIAGE):
                draw_box(signal.id)
            marks.show(marks.level(signal.level), narrow=True)
        with cells[1]:
            known = listed(sources[:4]) + (f" and {len(sources) - 4} more" if len(sources) > 4 else "")
            known = (
                f"{story_words(told.count.items, told.count.sources)}: {known}"
                if told.count and known
                else known
            )
            under = '<p>{}</p><p class="small soft">{} · {} · flagged {} · {}</p>'
            about = (signal.sentence, marks.country(signal.country), known or "no source that you may see")
            marks.write(
                under,
                *about,
                marks.instant(signal.flagged_at, here.now, as_ago=True),
                marks.tlp(signal.tlp),
            )
            if told.since:
                marks.write('<p class="small">{}</p>', still_elevated(told.since, signal.bound))
        with cells[2]:
            if weeks := Weeks.of_signal(signal.series, signal.expected, signal.bound):
                marks.show(curve(weeks))
        with cells[3]:
            marks.show(marks.deadline("look", signal.due_at, here.now, parted="<br>"))
        with cells[4]:
            if here.may(Deed.TRIAGE):
                draw_triage(here, About(signal.id, (signal.id,), told.similar))


page()
