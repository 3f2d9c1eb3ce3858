"""A table of field reports that somebody uploads: taken in by the same import as a file, its bad rows given back.

On the disk it stands only while it is read, in a folder that nobody else may open.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tracker.access.permissions import Deed, require
from tracker.domain.viewer import Viewer
from tracker.errors import SubmissionError
from tracker.ingest.report_table import ImportedReports, import_reports
from tracker.store import Store

_AGAIN = "Tell whoever runs the program, then bring the same file again: each row counts once."


@dataclass(frozen=True)
class TakenIn:
    """What came of a table, and the CSV file of the rows that were put aside; None where none was."""

    done: ImportedReports
    rejected: bytes | None


def take_in_table(store: Store, viewer: Viewer, table: bytes, folder: Path, now: datetime) -> TakenIn:
    """Take in the field reports of a CSV, XLSX or JSON lines file, each once; the rows put aside are given back.

    Args:
        store: the database.
        viewer: who brings it; no row names them.
        table: the content of the file.
        folder: where it may stand while it is read.
        now: aware UTC; when the reports arrive.

    Raises:
        NotAllowedError: not theirs to do.
        SubmissionError: it is no table that can be read, none of its columns is known, or the disk takes it not.
    """
    require(viewer, Deed.TRIAGE)
    try:
        return _taken_in(store, table, folder, now)
    except OSError as error:
        raise SubmissionError("file", f"The disk does not take it ({error.strerror}). {_AGAIN}") from error


def _taken_in(store: Store, table: bytes, folder: Path, now: datetime) -> TakenIn:
    with TemporaryDirectory(prefix="table-", dir=folder) as place:
        path = Path(place) / "table"
        path.write_bytes(table)
        done = import_reports(store, path, now)
        rejected = done.rejected_file.read_bytes() if done.rejected_file else None
    return TakenIn(done, rejected)
