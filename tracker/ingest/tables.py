"""Tables as people send them: CSV of any dialect and encoding, XLSX, JSON lines → rows of texts, as they come.

What a file is, its first bytes decide, not its name. Nothing here knows what a column means.
"""

import codecs
import csv
import json
import warnings
import zipfile
from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO

from charset_normalizer import from_bytes
from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from tracker.errors import SubmissionError

EXTRA = "extra"
"""The heading of whatever stands to the right of the last heading."""

LINE = "line"
"""The heading under which a line that could not be read is kept."""

_DELIMITERS = ",;\t|"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WITHOUT_UNICODE = ("cp1252", "cp1251", "cp1256")
"""What older programs write in the languages of the form: western, Cyrillic, Arabic."""

_SAMPLE = 256_000
_INFLATED_AT_MOST = 200_000_000
"""Bytes of an XLSX once inflated: ten times the largest upload; zipfile reads no more than its directory says."""
_ROWS_AT_MOST = 1_048_576
"""That Excel has. Rows that are left out count: the number of the next one makes up for them."""
_CELLS_AT_MOST = 30_000_000
"""Of a sheet, empty ones too: all its rows, some thirty columns wide."""
_CELL_AT_MOST = 1_000_000
_TOO_LARGE = "This Excel file is too large. Save the sheet as CSV, or bring it in parts."
csv.field_size_limit(_CELL_AT_MOST)


@dataclass(frozen=True)
class TableRow:
    """One row: its number as a spreadsheet shows it, what it says by folded heading, and what is wrong with it."""

    number: int
    said: dict[str, Any]
    problem: str | None = None


def fold_heading(heading: str) -> str:
    """Return a heading as it is compared: case, spaces, dashes and full stops do not matter."""
    return "_".join(heading.replace("-", " ").replace(".", " ").replace("_", " ").casefold().split())


def read_table(table: Path | bytes, known: Collection[str]) -> Iterator[TableRow]:
    """Read the rows of a table, blank ones left out; the first row that is not blank holds the headings.

    Args:
        table: CSV, XLSX or JSON lines: where it stands, or its content.
        known: folded headings by which the delimiter and the sheet are recognised.

    Raises:
        SubmissionError: the file is of another kind, or damaged; says what to do.
        OSError: it cannot be opened.
    """
    with _opened(table) as source:
        head = source.read(_SAMPLE)
    if head.startswith(b"PK"):
        return _of_cells(_xlsx(table, known))
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise SubmissionError("file", "This is an old Excel file. Save it as XLSX or CSV, then import that.")
    encoding = _encoding(table, head)
    if head.decode(encoding, "replace").lstrip("\ufeff \r\n\t").startswith("{"):
        return _json_lines(table, encoding)
    return _of_cells(_csv(table, encoding, known))


def _opened(table: Path | bytes) -> BinaryIO:
    return BytesIO(table) if isinstance(table, bytes) else table.open("rb")


def _lines(table: Path | bytes, encoding: str, *, newline: str | None = None) -> TextIOWrapper:
    return TextIOWrapper(_opened(table), encoding=encoding, errors="replace", newline=newline)


def _encoding(table: Path | bytes, head: bytes) -> str:
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    try:
        with TextIOWrapper(_opened(table), encoding="utf-8") as source:
            while source.read(_SAMPLE):
                pass
    except UnicodeDecodeError:
        guess = from_bytes(head, cp_isolation=list(_WITHOUT_UNICODE)).best()
        return guess.encoding if guess else _WITHOUT_UNICODE[0]
    return "utf-8"


def _csv(table: Path | bytes, encoding: str, known: Collection[str]) -> Iterator[list[Any]]:
    with _lines(table, encoding, newline="") as source:
        delimiter = _delimiter(source, known)
        source.seek(0)
        rows = csv.reader((line.replace("\0", "") for line in source), delimiter=delimiter)
        while True:
            try:
                yield next(rows)
            except StopIteration:
                return
            except csv.Error:
                yield [SubmissionError(LINE, "A quotation mark before this row is never closed.")]


