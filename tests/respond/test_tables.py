"""A table that somebody uploads: its bad rows come back to be mended, nothing of it stays on the disk."""

from typing import NoReturn

import pytest
from sqlalchemy import func, select

from tests.support.house import House
from tracker.domain.viewer import Viewer
from tracker.domain.words import Role
from tracker.errors import BusyError, NotAllowedError, SubmissionError
from tracker.ingest.reports import submit_rows
from tracker.respond.tables import take_in_table
from tracker.store.tables import Item

TABLE = b"what,country,killed\nThe market is shut.,MLI,\nThe well is dry.,MLI,many\n"


def kept(house: House) -> int:
    with house.store.looking("test", house.now) as work:
        return work.scalar(select(func.count()).select_from(Item)) or 0


def test_bad_rows_come_back_with_their_reasons_and_count_once_mended(house: House, analyst: Viewer) -> None:
    first = take_in_table(house.store, analyst, TABLE, house.now)
    assert (first.new, first.rejected, kept(house)) == (1, 1, 1)
    assert first.reasons[0][0] == 3
    assert first.rejected_table is not None
    assert b"many" in first.rejected_table
    mended = first.rejected_table.replace(b"many", b"2")
    for new in (1, 0):
        again = take_in_table(house.store, analyst, mended, house.now)
        assert (again.new, again.rejected_table, kept(house)) == (new, None, 2)


def test_a_table_is_never_written_to_the_disk_since_it_may_name_who_reported(
    house: House, analyst: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def written(*_: object, **__: object) -> NoReturn:
        pytest.fail("a file was written")

    for writes in ("os.open", "os.mkdir", "pathlib.Path.write_bytes", "pathlib.Path.open"):
        monkeypatch.setattr(writes, written)
    assert take_in_table(house.store, analyst, TABLE, house.now).rejected_table is not None


def test_a_database_that_stops_half_way_is_told_with_what_to_do(
    house: House, analyst: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = b"what,country\n" + b"".join(b"The market is shut %d.,MLI\n" % number for number in range(201))
    answers = iter((submit_rows, locked))
    monkeypatch.setattr("tracker.ingest.report_table.submit_rows", lambda *said: next(answers)(*said))
    with pytest.raises(SubmissionError, match="bring the same file again"):
        take_in_table(house.store, analyst, table, house.now)
    assert kept(house) == 200
    monkeypatch.undo()
    assert take_in_table(house.store, analyst, table, house.now).new == 1


def locked(*_: object) -> NoReturn:
    raise BusyError("The database is locked by other work. Nothing was half-written.")


def test_only_those_who_triage_bring_a_table_and_what_is_none_is_refused(
    house: House, analyst: Viewer
) -> None:
    for role in (Role.PARTNER, Role.OFFICER, Role.ADMIN):
        with pytest.raises(NotAllowedError):
            take_in_table(house.store, house.viewer(role, "UN"), TABLE, house.now)
    with pytest.raises(SubmissionError, match="No column has this heading"):
        take_in_table(house.store, analyst, b"a,b\n1,2\n", house.now)
    assert kept(house) == 0
