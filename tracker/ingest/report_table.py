"""A table of field reports → items, each row once. What cannot be taken is put aside to be mended and sent again.

The rows put aside stand in FILE.rejected.csv with their numbers and reasons; those of a table that came in memory
stay there, since they may name who reported. That file is imported as it is: the columns `row` and `reasons` are not
read, and a text that a spreadsheet would run is guarded on the way out and read back as it was.
"""

import csv
import os
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from io import StringIO
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from tracker.domain.spreadsheets import guarded, serial_day, unguarded
from tracker.domain.words import SourceKind
from tracker.errors import SubmissionError
from tracker.ingest.reports import Received, report_source, submit_rows
from tracker.ingest.submission import Submission, SubmissionErrors, read_submission
from tracker.ingest.tables import EXTRA, LINE, TableRow, plain, read_table
from tracker.store import Store
from tracker.store.writes.sources import PolledSource

FIELDS = tuple(each.name for each in fields(Submission) if each.name not in ("country_said", "channel"))
"""The columns that are read (design.md, fixed interfaces)."""

ROW, REASONS = "row", "reasons"
_NOT_READ = (ROW, REASONS, LINE)
_AT_ONCE = 200
_SOURCE = "Imported reports"
_SOURCE_URL = "import:reports"
_ONLY_OWNER = 0o600


@dataclass
class ImportedReports:
    """What an import came to. `unknown` are headings that nothing was read from; `reasons` by row number.

    The rows put aside are in `rejected_file`, or in `rejected_table` where the table came in memory.
    """

    rows: int = 0
    new: int = 0
    were_there: int = 0
    country_uncertain: int = 0
    conflicts: int = 0
    rejected: int = 0
    rejected_file: Path | None = None
    rejected_table: bytes | None = None
    moved_aside: Path | None = None
    unknown: list[str] = field(default_factory=list)
    reasons: list[tuple[int, str]] = field(default_factory=list)

    @property
    def kept(self) -> int:
        """How many rows are in the database now."""
        return self.new + self.were_there


class _Quarantine:
    """FILE.rejected.csv, begun at the first row that is put aside; an earlier one is moved out of its way.

    Of a table that came in memory nothing is written to the disk.
    """

    def __init__(self, table: Path | bytes, columns: Iterable[str]) -> None:
        self.path = table.with_name(f"{table.name}.rejected.csv") if isinstance(table, Path) else None
        self.moved_aside = _move_aside(self.path) if self.path else None
        self._columns = [name for name in dict.fromkeys((*columns, *FIELDS)) if name not in (ROW, REASONS)]
        self._open: TextIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._open is not None:
            self._open.close()

    def add(self, row: TableRow, reasons: str) -> None:
        """Put a row aside; what stands to the right of the headings keeps that place."""
        if self._open is None:
            self._open = self._begin()
        named = [plain(row.said.get(name)) for name in self._columns]
        beyond = [
            plain(said) for name, said in row.said.items() if name not in (*self._columns, ROW, REASONS)
        ]
        cells = [guarded(text) for text in (*named, *filter(None, beyond))]
        csv.writer(self._open).writerow([row.number, reasons, *cells])

    def _begin(self) -> TextIO:
        target = _created(self.path) if self.path else StringIO(newline="")
        csv.writer(target).writerow([ROW, REASONS, *self._columns])
        return target

    def content(self) -> bytes | None:
        """Return what was put aside in memory; None where nothing was, or where it is in the file."""
        return self._open.getvalue().encode("utf-8-sig") if isinstance(self._open, StringIO) else None


def _created(path: Path) -> TextIO:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _ONLY_OWNER)
    return os.fdopen(handle, "w", encoding="utf-8-sig", newline="")


def _move_aside(path: Path) -> Path | None:
    if not path.exists():
        return None
    stem = path.name.removesuffix(".csv")
    places = (path.with_name(f"{stem}.{number}.csv") for number in range(1, 10_000))
    free = next(place for place in places if not place.exists())
    return path.rename(free)


