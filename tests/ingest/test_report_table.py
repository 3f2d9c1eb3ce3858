"""Tables of field reports: what partners really send, what cannot be taken, and sending it again once mended."""

import codecs
import csv
import json
import stat
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from tests.support.statements import statements
from tracker.domain.words import Tlp
from tracker.errors import SubmissionError
from tracker.ingest.report_table import ImportedReports, import_reports
from tracker.ingest.tables import read_table
from tracker.store import Store
from tracker.store.tables import FieldReport, Item, ItemContent

HEADING = "what,country,killed,happened_on,client_id"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def stored(store: Store, now: datetime) -> list[dict[str, Any]]:
    """Return every report in the order of its words."""
    rows = (
        select(Item, ItemContent, FieldReport)
        .join(ItemContent, ItemContent.version_id == Item.version_id)
        .join(FieldReport, FieldReport.item_id == Item.id)
        .order_by(ItemContent.text)
    )
    with store.looking("test", now) as work:
        return [
            {
                "what": content.text,
                "country": item.country,
                "said": content.country_said,
                "killed": report.killed,
                "on": report.happened_on,
                "at": item.published_at,
                "tlp": item.tlp,
                "uncertain": report.country_uncertain,
                "conflicts": report.conflicts_with is not None,
            }
            for item, content, report in work.execute(rows)
        ]


def take_in(store: Store, now: datetime, path: Path, content: str | bytes) -> ImportedReports:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return import_reports(store, path, now)


def rejected(done: ImportedReports) -> list[dict[str, str]]:
    assert done.rejected_file is not None
    with done.rejected_file.open(encoding="utf-8-sig", newline="") as source:
        return list(csv.DictReader(source))


def workbook(path: Path, *rows: list[Any]) -> Path:
    book = Workbook()
    book.create_sheet("Notes", 0).append(["Please fill in the other sheet."])
    sheet = book.worksheets[1]
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("why", "content"),
    [
        ("plain", "what,country\nLeaflets,NA\n"),
        ("semicolons and a byte order mark", b"\xef\xbb\xbf" + b"what;country\nLeaflets;NA\n"),
        ("tabs", "what\tcountry\r\nLeaflets\tNAM\r\n"),
        ("UTF-16", codecs.BOM_UTF16_LE + "what,country\nLeaflets,Namibia\n".encode("utf-16-le")),
        ("headings as people write them", " What , COUNTRY,Happened On\nLeaflets,Namibie,\n"),
        ("blank rows around", "\n,,\nwhat,country\n\nLeaflets,НАМИБИЯ\n\n"),
        ("JSON lines", '{"what": "Leaflets", "country": "NA", "killed": null}\n\n'),
        ("nul bytes", "what,country\nLeaf\0lets,NA\n"),
    ],
)
def test_a_table_of_any_dialect_gives_its_report(
    store: Store, now: datetime, folder: Path, why: str, content: str | bytes
) -> None:
    done = take_in(store, now, folder / "reports.csv", content)
    assert (done.rows, done.new, done.rejected) == (1, 1, 0), why
    [report] = stored(store, now)
    assert (report["what"], report["country"], report["killed"]) == ("Leaflets", "NAM", None)
    assert report["tlp"] is Tlp.AMBER_STRICT
    assert not (folder / "reports.csv.rejected.csv").exists()


@pytest.mark.parametrize("number", ["9" * 5_000, "²" * 5, "-46346", "99999"])
def test_a_number_that_is_no_day_puts_its_row_aside_and_the_others_are_taken(
    store: Store, now: datetime, folder: Path, number: str
) -> None:
    table = f"what,country,killed,happened_on\nLeaflets,MLI,,{number}\nA well,MLI,,\n"
    done = take_in(store, now, folder / "long.csv", table)
    assert (done.new, done.rejected) == (1, 1)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Soldats à la frontière, été", "cp1252"),
        ("Раздают листовки в селе", "cp1251"),
        ("وزعوا منشورات في القرية", "cp1256"),
    ],
)
def test_a_table_in_an_old_encoding_is_read(
    store: Store, now: datetime, folder: Path, text: str, encoding: str
) -> None:
    content = f'what,country\n"{text}",MLI\n' + f'"{text} 2",MLI\n' * 20
    take_in(store, now, folder / "old.csv", content.encode(encoding))
    assert stored(store, now)[0]["what"] == text


