"""Can I trust what I see?"""

import streamlit as st
from markupsafe import Markup

from dashboards.components import fields, marks
from dashboards.components.markup import EMPTY, html, table, two_lines
from dashboards.forms import Form
from dashboards.session import Visit, enter
from tracker.access.permissions import Deed, require
from tracker.domain.wording import counted, sentence_case
from tracker.domain.words import SourceState
from tracker.ingest.sources import About, add_source
from tracker.store.reads.sources import SourceRow, source_health, sources

_HEADS = ("Name", "Kind", "Grade", "Country", "Items", "Last heard", "Next look")


def page() -> None:
    """Draw what fails first, then the rest."""
    here = enter()
    with here.store.viewing(here.viewer) as view:
        found, health = sources(view), source_health(view)
    failing = [source for source in found if source.state is SourceState.FAILING]
    total = counted(sum(health.values()), "source")
    marks.head(None, f"{total} in all", _sentence(failing, found))
    if here.may(Deed.SOURCES):
        with st.popover("Add a source", key=f"open-{Form('source').id}"):
            _add(here)
    if failing:
        with st.container(border=True, key="card-failing"):
            marks.title("Failing: what we may be missing")
            marks.show(table(_failing(source, here) for source in failing))
    with st.container(border=True, key="card-rest"):
        marks.title("The others")
        rest = [source for source in found if source.state is not SourceState.FAILING]
        if rest:
            marks.show(table((_cells(source, here) for source in rest), _HEADS))
        else:
            marks.note(
                "None. Add the first here, or take the shipped list with the command tracker sources import."
            )


def _sentence(failing: list[SourceRow], found: list[SourceRow]) -> str:
    if not found:
        return "No source yet: nothing can come in by itself."
    if not failing:
        return "Every source answers."
    heard = min(failing, key=lambda source: (source.last_ok_at is not None, source.last_ok_at))
    return f"{counted(len(failing), 'source fails', 'sources fail')}; longest: {heard.name}."


def _failing(source: SourceRow, here: Visit) -> tuple[Markup, ...]:
    heard = marks.instant(source.last_ok_at, here.now, as_ago=True)
    times = html("{} in a row · last heard {}", counted(source.failure_count, "failure"), heard)
    return (
        two_lines(html("<b>{}</b>", source.name), marks.outside_link(source.url, source.url or "no address")),
        two_lines(sentence_case(source.reason or "why is not known"), times),
        two_lines(
            html("Next try {}", _next(source, here)),
            "Open the address; where it moved, add the new one.",
        ),
    )


def _cells(source: SourceRow, here: Visit) -> tuple[object, ...]:
    state = marks.state(source.state) if source.state is SourceState.DISABLED else EMPTY
    return (
        html("<b>{}</b> {}", source.name, state),
        source.kind,
        source.reliability,
        marks.country(source.country) if source.country else "every country",
        source.item_count,
        marks.instant(source.last_ok_at, here.now, as_ago=True),
        _next(source, here),
    )


def _next(source: SourceRow, here: Visit) -> object:
    if source.next_poll_at is None:
        return "not polled"
    if source.next_poll_at <= here.now:
        return "at the next look"
    return marks.instant(source.next_poll_at, here.now, as_ago=True)


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
