"""Does the machinery run, and who can come in?"""

import streamlit as st

from dashboards.components import marks
from dashboards.components.markup import html, table, two_lines
from dashboards.lookups import Machinery, machinery
from dashboards.sections import jobs
from dashboards.sections.other_mail import draw_other_mail
from dashboards.sections.users import draw_user_forms, show_link
from dashboards.session import Visit, enter, said_role
from tracker.access.permissions import Deed
from tracker.domain.countries import country_name
from tracker.domain.wording import counted, said
from tracker.domain.words import OutboxState
from tracker.store.writes.people import Person

_HEADS = ("Name", "Role", "Organisation", "Cleared up to", "Weekly mail")


def page() -> None:
    """Draw job log, outbox and users."""
    here = enter(Deed.ADMINISTER)
    found = machinery(here)
    marks.head(None, "", _sentence(here, found))
    show_link()
    with st.container(border=True, key="card-jobs"):
        jobs.draw(found.jobs, here.now)
    left, right = st.columns([2.4, 1], gap="medium")
    with left, st.container(border=True, key="card-people"):
        _people(found)
    with right:
        with st.container(border=True, key="card-outbox"):
            marks.title("What leaves the house")
            marks.show(table((said(state), found.outbox.get(state, 0)) for state in OutboxState))
        with st.container(border=True, key="card-other-mail"):
            draw_other_mail(here, found.other_mails)


def _sentence(here: Visit, found: Machinery) -> str:
    stuck = found.outbox.get(OutboxState.FAILED, 0)
    mails = f"; {counted(stuck, 'mail')} could not be sent" if stuck else ""
    return f"{jobs.sentence(found.jobs, here.now)}{mails}."


def _people(found: Machinery) -> None:
    marks.title(counted(len(found.people), "user"))
    with st.container(horizontal=True):
        draw_user_forms(found.people)
    rows = table((_cells(person) for person in found.people), _HEADS)
    marks.show(html('<div class="stack people">{}</div>', rows))


def _cells(person: Person) -> tuple[object, ...]:
    state = f", {country_name(person.own_country)}" if person.own_country else ""
    return (
        two_lines(html("<b>{}</b>", person.name), person.email),
        said_role(person.role) + state,
        person.org_name,
        marks.tlp(person.clearance),
        "stopped" if person.digest_stopped_at else "yes",
    )


page()
