"""Proves that a form was shown to the browser that sends it: a signature over the digest of its cookie."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from itsdangerous import Signer

from tracker.access.secrets import digest
from tracker.store import Store
from tracker.store.writes.people import secret

_NAME = "csrf"


@dataclass
class FormSeal:
    """Signs with a secret of the installation, read once, so that any process may check what another signed."""

    store: Store
    _signer: Signer | None = None
    _lock: Lock = field(default_factory=Lock)

    def token(self, cookie: str, now: datetime) -> str:
        """Return the token that a form shown to this signed-in browser carries."""
        return self._read_signer(now).get_signature(digest(cookie)).decode()

    def fits(self, token: str, cookie: str, now: datetime) -> bool:
        """Return whether the form that carries `token` was shown to this browser, in constant time."""
        return self._read_signer(now).verify_signature(digest(cookie).encode(), token)

    def _read_signer(self, now: datetime) -> Signer:
        with self._lock:
            if self._signer is None:
                with self.store.acting("web", "read secret", now) as work:
                    key = secret(work, _NAME, secrets.token_bytes(32))
                self._signer = Signer(key, salt=_NAME, key_derivation="hmac")
            return self._signer