def test_an_excel_file_that_inflates_a_thousandfold_is_refused_unread(
    store: Store, now: datetime, folder: Path
) -> None:
    path = workbook(folder / "bomb.xlsx", ["What", "Country"], ["Leaflets", "MLI"])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as parts, parts.open("xl/more.xml", "w") as part:
        for _ in range(201):
            part.write(bytes(1_000_000))
    assert path.stat().st_size < 1_000_000
    with pytest.raises(SubmissionError, match="too large"):
        import_reports(store, path.read_bytes(), now)
    assert stored(store, now) == []


def test_an_excel_sheet_whose_rows_are_numbered_without_end_is_refused(folder: Path) -> None:
    path, target = workbook(folder / "far.xlsx", ["What"], ["Leaflets"]), folder / "farther.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.infolist():
            new.writestr(part, old.read(part).replace(b'r="2"', b'r="99999999999"'))
    with pytest.raises(SubmissionError, match="too large"):
        list(read_table(target, ["what"]))


def test_a_cell_without_end_is_refused_before_it_is_cleaned(
    store: Store, now: datetime, folder: Path
) -> None:
    table = "what,country\n" + "<b>" * 300_000 + ",MLI\nLeaflets,MLI\n"
    done = take_in(store, now, folder / "long.csv", table)
    assert (done.new, done.rejected) == (1, 1)
    assert "Too long" in done.reasons[0][1]


def test_cells_of_excel_are_read_as_they_were_meant(store: Store, now: datetime, folder: Path) -> None:
    path = workbook(
        folder / "reports.xlsx",
        ["What", "Country", "Killed", "Happened on", "May share UN", None],
        ["a date cell", "NA", 3, datetime(2026, 11, 20), True],  # noqa: DTZ001 - as Excel keeps it
        ["a serial", "MLI", 2.0, 46346],
        ["no number", "MLI", None, None],
        [None, None, None],
        ["text", "MLI", "0", "2026-11-20T08:00:00"],
    )
    done = import_reports(store, path, now)
    assert (done.rows, done.new, done.rejected) == (4, 4, 0)
    read = {row["what"]: (row["country"], row["killed"], row["on"]) for row in stored(store, now)}
    assert read == {
        "a date cell": ("NAM", 3, date(2026, 11, 20)),
        "a serial": ("MLI", 2, date(2026, 11, 20)),
        "no number": ("MLI", None, None),
        "text": ("MLI", 0, date(2026, 11, 20)),
    }


def test_a_report_of_an_earlier_day_counts_on_that_day(store: Store, now: datetime, folder: Path) -> None:
    take_in(
        store,
        now,
        folder / "r.csv",
        "what,country,happened_on\nlate,MLI,2026-03-01\nto come,MLI,2026-12-24\n",
    )
    late, to_come = stored(store, now)
    assert late["at"] == datetime(2026, 3, 1, tzinfo=UTC)
    assert to_come["at"] == now


def test_rows_with_a_fault_are_put_aside_with_number_and_reasons_and_the_others_kept(
    store: Store, now: datetime, folder: Path
) -> None:
    content = (
        f"{HEADING}\n"
        "good,MLI,,,\n"
        ",MLI,1,,\n"
        "no country,,many,27/11/2026,\n"
        "a comma, without marks,MLI,,,,x1\n"
        '"over\ntwo lines",KEN,,,\n'
        "x,MLI,-1,,\n"
    )
    done = take_in(store, now, folder / "reports.csv", content)
    assert (done.rows, done.new, done.rejected) == (6, 2, 4)
    rows = rejected(done)
    assert [row["row"] for row in rows] == ["3", "4", "5", "7"]
    assert "what: Say what happened" in rows[0]["reasons"]
    for name in ("country", "killed", "happened_on"):
        assert f"{name}: " in rows[1]["reasons"]
    assert "more cells than headings" in rows[2]["reasons"]
    assert rows[1]["what"] == "no country"
    assert done.reasons[3] == (7, rows[3]["reasons"])