def import_reports(store: Store, table: Path | bytes, now: datetime) -> ImportedReports:
    """Take in the field reports of a CSV, XLSX or JSON lines file, in batches of one transaction each.

    Importing a file again, whole or mended, adds only what is not there yet.

    Args:
        store: the database.
        table: the file, or its content.
        now: aware UTC; when the reports arrive.

    Raises:
        SubmissionError: the file is no table that can be read, or none of its columns is known.
        OSError: it cannot be read, or the rows put aside cannot be written.
        ConfigError: there is no host organisation yet.
    """
    rows = read_table(table, (*FIELDS, ROW, REASONS))
    head = list(islice(rows, _AT_ONCE))
    columns = list(dict.fromkeys(name for row in head for name in row.said))
    if "what" not in columns and any(row.problem is None for row in head):
        found = ", ".join(columns) or "none"
        raise SubmissionError(
            "what", f"No column has this heading. Found: {found}. Known: {', '.join(FIELDS)}."
        )
    with _Quarantine(table, columns) as quarantine:
        run = _Run(store, _source(store, now), now, quarantine, mended={ROW, REASONS} <= set(columns))
        every = chain(head, rows)
        while batch := list(islice(every, _AT_ONCE)):
            run.take_in(batch)
        run.done.rejected_table = quarantine.content()
    run.done.unknown = [name for name in columns if _is_unknown(name)]
    return run.done


def _is_unknown(name: str) -> bool:
    return name not in FIELDS and name not in _NOT_READ and not name.startswith(EXTRA)


@dataclass
class _Run:
    """One import. `mended`: the file is one that we wrote, so its texts are guarded."""

    store: Store
    source: PolledSource
    now: datetime
    quarantine: _Quarantine
    mended: bool
    done: ImportedReports = field(default_factory=ImportedReports)

    def __post_init__(self) -> None:
        self.done.moved_aside = self.quarantine.moved_aside

    def take_in(self, batch: list[TableRow]) -> None:
        """Store what can be read, put the rest aside."""
        self.done.rows += len(batch)
        read: list[tuple[TableRow, Submission]] = []
        for row in map(self._unguarded, batch):
            try:
                read.append((row, _read(row)))
            except SubmissionErrors as error:
                self._put_aside(row, error)
        answers = submit_rows(self.store, self.source, [submission for _, submission in read], self.now)
        for (row, submission), answer in zip(read, answers, strict=True):
            if isinstance(answer, SubmissionErrors):
                self._put_aside(row, answer)
            else:
                self._count(submission, answer)

    def _unguarded(self, row: TableRow) -> TableRow:
        if not self.mended:
            return row
        plain = {name: unguarded(said) if isinstance(said, str) else said for name, said in row.said.items()}
        return replace(row, said=plain)

    def _put_aside(self, row: TableRow, error: SubmissionErrors) -> None:
        self.quarantine.add(row, str(error))
        self.done.rejected += 1
        self.done.rejected_file = self.quarantine.path
        self.done.reasons.append((row.number, str(error)))

    def _count(self, submission: Submission, answer: Received) -> None:
        self.done.conflicts += answer.conflict
        if answer.already_received:
            self.done.were_there += 1
            return
        self.done.new += 1
        self.done.country_uncertain += submission.country is None


def _read(row: TableRow) -> Submission:
    """Read a row.

    Raises:
        SubmissionErrors: it cannot be taken; names every faulty field.
    """
    if row.problem:
        raise SubmissionErrors([SubmissionError(LINE, row.problem)])
    said = {name: plain(value) if isinstance(value, float) else value for name, value in row.said.items()}
    beyond = [name for name, value in said.items() if name.startswith(EXTRA) and plain(value)]
    if beyond:
        problem = f"{len(beyond)} more cells than headings: a comma in a text may lack its quotation marks."
        raise SubmissionErrors([SubmissionError("row", problem)])
    said["happened_on"] = _day(plain(said.get("happened_on")))
    return read_submission(said)


def _day(said: str) -> str:
    """Return a spreadsheet's serial day, or an instant, as an ISO 8601 day; any other text as it is."""
    if day := serial_day(said):
        return day.isoformat()
    try:
        return datetime.fromisoformat(said).date().isoformat()
    except ValueError:
        return said


def _source(store: Store, now: datetime) -> PolledSource:
    """Return the source of imported reports, made where it is new."""
    with store.acting("system", "add import source", now) as work:
        return report_source(work, _SOURCE_URL, _SOURCE, SourceKind.FORM)
