"""A table of field reports, as partners send them by mail: taken in here, its bad rows given back to be mended."""

from dataclasses import dataclass

import streamlit as st

from dashboards.components import marks
from dashboards.components.markup import html, joined
from dashboards.forms import Form
from dashboards.session import Visit
from tracker.access.permissions import Deed
from tracker.domain.wording import counted, listed
from tracker.errors import SubmissionError
from tracker.ingest.report_table import ImportedReports
from tracker.respond.tables import take_in_table

_TAKEN = "table-taken-in"
_REASONS_SHOWN = 10
_ROWS_NAMED = 8
_MEGABYTES = 20
"""Of a table: some hundred thousand rows. Technical, so not in config/: the upload is held in memory."""


@dataclass(frozen=True)
class _Last:
    """The table that was brought last."""

    name: str
    done: ImportedReports


def draw_table(here: Visit) -> None:
    """Draw the form, and what came of the table that was brought last."""
    if not here.may(Deed.TRIAGE):
        return
    form, last = Form("table"), st.session_state.get(_TAKEN)
    with st.expander("Take in a table of field reports", expanded=bool(form.fault or last)):
        if last is not None:
            _draw_last(last)
        with form.drawn():
            st.file_uploader(
                "CSV, XLSX or JSON lines; the columns what and country are needed",
                key=form.key("file"),
                max_upload_size=_MEGABYTES,
            )
            form.submit("Take it in", "It was read.", lambda visit: _take_in(visit, form), primary=False)


def _take_in(visit: Visit, form: Form) -> None:
    file = form.said("file")
    if file is None:
        raise SubmissionError("file", "Choose a file first.")
    done = take_in_table(visit.store, visit.viewer, file.getvalue(), visit.now)
    st.session_state[_TAKEN] = _Last(file.name, done)


def _draw_last(last: _Last) -> None:
    done = last.done
    marks.write(
        '<p><b dir="auto">{}</b>: {}.</p>',
        last.name,
        _came_to(done),
    )
    if done.unknown:
        marks.note(f"Nothing was read from these columns: {', '.join(done.unknown)}.")
    if done.rejected_table is None:
        return
    lines = joined(
        html('<li>{}: <span dir="auto">{}</span></li>', _rows(numbers), reason)
        for reason, numbers in _by_reason(done.reasons)[:_REASONS_SHOWN]
    )
    marks.write(
        '<ul class="small">{}</ul><p class="small soft">Mend them in the file below and bring that.</p>',
        lines,
    )
    st.download_button(
        "Get the rows put aside",
        done.rejected_table,
        file_name=f"{last.name.removesuffix('.rejected.csv')}.rejected.csv",
        mime="text/csv",
        on_click="ignore",
    )


def _came_to(done: ImportedReports) -> str:
    said = [counted(done.new, "new report") if done.new else "no new report"]
    if done.were_there:
        said.append(f"{done.were_there} already here")
    if done.rejected:
        said.append(f"{counted(done.rejected, 'row')} put aside")
    return ", ".join(said)


def _by_reason(reasons: list[tuple[int, str]]) -> list[tuple[str, list[int]]]:
    rows: dict[str, list[int]] = {}
    for number, reason in reasons:
        rows.setdefault(reason, []).append(number)
    return list(rows.items())


def _rows(numbers: list[int]) -> str:
    named = [str(number) for number in numbers[:_ROWS_NAMED]]
    more = len(numbers) - len(named)
    return f"Row{'s' if len(numbers) > 1 else ''} {listed(named + ([f'{more} more'] if more else []))}"
