"""Fields that several forms ask for: label, instant, how it is known, country."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

import streamlit as st

from dashboards.components.marks import strictest_of
from dashboards.forms import Form
from dashboards.session import Visit
from tracker.domain.countries import country_choices
from tracker.domain.labels import tlp_rank, within
from tracker.domain.wording import said, sentence_case
from tracker.domain.words import HowKnown, Tlp
from tracker.errors import SubmissionError
from tracker.respond.labelling import Labelling


def label(form: Form, here: Visit, rests_on: Iterable[Tlp]) -> None:
    """Ask for a TLP label up to the viewer's clearance; proposes the strictest that the text rests on.

    Asks why where that is not the loosest, since a looser label needs a reason.
    """
    choices = within(here.viewer.clearance)
    proposed = strictest_of(rests_on) or Tlp.AMBER
    index = min(tlp_rank(proposed), len(choices) - 1)
    st.selectbox("Label", choices, index=index, format_func=lambda tlp: f"TLP:{tlp}", key=form.key("tlp"))
    if tlp_rank(proposed) > 0:
        st.text_input(
            f"If looser than TLP:{proposed}: why that is safe for the source", key=form.key("label_reason")
        )


def labelling(form: Form, seen: int | None = None) -> Labelling:
    """Return the label that was chosen, and why."""
    return Labelling(form.said("tlp"), form.text("label_reason") or None, seen)


def instant(form: Form, field: str, words: str, value: datetime) -> None:
    """Ask for an instant, said and shown in UTC."""
    shown = value.astimezone(UTC).replace(tzinfo=None, second=0, microsecond=0)
    st.datetime_input(f"{words} (UTC)", value=shown, key=form.key(field))


def review_on(form: Form, last: date, said_day: date | None = None) -> None:
    """Ask for the day of a review (UTC), `last` at the latest; proposes that, or `said_day`."""
    words = f"Look again on ({last:%-d %b} at the latest)"
    st.date_input(words, value=said_day or last, key=form.key("review_on"))


def how_known(form: Form) -> None:
    """Ask how we know of something that happened outside the tool."""
    choices = [known for known in HowKnown if known is not HowKnown.IN_THE_TOOL]
    st.selectbox("How we know", choices, format_func=human, key=form.key("how_known"))


def one_of(form: Form, name: str, words: str, choices: Mapping[str, str]) -> None:
    """Ask for one of some choices (code → words); none is chosen beforehand."""
    st.selectbox(words, list(choices), index=None, format_func=choices.__getitem__, key=form.key(name))


def switch(form: Form, name: str, words: str, choices: Mapping[str, str], default: str | None) -> str | None:
    """Ask for one of a few choices (code → words) outside the form's frame, so that the fields can follow it."""
    form.put_back()
    return st.segmented_control(
        words,
        list(choices),
        format_func=choices.__getitem__,
        default=default,
        required=default is not None,
        key=form.key(name),
    )


def chosen(form: Form, name: str) -> str:
    """Return the code that was chosen (`one_of`).

    Raises:
        SubmissionError: none was.
    """
    if not form.said(name):
        raise SubmissionError(name, "Choose one.")
    return form.text(name)


def reason(form: Form, words: str, reasons: Mapping[str, str]) -> None:
    """Ask for a reason of the vocabulary (code → name), and a note."""
    one_of(form, "reason", words, reasons)
    st.text_input("Note", key=form.key("note"))


def countries(here: Visit) -> dict[str, str]:
    """Return the countries that the viewer works on, code → name."""
    scope = here.viewer.scope
    return {code: name for code, name in country_choices() if scope is None or code in scope}


def human(word: str) -> str:
    """Return a coded word for a list of choices."""
    return sentence_case(said(word))
