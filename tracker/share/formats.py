"""Rows as CSV, JSON lines or XLSX, written as they come. Nothing that a spreadsheet would run gets into one."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from tracker.domain.spreadsheets import neutral
from tracker.errors import SubmissionError

_XLSX_ROWS = 1_048_576
"""Rows of one sheet, the heading included; the format allows no more."""

Rows = Iterable[Mapping[str, Any]]


def write(rows: Rows, format: str, out: BinaryIO, columns: Sequence[str] = ()) -> int:
    """Write rows to a binary stream as csv, jsonl or xlsx (UTF-8); return how many.

    Without `columns`, the first row names them. In csv and xlsx a text that a spreadsheet would run as a
    formula gets an apostrophe in front; numbers stay numbers. JSON lines keep every text as it is.

    Raises:
        SubmissionError: no such format.
    """
    if format not in _FORMATS:
        raise SubmissionError(
            "format", f"There is no format {format!r}; choose one of: {', '.join(_FORMATS)}."
        )
    return _FORMATS[format](rows, out, columns)


def _write_csv(rows: Rows, out: BinaryIO, columns: Sequence[str]) -> int:
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    try:
        writer, count = csv.writer(text), 0
        for count, cells in enumerate(_with_heading(rows, columns)):  # noqa: B007 - counts
            writer.writerow(["" if cell is None else cell for cell in cells])
    finally:
        text.detach()
    return count


def _write_jsonl(rows: Rows, out: BinaryIO, _columns: Sequence[str]) -> int:
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007 - counts
        plain = {name: _plain(value) for name, value in row.items()}
        out.write(json.dumps(plain, ensure_ascii=False).encode() + b"\n")
    return count


def _write_xlsx(rows: Rows, out: BinaryIO, columns: Sequence[str]) -> int:
    book = Workbook(write_only=True)
    sheet, count, heading = book.create_sheet("1"), 0, None
    for count, cells in enumerate(_with_heading(rows, columns)):
        heading = heading or cells
        if count and count % (_XLSX_ROWS - 1) == 0:
            sheet = book.create_sheet(str(len(book.sheetnames) + 1))
            sheet.append(heading)
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", c) if isinstance(c, str) else c for c in cells])
    book.save(out)
    return count


def _with_heading(rows: Rows, columns: Sequence[str]) -> Iterator[list[Any]]:
    found = iter(rows)
    first = next(found, None)
    names = list(columns or first or ())
    if names:
        yield names
    for row in chain([first] if first is not None else [], found):
        yield [_cell(row.get(name)) for name in names]


def _cell(value: Any) -> Any:
    plain = _plain(value)
    if isinstance(plain, list):
        plain = ";".join(map(str, plain))
    return neutral(plain) if isinstance(plain, str) else plain


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, str) else value


_FORMATS: dict[str, Callable[[Rows, BinaryIO, Sequence[str]], int]] = {
    "csv": _write_csv,
    "jsonl": _write_jsonl,
    "xlsx": _write_xlsx,
}
