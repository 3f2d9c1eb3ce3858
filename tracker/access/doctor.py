"""Checks the house and says in plain words what is wrong and how to mend it."""

from datetime import datetime, timedelta

from tracker.access.audit import broken_audit_row
from tracker.domain.words import OutboxState
from tracker.settings import RULE_FILES, Settings
from tracker.store import Store, SystemSession
from tracker.store.writes import outbox
from tracker.store.writes.checks import database_fault, oldest_pending
from tracker.store.writes.rules import rules_in_force

_PENDING_TOO_LONG = timedelta(hours=6)


def examine(store: Store, settings: Settings, now: datetime) -> list[str]:
    """Return what is wrong, each with its mend; empty where all is well."""
    with store.looking("doctor", now) as work:
        found = [
            database_fault(work),
            _audit_fault(work),
            _rules_fault(work),
            _outbox_fault(work, settings),
            _pending_fault(work, now),
        ]
    return [fault for fault in found if fault]


def _audit_fault(work: SystemSession) -> str | None:
    number = broken_audit_row(work)
    if number is None:
        return None
    return f"The audit chain breaks at row {number}: somebody altered it. Compare it with the last backup."


def _rules_fault(work: SystemSession) -> str | None:
    missing = sorted(set(RULE_FILES) - set(rules_in_force(work)))
    return f"No {', '.join(missing)} in the database. Run `tracker init`." if missing else None


def _outbox_fault(work: SystemSession, settings: Settings) -> str | None:
    counts = outbox.counts(work)
    waiting = counts.get(OutboxState.QUEUED, 0) + counts.get(OutboxState.IN_FLIGHT, 0)
    if waiting and settings.smtp_url is None:
        return f"{waiting} mails wait and no server is named. Set TRACKER_SMTP_URL=smtp://host:port."
    failed = counts.get(OutboxState.FAILED, 0)
    return f"{failed} mails were refused by the server; /admin lists why." if failed else None


def _pending_fault(work: SystemSession, now: datetime) -> str | None:
    since = oldest_pending(work)
    if since is None or now - since < _PENDING_TOO_LONG:
        return None
    return f"Items wait since {since:%Y-%m-%d %H:%M} UTC to be read. Is `tracker run` running?"