def test_what_was_put_aside_is_mended_and_imported_as_it_is(
    store: Store, now: datetime, folder: Path
) -> None:
    path = folder / "reports.csv"
    content = f'{HEADING}\n=1+1,MLI,many,,\n\'quoted,MLI,some,,\n-5 degrees,MLI,few,,\n"a, b",MLI,?,,\ngood,MLI,,,\n'
    first = take_in(store, now, path, content)
    assert first.rejected_file is not None
    assert stat.S_IMODE(first.rejected_file.stat().st_mode) == 0o600
    texts = [row["what"] for row in rejected(first)]
    assert texts == ["'=1+1", "''quoted", "'-5 degrees", "a, b"]
    again = import_reports(store, first.rejected_file, now)
    assert again.rejected == 4
    assert [row["what"] for row in rejected(again)] == texts
    mended = first.rejected_file.read_text("utf-8-sig")
    for word in ("many", "some", "few", "?"):
        mended = mended.replace(f",{word},", ",2,")
    done = take_in(store, now, first.rejected_file, mended)
    assert (done.new, done.rejected, done.unknown) == (4, 0, [])
    assert [row["what"] for row in stored(store, now)] == sorted(
        ["=1+1", "'quoted", "-5 degrees", "a, b", "good"]
    )


def test_mending_in_excel_works_as_well(store: Store, now: datetime, folder: Path) -> None:
    first = take_in(store, now, folder / "r.csv", f"{HEADING}\n=cmd,MLI,many,2026-11-20,\n")
    [row] = rejected(first)
    row["killed"] = "4"
    path = workbook(folder / "mended.xlsx", list(row), list(row.values()))
    assert import_reports(store, path, now).new == 1
    assert stored(store, now)[0]["what"] == "=cmd"


def test_the_same_rows_again_in_one_file_or_another_are_there_once(
    store: Store, now: datetime, folder: Path
) -> None:
    content = f"{HEADING}\nsame,MLI,,,\nsame,MLI,,,\nother,MLI,,,a1\n"
    first = take_in(store, now, folder / "a.csv", content)
    again = take_in(store, now, folder / "b.csv", content.replace("\nother", "\n more , mli ,,, \nother"))
    assert (first.new, first.were_there) == (2, 1)
    assert (again.new, again.were_there, again.rejected) == (1, 3, 0)
    assert len(stored(store, now)) == 3


def test_rows_that_wait_to_be_mended_are_never_written_over(
    store: Store, now: datetime, folder: Path
) -> None:
    path = folder / "reports.csv"
    first = take_in(store, now, path, f"{HEADING}\n,MLI,,,\n")
    assert first.rejected_file is not None
    first.rejected_file.write_text("being mended")
    again = take_in(store, now, path, f"{HEADING}\n,KEN,,,\n")
    assert again.moved_aside is not None
    assert again.moved_aside.read_text() == "being mended"
    assert rejected(again)[0]["country"] == "KEN"


@pytest.mark.parametrize(
    ("said", "code", "uncertain"),
    [
        ("Congo", None, True),
        ("Guinea", None, True),
        ("Atlantis", None, True),
        ("Guinée-Bissau", "GNB", False),
        ("DR Congo", "COD", False),
        ("NE", "NER", False),
        ("Niger", "NER", False),
    ],
)
def test_a_country_that_is_not_certain_is_kept_as_it_was_written(
    store: Store, now: datetime, folder: Path, said: str, code: str | None, uncertain: bool
) -> None:
    done = take_in(store, now, folder / "r.csv", f"what,country\nleaflets near Goma in Congo,{said}\n")
    [report] = stored(store, now)
    assert (report["country"], report["uncertain"]) == (code, uncertain)
    assert report["said"] == (said if uncertain else None)
    assert done.country_uncertain == uncertain


def test_the_same_id_with_other_words_is_kept_beside_the_first_once(
    store: Store, now: datetime, folder: Path
) -> None:
    take_in(store, now, folder / "a.csv", f"{HEADING}\nfirst,MLI,,,a1\n")
    for _ in range(2):
        done = take_in(store, now, folder / "b.csv", f"{HEADING}\nsecond,MLI,,,a1\n")
        assert (done.conflicts, done.rejected) == (1, 0)
    assert [(row["what"], row["conflicts"]) for row in stored(store, now)] == [
        ("first", False),
        ("second", True),
    ]


