"""Slows down whoever tries receipt codes: so many wrong ones in a while, then a pause.

Kept in memory and per process. An address of a machine is never kept or logged: only a digest of it under a
key that dies with the process. Right codes cost nothing.
"""

import hashlib
import ipaddress
import secrets
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

MOST_WRONG = 10
WITHIN = timedelta(minutes=1)
_MOST_KEPT = 10_000


@dataclass
class GuessLimit:
    """Counts wrong codes by whoever sent them (for IPv6 by its /64, which one household shares)."""

    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _wrong: OrderedDict[bytes, deque[datetime]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def exceeded(self, host: str, now: datetime) -> bool:
        """Return whether this sender must wait before they try again."""
        with self._lock:
            wrong = self._wrong.get(self._digest(host), deque())
            while wrong and wrong[0] <= now - WITHIN:
                wrong.popleft()
            return len(wrong) >= MOST_WRONG

    def count_wrong(self, host: str, now: datetime) -> None:
        """Note a wrong code."""
        with self._lock:
            who = self._digest(host)
            self._wrong.setdefault(who, deque(maxlen=MOST_WRONG)).append(now)
            self._wrong.move_to_end(who)
            if len(self._wrong) > _MOST_KEPT:
                self._wrong.popitem(last=False)

    def _digest(self, host: str) -> bytes:
        return hashlib.blake2b(_network(host).encode(), key=self._key, digest_size=16).digest()


def _network(host: str) -> str:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else host
