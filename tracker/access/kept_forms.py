"""Keeps what people had typed when their sign-in ended, for them alone: sealed, since it may hold a report's words.

The key lies beside the database (`sealing.seal_here`), so that neither a back-up nor a copy of the database tells it.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tracker.access.sealing import open_here, seal_here
from tracker.domain.viewer import Viewer
from tracker.store import Store
from tracker.store.writes import kept_forms as write

_MOST_BYTES = 200_000
"""Of one form, sealed; technical: no form of ours holds as much."""


@dataclass(frozen=True)
class Typed:
    """What was in the fields of a form, by field, and when it was kept (UTC)."""

    fields: dict[str, Any]
    kept_at: datetime


@dataclass(frozen=True)
class Drawer:
    """Where typed words are kept: the database, and the folder of the key that seals them."""

    store: Store
    data_dir: Path


def keep_typed(drawer: Drawer, user_id: str, form: str, fields: dict[str, Any], now: datetime) -> bool:
    """Keep what a person typed into a form; False where it is too much. `fields` holds what JSON can hold.

    Raises:
        ConfigError: the key that seals it cannot be written or read.
    """
    box = seal_here(drawer.data_dir, json.dumps(fields))
    if len(box) > _MOST_BYTES:
        return False
    with drawer.store.acting("web", "keep form", now) as work:
        write.keep(work, user_id, form, box)
    return True


def typed_before(drawer: Drawer, viewer: Viewer, now: datetime) -> dict[str, Typed]:
    """Return what is kept for the viewer, by form; what another key sealed is passed over.

    Raises:
        ConfigError: the key cannot be read.
    """
    with drawer.store.looking("read kept forms", now) as work:
        kept = write.kept_for(work, viewer.user_id)
    opened = {form: (open_here(drawer.data_dir, one.box), one.kept_at) for form, one in kept.items()}
    return {form: Typed(json.loads(words), at) for form, (words, at) in opened.items() if words}


def forget_typed(drawer: Drawer, viewer: Viewer, form: str, now: datetime) -> None:
    """Forget what was kept of a form, once it was sent."""
    with drawer.store.acting(viewer.actor, "forget kept form", now) as work:
        write.drop(work, viewer.user_id, form)
