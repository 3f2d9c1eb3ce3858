"""Insert or ignore, the same on both databases: what makes doing a thing twice the same as once."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from tracker.store.session import SystemSession
from tracker.store.tables.base import Base

_PARAMETER_LIMIT = 30_000


def insert_ignoring(work: SystemSession, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, leaving out those that any unique key already holds. All rows name the same columns."""
    if not rows:
        return
    at_once = max(1, _PARAMETER_LIMIT // len(rows[0]))
    dialect = work.get_bind().dialect.name
    insert = postgresql_insert if dialect == "postgresql" else sqlite_insert
    for start in range(0, len(rows), at_once):
        work.execute(insert(table).values(list(rows[start : start + at_once])).on_conflict_do_nothing())


def inserted(work: SystemSession, table: type[Base], row: dict[str, Any]) -> bool:
    """Insert one row and say whether it is new; False where a unique key already holds it."""
    dialect = work.get_bind().dialect.name
    insert = postgresql_insert if dialect == "postgresql" else sqlite_insert
    key = inspect(table).primary_key[0]
    done = work.execute(insert(table).values(**row).on_conflict_do_nothing().returning(key))
    return done.first() is not None
