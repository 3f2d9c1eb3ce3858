"""Organisations, users, and the secrets that let them in. Secrets come here as SHA-256 only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from tracker.domain.viewer import Viewer
from tracker.domain.words import Role, Tlp
from tracker.errors import ConfigError, NotFoundError
from tracker.store.columns import new_id
from tracker.store.session import SystemSession
from tracker.store.tables import (
    ApiToken,
    Channel,
    Grant,
    KeptForm,
    Organisation,
    PublicKey,
    Secret,
    SignIn,
    SignInLink,
    User,
    UserCountry,
)
from tracker.store.upsert import insert_ignoring, inserted


@dataclass(frozen=True)
class NewUser:
    """A user to be added; `own_country` and `countries` are ISO 3166-1 alpha-3."""

    email: str
    name: str
    role: Role
    clearance: Tlp
    org_id: str
    countries: frozenset[str]
    own_country: str | None


@dataclass(frozen=True)
class Person:
    """A user as the system knows them; shown to others only through `shown_as`."""

    id: str
    name: str
    email: str
    role: Role
    org_id: str
    org_name: str
    clearance: Tlp
    time_zone: str
    own_country: str | None
    digest_stopped_at: datetime | None


def host_org(work: SystemSession) -> str:
    """Return the ULID of the host organisation.

    Raises:
        ConfigError: there is none yet; says to run `tracker init`.
    """
    host = work.scalar(select(Organisation.id).where(Organisation.is_host))
    if host is None:
        raise ConfigError("There is no host organisation yet. Run `tracker init`.")
    return host


def ensure_org(work: SystemSession, name: str) -> str:
    """Return the ULID of the organisation of this name, adding it where it is new."""
    insert_ignoring(work, Organisation, [{"id": new_id(work.now), "name": name, "is_host": False}])
    return work.scalars(select(Organisation.id).where(Organisation.name == name)).one()


def ensure_host(work: SystemSession, name: str) -> None:
    """Make the organisation of this name the host, unless there is a host already."""
    if work.scalar(select(Organisation.id).where(Organisation.is_host)) is None:
        host = work.get_one(Organisation, ensure_org(work, name))
        host.is_host = True


def add_user(work: SystemSession, new: NewUser) -> str:
    """Add a user and return their ULID.

    Raises:
        ConfigError: the address is taken, or was of somebody whose access was ended.
    """
    user_id = new_id(work.now)
    row = {
        "id": user_id,
        "email": new.email,
        "name": new.name,
        "role": new.role,
        "clearance": new.clearance,
        "org_id": new.org_id,
        "own_country": new.own_country,
        "time_zone": "UTC",
        "created_at": work.now,
    }
    if not inserted(work, User, row):
        if find_user(work, new.email) is None:
            raise ConfigError("Whoever had this address lost their access; add them by another address.")
        raise ConfigError("There is a user with this address already; `tracker users link` signs them in.")
    insert_ignoring(work, UserCountry, [{"user_id": user_id, "country": c} for c in sorted(new.countries)])
    return user_id


def find_user(work: SystemSession, email: str) -> str | None:
    """Return the ULID of the user with this address, None where there is none who has access."""
    return work.scalar(select(User.id).where(User.email == email, User.disabled_at.is_(None)))


def user_by_email(work: SystemSession, email: str) -> str:
    """Return a user's ULID.

    Raises:
        NotFoundError: nobody with access has this address.
    """
    user_id = find_user(work, email)
    if user_id is None:
        raise NotFoundError("user", email)
    return user_id


def viewer(work: SystemSession, user_id: str) -> Viewer | None:
    """Return a user as the predicate sees them; None where there is none, or their access was ended."""
    return next(iter(viewers(work, [user_id])), None)


def viewers(work: SystemSession, user_ids: Iterable[str]) -> list[Viewer]:
    """Return users who have access as the predicate sees them, in two queries."""
    ids = list(user_ids)
    scopes: dict[str, set[str]] = {}
    for user_id, country in work.execute(
        select(UserCountry.user_id, UserCountry.country).where(UserCountry.user_id.in_(ids))
    ):
        scopes.setdefault(user_id, set()).add(country)
    return [
        Viewer(
            user_id=user.id,
            name=user.name,
            role=user.role,
            clearance=user.clearance,
            org_id=user.org_id,
            scope=frozenset(scopes[user.id]) if user.id in scopes else None,
            own_country=user.own_country,
        )
        for user in work.scalars(
            select(User).where(User.id.in_(ids), User.disabled_at.is_(None)).order_by(User.id)
        )
    ]


def people(work: SystemSession, user_ids: Iterable[str] | None = None) -> list[Person]:
    """Return users with their organisation's name, by name; without ids all who have access."""
    wanted = select(User, Organisation.name).join(Organisation, Organisation.id == User.org_id)
    if user_ids is None:
        wanted = wanted.where(User.disabled_at.is_(None))
    else:
        wanted = wanted.where(User.id.in_(list(user_ids)))
    return [
        Person(
            user.id,
            user.name,
            user.email,
            user.role,
            user.org_id,
            org_name,
            user.clearance,
            user.time_zone,
            user.own_country,
            user.digest_stopped_at,
        )
        for user, org_name in work.execute(wanted.order_by(User.name, User.id))
    ]


