"""Signing in by a one-time address; signed-in browsers and API tokens, looked up at every request."""

from datetime import datetime, timedelta

from tracker.access.secrets import digest, new_secret
from tracker.domain.viewer import Viewer
from tracker.store import Store
from tracker.store.writes import log, people

LINK_LIVES_FOR = timedelta(days=3)
SIGN_IN_LIVES_FOR = timedelta(hours=12)
TOKEN_PREFIX = "eat_"  # noqa: S105 - a public prefix, not a secret


def make_link(store: Store, user_id: str, public_url: str, now: datetime, actor: str = "operator") -> str:
    """Return a fresh one-time sign-in address for a user; good for three days."""
    secret = new_secret()
    with store.acting(actor, "make sign-in link", now) as work:
        people.store_link(work, user_id, digest(secret), now + LINK_LIVES_FOR)
        log.audit(work, "sign-in link made", user_id)
    return f"{public_url}/sign-in?key={secret}"


def sign_in(store: Store, link_secret: str, now: datetime) -> str | None:
    """Use up a one-time address; return the cookie's secret, or None where the address is no good."""
    cookie = new_secret()
    with store.acting("web", "sign in", now) as work:
        user_id = people.use_link(work, digest(link_secret))
        if user_id is None:
            log.audit(work, "sign-in refused", "link")
            return None
        work.actor = f"user:{user_id}"
        people.store_sign_in(work, user_id, digest(cookie), now + SIGN_IN_LIVES_FOR)
        log.audit(work, "signed in", user_id)
    return cookie


def viewer_of_cookie(store: Store, cookie: str | None, now: datetime) -> Viewer | None:
    """Return who is signed in with this cookie, as they are now; None where nobody is."""
    if not cookie:
        return None
    with store.looking("read sign-in", now) as work:
        user_id = people.signed_in_user(work, digest(cookie))
        return people.viewer(work, user_id) if user_id else None


def sign_out(store: Store, cookie: str, now: datetime) -> None:
    """End a signed-in browser; a second time changes nothing."""
    with store.acting("web", "sign out", now) as work:
        people.end_sign_in(work, digest(cookie))


def make_token(store: Store, user_id: str, name: str, now: datetime) -> str:
    """Return a fresh API token; the user's earlier one of this name stops working."""
    token = new_secret(TOKEN_PREFIX)
    with store.acting("operator", "make token", now) as work:
        people.store_token(work, user_id, name, digest(token))
        log.audit(work, "token made", user_id)
    return token


def viewer_of_token(store: Store, token: str, now: datetime) -> Viewer | None:
    """Return whose API token this is; None for one that is not in force."""
    with store.looking("read token", now) as work:
        user_id = people.token_user(work, digest(token))
        return people.viewer(work, user_id) if user_id else None


def note_refused_token(store: Store, now: datetime) -> None:
    """Leave an audit row of a token that was not in force."""
    with store.acting("web", "refuse token", now) as work:
        log.audit(work, "token refused", "api")
