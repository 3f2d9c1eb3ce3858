"""What was typed when a sign-in ended: kept on the server for that person, and put back when they are here again."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import streamlit as st

from dashboards.session import Visit, house
from tracker.access.kept_forms import Drawer, Typed, forget_typed, keep_typed, typed_before
from tracker.clock import utc_now

_LAST_HERE, _KEPT = "last-here", "kept-forms"
_PLAIN = (str, bool, int, float)


def remember(here: Visit) -> None:
    """Remember who is here, and at their first drawing what is kept for them."""
    if st.session_state.get(_LAST_HERE) != here.viewer.user_id:
        st.session_state[_LAST_HERE] = here.viewer.user_id
        st.session_state[_KEPT] = typed_before(_drawer(), here.viewer, here.now)


def keep(form: str, fields: Mapping[str, object]) -> bool:
    """Keep the fields of a form for whoever was here last; False where nobody was, or nothing was typed."""
    user_id = st.session_state.get(_LAST_HERE)
    typed = {name: _written(value) for name, value in fields.items() if _is_written(value)}
    if user_id is None or not typed:
        return False
    return keep_typed(_drawer(), user_id, form, typed, utc_now())


def restore(form: str, key: Callable[[str], str]) -> Typed | None:
    """Put what is kept of a form into its fields, unless something is in them, and return it.

    `key` gives the key of a field in Streamlit's state.
    """
    everything: dict[str, Typed] = st.session_state.get(_KEPT, {})
    found = everything.get(form)
    for field, value in (found.fields if found else {}).items():
        if key(field) not in st.session_state:
            st.session_state[key(field)] = _read(value)
    return found


def forget(here: Visit, form: str) -> None:
    """Forget what was kept of a form, once it was sent."""
    if st.session_state.get(_KEPT, {}).pop(form, None):
        forget_typed(_drawer(), here.viewer, form, here.now)


def _drawer() -> Drawer:
    shared = house()
    return Drawer(shared.store, shared.settings.data_dir)


def _is_written(value: object) -> bool:
    return value not in (None, "") and isinstance(value, (*_PLAIN, date, datetime))


def _written(value: object) -> Any:
    if isinstance(value, datetime):
        return {"instant": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return value.value if hasattr(value, "value") else value


def _read(value: Any) -> object:
    if isinstance(value, dict):
        return (
            datetime.fromisoformat(value["instant"])
            if "instant" in value
            else date.fromisoformat(value["day"])
        )
    return value
