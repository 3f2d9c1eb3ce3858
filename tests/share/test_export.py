"""Exports: as one may see them, as the operator, without what a source forbids, and safe in a spreadsheet."""

import csv
import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import select

from tests.share.house import NOW, House, at
from tests.share.story import tell
from tracker.domain.spreadsheets import neutral
from tracker.domain.words import Hidden, ItemKind, Level, MilestoneKind, Role, Tlp
from tracker.errors import SubmissionError
from tracker.share.export import ExportFilter, columns, export
from tracker.share.formats import write
from tracker.store.tables import AuditRow, FieldReport, Organisation

ALL = ExportFilter()


def rows_of(house: House, what: str, name: str | None, wanted: ExportFilter = ALL) -> list[dict[str, Any]]:
    return list(export(house.store, what, house.viewer(name) if name else None, wanted, NOW))


def labelled_items(house: House) -> None:
    other = house.add(Organisation, name="Other", is_host=False).id
    house.user("ann", Role.ANALYST)
    for number, (tlp, org_id) in enumerate(
        [(Tlp.CLEAR, house.org), (Tlp.AMBER_STRICT, house.org), (Tlp.AMBER_STRICT, other), (Tlp.RED, other)]
    ):
        house.item(title=f"item {number}", tlp=tlp, org_id=org_id, country="MLI", published_at=at("10 12:00"))
    hidden: dict[str, Any] = {"hidden_at": NOW, "hidden_because": Hidden.WITHDRAWN}
    house.item(title="withdrawn", tlp=Tlp.CLEAR, country="MLI", published_at=at("10 12:00"), **hidden)
    barred = house.source(no_redistribute=True, tlp=Tlp.AMBER_STRICT, org_id=other)
    house.item(barred.id, title="barred", tlp=Tlp.CLEAR, country="MLI", published_at=at("10 12:00"))


def test_a_viewer_exports_what_they_may_see_and_the_operator_all_but_red(house: House) -> None:
    labelled_items(house)
    assert [row["title"] for row in rows_of(house, "items", "ann")] == ["item 0", "item 1"]
    operator = rows_of(house, "items", None)
    assert sorted(row["title"] for row in operator) == ["item 0", "item 1", "item 2"]
    assert operator[0]["countries"] == ["MLI"]
    assert set(columns("items")) == set(operator[0])


def test_every_export_is_audited_before_its_first_row(house: House) -> None:
    house.user("ann", Role.ANALYST)
    export(house.store, "items", None, ALL, NOW)
    export(house.store, "alerts", house.viewer("ann"), ALL, NOW)
    with house.store.looking("test", NOW) as work:
        found = select(AuditRow.actor, AuditRow.subject).where(AuditRow.deed == "exported")
        audited = [(actor, subject) for actor, subject in work.execute(found)]
    assert audited == [("operator", "items"), (f"user:{house.people['ann']}", "alerts")]


def test_alerts_carry_every_milestone_and_the_operator_sees_what_all_holders_know(house: House) -> None:
    other = house.add(Organisation, name="Other", is_host=False).id
    house.user("ann", Role.ANALYST)
    strict = {"tlp": Tlp.AMBER_STRICT, "org_id": other}
    alert_id = house.alert("MLI", "unrest", Level.HIGH, at("10 12:00"))
    house.alert("NER", "unrest", Level.HIGH, at("11 12:00"), **strict)
    house.milestone(alert_id, MilestoneKind.DECIDED, at("12 12:00"), country="MLI", **strict)
    (seen,) = rows_of(house, "alerts", "ann")
    assert (seen["alerted_at"], seen["decided_at"], seen["stage"]) == (at("10 12:00"), None, "alerted")
    operator = rows_of(house, "alerts", None)
    assert [(row["country"], row["decided_at"]) for row in operator] == [
        ("MLI", at("12 12:00")),
        ("NER", None),
    ]
    assert all(f"{kind}_at" in seen for kind in MilestoneKind)


def test_reports_carry_their_questions(house: House) -> None:
    house.user("ann", Role.ANALYST)
    item_id, _ = house.item(
        kind=ItemKind.REPORT, text="what was seen", country="MLI", published_at=at("10 12:00")
    )
    house.add(FieldReport, item_id=item_id, killed=2, happened_on=date(2026, 11, 9))
    house.item(kind=ItemKind.NEWS, country="MLI", published_at=at("10 12:00"))
    (row,) = rows_of(house, "reports", "ann")
    assert (row["what"], row["country"], row["killed"]) == ("what was seen", "MLI", 2)
    assert row["happened_on"] == date(2026, 11, 9)
    assert set(row) == set(columns("reports"))


