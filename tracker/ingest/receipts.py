"""Receipts: what became of a report, for whoever holds its code, and how they take it back.

Codes are how a sender comes back to a report that nobody can trace to them.
"""

import hashlib
import logging
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tracker.domain.wording import western_digits
from tracker.errors import NotFoundError
from tracker.store import Store, SystemSession
from tracker.store.writes.reports import StoredReceipt, find_receipt, withdraw_report

_log = logging.getLogger(__name__)

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and digits that are not taken for one another on paper or by voice: no 0, O, 1, I, L."""

_LOOK_ALIKE = str.maketrans("АВСЕНЈКМРЅТХУ", "ABCEHJKMPSTXY")  # noqa: RUF001
"""Cyrillic capitals that stand where a code has a Latin one: nobody changes the keyboard for ten signs."""
_LENGTH = 10
_HALF = 5


def new_code() -> str:
    """Return a fresh code such as `K7F2Q-9XMPT` (31 ** 10 of them: 49 bits)."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH))
    return f"{code[:_HALF]}-{code[_HALF:]}"


def code_hash(code: str) -> str:
    """Return the SHA-256 of a code as it is stored; case, spaces, dashes and its script do not matter."""
    plain = unicodedata.normalize("NFKC", code).upper().translate(_LOOK_ALIKE)
    bare = "".join(char for char in western_digits(plain) if char.isalnum())
    return hashlib.sha256(bare.encode()).hexdigest()


class ReceiptStatus(StrEnum):
    """How far a report has come, as its sender is told."""

    RECEIVED = "received"
    READ = "read"
    PART_OF_AN_ALERT = "part_of_an_alert"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class ReceiptView:
    """What the sender of a report is shown; times in UTC."""

    status: ReceiptStatus
    received_at: datetime
    lang: str
    reply: str | None = None
    replied_at: datetime | None = None


def receipt(store: Store, code: str, now: datetime) -> ReceiptView:
    """Return what became of a report.

    Raises:
        NotFoundError: no report has this code.
    """
    with store.looking("receipt", now) as work:
        return _view(_found(work, code))


def withdraw(store: Store, code: str, now: datetime) -> ReceiptView:
    """Hide a report at once and erase its words and its sender; every signal that rests on it is hidden too.

    A second time changes nothing.

    Raises:
        NotFoundError: no report has this code.
    """
    with store.looking("receipt", now) as work:
        found = _found(work, code)
    if not found.withdrawn:
        with store.acting(f"source:{found.source_id}", "withdraw report", now) as work:
            withdraw_report(work, found.item_id)
        _log.info("Source %s: a report was withdrawn", found.source_id)
    return receipt(store, code, now)


def _found(work: SystemSession, code: str) -> StoredReceipt:
    found = find_receipt(work, code_hash(code))
    if found is None:
        raise NotFoundError("report", "with this code")
    return found


def _view(found: StoredReceipt) -> ReceiptView:
    return ReceiptView(_status(found), found.received_at, found.lang, found.reply, found.replied_at)


def _status(found: StoredReceipt) -> ReceiptStatus:
    if found.withdrawn:
        return ReceiptStatus.WITHDRAWN
    if found.in_alert:
        return ReceiptStatus.PART_OF_AN_ALERT
    return ReceiptStatus.READ if found.triaged or found.reply else ReceiptStatus.RECEIVED
