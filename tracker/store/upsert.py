"""Insert or ignore, the same on both databases: what makes doing a thing twice the same as once."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, inspect
from sqlalchemy.dialects.sqlite import Insert

from tracker.store.session import SystemSession
from tracker.store.tables.base import Base


def insert_ignoring(work: SystemSession, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, leaving out those that any unique key already holds. All rows name the same columns."""
    if not rows:
        return
    work.execute(insert_into(work, table).on_conflict_do_nothing(), list(rows))


def insert_all(work: SystemSession, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all name the same columns."""
    if rows:
        work.execute(insert_into(work, table), list(rows))


def inserted(work: SystemSession, table: type[Base], row: dict[str, Any]) -> bool:
    """Insert one row and say whether it is new; False where a unique key already holds it."""
    key = inspect(table).primary_key[0]
    done = work.execute(insert_into(work, table).values(**row).on_conflict_do_nothing().returning(key))
    return done.first() is not None


def insert_into(work: SystemSession, table: type[Base]) -> Insert:
    """Return an insert into the table itself, to which "on conflict" can be added.

    The ORM's bulk insert takes half as long again.
    """
    rows = cast("Table", inspect(table).local_table)
    if work.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert  # who runs on SQLite starts without it

        return cast("Insert", insert(rows))
    return Insert(rows)
