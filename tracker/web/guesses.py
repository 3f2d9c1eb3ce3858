"""Slows down whoever tries receipt codes, and stops noting who tries tokens: so many wrong ones in a while.

Kept in memory and per process. An address of a machine is never kept or logged: only a digest of it under a
key that dies with the process. Right codes cost nothing.
"""

import hashlib
import ipaddress
import secrets
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Lock

MOST_WRONG = 10
WITHIN = timedelta(minutes=1)
_MOST_KEPT = 10_000


class Guess(StrEnum):
    """What is tried; each is counted by itself, so that a program's stale token keeps nobody from a receipt."""

    CODE = "receipt code"
    TOKEN = "API token"  # noqa: S105 - a name, not a secret


@dataclass
class GuessLimit:
    """Counts wrong guesses by whoever sent them (for IPv6 by its /64, which one household shares)."""

    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _wrong: OrderedDict[bytes, deque[datetime]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def exceeded(self, host: str, now: datetime, guess: Guess = Guess.CODE) -> bool:
        """Return whether this sender must wait before they try again."""
        with self._lock:
            return self._is_full(self._wrong.get(self._digest(host, guess), deque()), now)

    def count_wrong(self, host: str, now: datetime, guess: Guess = Guess.CODE) -> bool:
        """Note a wrong guess; False, and no note, where this sender has made too many already."""
        with self._lock:
            who = self._digest(host, guess)
            wrong = self._wrong.setdefault(who, deque())
            self._wrong.move_to_end(who)
            if len(self._wrong) > _MOST_KEPT:
                self._wrong.popitem(last=False)
            if self._is_full(wrong, now):
                return False
            wrong.append(now)
            return True

    @staticmethod
    def _is_full(wrong: deque[datetime], now: datetime) -> bool:
        while wrong and wrong[0] <= now - WITHIN:
            wrong.popleft()
        return len(wrong) >= MOST_WRONG

    def _digest(self, host: str, guess: Guess) -> bytes:
        said = f"{guess} {_network(host)}"
        return hashlib.blake2b(said.encode(), key=self._key, digest_size=16).digest()


def _network(host: str) -> str:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else host
