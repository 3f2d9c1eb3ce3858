"""What a driver's refusal means, in fixed sentences: by SQLite's result codes and PostgreSQL's SQLSTATE."""

import sqlite3
from typing import TYPE_CHECKING

from tracker.errors import BusyError, NotTakenError, StoreError

if TYPE_CHECKING:
    import psycopg

_FULL = "The disk of the database is full."
_LOCKED = "The database is locked by other work; try again in a moment."
_AWAY = "The database cannot be reached."
_CLOSED = "The database lets this program in no longer, or not yet: its user, password or rights are wrong."
_READ_ONLY = "The database can only be read."
_DAMAGED = "The file of the database is damaged, or is no database; `tracker doctor` says more."
_REFUSED = "The database did not take this."

_SQLITE = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_CANTOPEN: _AWAY,
    sqlite3.SQLITE_IOERR: _AWAY,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _CLOSED,
    sqlite3.SQLITE_AUTH: _CLOSED,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
}
"""Primary result codes (sqlite.org/rescode.html); the low byte of an extended code is its primary code."""

_POSTGRESQL = {
    "53100": _FULL,
    "40001": _LOCKED,
    "40P01": _LOCKED,
    "55P03": _LOCKED,
    "25006": _READ_ONLY,
    "08": _AWAY,
    "57P": _AWAY,
    "53": _AWAY,
    "58": _AWAY,
    "28": _CLOSED,
    "42501": _CLOSED,
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
}
"""SQLSTATE codes and the beginnings of their classes (PostgreSQL, appendix A); the longest that fits counts."""


def refusal(error: BaseException | None) -> StoreError:
    """Return the error to raise for a driver's: a sentence for everybody, and a code as `detail`."""
    said, detail = _of_sqlite(error) if isinstance(error, sqlite3.Error) else _of_another(error)
    return _KINDS.get(said, StoreError)(f"{said} Nothing was half-written.", detail)


_KINDS = {_LOCKED: BusyError, _REFUSED: NotTakenError}
"""What need not end all work; every other refusal is one of whatever is written."""


def _of_sqlite(error: sqlite3.Error) -> tuple[str, str | None]:
    code: int | None = getattr(error, "sqlite_errorcode", None)
    name: str | None = getattr(error, "sqlite_errorname", None)
    return _SQLITE.get(code & 0xFF, _REFUSED) if code is not None else _REFUSED, name


def _of_another(error: BaseException | None) -> tuple[str, str | None]:
    """Look at what is not SQLite's; its driver is loaded here, since most commands start without it."""
    import psycopg

    return _of_postgresql(error) if isinstance(error, psycopg.Error) else (_REFUSED, None)


def _of_postgresql(error: "psycopg.Error") -> tuple[str, str | None]:
    import psycopg

    if error.sqlstate is None:
        lost = isinstance(error, psycopg.OperationalError)
        return (_AWAY, _first_line(error)) if lost else (_REFUSED, None)
    fitting = [said for beginning, said in _BY_LENGTH if error.sqlstate.startswith(beginning)]
    return next(iter(fitting), _REFUSED), f"SQLSTATE {error.sqlstate}"


_BY_LENGTH = sorted(_POSTGRESQL.items(), key=lambda pair: -len(pair[0]))


def _first_line(error: "psycopg.Error") -> str | None:
    """Return what libpq says of a connection: host, port, user, cause; it never repeats the password."""
    return next(iter(str(error).splitlines()), None)