def store_link(work: SystemSession, user_id: str, secret_hash: str, expires_at: datetime) -> None:
    """Keep a one-time sign-in address."""
    work.add(SignInLink(secret_hash=secret_hash, user_id=user_id, expires_at=expires_at))


def use_link(work: SystemSession, secret_hash: str) -> str | None:
    """Use up a sign-in address that is unused and in time; return its user, None otherwise."""
    used = (
        update(SignInLink)
        .where(
            SignInLink.secret_hash == secret_hash,
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > work.now,
        )
        .values(used_at=work.now)
        .returning(SignInLink.user_id)
    )
    return work.execute(used).scalar()


def store_sign_in(work: SystemSession, user_id: str, secret_hash: str, expires_at: datetime) -> None:
    """Keep a signed-in browser."""
    work.add(SignIn(secret_hash=secret_hash, user_id=user_id, began_at=work.now, expires_at=expires_at))


def signed_in_user(work: SystemSession, secret_hash: str) -> str | None:
    """Return who is signed in with this cookie; None where it ended or ran out."""
    live = select(SignIn.user_id).where(
        SignIn.secret_hash == secret_hash, SignIn.ended_at.is_(None), SignIn.expires_at > work.now
    )
    return work.scalar(live)


def end_sign_in(work: SystemSession, secret_hash: str) -> None:
    """Sign a browser out."""
    work.execute(update(SignIn).where(SignIn.secret_hash == secret_hash).values(ended_at=work.now))


def store_token(work: SystemSession, user_id: str, name: str, secret_hash: str) -> None:
    """Keep an API token, in place of the user's earlier one of that name."""
    earlier = work.scalar(select(ApiToken).where(ApiToken.user_id == user_id, ApiToken.name == name))
    if earlier is not None:
        work.delete(earlier)
        work.flush()
    work.add(ApiToken(secret_hash=secret_hash, user_id=user_id, name=name, created_at=work.now))


def token_user(work: SystemSession, secret_hash: str) -> str | None:
    """Return whose API token this is; None where there is none or it was revoked."""
    live = select(ApiToken.user_id).where(ApiToken.secret_hash == secret_hash, ApiToken.revoked_at.is_(None))
    return work.scalar(live)


def grant(work: SystemSession, user_id: str, row_ids: Sequence[str]) -> None:
    """Let a user see labelled rows in spite of holder, scope and role."""
    rows = [{"user_id": user_id, "row_id": row_id, "granted_at": work.now} for row_id in row_ids]
    insert_ignoring(work, Grant, rows)


def looked(work: SystemSession, user_id: str) -> datetime | None:
    """Note that a user looks at their first page now; return when they last did."""
    user = work.get_one(User, user_id)
    before, user.looked_at = user.looked_at, work.now
    return before


def stop_digest(work: SystemSession, user_id: str) -> None:
    """Stop a user's weekly mail; a second time changes nothing."""
    work.execute(
        update(User)
        .where(User.id == user_id, User.digest_stopped_at.is_(None))
        .values(digest_stopped_at=work.now)
    )


def set_reach(work: SystemSession, user_id: str, time_zone: str, *, digest: bool) -> None:
    """Set a user's time zone (IANA), and whether they get the weekly mail."""
    user = work.get_one(User, user_id)
    user.time_zone = time_zone
    user.digest_stopped_at = None if digest else user.digest_stopped_at or work.now


def disable(work: SystemSession, user_id: str) -> None:
    """End all that lets a user in or is sent to them; a second time changes nothing."""
    stop_digest(work, user_id)
    unused = update(SignInLink).where(SignInLink.user_id == user_id, SignInLink.used_at.is_(None))
    open_ = update(SignIn).where(SignIn.user_id == user_id, SignIn.ended_at.is_(None))
    in_force = update(ApiToken).where(ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None))
    for ending in (
        unused.values(used_at=work.now),
        open_.values(ended_at=work.now),
        in_force.values(revoked_at=work.now),
        delete(Grant).where(Grant.user_id == user_id),
        delete(KeptForm).where(KeptForm.user_id == user_id),
        delete(Channel).where(Channel.user_id == user_id),
        update(User).where(User.id == user_id, User.disabled_at.is_(None)).values(disabled_at=work.now),
    ):
        work.execute(ending)


def store_public_key(work: SystemSession, key: bytes) -> str:
    """Keep the public half of a key pair and return its ULID."""
    key_id = new_id(work.now)
    work.add(PublicKey(id=key_id, key=key, created_at=work.now))
    return key_id


def newest_public_key(work: SystemSession) -> tuple[str, bytes] | None:
    """Return the id and bytes of the key that seals identities now; None where there is none."""
    row = work.execute(
        select(PublicKey.id, PublicKey.key)
        .order_by(PublicKey.created_at.desc(), PublicKey.id.desc())
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else None


def secret(work: SystemSession, name: str, fresh: bytes) -> bytes:
    """Return the installation's secret of this name; keeps `fresh` where there is none yet."""
    insert_ignoring(work, Secret, [{"name": name, "value": fresh}])
    return work.scalars(select(Secret.value).where(Secret.name == name)).one()
