"""Does the machinery run, and who can come in?"""

import streamlit as st

from dashboards.components import marks
from dashboards.components.markup import html, table, two_lines
from dashboards.lookups import Machinery, machinery
from dashboards.sections.users import draw_user_forms, show_link
from dashboards.session import Visit, enter, said_role
from tracker.access.permissions import Deed
from tracker.domain.countries import country_name
from tracker.domain.wording import counted, said
from tracker.domain.words import OutboxState, RunState
from tracker.store.writes.people import Person

_HEADS = ("Name", "Role", "Organisation", "Cleared up to", "Weekly mail")


def page() -> None:
    """Draw job log, outbox and users."""
    here = enter(Deed.ADMINISTER)
    found = machinery(here)
    marks.head(None, "", _sentence(found))
    show_link()
    left, right = st.columns([1.4, 1], gap="medium")
    with left, st.container(border=True, key="card-people"):
        _people(here, found)
    with right:
        with st.container(border=True, key="card-outbox"):
            marks.title("What leaves the house")
            marks.show(table((said(state), found.outbox.get(state, 0)) for state in OutboxState))
        with st.container(border=True, key="card-jobs"):
            _jobs(here, found)


def _sentence(found: Machinery) -> str:
    failed = sum(run.state is RunState.FAILED for run in found.runs)
    stuck = found.outbox.get(OutboxState.FAILED, 0)
    jobs = "Every job runs" if found.runs else "No job has run yet"
    if failed:
        jobs = f"{failed} of the newest {counted(len(found.runs), 'run')} failed"
    return f"{jobs}; {counted(stuck, 'mail')} could not be sent."


def _people(here: Visit, found: Machinery) -> None:
    marks.title(counted(len(found.people), "user"))
    with st.container(horizontal=True):
        draw_user_forms(found.people)
    marks.show(table((_cells(person) for person in found.people), _HEADS))


def _cells(person: Person) -> tuple[object, ...]:
    state = f", {country_name(person.own_country)}" if person.own_country else ""
    return (
        two_lines(html("<b>{}</b>", person.name), person.email),
        said_role(person.role) + state,
        person.org_name,
        marks.tlp(person.clearance),
        "stopped" if person.digest_stopped_at else "yes",
    )


def _jobs(here: Visit, found: Machinery) -> None:
    marks.title("Jobs")
    for run in found.runs[:20]:
        words = run.summary or ("still running" if run.state is RunState.RUNNING else "nothing said")
        when = html("{} · {}", marks.instant(run.started_at, here.now, as_ago=True), words)
        marks.write("<p>{}</p>", two_lines(html("<b>{}</b> {}", run.job, marks.state(run.state)), when))
    if not found.runs:
        marks.note("The command tracker run starts them.")


page()
