"""Brings the database, its host organisation and its rules into being, and up to date."""

import hashlib
import json
from datetime import datetime

from tracker.respond.policy import Policy
from tracker.settings import RULE_FILES, Settings
from tracker.store import Store
from tracker.store.migrate import upgrade_store
from tracker.store.writes.people import ensure_host
from tracker.store.writes.rules import load_rules


def set_up(store: Store, settings: Settings, org: str, now: datetime) -> None:
    """Create or upgrade the database, and load the host organisation and the rules; again, it changes nothing.

    Raises:
        ConfigError: a file of the config folder is missing or wrong; nothing was changed.
        StoreError: the database refused, or a later program upgraded it.
    """
    files = {name: settings.read_config(name) for name in RULE_FILES}
    Policy.of({name: (0, content) for name, content in files.items()})
    upgrade_store(store, now)
    with store.acting("operator", "init", now) as work:
        ensure_host(work, org)
        for name, content in files.items():
            load_rules(work, name, content, _digest(content))


def _digest(content: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
