"""Keeps what people had typed when their sign-in ended, for them alone. Any other text is kept by its use case."""

from datetime import datetime
from typing import Any

from tracker.domain.viewer import Viewer
from tracker.store import Store
from tracker.store.writes import kept_forms as write
from tracker.store.writes.kept_forms import Typed


def keep_typed(store: Store, user_id: str, form: str, fields: dict[str, Any], now: datetime) -> None:
    """Keep what a person typed into a form. `fields` holds what JSON can hold."""
    with store.acting("web", "keep form", now) as work:
        write.keep(work, user_id, form, fields)


def typed_before(store: Store, viewer: Viewer, now: datetime) -> dict[str, Typed]:
    """Return what is kept for the viewer, by form."""
    with store.looking("read kept forms", now) as work:
        return write.kept_for(work, viewer.user_id)


def forget_typed(store: Store, viewer: Viewer, form: str, now: datetime) -> None:
    """Forget what was kept of a form, once it was sent."""
    with store.acting(viewer.actor, "forget kept form", now) as work:
        write.drop(work, viewer.user_id, form)
