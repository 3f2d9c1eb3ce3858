"""The database behind the house: SQLite (WAL) or PostgreSQL, opened once, given out as sessions."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, ProgrammingError

from tracker.domain.viewer import Viewer
from tracker.errors import ConfigError
from tracker.store.refusals import refusal
from tracker.store.session import SystemSession, ViewerSession, acting, viewing

_BUSY_TIMEOUT_MS = 30_000
_CACHE_KB = 32_000
"""Pages held while many rows are written: with SQLite's own 2 MB, indexes are read and written again and again."""
_POSTGRES_OPTIONS = "-c jit=off -c random_page_cost=1.1"
"""Compiling costs more than our short reads take, and an index is as good as a scan on today's disks."""
_WANTED_URL = "write sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE"


@dataclass(frozen=True)
class Store:
    """The one way to the database. Two engines on SQLite, since only writers may begin with the write lock."""

    writer: Engine
    reader: Engine

    @classmethod
    def open(cls, url: str) -> Self:
        """Open the database at a SQLAlchemy URL; creates no tables.

        Raises:
            ConfigError: the URL is not one of SQLite or PostgreSQL.
        """
        parsed = _read_url(url)
        if parsed.get_backend_name() == "sqlite":
            return cls(_sqlite(parsed, writing=True), _sqlite(parsed, writing=False))
        engine = create_engine(
            parsed, pool_pre_ping=True, hide_parameters=True, connect_args={"options": _POSTGRES_OPTIONS}
        )
        return cls(engine, engine)

    def close(self) -> None:
        """Give all connections back."""
        self.writer.dispose()
        self.reader.dispose()

    @contextmanager
    def viewing(self, viewer: Viewer) -> Iterator[ViewerSession]:
        """Open a session that reads what `viewer` may see.

        Raises:
            StoreError: the database cannot be read now.
        """
        with plain_errors(), viewing(self.reader, viewer) as view:
            yield view

    def acting(self, actor: str, use_case: str, now: datetime) -> AbstractContextManager[SystemSession]:
        """Open a system session that commits at the end of the block.

        Raises:
            StoreError: the database refused, and nothing of the block was kept.
        """
        return self._acting(self.writer, actor, use_case, now)

    def looking(self, use_case: str, now: datetime) -> AbstractContextManager[SystemSession]:
        """Open a system session that only reads, without taking SQLite's write lock.

        Raises:
            StoreError: the database cannot be read now.
        """
        read_only = self.reader.execution_options(postgresql_readonly=True)
        return self._acting(read_only, "system", use_case, now)

    @contextmanager
    def _acting(self, engine: Engine, actor: str, use_case: str, now: datetime) -> Iterator[SystemSession]:
        with plain_errors(), acting(engine, actor, use_case, now) as work:
            yield work


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what a driver says into one fixed sentence; what only a bug can cause is left as it is.

    A driver's own words may hold values of rows, addresses of machines, paths: they go no further.
    """
    try:
        yield
    except (IntegrityError, ProgrammingError):
        raise
    except DBAPIError as error:
        raise refusal(error.orig) from error


def _read_url(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise ConfigError(f"TRACKER_DATABASE_URL is no database URL; {_WANTED_URL}") from None
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise ConfigError(f"TRACKER_DATABASE_URL names a database that is not known here; {_WANTED_URL}")
    return parsed


def _sqlite(url: URL, *, writing: bool) -> Engine:
    engine = create_engine(url, connect_args={"timeout": _BUSY_TIMEOUT_MS / 1000}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "foreign_keys=ON",
            f"busy_timeout={_BUSY_TIMEOUT_MS}",
            "synchronous=NORMAL",
            "secure_delete=ON",
            f"cache_size=-{_CACHE_KB}",
        ):
            connection.execute(f"PRAGMA {pragma}")
        if not writing:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine
