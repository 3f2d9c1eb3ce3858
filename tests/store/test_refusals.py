"""What a driver says becomes a fixed sentence, on real databases that really refuse."""

import sqlite3
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from tests.support.house import NOW
from tracker.errors import ConfigError, StoreError
from tracker.store import Store
from tracker.store.migrate import check_schema
from tracker.store.refusals import refusal


def said_by(store: Store, *statements: str) -> StoreError:
    """Run statements in one transaction and return the refusal that they end in."""
    try:
        with store.acting("test", "test", NOW) as work:
            for statement in statements:
                work.execute(text(statement))
    except StoreError as refused:
        return refused
    raise AssertionError("The database took it.")


def test_a_full_disk_is_said_to_be_full(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'full.db'}")
    refused = said_by(
        store,
        "CREATE TABLE words (said BLOB)",
        "PRAGMA max_page_count=4",
        "INSERT INTO words VALUES (zeroblob(100000))",
    )
    store.close()
    assert str(refused) == "The disk of the database is full. Nothing was half-written."
    assert refused.detail == "SQLITE_FULL"


def test_a_lock_is_said_to_be_one_on_sqlite(tmp_path: Path) -> None:
    path = tmp_path / "locked.db"
    store, other = Store.open(f"sqlite:///{path}"), sqlite3.connect(path, isolation_level=None)
    with store.acting("test", "wait no longer", NOW) as work:
        work.execute(text("PRAGMA busy_timeout=1"))
    other.execute("BEGIN IMMEDIATE")
    refused = said_by(store, "CREATE TABLE words (said TEXT)")
    other.close()
    store.close()
    assert str(refused).startswith("The database is locked")
    assert refused.detail == "SQLITE_BUSY"


@pytest.mark.postgres
@pytest.mark.parametrize("engine_name", ["postgres"], indirect=True)
def test_a_lock_is_said_to_be_one_on_postgresql(database_url: str) -> None:
    store, other = Store.open(database_url), Store.open(database_url)
    with other.acting("test", "hold", NOW) as work:
        work.execute(text("LOCK TABLE app_user"))
        refused = said_by(store, "SET LOCAL lock_timeout=1", "SELECT * FROM app_user")
    store.close()
    other.close()
    assert str(refused).startswith("The database is locked")
    assert refused.detail == "SQLSTATE 55P03"


@pytest.mark.postgres
@pytest.mark.parametrize("engine_name", ["postgres"], indirect=True)
def test_values_that_a_driver_repeats_go_no_further(database_url: str) -> None:
    store = Store.open(database_url)
    refused = said_by(store, "SELECT CAST('words of a report' AS integer)")
    store.close()
    assert str(refused) == "The database did not take this. Nothing was half-written."
    assert refused.detail == "SQLSTATE 22P02"


def test_a_database_that_is_not_there_is_said_to_be_out_of_reach(tmp_path: Path) -> None:
    for url in (
        f"sqlite:///{tmp_path / 'no' / 'such.db'}",
        "postgresql://nobody:s3cret@127.0.0.1:1/none?connect_timeout=2",
    ):
        store = Store.open(url)
        with pytest.raises(StoreError) as refused:
            check_schema(store)
        store.close()
        assert str(refused.value) == "The database cannot be reached. Nothing was half-written."
        assert "s3cret" not in str(refused.value.detail)


@pytest.mark.parametrize(
    ("error", "begins"),
    [
        (psycopg.errors.DiskFull("no space left"), "The disk of the database is full."),
        (psycopg.errors.DeadlockDetected("x"), "The database is locked"),
        (psycopg.errors.TooManyConnections("x"), "The database cannot be reached."),
        (psycopg.errors.AdminShutdown("x"), "The database cannot be reached."),
        (psycopg.errors.ReadOnlySqlTransaction("x"), "The database can only be read."),
        (psycopg.errors.InsufficientPrivilege("x"), "The database lets this program in no longer"),
        (psycopg.DataError("words of a report"), "The database did not take this."),
        (sqlite3.Error("words of a report"), "The database did not take this."),
        (None, "The database did not take this."),
    ],
)
def test_each_kind_has_its_sentence(error: BaseException | None, begins: str) -> None:
    refused = refusal(error)
    assert str(refused).startswith(begins)
    assert "words of a report" not in f"{refused} {refused.detail}"


def test_a_damaged_file_is_said_to_be_damaged(tmp_path: Path) -> None:
    path = tmp_path / "not.db"
    path.write_bytes(b"no database " * 1000)
    store = Store.open(f"sqlite:///{path}")
    with pytest.raises(StoreError, match="damaged"):
        check_schema(store)
    store.close()


@pytest.mark.parametrize(
    "url",
    ["s3cret", "postgresql://u:s3cret@h:notaport/db", "mysql://u:s3cret@h/db", "postgresql+s3cret://h/db"],
)
def test_an_address_that_is_none_is_never_repeated(url: str) -> None:
    with pytest.raises(ConfigError, match="TRACKER_DATABASE_URL") as refused:
        Store.open(url)
    assert "s3cret" not in str(refused.value)
    assert refused.value.__cause__ is None
