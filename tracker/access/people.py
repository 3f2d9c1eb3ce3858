"""Adding people and organisations, and how a person is shown to others."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tracker.domain.countries import is_country
from tracker.domain.viewer import DEFAULT_CLEARANCE, Viewer
from tracker.domain.words import Role, Tlp
from tracker.errors import SubmissionError
from tracker.store import Store
from tracker.store.writes import log
from tracker.store.writes.people import (
    NewUser,
    Person,
    add_user,
    disable,
    ensure_org,
    people,
    user_by_email,
    viewer,
)

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|[^@\s]+@localhost")


@dataclass(frozen=True)
class NewPerson:
    """A person to be added, as the operator says it; `countries` are ISO 3166-1 alpha-3."""

    email: str
    role: Role
    org: str
    name: str | None = None
    tlp: Tlp | None = None
    countries: tuple[str, ...] = ()


def create_user(store: Store, new: NewPerson, now: datetime, actor: str = "operator") -> str:
    """Add a person and return their ULID; the organisation is added where it is new.

    For a member_state, the first country is the State they speak for and is no scope; further ones limit
    what they see. For everybody else all countries are their scope.

    Raises:
        SubmissionError: not an address, no such country, or a member_state without its State.
        ConfigError: the address is taken.
    """
    codes = [code.upper() for code in new.countries]
    _check(new.email, new.role, codes)
    own_country = codes.pop(0) if new.role is Role.MEMBER_STATE else None
    with store.acting(actor, "add user", now) as work:
        user = NewUser(
            email=new.email.strip().lower(),
            name=new.name or new.email.split("@")[0],
            role=new.role,
            clearance=new.tlp or DEFAULT_CLEARANCE[new.role],
            org_id=ensure_org(work, new.org),
            countries=frozenset(codes),
            own_country=own_country,
        )
        user_id = add_user(work, user)
        log.audit(work, "user added", user_id, new.role)
    return user_id


def _check(email: str, role: Role, codes: list[str]) -> None:
    if not _EMAIL.fullmatch(email.strip()):
        raise SubmissionError("email", f"{email!r} is not an e-mail address.")
    unknown = [code for code in codes if not is_country(code)]
    if unknown:
        problem = f"No such country: {', '.join(unknown)}. Use ISO 3166-1 alpha-3, such as MLI."
        raise SubmissionError("countries", problem)
    if role is Role.MEMBER_STATE and not codes:
        raise SubmissionError("countries", "A member_state needs the State they speak for: --country ISO3.")


def end_access(store: Store, email: str, now: datetime, actor: str = "operator") -> None:
    """End a person's access: sign-in addresses, signed-in browsers, tokens, grants, mails. What they did stays.

    Raises:
        NotFoundError: nobody with access has this address.
    """
    with store.acting(actor, "end access", now) as work:
        user_id = user_by_email(work, email.strip().lower())
        disable(work, user_id)
        log.audit(work, "user disabled", user_id)


def viewer_of_email(store: Store, email: str, now: datetime) -> Viewer:
    """Return the person with this address as a viewer.

    Raises:
        NotFoundError: nobody with access has it.
    """
    with store.looking("find user", now) as work:
        found = viewer(work, user_by_email(work, email.strip().lower()))
    assert found is not None
    return found


def shown_as(viewer_: Viewer, person: Person) -> str:
    """Say a person's name to who may know it, else their role and organisation (design.md, rule 7)."""
    if viewer_.inside or viewer_.org_id == person.org_id:
        return person.name
    return by_role(person)


def by_role(person: Person) -> str:
    """Say a person's role and organisation, which tells nobody who they are."""
    return f"{person.role.replace('_', ' ')}, {person.org_name}"


def show_people(store: Store, viewer_: Viewer, user_ids: Iterable[str], now: datetime) -> dict[str, str]:
    """Return how each of these people is shown to the viewer: the one door through which names pass."""
    wanted = sorted(set(user_ids))
    if not wanted:
        return {}
    with store.looking("show people", now) as work:
        return {person.id: shown_as(viewer_, person) for person in people(work, wanted)}


def zone_of(store: Store, viewer_: Viewer, now: datetime) -> str:
    """Return the time zone (IANA) by whose clock the viewer lives."""
    with store.looking("read time zone", now) as work:
        (person,) = people(work, [viewer_.user_id])
    return person.time_zone
