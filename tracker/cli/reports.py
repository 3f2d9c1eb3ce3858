"""Tables of field reports, taken in by one command."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.shared import REJECTED, give, opened_store, say
from tracker.clock import utc_now
from tracker.errors import SubmissionError

if TYPE_CHECKING:
    from tracker.ingest.report_table import ImportedReports

_COUNTS = ("rows", "new", "were_there", "country_uncertain", "conflicts", "rejected")
_REASONS_SHOWN = 20


def import_report_file(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", exists=True, dir_okay=False, readable=True, help="CSV, XLSX or JSON lines."
        ),
    ],
) -> None:
    """Import a table of field reports, each row once. Rows with a fault go to FILE.rejected.csv.

    Mend them there and import that file as it is.
    """
    from tracker.ingest.report_table import import_reports
    from tracker.pipeline import work_through

    with opened_store() as (store, _):
        try:
            done = import_reports(store, file, utc_now())
        except SubmissionError as error:
            say(f"Nothing could be kept of {file}. {error}")
            raise typer.Exit(REJECTED) from error
        work_through(store, utc_now())
    _tell(file, done)
    give(json.dumps({name: getattr(done, name) for name in _COUNTS}))
    if done.rejected or not done.kept:
        raise typer.Exit(REJECTED)


def _tell(file: Path, done: "ImportedReports") -> None:
    if done.moved_aside:
        say(f"The rows of an earlier import that waited are now in {done.moved_aside}.")
    if done.unknown:
        say(f"Nothing was read from these columns: {', '.join(done.unknown)}.")
    for number, reasons in done.reasons[:_REASONS_SHOWN]:
        say(f"Row {number}: {reasons}")
    if not done.kept:
        say(
            f"Nothing could be kept of {file}: {'every row was rejected' if done.rows else 'it has no rows'}."
        )
    if done.rejected:
        say(f"{done.rejected} rows wait in {done.rejected_file}. Mend them there and import that file.")
    if done.country_uncertain:
        say(f"{done.country_uncertain} reports name no certain country; they wait in the inbox for a person.")
    if done.conflicts:
        say(f"{done.conflicts} reports have the id of another one; both wait in the inbox for a person.")