def _delimiter(source: TextIOWrapper, known: Collection[str]) -> str:
    """Return the delimiter that finds the most headings in the first line that is not blank."""
    first = next((line for line in source if line.strip()), "")

    def found(delimiter: str) -> int:
        cells = next(csv.reader([first], delimiter=delimiter), [])
        return sum(fold_heading(cell.strip("\ufeff")) in known for cell in cells)

    return max(_DELIMITERS, key=found)


def _xlsx(table: Path | bytes, known: Collection[str]) -> Iterator[list[Any]]:
    try:
        with _opened(table) as source, closing(_book(source)) as book:
            sheets = [(_headed(sheet, known), -place, sheet) for place, sheet in enumerate(book.worksheets)]
            if sheets:
                yield from (list(row) for row in _rows(max(sheets)[2]))
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
        raise SubmissionError("file", "This is no Excel table that can be read. Save it as CSV.") from error


def _rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    cells = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells += len(row)
        if number > _ROWS_AT_MOST or cells > _CELLS_AT_MOST:
            raise SubmissionError("file", _TOO_LARGE)
        yield row


def _book(source: BinaryIO) -> Workbook:
    with zipfile.ZipFile(source) as parts:
        if sum(part.file_size for part in parts.infolist()) > _INFLATED_AT_MOST:
            raise SubmissionError("file", _TOO_LARGE)
    source.seek(0)
    with warnings.catch_warnings(action="ignore"):  # of styles and checks, which a table does not need
        return load_workbook(source, read_only=True, data_only=True)


def _headed(sheet: Any, known: Collection[str]) -> int:
    """Return how many known headings a sheet's first row has."""
    sheet.reset_dimensions()
    first = next((row for row in _rows(sheet) if any(row)), ())
    return sum(fold_heading(str(cell)) in known for cell in first if cell is not None)


def _of_cells(rows: Iterator[list[Any]]) -> Iterator[TableRow]:
    headings: list[str] | None = None
    for number, cells in enumerate(rows, start=1):
        if cells and isinstance(cells[0], SubmissionError):
            yield TableRow(number, {}, cells[0].problem)
            continue
        texts = [plain(cell) for cell in cells]
        while texts and texts[-1] == "":
            texts.pop()
        if not texts:
            continue
        if headings is None:
            headings = _headings(texts)
            continue
        yield _row(number, headings, texts)


def _headings(texts: list[str]) -> list[str]:
    folded = [fold_heading(text.strip("\ufeff")) for text in texts]
    return [name or f"{EXTRA}_{place}" for place, name in enumerate(folded, start=1)]


def _row(number: int, headings: list[str], texts: list[str]) -> TableRow:
    said: dict[str, Any] = {}
    for heading, text in zip(headings, texts, strict=False):
        if not said.get(heading):
            said[heading] = text
    beyond = texts[len(headings) :]
    said |= {f"{EXTRA}_{place}": text for place, text in enumerate(beyond, start=len(headings) + 1)}
    return TableRow(number, said)


def plain(cell: Any) -> str:
    """Return a cell as text: days as ISO 8601, whole numbers without a fraction, nothing for an empty one."""
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case _:
            return str(cell).strip()


def _json_lines(table: Path | bytes, encoding: str) -> Iterator[TableRow]:
    with _lines(table, encoding) as source:
        for number, line in enumerate(source, start=1):
            if not line.strip():
                continue
            try:
                said = json.loads(line)
            except (ValueError, RecursionError):
                said = None
            if isinstance(said, dict):
                yield TableRow(number, {fold_heading(str(key)): value for key, value in said.items()})
            else:
                yield TableRow(number, {LINE: line.strip()}, "This line is not one JSON object.")
