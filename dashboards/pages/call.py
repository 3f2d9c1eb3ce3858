"""What did they say, in sixty seconds? A call or a message of a partner becomes a field report of theirs."""

from typing import Any

import streamlit as st

from dashboards.components import fields, marks
from dashboards.forms import Form
from dashboards.session import Visit, enter
from tracker.access.permissions import Deed
from tracker.domain.labels import within
from tracker.domain.vocabulary import CHANNELS
from tracker.domain.words import HowReporterKnows, ReportWhen, Tlp
from tracker.ingest.submission import MOST
from tracker.respond.calls import log_call

_CODE = "call-code"
_CONSENT = {
    "may_contact": "“May we contact you about this?”",
    "may_share_un": "“May we tell the United Nations what happened?”",
    "may_share_authorities": "“May we tell the authorities of the country, such as the police?”",
}
_FIELDS = (
    "what",
    "country",
    "place",
    "when",
    "how_known",
    "killed",
    "tlp",
    "source_code",
    "channel",
    "read_aloud",
)


def page() -> None:
    """Draw the receipt code of the call just logged, and the form for the next."""
    here = enter(Deed.TRIAGE)
    marks.head(
        None, "counts as a report of theirs", "What did they say?", "No names: not theirs, not of others."
    )
    _draw_code()
    form = Form("call")
    with form.drawn():
        st.text_area(
            "What happened, or what may happen", key=form.key("what"), max_chars=MOST["what"], height=90
        )
        left, right = st.columns(2, gap="medium")
        with left:
            fields.one_of(form, "country", "Country", fields.countries(here))
            st.text_input("District, nearest town", key=form.key("place"), max_chars=MOST["place"])
            _word(form, "when", "When", [*ReportWhen])
            _word(form, "how_known", "How do they know", [*HowReporterKnows])
            st.text_input("Killed, if they said a number", key=form.key("killed"))
        with right:
            st.text_input("Code of the source, such as K-12", key=form.key("source_code"), max_chars=9)
            channels = here.policy.vocabulary.reasons[CHANNELS]
            _one(form, "channel", "How it came", channels)
            labels = within(here.viewer.clearance)
            start = labels.index(Tlp.AMBER_STRICT) if Tlp.AMBER_STRICT in labels else 0
            st.selectbox("Label", labels, start, format_func=lambda tlp: f"TLP:{tlp}", key=form.key("tlp"))
            marks.write('<p class="small soft">Read aloud. Tick what they say yes to.</p>')
            for name, question in _CONSENT.items():
                st.checkbox(question, key=form.key(name))
            st.checkbox("I read the three questions aloud", key=form.key("read_aloud"))
        form.submit("Keep it and get the code", "Kept.", lambda visit: _log(visit, form))


def _word(form: Form, name: str, words: str, choices: list[Any]) -> None:
    st.selectbox(words, choices, index=None, format_func=fields.human, key=form.key(name))


def _one(form: Form, name: str, words: str, choices: dict[str, str] | Any) -> None:
    st.selectbox(words, list(choices), format_func=choices.__getitem__, key=form.key(name))


def _log(visit: Visit, form: Form) -> None:
    said = {name: form.said(name) for name in (*_FIELDS, *_CONSENT)}
    st.session_state[_CODE] = log_call(visit.store, visit.viewer, said, visit.now).code


def _draw_code() -> None:
    code = st.session_state.get(_CODE)
    if not code:
        return
    with st.container(border=True, key="card-code"):
        marks.write("<p>Read this code aloud, twice, and let them write it down. It is shown only now.</p>")
        marks.write('<p class="code"><b>{}</b></p><p class="small soft">{}</p>', code, " · ".join(code))
        st.button("They have it", on_click=lambda: st.session_state.pop(_CODE, None))


page()
