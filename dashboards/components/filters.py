"""Filters that live in the address, so that a page can be shared and reloaded; what is gone is dropped."""

from collections.abc import Mapping

import streamlit as st

PERIODS = {"30": "Last 30 days", "90": "Last 90 days", "365": "Last year"}
"""Periods that an address may name, by their days."""


def choose(
    label: str,
    name: str,
    options: Mapping[str, str],
    anything: str | None = "Any",
    width: int | None = None,
    default: str | None = None,
) -> str | None:
    """Let the reader choose one of `options` (code → words), kept in the address as `name`.

    Returns None for `anything`; without it, `default` or the first option is chosen where the address names none.
    """
    said = st.query_params.get(name)
    if said is not None and said not in options:
        del st.query_params[name]
        said = None
    choices: list[str | None] = [*([None] if anything is not None else []), *options]
    if not choices:
        return None
    current = said if said is not None else (default or choices[0])
    picked = st.selectbox(
        label,
        choices,
        index=choices.index(current),
        format_func=lambda code: (anything or "") if code is None else options[code],
        key=f"filter-{name}-{current}",
        width=width or "stretch",
    )
    if picked != current:
        if picked is None:
            st.query_params.pop(name)
        else:
            st.query_params[name] = picked
        st.rerun()
    return picked


def page_number(more: bool, back: str = "Newer", on: str = "Older") -> None:
    """Draw buttons to the page before and the page after, where there are such pages."""
    number = current_page()
    with st.container(horizontal=True):
        if number > 0 and st.button(back):
            _go(number - 1)
        if more and st.button(on):
            _go(number + 1)


def current_page() -> int:
    """Return the page of a list that the address names, 0 for the first."""
    said = st.query_params.get("page", "0")
    return int(said) if said.isdecimal() and len(said) < 6 else 0


def _go(number: int) -> None:
    if number:
        st.query_params["page"] = str(number)
    else:
        st.query_params.pop("page", None)
    st.rerun()
