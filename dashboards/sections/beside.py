"""The right-hand side: why it was flagged, attempts to verify, the release line, history."""

import streamlit as st

from dashboards.components import marks
from dashboards.components.curve import Weeks, curve
from dashboards.components.markup import html, two_lines
from dashboards.sections.history import draw_history
from dashboards.sections.opened import Opened
from dashboards.sections.worked import draw_worked
from tracker.domain.countries import country_name
from tracker.domain.wording import said, sentence_case, still_elevated

_SIGNALS = 5


def draw_beside(page: Opened) -> None:
    """Draw the cards of the right-hand column."""
    with st.container(border=True, key="card-why"):
        marks.title("Why this was flagged")
        _signals(page)
    if page.file.checks:
        with st.container(border=True, key="card-checks"):
            marks.title("Attempts to verify")
            _checks(page)
    with st.container(border=True, key="card-release"):
        _release_line(page)
    if page.worked:
        draw_worked(page.worked, page.now, f"What worked before in {country_name(page.alert.country)}")
    draw_history(page)


def _signals(page: Opened) -> None:
    for signal in page.file.signals[:_SIGNALS]:
        if weeks := Weeks.of_signal(signal.series, signal.expected, signal.bound):
            marks.show(
                curve(weeks, large=True)
                + html('<p class="small soft num">{}</p>', sentence_case(weeks.words))
            )
        marks.write(
            '<p>{} {}</p><p class="small soft">flagged {} {}</p>',
            marks.level(signal.level),
            signal.sentence,
            marks.instant(signal.flagged_at, page.now),
            marks.tlp(signal.tlp),
        )
        if since := page.file.since.get(signal.id):
            marks.write('<p class="small">{}</p>', still_elevated(since, signal.bound))
    if len(page.file.signals) > _SIGNALS:
        marks.write('<p class="small soft">and {} older signals</p>', len(page.file.signals) - _SIGNALS)


def _checks(page: Opened) -> None:
    for check in page.file.checks:
        line = '<p class="small"><b>{}</b>, information {}. {}{} <span class="soft">{}</span></p>'
        note = f". {check.note}" if check.note else ""
        found = sentence_case(said(check.verification))
        marks.show(
            html(
                line,
                found,
                check.credibility,
                sentence_case(check.method),
                note,
                marks.instant(check.checked_at, page.now),
            )
        )


def _release_line(page: Opened) -> None:
    if not page.file.lines:
        marks.title("Release line")
        marks.note("None approved. Until then partners and States learn nothing of this but a count.")
        return
    line = page.file.lines[0]
    marks.write("<h2>Release line {}</h2>", marks.tlp(line.tlp))
    about = (
        marks.instant(line.approved_at, page.now),
        page.name(line.approved_by_id),
        line.consent.rstrip("."),
    )
    approved = html("Approved {} by {}. {}. The only words about this for partners and States.", *about)
    marks.write('<p class="small">{}</p>', two_lines(line.line, approved))
