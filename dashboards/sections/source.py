"""One source: how it stands, what became of it, and what those who may do with it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import streamlit as st
from markupsafe import Markup

from dashboards.components import marks
from dashboards.components.markup import html, joined
from dashboards.forms import Form, say
from dashboards.lookups import stewards
from dashboards.session import Visit
from tracker.access.people import show_people
from tracker.access.permissions import Deed
from tracker.clock import utc_now
from tracker.domain.wording import sentence_case
from tracker.domain.words import Reliability, SourceKind, SourceState
from tracker.ingest import stewardship
from tracker.ingest.mends import mend
from tracker.ingest.policy import FetchPolicy
from tracker.ingest.standing import next_look
from tracker.ingest.stewardship import Keeping
from tracker.store.reads.alerts import HistoryRow
from tracker.store.reads.sources import SourceRow, items_since, source_history

_DEEDS = {
    "recovered": "answers again",
    "noted": "worth knowing",
    "moved": "its address moved for good",
}
_AT_ONCE = 12
_NOBODY = ""
_MONTH = timedelta(weeks=4)


def draw_source(here: Visit, source: SourceRow, held: Mapping[str, datetime]) -> None:
    """Draw one source: facts on the left, history on the right, what may be done below."""
    with here.store.viewing(here.viewer) as view:
        history = source_history(view, source.id)
        recent = items_since(view, source.id, here.now - _MONTH)
    names = show_people(here.store, here.viewer, _people(source, history), here.now)
    with st.container(border=True, key="card-source"):
        marks.write(
            '<h3 class="name">{}</h3><p>{}</p>', source.name, marks.outside_link(source.url, source.url or "")
        )
        left, right = st.columns([1.15, 1], gap="medium")
        with left:
            marks.show(_facts(here, source, held, names, recent))
            if here.may(Deed.SOURCES):
                _moves(here, source)
        with right:
            _history(here, history, names)


def _people(source: SourceRow, history: list[HistoryRow]) -> set[str]:
    actors = {row.actor.partition(":")[2] for row in history if row.actor.startswith("user:")}
    return actors | ({source.steward_id} if source.steward_id else set())


def _facts(
    here: Visit, source: SourceRow, held: Mapping[str, datetime], names: Mapping[str, str], recent: int
) -> Markup:
    at = next_look(source, held)
    facts = {
        "How it stands": _standing(here, source),
        "What to do": mend(source.trouble) if source.trouble else None,
        "Last answer": marks.instant(source.last_ok_at, here.now, as_ago=True),
        "Last new item": marks.instant(source.last_new_at, here.now, as_ago=True),
        "Next look": _next(here, at),
        "Items": f"{source.item_count} in all, {recent} of the last four weeks",
        "Publisher": source.publisher,
        "Grade": f"{source.reliability} (A best, F cannot be judged)",
        "Steward": names.get(source.steward_id or "", "nobody"),
    }
    told = (html("<dt>{}</dt><dd>{}</dd>", name, value) for name, value in facts.items() if value)
    return html("<dl>{}</dl>", joined(told))


def _next(here: Visit, at: datetime | None) -> object:
    if at is None:
        return "none planned"
    return "as soon as the job runs" if at <= here.now else marks.instant(at, here.now, as_ago=True)


def _standing(here: Visit, source: SourceRow) -> Markup:
    words = {
        SourceState.ACTIVE: "answers",
        SourceState.FAILING: "fails",
        SourceState.DISABLED: "switched off",
    }[source.state]
    since = html(" since {}", marks.instant(source.state_since, here.now)) if source.state_since else ""
    return html(
        '<span class="{}">{}{}</span>{}',
        "late" if source.state is SourceState.FAILING else "",
        words,
        since,
        html("<br>{}", sentence_case(source.reason)) if source.reason else "",
    )


def _history(here: Visit, history: list[HistoryRow], names: Mapping[str, str]) -> None:
    marks.title("History")
    if not history:
        marks.note("Nothing changed since it was added.")
        return
    lines = [_change(here, row, names) for row in history]
    marks.write('<p class="small soft num">{}</p>', joined(lines[:_AT_ONCE], "<br>"))
    if len(lines) > _AT_ONCE:
        with st.expander(f"{len(lines) - _AT_ONCE} earlier"):
            marks.write('<p class="small soft num">{}</p>', joined(lines[_AT_ONCE:], "<br>"))


def _change(here: Visit, row: HistoryRow, names: Mapping[str, str]) -> Markup:
    kind, _, id_ = row.actor.partition(":")
    who = f" · {names.get(id_, 'not known')}" if kind == "user" else ""
    note = f": {row.note}" if row.note else ""
    return html(
        "{} {}{}{}", marks.instant(row.happened_at, here.now), _DEEDS.get(row.deed, row.deed), note, who
    )


def _moves(here: Visit, source: SourceRow) -> None:
    is_off = source.state is SourceState.DISABLED
    with st.container(horizontal=True):
        if is_off:
            Form("source-on", source.id).button(
                "Switch on",
                "Switched on; it is asked at the next look.",
                lambda visit: stewardship.switch_on(visit.store, visit.viewer, source.id, visit.now),
                primary=True,
            )
        elif source.kind is SourceKind.FEED and source.next_poll_at is not None:
            Form("source-ask", source.id).button(
                "Ask it now", "Asked.", lambda visit: _ask(visit, source.id), primary=True
            )
        with st.popover("Steward and grade", key=f"open-{Form('source-keep', source.id).id}"):
            _keep(here, source)
        if not is_off:
            with st.popover("Switch off", key=f"open-{Form('source-off', source.id).id}"):
                _switch_off(source)
    for name in ("source-on", "source-ask"):
        Form(name, source.id).show_fault()


def _ask(here: Visit, source_id: str) -> None:
    policy = FetchPolicy.of(here.settings)
    with st.spinner("Asking it; this takes up to half a minute."):
        say(stewardship.ask_now(here.store, here.viewer, source_id, policy, utc_now))


def _switch_off(source: SourceRow) -> None:
    form = Form("source-off", source.id)
    with form.drawn():
        st.text_input("Why, so that others know what they do not see", key=form.key("reason"))
        form.submit(
            "Switch off",
            "Switched off; what it gave is kept.",
            lambda visit: stewardship.switch_off(
                visit.store, visit.viewer, source.id, form.text("reason"), visit.now
            ),
        )


def _keep(here: Visit, source: SourceRow) -> None:
    form, people = Form("source-keep", source.id), {_NOBODY: "Nobody", **stewards(here)}
    grades = list(Reliability)
    with form.drawn():
        st.selectbox(
            "Steward",
            list(people),
            index=list(people).index(source.steward_id or _NOBODY) if source.steward_id in people else 0,
            format_func=people.__getitem__,
            key=form.key("steward"),
        )
        st.selectbox("Grade", grades, index=grades.index(source.reliability), key=form.key("grade"))
        form.submit("Change", "Changed.", lambda visit: _kept(visit, form, source.id))


def _kept(here: Visit, form: Form, source_id: str) -> None:
    keeping = Keeping(form.said("steward") or None, form.said("grade"))
    stewardship.keep(here.store, here.viewer, source_id, keeping, here.now)
