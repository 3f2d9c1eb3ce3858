"""What happened to an alert, newest first."""

import streamlit as st
from markupsafe import Markup

from dashboards.components import marks
from dashboards.components.markup import html, joined
from dashboards.sections.opened import Opened
from tracker.domain.wording import said
from tracker.store.reads.alerts import HistoryRow

_AT_ONCE = 15
_WORDS = {
    ("alert", "opened"): "alert opened",
    ("alert", "signal attached"): "another signal joined",
    ("alert", "take"): "taken on",
    ("alert", "hand over"): "handed over",
    ("alert", "brief"): "work began",
    ("alert", "verify"): "work began",
    ("alert", "decide"): "work began",
    ("alert", "act"): "work began",
    ("alert", "deliver"): "work began",
    ("alert", "release"): "work began",
    ("alert", "close"): "closed",
    ("alert", "dismiss"): "dismissed",
    ("alert", "merge"): "merged into another",
    ("alert", "reopen"): "opened again",
    ("alert", "signal hidden"): "a source took its report back, or its label was tightened",
    ("alert", "merged with another"): "another alert was merged into this one",
    ("signal", "flagged"): "signal flagged",
    ("signal", "promoted"): "signal promoted",
    ("signal", "attached"): "signal attached",
    ("brief", "written"): "brief written",
    ("delivery", "delivered"): "brief delivered",
    ("delivery", "answered"): "brief answered",
    ("mail reply", "received"): "answer by mail came",
    ("mail reply", "confirmed"): "answer by mail confirmed",
    ("mail reply", "set aside"): "answer by mail set aside",
    ("decision", "decided"): "decision recorded",
    ("decision", "reviewed"): "decision looked at again",
    ("check", "checked"): "tried to verify",
    ("outcome", "recorded"): "outcome recorded",
    ("lesson", "recorded"): "lesson recorded",
    ("release line", "approved"): "release line approved",
    ("action", "added"): "action added",
    ("action", "start"): "action started",
    ("action", "finish"): "action done",
    ("action", "block"): "action blocked",
    ("action", "cancel"): "action cancelled",
    ("action", "agree"): "action agreed",
}
_SAYS_MORE = ("delivery", "decision", "check", "outcome")


def draw_history(page: Opened) -> None:
    """Draw the newest changes, the older ones folded away."""
    with st.container(border=True, key="card-history"):
        marks.title("History")
        lines = [_change(page, row) for row in page.file.history]
        _draw(lines[:_AT_ONCE])
        if len(lines) > _AT_ONCE:
            with st.expander(f"{len(lines) - _AT_ONCE} earlier"):
                _draw(lines[_AT_ONCE:])


def _draw(lines: list[Markup]) -> None:
    marks.write('<p class="small soft num">{}</p>', joined(lines, "<br>"))


def _change(page: Opened, row: HistoryRow) -> Markup:
    words = _WORDS.get((row.subject, row.deed), f"{said(row.subject)} {said(row.deed)}")
    if row.to_state and row.subject in _SAYS_MORE:
        words += f": {said(row.to_state)}"
    extra = ". ".join(part for part in (_reason(page, row.reason), row.note) if part)
    when = marks.instant(row.happened_at, page.now)
    return html("{} {} · {}{}", when, words, page.actor(row.actor), f" ({extra})" if extra else "")


def _reason(page: Opened, code: str | None) -> str | None:
    vocabulary = page.here.policy.vocabulary
    kind = vocabulary.action_kinds.get(code or "")
    return kind.name if kind else vocabulary.reason_name(code)