@pytest.mark.parametrize("what", ["items", "reports", "signals", "alerts", "actions", "metrics"])
def test_every_export_keeps_to_its_columns_and_gives_outsiders_nothing(house: House, what: str) -> None:
    tell(house)
    for row in rows_of(house, what, "analyst") + rows_of(house, what, None):
        assert tuple(row) == columns(what)
    if what != "metrics":
        assert rows_of(house, what, "partner") == []
        assert rows_of(house, what, "kenya") == []


def test_metrics_have_their_n_and_no_share_below_ten(house: House) -> None:
    tell(house)
    figures = {row["metric"]: row for row in rows_of(house, "metrics", "analyst")}
    assert (figures["alerts"]["count"], figures["decide_on_time"]["n"]) == (8, 7)
    assert figures["decide_on_time"]["share"] is None


def test_a_time_cuts_the_rows_in_batches_without_loss(house: House) -> None:
    house.user("ann", Role.ANALYST)
    for day in (9, 10, 11):
        house.alert("MLI", "unrest", Level.HIGH, at(f"{day:02} 12:00"))
    wanted = ExportFilter(since=at("10 00:00"), until=at("11 12:00"))
    for what in ("items", "signals", "alerts"):
        assert len(rows_of(house, what, "ann", wanted)) == 1
        assert len(rows_of(house, what, "ann")) == 3


def test_an_export_that_is_none_is_refused(house: House) -> None:
    with pytest.raises(SubmissionError, match="items, reports"):
        export(house.store, "users", None, ALL, NOW)


ROWS = [
    {"n": -3, "text": "=1+1", "at": datetime(2026, 11, 23, tzinfo=UTC), "list": ["MLI", "NER"], "none": None},
    {"n": 2.5, "text": "plain\x00 ’ –", "at": None, "list": [], "none": None},
]


def written(format: str, rows: list[dict[str, Any]], names: tuple[str, ...] = ()) -> bytes:
    out = io.BytesIO()
    assert write(rows, format, out, names) == len(rows)
    return out.getvalue()


def test_csv_neutralises_formulas_and_keeps_numbers() -> None:
    read = list(csv.reader(io.StringIO(written("csv", ROWS).decode(), newline="")))
    assert read[0] == ["n", "text", "at", "list", "none"]
    assert read[1] == ["-3", "'=1+1", "2026-11-23T00:00:00Z", "MLI;NER", ""]


def test_json_lines_keep_every_text() -> None:
    first, second = (json.loads(line) for line in written("jsonl", ROWS).splitlines())
    assert (first["text"], first["n"], first["list"], first["none"]) == ("=1+1", -3, ["MLI", "NER"], None)
    assert second["text"] == "plain\x00 ’ –"


def test_a_spreadsheet_holds_no_formula() -> None:
    book = load_workbook(io.BytesIO(written("xlsx", ROWS)))
    cells = list(book["1"].iter_rows(values_only=True))
    assert cells[1] == (-3, "'=1+1", "2026-11-23T00:00:00Z", "MLI;NER", None)
    assert cells[2][:2] == (2.5, "plain ’ –")
    assert {cell.data_type for row in book["1"].iter_rows() for cell in row} <= {"n", "s", "inlineStr"}


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_an_empty_export_still_has_its_heading(format: str) -> None:
    data = written(format, [], columns("actions"))
    if format == "csv":
        assert data.decode().strip().split(",") == list(columns("actions"))
    else:
        assert [cell.value for cell in next(load_workbook(io.BytesIO(data))["1"].rows)] == list(
            columns("actions")
        )


def test_a_format_that_is_none_is_refused() -> None:
    with pytest.raises(SubmissionError, match="csv, jsonl, xlsx"):
        write([], "pdf", io.BytesIO())


@given(st.text())
def test_no_text_begins_as_a_formula(text: str) -> None:
    shown = neutral(text)
    assert shown.lstrip()[:1] not in set("=+-@＝＋－＠")  # noqa: RUF001 - letters of the language
    assert shown in (text, f"'{text}")


@given(st.lists(st.fixed_dictionaries({"a": st.text(), "b": st.one_of(st.none(), st.integers(), st.text())})))
def test_csv_reads_back_as_it_was_written(rows: list[dict[str, Any]]) -> None:
    text = written("csv", rows, ("a", "b")).decode()
    read = list(csv.reader(io.StringIO(text, newline="")))
    shown = [
        [
            neutral(r["a"]),
            neutral(r["b"]) if isinstance(r["b"], str) else "" if r["b"] is None else str(r["b"]),
        ]
        for r in rows
    ]
    assert read == [["a", "b"], *shown]
