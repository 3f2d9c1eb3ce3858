"""What pages need of the whole house rather than of one viewer: each asks for the deed it belongs to first."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboards.session import Visit
from tracker.access.joblog import JobLog, job_logs
from tracker.access.people import by_role, shown_as
from tracker.access.permissions import Deed, require
from tracker.domain.due import read_job_times
from tracker.domain.viewer import INSIDE
from tracker.domain.wording import day_words
from tracker.domain.words import OutboxState, Role
from tracker.respond.duty import roster_now
from tracker.respond.recipients import TAKE_BRIEFS
from tracker.store.writes.duty import ON_DUTY_ROLES
from tracker.store.writes.mail_replies import OtherMails, other_mails
from tracker.store.writes.outbox import counts
from tracker.store.writes.people import Person, people

PERIOD = timedelta(days=90)
"""The period of the figures on the first page."""


@dataclass(frozen=True)
class Machinery:
    """What an admin looks after."""

    jobs: list[JobLog]
    outbox: dict[OutboxState, int]
    people: list[Person]
    other_mails: list[OtherMails]


def machinery(here: Visit) -> Machinery:
    """Return job log, outbox and users.

    Raises:
        NotAllowedError: not theirs to see.
    """
    require(here.viewer, Deed.ADMINISTER)
    times = read_job_times(here.settings.read_config("jobs"))
    with here.store.looking("administer", here.now) as work:
        return Machinery(job_logs(work, times, here.now), counts(work), people(work), other_mails(work))


def recipients(here: Visit) -> dict[str, str]:
    """Return who a brief can be delivered to, as e-mail → words. Never partners: who reported lives apart."""
    return _listed(here, TAKE_BRIEFS)


def colleagues(here: Visit) -> dict[str, str]:
    """Return who an alert can be handed to, as e-mail → words, with who is away; not the viewer."""
    roster = roster_now(here.store, here.now)
    away = {each.person: each.until for each in roster.away if each.since <= here.now}
    return _listed(here, ON_DUTY_ROLES, but=here.viewer.user_id, away=away)


def on_duty_people(here: Visit) -> dict[str, str]:
    """Return who can be on duty, as id → name: for those who set the roster, or swap in it."""
    require(here.viewer, Deed.WORK)
    with here.store.looking("list people", here.now) as work:
        found = [person for person in people(work) if person.role in ON_DUTY_ROLES]
    return {person.id: shown_as(here.viewer, person) for person in found}


def stewards(here: Visit) -> dict[str, str]:
    """Return who can keep a source, as id → words.

    Raises:
        NotAllowedError: not theirs to change.
    """
    require(here.viewer, Deed.SOURCES)
    with here.store.looking("list people", here.now) as work:
        found = [person for person in people(work) if person.role in INSIDE]
    return {person.id: f"{shown_as(here.viewer, person)} · {person.role}" for person in found}


def _listed(
    here: Visit,
    roles: Collection[Role],
    but: str | None = None,
    away: Mapping[str, datetime] | None = None,
) -> dict[str, str]:
    require(here.viewer, Deed.WORK)
    with here.store.looking("list people", here.now) as work:
        found = [person for person in people(work) if person.role in roles and person.id != but]
    return {person.email: _words(here, person, (away or {}).get(person.id)) for person in found}


def _words(here: Visit, person: Person, away_until: datetime | None) -> str:
    words = f"{shown_as(here.viewer, person)} · {by_role(person)}"
    return f"{words} · away until {day_words(away_until.date(), here.now.date())}" if away_until else words