@pytest.mark.parametrize(
    ("why", "content", "says"),
    [
        ("no known heading", "text,land\na,b\n", "Found: text, land"),
        ("an old Excel file", b"\xd0\xcf\x11\xe0rest", "Save it as XLSX or CSV"),
        ("a broken Excel file", b"PK\x03\x04rest", "Save it as CSV"),
    ],
)
def test_a_file_that_is_no_table_of_reports_says_why(
    store: Store, now: datetime, folder: Path, why: str, content: str | bytes, says: str
) -> None:
    with pytest.raises(SubmissionError, match=says):
        take_in(store, now, folder / "x.csv", content)
    assert stored(store, now) == [], why


@pytest.mark.parametrize("content", ["", "what,country\n", "\n\n"])
def test_a_table_without_rows_keeps_nothing(store: Store, now: datetime, folder: Path, content: str) -> None:
    done = take_in(store, now, folder / "x.csv", content)
    assert (done.rows, done.kept) == (0, 0)


def test_a_line_of_json_that_cannot_be_read_is_put_aside_with_its_words(
    store: Store, now: datetime, folder: Path
) -> None:
    lines = [
        json.dumps({"what": "good", "country": "MLI", "killed": 2.0, "mood": "low"}),
        '{"what": "cut',
        "[1]",
    ]
    done = take_in(store, now, folder / "r.jsonl", "\n".join(lines))
    assert (done.new, done.rejected, done.unknown) == (1, 2, ["mood"])
    assert [row["line"] for row in rejected(done)] == ['{"what": "cut', "[1]"]


def test_a_quotation_mark_that_is_never_closed_costs_no_traceback(
    store: Store, now: datetime, folder: Path
) -> None:
    rest = "row,MLI\n" * 200_000
    done = take_in(store, now, folder / "r.csv", f'what,country\ngood,MLI\n"never closed,MLI\n{rest}')
    assert done.new >= 1
    assert done.rejected >= 1


def test_many_rows_take_as_few_statements_as_one(store: Store, now: datetime, folder: Path) -> None:
    def many(name: str, rows: int) -> int:
        lines = "".join(f"{name} {number},MLI,3,,{name}-{number}\n" for number in range(rows))
        with statements(store) as said:
            assert take_in(store, now, folder / f"{name}.csv", f"{HEADING}\n{lines}").new == rows
        return len(said)

    many("first", 1)
    assert many("fire", 60) == many("flood", 2)


def test_a_row_that_the_database_does_not_take_is_put_aside_and_the_others_are_kept(
    store: Store, now: datetime, folder: Path
) -> None:
    with store.writer.begin() as connection:
        connection.exec_driver_sql(REFUSE_TEXT[store.writer.dialect.name])
        if store.writer.dialect.name == "postgresql":
            connection.exec_driver_sql(
                "CREATE TRIGGER refuse BEFORE INSERT ON item_content FOR EACH ROW EXECUTE FUNCTION refuse()"
            )
    content = f"{HEADING}\nriot,MLI,,,a\nSECRET words,MLI,,,b\nflood,MLI,,,c\n"
    done = take_in(store, now, folder / "reports.csv", content)
    assert (done.new, done.rejected) == (2, 1)
    (row,) = rejected(done)
    assert row["what"] == "SECRET words"
    assert row["reasons"] == "row: The database does not take this row; please tell whoever runs this place."
    assert [each["what"] for each in stored(store, now)] == ["flood", "riot"]


REFUSE_TEXT = {
    "sqlite": "CREATE TRIGGER refuse BEFORE INSERT ON item_content WHEN substr(NEW.text, 1, 6) = 'SECRET' "
    "BEGIN SELECT abs(-9223372036854775808); END",
    "postgresql": "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF left(NEW.text, 6) = 'SECRET' THEN RAISE EXCEPTION 'no' USING ERRCODE = '22003'; END IF; "
    "RETURN NEW; END $$",
}
