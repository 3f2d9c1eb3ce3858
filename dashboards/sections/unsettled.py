"""Field reports that ask a person: which country is meant, which of two under one id holds."""

import streamlit as st

from dashboards.components import fields, marks
from dashboards.components.evidence import answers, first_words, known
from dashboards.forms import Form
from dashboards.session import Visit
from tracker.access.permissions import Deed
from tracker.domain.countries import country_name
from tracker.domain.country_names import read_country
from tracker.domain.wording import listed
from tracker.respond.unsettled import Holds, settle_conflict, settle_country
from tracker.store.reads.items import ItemRow, items_by_id

_NOT_KNOWN = ""
_HOLDS = {
    Holds.BOTH: "Both count: they are two reports",
    Holds.FIRST: "The first counts",
    Holds.LATER: "The later counts",
}


def draw_unsettled(here: Visit, waiting: list[ItemRow]) -> None:
    """Draw the reports that wait for a word of the viewer, as they are given; nothing where none does."""
    with here.store.viewing(here.viewer) as view:
        others = items_by_id(view, [item.conflicts_with for item in waiting if item.conflicts_with])
    for item in waiting:
        with st.container(border=True, key=f"ask-{item.id}"):
            _draw(here, item, others.get(item.conflicts_with or ""))


def _draw(here: Visit, item: ItemRow, other: ItemRow | None) -> None:
    _words(here, item)
    if item.country_uncertain:
        _country(here, item)
    if other is not None:
        _conflict(here, item, other)


def _words(here: Visit, item: ItemRow) -> None:
    marks.write(
        '<p>{} <span dir="auto">{}</span></p>{}<p class="small soft">{}</p>',
        marks.tlp(item.tlp),
        first_words(item),
        answers(item),
        known(item, here.now),
    )


def _country(here: Visit, item: ItemRow) -> None:
    near = read_country(item.country_said or "").near
    nearest = f" Nearest: {listed([country_name(code) for code in near])}." if near else ""
    marks.write('<p>Country, as it was written: <b dir="auto">{}</b>.{}</p>', item.country_said, nearest)
    if not here.may(Deed.TRIAGE):
        return
    mine = fields.countries(here)
    choices = {code: mine[code] for code in (*near, *mine) if code in mine}
    choices[_NOT_KNOWN] = "It cannot be known"
    form = Form("country", item.id)
    with form.drawn():
        fields.one_of(form, "country", "Which country is meant", choices)
        form.submit("Settle it", "Settled.", lambda visit: _settle(visit, form, item.id))


def _settle(visit: Visit, form: Form, item_id: str) -> None:
    chosen = form.said("country")
    country = "?" if chosen is None else chosen or None
    settle_country(visit.store, visit.viewer, item_id, country, visit.now)


def _conflict(here: Visit, item: ItemRow, other: ItemRow) -> None:
    marks.write("<p>It came under the same id as an earlier report, which says:</p>")
    _words(here, other)
    if not here.may(Deed.TRIAGE):
        return
    form = Form("conflict", item.id)
    with form.drawn():
        st.selectbox("Which counts", list(_HOLDS), format_func=_HOLDS.__getitem__, key=form.key("holds"))
        form.submit(
            "Settle which counts",
            "Settled.",
            lambda visit: settle_conflict(visit.store, visit.viewer, item.id, form.said("holds"), visit.now),
        )
