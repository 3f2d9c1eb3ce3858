"""Organisations, people, and what lets them in. All closed: names are shown through reads/people.py alone."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.words import Role, Tlp
from tracker.store.columns import UtcDateTime, ulid, words
from tracker.store.tables.base import Base, Closed


class Organisation(Base):
    """A member of the Platform, a State, a UN office; it holds rows and employs users."""

    __tablename__ = "organisation"
    __seen__ = Closed()

    id: Mapped[str] = mapped_column(ulid(), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    is_host: Mapped[bool] = mapped_column(default=False)


class User(Base):
    """A person who signs in. `own_country` is the State a member_state speaks for.

    Once `disabled_at` is set they are nobody's viewer any more; the row stays, for what they did.
    """

    __tablename__ = "app_user"
    __seen__ = Closed()

    id: Mapped[str] = mapped_column(ulid(), primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(words(Role, "app_user_role"))
    clearance: Mapped[Tlp] = mapped_column(words(Tlp, "app_user_clearance"))
    org_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    own_country: Mapped[str | None] = mapped_column(String(3))
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    digest_stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class UserCountry(Base):
    """One country of a user's scope; a user without any is not limited."""

    __tablename__ = "user_country"
    __seen__ = Closed()

    user_id: Mapped[str] = mapped_column(ForeignKey("app_user.id"), primary_key=True)
    country: Mapped[str] = mapped_column(String(3), primary_key=True)


class Grant(Base):
    """Lets one user see one labelled row in spite of holder, scope and role; never in spite of its label."""

    __tablename__ = "access_grant"
    __seen__ = Closed()

    user_id: Mapped[str] = mapped_column(ForeignKey("app_user.id"), primary_key=True)
    row_id: Mapped[str] = mapped_column(ulid(), primary_key=True)
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignInLink(Base):
    """A one-time sign-in address, kept as the SHA-256 of its secret."""

    __tablename__ = "sign_in_link"
    __seen__ = Closed()

    secret_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("app_user.id"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignIn(Base):
    """A browser that is signed in: the SHA-256 of its cookie, looked up at every request and rerun."""

    __tablename__ = "sign_in"
    __seen__ = Closed()

    secret_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("app_user.id"))
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ApiToken(Base):
    """A bearer token, kept as the SHA-256 of its secret."""

    __tablename__ = "api_token"
    __seen__ = Closed()
    __table_args__ = (UniqueConstraint("user_id", "name"), Index(None, "user_id"))

    secret_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("app_user.id"))
    name: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class KeptForm(Base):
    """What somebody had typed into a form when their sign-in ended: sealed, for them alone, then gone."""

    __tablename__ = "kept_form"
    __seen__ = Closed()

    user_id: Mapped[str] = mapped_column(ForeignKey("app_user.id"), primary_key=True)
    form: Mapped[str] = mapped_column(String(120), primary_key=True)
    box: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)
