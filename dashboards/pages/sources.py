"""Can I trust what I see?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import streamlit as st
from markupsafe import Markup

from dashboards.components import fields, filters, marks
from dashboards.components.markup import EMPTY, html, table, two_lines
from dashboards.forms import Form
from dashboards.sections.source import draw_source
from dashboards.session import Visit, enter
from tracker.access.permissions import Deed, require
from tracker.domain.wording import counted, listed, number, sentence_case, span
from tracker.domain.words import SourceState
from tracker.ingest.mends import mend
from tracker.ingest.policy import FetchPolicy
from tracker.ingest.sources import About, add_source
from tracker.ingest.standing import (
    Standing,
    held_hosts,
    last_news,
    next_look,
    standing,
    trouble_since,
    weekly,
)
from tracker.ingest.urls import host_of
from tracker.store.reads.sources import SourceRow, sources

_HEADS = ("Name", "Grade", "Country", "Items a week", "Last new", "Next look")
_NAMED = 3


@dataclass(frozen=True)
class _Seen:
    """All sources that one viewer may see, sorted by how they stand."""

    here: Visit
    found: list[SourceRow]
    held: Mapping[str, datetime]
    silent_after: timedelta

    def those(self, *wanted: Standing) -> list[SourceRow]:
        """Return the sources that stand so, the longest in trouble first."""
        some = [row for row in self.found if standing(row, self.here.now, self.silent_after) in wanted]
        return sorted(some, key=lambda row: (trouble_since(row) or self.here.now, row.name))


def page() -> None:
    """Draw what is silent or broken first, the one that was chosen, then the rest."""
    here = enter()
    seen = _seen(here)
    marks.head(None, f"{counted(len(seen.found), 'source')} in all", _headline(seen), _under(seen))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = {row.id: row.name for row in sorted(seen.found, key=lambda row: row.name.lower())}
        chosen = filters.choose("Look at one", "id", names, "Choose a source", width=420) if names else None
        if here.may(Deed.SOURCES):
            with st.popover("Add a source", key=f"open-{Form('source').id}"):
                _add(here)
    if chosen:
        draw_source(here, next(row for row in seen.found if row.id == chosen), seen.held)
    _failing(seen)
    _silent(seen)
    _rest(seen)


def _seen(here: Visit) -> _Seen:
    silent_after = FetchPolicy.of(here.settings).silent_after
    with here.store.viewing(here.viewer) as view:
        found = sources(view)
    return _Seen(here, found, held_hosts(found, here.now), silent_after)


def _headline(seen: _Seen) -> str:
    if not seen.found:
        return "No source yet: nothing can come in by itself."
    failing, silent = seen.those(Standing.FAILING), seen.those(Standing.SILENT)
    if not failing and not silent:
        return "Every source that is switched on answers."
    said = []
    if failing:
        worst = failing[0]
        since = span(seen.here.now - (trouble_since(worst) or seen.here.now))
        said.append(
            f"{counted(len(failing), 'source fails', 'sources fail')}, {worst.name} the longest, for {since}"
        )
    if silent:
        names = listed([row.name for row in silent[:_NAMED]]) if len(silent) <= _NAMED else ""
        said.append(
            f"{len(silent)} {'answers' if len(silent) == 1 else 'answer'} and "
            f"{'is' if len(silent) == 1 else 'are'} silent{f': {names}' if names else ''}"
        )
    return f"{'; '.join(said)}."


def _under(seen: _Seen) -> str | None:
    off = len(seen.those(Standing.OFF))
    held = f"{counted(len(seen.held), 'host')} left alone by request" if seen.held else ""
    parts = [f"{off} switched off" if off else "", held]
    return " · ".join(part for part in parts if part) or None


def _failing(seen: _Seen) -> None:
    rows = seen.those(Standing.FAILING)
    if not rows:
        return
    with st.container(border=True, key="card-failing"):
        marks.title("Failing: what we may be missing")
        heads = ("Source", "What happens", "What to do")
        cells = table((_trouble(row, seen) for row in rows), heads)
        marks.show(html('<div class="stack sources">{}</div>', cells))


def _trouble(row: SourceRow, seen: _Seen) -> tuple[Markup, ...]:
    heard = marks.instant(row.last_ok_at, seen.here.now, as_ago=True) if row.last_ok_at else "never"
    tries = counted(row.failure_count, "failure")
    return (
        two_lines(_name(row), _where(row)),
        two_lines(
            sentence_case(row.reason or "why is not known"),
            html("{} in a row · last heard {}", tries, heard),
        ),
        two_lines(mend(row.trouble), html("Next try {}", _next(row, seen))),
    )


def _silent(seen: _Seen) -> None:
    rows = seen.those(Standing.SILENT)
    if not rows:
        return
    with st.container(border=True, key="card-silent"):
        marks.title(f"Silent: they answer, with nothing new for {span(seen.silent_after)} or longer")
        marks.note("Open the address: the feed may have moved, or have nothing to tell.")
        cells = table(_quiet(row, seen) for row in rows)
        marks.show(html('<div class="stack sources">{}</div>', cells))


def _quiet(row: SourceRow, seen: _Seen) -> tuple[Markup, ...]:
    given = counted(row.item_count, "item") if row.item_count else "nothing"
    return (
        two_lines(_name(row), _where(row)),
        html("silent for {}", span(seen.here.now - last_news(row))),
        html("{} before", given),
    )


def _where(row: SourceRow) -> Markup:
    return marks.outside_link(row.url, host_of(row.url or "") or "no address")


def _rest(seen: _Seen) -> None:
    with st.container(border=True, key="card-rest"):
        marks.title("The others")
        rest = seen.those(Standing.FINE) + seen.those(Standing.OFF)
        if rest:
            rest.sort(key=lambda row: (row.state is SourceState.DISABLED, row.name.lower()))
            rows = table((_cells(row, seen) for row in rest), _HEADS)
            marks.show(html('<div class="stack sources rest">{}</div>', rows))
        elif seen.found:
            marks.note("None.")
        else:
            marks.note(
                "None. Add the first here, or take the shipped list with the command tracker sources import."
            )


def _cells(row: SourceRow, seen: _Seen) -> tuple[object, ...]:
    is_off = row.state is SourceState.DISABLED
    told = sentence_case(row.reason) if row.reason else EMPTY
    name = html("{} {}", _name(row), marks.chip("off") if is_off else EMPTY)
    return (
        two_lines(name, told) if told else name,
        row.reliability,
        marks.country(row.country) if row.country else "every country",
        number(weekly(row, seen.here.now)),
        marks.instant(row.last_new_at, seen.here.now, as_ago=True) if row.last_new_at else "nothing yet",
        "" if is_off else _next(row, seen),
    )


def _name(row: SourceRow) -> Markup:
    return html('<b><a href="/sources?id={}" target="_self">{}</a></b>', row.id, row.name)


def _next(row: SourceRow, seen: _Seen) -> object:
    at = next_look(row, seen.held)
    if at is None:
        return "none: it is not polled"
    return "at the next look" if at <= seen.here.now else marks.instant(at, seen.here.now, as_ago=True)


def _add(here: Visit) -> None:
    form, names = Form("source"), fields.countries(here)
    with form.drawn():
        st.text_input("Address of the feed", key=form.key("url"), placeholder="https://example.org/feed.xml")
        st.text_input("Name", key=form.key("name"))
        st.text_input("Publisher", key=form.key("publisher"))
        st.text_input("Language (a tag such as fr)", key=form.key("lang"))
        st.selectbox(
            "Country, where it is about one",
            list(names),
            index=None,
            format_func=names.__getitem__,
            key=form.key("country"),
        )
        form.submit("Add", "Added; it is polled at the next look.", lambda visit: _added(visit, form))


def _added(here: Visit, form: Form) -> None:
    about = About(
        name=form.text("name") or None,
        publisher=form.text("publisher") or None,
        lang=form.text("lang") or None,
        country=form.said("country"),
        steward_id=here.viewer.user_id,
    )
    require(here.viewer, Deed.SOURCES)
    add_source(here.store, form.text("url"), here.now, about, actor=here.viewer.actor)


page()
