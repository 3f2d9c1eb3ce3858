"""Several signals at once, by mouse or by keys: which are chosen, which one is marked, what is done with them."""

import streamlit as st

from dashboards.components import marks
from dashboards.sections.triage import FORMS, About, promote_all, promote_form
from dashboards.session import Visit
from tracker.domain.wording import counted, sentence_case
from tracker.respond.similar import Similar

_KEYS = {"attach": "a", "dismiss": "d", "snooze": "s"}
_MARKED, _ASKED = "marked-signal", "asked-of-signals"
_FOLLOW = "document.querySelector('[class*=\"row-marked-\"]')?.scrollIntoView({block: 'center'})"


def is_chosen(signal_id: str) -> bool:
    """Return whether a signal is ticked."""
    return bool(st.session_state.get(_box(signal_id)))


def is_marked(signal_id: str) -> bool:
    """Return whether the keys are about this signal."""
    return st.session_state.get(_MARKED) == signal_id


def draw_box(signal_id: str) -> None:
    """Draw the box that chooses a signal."""
    st.checkbox("Choose this signal", key=_box(signal_id), label_visibility="collapsed")


def draw_toolbar(here: Visit, ids: list[str], similar: dict[str, list[Similar]]) -> None:
    """Draw what can be done with the chosen signals, or with the marked one where none is chosen."""
    chosen = tuple(signal_id for signal_id in ids if is_chosen(signal_id))
    marked = tuple(signal_id for signal_id in ids if is_marked(signal_id))
    about = _about(chosen or marked, similar)
    with st.container(key="toolbar"):
        with st.container(horizontal=True, vertical_alignment="center"):
            with st.container(horizontal=True, width="content", key="keys"):
                _moves(ids)
            if about.ids:
                _deeds(about, f"{len(chosen)} chosen" if chosen else "the marked one")
            else:
                marks.note("Tick signals to settle several at once.")
        if about.ids:
            _asked(here, about)
    if marked:
        st.html(f"<script>{_FOLLOW}</script>", unsafe_allow_javascript=True)


def _about(ids: tuple[str, ...], similar: dict[str, list[Similar]]) -> About:
    alike = {alert.id: alert for signal_id in ids for alert in similar.get(signal_id, [])}
    return About("chosen", ids, list(alike.values()))


def _moves(ids: list[str]) -> None:
    at = ids.index(st.session_state[_MARKED]) if st.session_state.get(_MARKED) in ids else None
    after, before = (0, len(ids) - 1) if at is None else (min(at + 1, len(ids) - 1), max(at - 1, 0))
    st.button("Next", shortcut="j", type="tertiary", on_click=_mark, args=(ids[after],))
    st.button("Previous", shortcut="k", type="tertiary", on_click=_mark, args=(ids[before],))
    if at is not None:
        st.button("Choose", shortcut="x", type="tertiary", on_click=_tick, args=(ids[at],))


def _deeds(about: About, what: str) -> None:
    marks.write('<span class="small soft">{}:</span>', what)
    form = promote_form(about)
    form.button("Promote", "", lambda visit: promote_all(visit, about), shortcut="p")
    form.show_fault()
    for name in FORMS:
        label = sentence_case(name)
        st.button(f"{label} …", shortcut=_KEYS[name], on_click=_ask, args=(name,), key=f"ask-{name}")


def _asked(here: Visit, about: About) -> None:
    name = st.session_state.get(_ASKED)
    if name in FORMS:
        with st.container(border=True, key="card-asked"):
            marks.title(f"{sentence_case(name)} {counted(len(about.ids), 'signal')}")
            with st.container(width=560):
                FORMS[name](here, about)
            st.button("Leave it", type="tertiary", on_click=_ask, args=(None,))


def _mark(signal_id: str) -> None:
    st.session_state[_MARKED] = signal_id


def _tick(signal_id: str) -> None:
    st.session_state[_box(signal_id)] = not is_chosen(signal_id)


def _ask(name: str | None) -> None:
    st.session_state[_ASKED] = name


def _box(signal_id: str) -> str:
    return f"choose-{signal_id}"
