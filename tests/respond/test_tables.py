"""A table that somebody uploads: its bad rows come back to be mended, nothing of it stays on the disk."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.support.house import House
from tracker.domain.viewer import Viewer
from tracker.domain.words import Role
from tracker.errors import NotAllowedError, SubmissionError
from tracker.respond.tables import take_in_table
from tracker.store.tables import Item

TABLE = b"what,country,killed\nThe market is shut.,MLI,\nThe well is dry.,MLI,many\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def kept(house: House) -> int:
    with house.store.looking("test", house.now) as work:
        return work.scalar(select(func.count()).select_from(Item)) or 0


def test_bad_rows_come_back_with_their_reasons_and_count_once_mended(
    house: House, analyst: Viewer, folder: Path
) -> None:
    first = take_in_table(house.store, analyst, TABLE, folder, house.now)
    assert (first.done.new, first.done.rejected, kept(house)) == (1, 1, 1)
    assert first.done.reasons[0][0] == 3
    assert first.rejected is not None
    assert b"many" in first.rejected
    mended = first.rejected.replace(b"many", b"2")
    for new in (1, 0):
        again = take_in_table(house.store, analyst, mended, folder, house.now)
        assert (again.done.new, again.rejected, kept(house)) == (new, None, 2)
    assert list(folder.iterdir()) == []


def test_only_those_who_triage_bring_a_table_and_what_is_none_is_refused(
    house: House, analyst: Viewer, folder: Path
) -> None:
    for role in (Role.PARTNER, Role.OFFICER, Role.ADMIN):
        with pytest.raises(NotAllowedError):
            take_in_table(house.store, house.viewer(role, "UN"), TABLE, folder, house.now)
    with pytest.raises(SubmissionError, match="No column has this heading"):
        take_in_table(house.store, analyst, b"a,b\n1,2\n", folder, house.now)
    with pytest.raises(SubmissionError, match="bring the same file again"):
        take_in_table(house.store, analyst, TABLE, folder / "gone", house.now)
    assert kept(house) == 0
    assert list(folder.iterdir()) == []
