"""A back-up holds every row of every table, fills either kind of database, and is all or nothing."""

import gzip
import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.store.world import NOW
from tests.support.databases import sqlite_url
from tracker.domain.words import OutboxState
from tracker.errors import ConfigError, StoreError
from tracker.store import Store
from tracker.store.backup import back_up, restore
from tracker.store.tables import Alert, ApiToken, AuditRow, Base, Outbox, SignIn, SignInLink

CHANGED = {each.__tablename__ for each in (ApiToken, AuditRow, Outbox, SignIn, SignInLink)}


@pytest.fixture
def another(empty_database_url: str) -> Iterator[Store]:
    opened = Store.open(empty_database_url)
    yield opened
    opened.close()


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(sqlite_url(tmp_path / "elsewhere.db"))
    yield opened
    opened.close()


def _all_rows(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the tables that the deed itself leaves as they are."""
    rows: dict[str, list[tuple[Any, ...]]] = {}
    with store.reader.begin() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name not in CHANGED:
                found = connection.execute(select(table).order_by(*table.primary_key.columns))
                rows[table.name] = [tuple(row) for row in found]
    return rows


def _link_alerts_forwards(store: Store) -> None:
    """Merge the first alert into the last, so that a row points to one that comes later."""
    with store.writer.begin() as connection:
        ids = sorted(connection.scalars(select(Alert.id)))
        connection.execute(update(Alert).where(Alert.id == ids[0]).values(merged_into=ids[-1]))


def test_an_empty_database_is_filled_with_every_row(store: Store, another: Store, tmp_path: Path) -> None:
    _link_alerts_forwards(store)
    rows = back_up(store, tmp_path / "all.gz", NOW)
    assert restore(another, tmp_path / "all.gz", NOW) == rows
    assert _all_rows(another) == _all_rows(store)
    assert all(_all_rows(store).values()), (
        "the world has no row of some table, so this test would not see it lost"
    )


def test_the_copy_moves_between_the_kinds_of_database(store: Store, on_sqlite: Store, tmp_path: Path) -> None:
    back_up(store, tmp_path / "all.gz", NOW)
    restore(on_sqlite, tmp_path / "all.gz", NOW)
    assert _all_rows(on_sqlite) == _all_rows(store)


def test_only_its_owner_may_read_the_file_and_the_deed_is_audited(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "all.gz"
    back_up(store, path, NOW)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.glob("*.part")] == []
    with store.reader.begin() as connection:
        deeds = set(connection.scalars(select(AuditRow.deed)))
    assert "backed up" in deeds


def test_mails_that_waited_are_held_and_not_sent_again(store: Store, another: Store, tmp_path: Path) -> None:
    with store.writer.begin() as connection:
        connection.execute(update(Outbox).values(state=OutboxState.QUEUED))
    back_up(store, tmp_path / "all.gz", NOW)
    restore(another, tmp_path / "all.gz", NOW)
    with another.reader.begin() as connection:
        held = connection.execute(select(Outbox.state, Outbox.reason)).all()
    assert held
    assert {(state, "may have been sent since" in (reason or "")) for state, reason in held} == {
        (OutboxState.FAILED, True)
    }


def test_nobody_who_was_let_in_then_is_let_in_now(store: Store, another: Store, tmp_path: Path) -> None:
    back_up(store, tmp_path / "all.gz", NOW)
    restore(another, tmp_path / "all.gz", NOW)
    with another.reader.begin() as connection:
        for ended in (SignIn.ended_at, SignInLink.used_at, ApiToken.revoked_at):
            found = list(connection.scalars(select(ended)))
            assert found
            assert None not in found


def test_a_file_that_is_there_is_never_written_over(database_url: str, store: Store, tmp_path: Path) -> None:
    for path in (tmp_path / "yesterday.gz", tmp_path / "tracker.db"):
        path.touch()
        before = path.read_bytes()
        with pytest.raises(StoreError, match="there already"):
            back_up(store, path, NOW)
        assert path.read_bytes()[:100] == before[:100]
    assert list(tmp_path.glob("*.part")) == []


def test_a_database_with_rows_is_left_alone(store: Store, tmp_path: Path) -> None:
    back_up(store, tmp_path / "all.gz", NOW)
    before = _all_rows(store) | {"program": []}
    with pytest.raises(ConfigError, match="not empty"):
        restore(store, tmp_path / "all.gz", NOW)
    assert _all_rows(store) | {"program": []} == before


def _cut(whole: bytes) -> bytes:
    return whole[: len(whole) // 2]


def _without_a_row(whole: bytes) -> bytes:
    lines = gzip.decompress(whole).splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith(b"["))
    return gzip.compress(b"\n".join(lines[:place] + lines[place + 1 :]))


def _of_another_schema(whole: bytes) -> bytes:
    first, _, rest = gzip.decompress(whole).partition(b"\n")
    heading = json.loads(first) | {"schema": "9999", "tracker": "7.1"}
    return gzip.compress(json.dumps(heading).encode() + b"\n" + rest)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_cut, "cut off"),
        (_without_a_row, "cut off|database did not take"),
        (_of_another_schema, "version 7.1"),
        (lambda _: b"no gzip", "cannot be read as a back-up"),
        (lambda _: gzip.compress(b"[]\n"), "no back-up"),
        (lambda whole: gzip.compress(gzip.decompress(whole).splitlines()[0] + b"\n5\n"), "cannot be read"),
    ],
)
def test_a_spoilt_file_is_refused_and_leaves_nothing(
    store: Store, another: Store, tmp_path: Path, spoil: Callable[[bytes], bytes], said: str
) -> None:
    path = tmp_path / "all.gz"
    back_up(store, path, NOW)
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises((ConfigError, StoreError), match=said):
        restore(another, path, NOW)
    path.unlink()
    back_up(store, path, NOW)
    assert restore(another, path, NOW) > 0


def test_a_folder_that_is_not_there_is_said_in_one_line(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="could not be written"):
        back_up(store, tmp_path / "nowhere" / "all.gz", NOW)
