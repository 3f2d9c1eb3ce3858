"""Insert or ignore, the same on both databases: what makes doing a thing twice the same as once."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, inspect
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from tracker.store.session import SystemSession
from tracker.store.tables.base import Base


def insert_ignoring(work: SystemSession, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, leaving out those that any unique key already holds. All rows name the same columns."""
    if not rows:
        return
    work.execute(_insert(work, table).on_conflict_do_nothing(), list(rows))


def insert_all(work: SystemSession, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all name the same columns."""
    if rows:
        work.execute(_insert(work, table), list(rows))


def inserted(work: SystemSession, table: type[Base], row: dict[str, Any]) -> bool:
    """Insert one row and say whether it is new; False where a unique key already holds it."""
    key = inspect(table).primary_key[0]
    done = work.execute(_insert(work, table).values(**row).on_conflict_do_nothing().returning(key))
    return done.first() is not None


def _insert(work: SystemSession, table: type[Base]) -> SqliteInsert | PostgresqlInsert:
    """Return an insert into the table itself: the ORM's bulk insert takes half as long again."""
    rows = cast("Table", inspect(table).local_table)
    return postgresql_insert(rows) if work.get_bind().dialect.name == "postgresql" else sqlite_insert(rows)
