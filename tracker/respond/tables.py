"""A table of field reports that somebody uploads: taken in by the same import as a file, its bad rows given back.

It may name who reported, so nothing of it is ever written to the disk.
"""

import logging
from datetime import datetime

from tracker.access.permissions import Deed, require
from tracker.domain.viewer import Viewer
from tracker.errors import StoreError, SubmissionError
from tracker.ingest.report_table import ImportedReports, import_reports
from tracker.store import Store

_log = logging.getLogger("tracker.respond")

_STOPPED = (
    "The database stopped taking it, and some of its rows may be here already. "
    "Tell whoever runs the program, then bring the same file again: each row counts once."
)


def take_in_table(store: Store, viewer: Viewer, table: bytes, now: datetime) -> ImportedReports:
    """Take in the field reports of a CSV, XLSX or JSON lines file, each once; the rows put aside are given back.

    Args:
        store: the database.
        viewer: who brings it; no row names them.
        table: the content of the file.
        now: aware UTC; when the reports arrive.

    Raises:
        NotAllowedError: not theirs to do.
        SubmissionError: it is no table that can be read, none of its columns is known, or the database stopped
            taking its rows.
    """
    require(viewer, Deed.TRIAGE)
    try:
        return import_reports(store, table, now)
    except StoreError as error:
        _log.error("%s", error)
        raise SubmissionError("file", _STOPPED) from error
