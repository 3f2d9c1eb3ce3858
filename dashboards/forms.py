"""Pressing a button: the use case runs before the page is drawn anew, and its refusal is shown beside the form.

What the button carries is what the page showed, so a revision in it is the one that the person saw. On a
refusal the form keeps what was typed; once it is done the form is a fresh one, and a note says what happened.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import streamlit as st

from dashboards import kept
from dashboards.session import Visit, visit
from tracker.access.kept_forms import Typed
from tracker.domain.wording import exact, said, sentence_case
from tracker.errors import NotFoundError, StaleError, SubmissionError, TrackerError
from tracker.ingest.submission import SubmissionErrors

_DONE, _REFUSED, _SEEN = "done", "refused", "seen"
_SIGNED_OUT = "You were signed out. Sign in again; nothing was changed."
_SIGNED_OUT_KEPT = (
    "You were signed out, and nothing was changed. What you typed is kept for you: "
    "sign in and open this page again."
)


@dataclass(frozen=True)
class Form:
    """One form of one thing, such as "verify" of an alert. `key` names its fields in Streamlit's state.

    What is put into `secret` fields is not kept when a sign-in ends.
    """

    name: str
    about: str = ""
    secret: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The form's name in Streamlit's state; another after each success, so that it starts empty."""
        return f"{self._base}-{st.session_state.get(f'round-{self._base}', 0)}"

    @property
    def fault(self) -> str | None:
        """What the press just before this drawing was refused with; None where it was not."""
        refused: _Refused | None = st.session_state.get(_REFUSED)
        return refused.words if refused and refused.form == self._base else None

    @property
    def _base(self) -> str:
        return f"{self.name}-{self.about}"

    def pinned(self, seen: int) -> int:
        """Return the revision that the page showed when this form was first drawn, whatever it shows by now.

        Its fields keep their words when somebody else changes what they are about, so what the person saw is what
        stood there then. A refusal for that reason shows the newer one; pressing again is meant.
        """
        return int(st.session_state.setdefault(self.key(_SEEN), seen))

    @property
    def opener(self) -> str:
        """The key of the popover that holds the form: a fresh form comes with a shut one."""
        return f"open-{self.id}"

    def open(self) -> None:
        """Let the popover that holds the form stand open at its next drawing."""
        st.session_state[self.opener] = True

    def key(self, field: str) -> str:
        """Return the key of a field."""
        return f"{self.id}-{field}"

    def said(self, field: str) -> Any:
        """Return what was put into a field."""
        return st.session_state.get(self.key(field))

    def text(self, field: str) -> str:
        """Return the words in a field, "" for none."""
        return str(self.said(field) or "").strip()

    def at(self, field: str) -> datetime:
        """Return the instant in a field, which is UTC.

        Raises:
            SubmissionError: none was given.
        """
        value = self.said(field)
        if not isinstance(value, datetime):
            raise SubmissionError(field, "Say when.")
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    @contextmanager
    def drawn(self) -> Iterator[None]:
        """Draw the form around its fields; the button comes last (`submit`)."""
        self.say_put_back()
        with st.form(self.id, border=False):
            yield

    def say_put_back(self) -> None:
        """Put back what was typed when the sign-in ended (`put_back`), and say so."""
        typed = self.put_back()
        if typed is not None:
            st.caption(f"What you typed on {exact(typed.kept_at)} is here again. Nothing of it was sent.")

    def put_back(self) -> Typed | None:
        """Put back what was typed when the sign-in ended, before its fields are drawn, and return it."""
        typed = kept.restore(self._base, self.key)
        if typed is not None:
            st.session_state.setdefault(self.opener, True)
        return typed

    def show_fault(self) -> None:
        """Draw the refusal of the press just before, where there is one."""
        if self.fault:
            st.session_state[_REFUSED].was_shown = True
            st.error(self.fault)

    def submit(self, label: str, done: str, deed: Callable[[Visit], object], *, primary: bool = True) -> None:
        """Draw the form's button, below what it was refused with; `deed` runs at a press, `done` is then said."""
        self.show_fault()
        kind: Literal["primary", "secondary"] = "primary" if primary else "secondary"
        st.form_submit_button(label, type=kind, on_click=self.press, args=(done, deed), key=self.key("go"))

    def button(
        self,
        label: str,
        done: str,
        deed: Callable[[Visit], object],
        *,
        primary: bool = False,
        wide: bool = False,
        shortcut: str | None = None,
    ) -> None:
        """Draw a button that needs no fields; `shortcut` is a key that presses it."""
        st.button(
            label,
            type="primary" if primary else "secondary",
            on_click=self.press,
            args=(done, deed),
            key=self.key("go"),
            width="stretch" if wide else "content",
            shortcut=shortcut,
        )

    def press(self, done: str, deed: Callable[[Visit], object]) -> None:
        """Do a deed as a press of the form's button does: for a field that acts when it is changed."""
        here = visit()
        if here is None:
            self.keep_typed()
            return
        st.session_state[_DONE] = done
        try:
            deed(here)
        except TrackerError as error:
            st.session_state.pop(_DONE, None)
            if isinstance(error, StaleError):
                st.session_state.pop(self.key(_SEEN), None)
            st.session_state[_REFUSED] = _Refused(self._base, refusal(error))
            return
        kept.forget(here, self._base)
        round_ = f"round-{self._base}"
        st.session_state[round_] = st.session_state.get(round_, 0) + 1

    def keep_typed(self) -> None:
        """Keep what was typed, once nobody is signed in any more, and say so on the page that follows."""
        was_kept = kept.keep(self._base, self._fields())
        st.session_state[_REFUSED] = _Refused(self._base, _SIGNED_OUT_KEPT if was_kept else _SIGNED_OUT)

    def _fields(self) -> dict[str, object]:
        begins, left_out = self.key(""), {self.key(field) for field in ("go", *self.secret)}
        return {
            str(key).removeprefix(begins): value
            for key, value in st.session_state.items()
            if str(key).startswith(begins) and key not in left_out
        }


@dataclass
class _Refused:
    form: str
    words: str
    was_shown: bool = False


def refusal(error: TrackerError) -> str:
    """Return an error in the words of a page."""
    if isinstance(error, NotFoundError):
        return "You may not see this, or it is not there."
    faults = error.errors if isinstance(error, SubmissionErrors) else (error,)
    return " ".join(_fault(fault) for fault in faults)


def _fault(error: TrackerError) -> str:
    if isinstance(error, SubmissionError):
        return f"{sentence_case(said(error.field))}: {error.problem}"
    return str(error)


def leave_fragment(form: Form) -> None:
    """Draw the whole page where a press in a part of it was done, or the sign-in ended; comes first in the part."""
    if visit() is None:
        form.keep_typed()
        st.rerun()
    if _DONE in st.session_state:
        st.rerun()


def say(words: str) -> None:
    """Say something on the next page that is drawn, in place of a form's own word."""
    st.session_state[_DONE] = words


def show_done() -> None:
    """Say what the last press did."""
    if words := st.session_state.pop(_DONE, None):
        st.toast(words)


def show_refusal() -> None:
    """Draw what the last press was refused with, where its form is no longer there to show it; then forget it."""
    refused: _Refused | None = st.session_state.pop(_REFUSED, None)
    if refused and not refused.was_shown:
        st.error(refused.words)
