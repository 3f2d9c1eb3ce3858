"""Stopping the weekly mail by the address in it: a signed token that names the user and never expires."""

from datetime import datetime

from itsdangerous import BadData, URLSafeSerializer

from tracker.access.secrets import new_secret
from tracker.store import Store
from tracker.store.writes import log, people
from tracker.store.writes.digest import kept_secret

_SECRET = "unsubscribe"  # noqa: S105 - a name, not a secret


def signing_key(store: Store, now: datetime) -> bytes:
    """Return the installation's secret that signs these tokens; makes it the first time."""
    with store.looking("read secret", now) as work:
        kept = kept_secret(work, _SECRET)
    if kept is not None:
        return kept
    with store.acting("job:mail", "make secret", now) as work:
        return people.secret(work, _SECRET, new_secret().encode())


def stop_token(key: bytes, user_id: str) -> str:
    """Return the token that stops this user's digest."""
    return str(URLSafeSerializer(key, salt=_SECRET).dumps(user_id))


def stop(store: Store, token: str, now: datetime) -> bool:
    """Stop the digest of the user whom a token names; False for a token that is none of ours.

    A second time changes nothing and is True again.
    """
    with store.looking("read secret", now) as work:
        key = kept_secret(work, _SECRET)
    if key is None:
        return False
    try:
        user_id = URLSafeSerializer(key, salt=_SECRET).loads(token)
    except BadData:
        return False
    with store.acting(f"user:{user_id}", "stop digest", now) as work:
        known = people.people(work, [user_id])
        if known and known[0].digest_stopped_at is None:
            people.stop_digest(work, user_id)
            log.audit(work, "digest stopped", user_id)
    return bool(known)
