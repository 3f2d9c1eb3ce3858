"""The audit chain: each sealed row's seal covers the row and the seal before it, so that none can be altered.

Rows are written unsealed, in the transaction of the deed; one sealer, the housekeeping job, chains them.
"""

import hashlib
import json

from tracker.store import SystemSession
from tracker.store.writes.log import AuditEntry, last_sealed, sealed_after, store_seals, unsealed

_BATCH = 1000
_FIRST = "0" * 64


def seal_audit(work: SystemSession) -> int:
    """Chain the oldest unsealed audit rows, up to a thousand; return how many."""
    newest = last_sealed(work)
    number, before = (newest.number or 0, newest.seal or _FIRST) if newest else (0, _FIRST)
    seals: dict[str, tuple[int, str]] = {}
    for entry in unsealed(work, _BATCH):
        number, before = number + 1, _seal(entry, number + 1, before)
        seals[entry.id] = (number, before)
    store_seals(work, seals)
    return len(seals)


def broken_audit_row(work: SystemSession) -> int | None:
    """Return the number of the first audit row whose seal does not fit; None where the chain is whole."""
    number, before = 0, _FIRST
    while entries := sealed_after(work, number, _BATCH):
        for entry in entries:
            number += 1
            if entry.number != number or entry.seal != _seal(entry, number, before):
                return number
            before = entry.seal
    return None


def _seal(entry: AuditEntry, number: int, before: str) -> str:
    said = [number, entry.id, entry.actor, entry.deed, entry.subject, entry.reason, entry.done_at.isoformat()]
    return hashlib.sha256((before + json.dumps(said)).encode()).hexdigest()
