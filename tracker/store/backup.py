"""A consistent copy of everything in one file, from which either kind of database can be filled again.

The file is gzip of JSON lines: a heading, for each table a line that names it and its columns and then its rows,
and a last line with the number of rows, so that a file that was cut off is known. It is read and written as a
stream. It holds all that the database holds; whoever has it has everything but what is sealed.
"""

import gzip
import json
import os
import tempfile
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Column, Connection, Date, LargeBinary, Table, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from tracker import __version__
from tracker.domain.words import OutboxState
from tracker.errors import ConfigError, StoreError
from tracker.store.columns import UtcDateTime
from tracker.store.engine import Store, plain_errors
from tracker.store.migrate import head, upgrade_store
from tracker.store.tables import ApiToken, Base, Outbox, Program, SignIn, SignInLink
from tracker.store.writes.log import audit

_BATCH = 1000
_MADE_HERE = {Program.__tablename__}
"""Tables that setting up a database fills by itself."""

_UNREADABLE = (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, IntegrityError)
"""What a file that is no back-up, or a spoilt one, makes the reading of it raise."""


def back_up(store: Store, path: Path, now: datetime) -> int:
    """Write all rows of the database, as of one moment, to a new file that only its owner may read.

    Returns:
        The number of rows.

    Raises:
        StoreError: the database cannot be read, the file cannot be written, or it is there already; nothing is
            left half-written.
    """
    try:
        with _new_file(path) as (raw, publish):
            with plain_errors(), _snapshot(store) as connection, gzip.open(raw, "wt") as out:
                heading = {"tracker": __version__, "schema": head(), "taken_at": now.isoformat()}
                rows = _write_all(connection, out.write, heading)
            with store.acting("operator", "back up", now) as work:
                audit(work, "backed up", "database")
            publish()
    except FileExistsError:
        raise StoreError(f"{path} is there already, and was left as it is. Name a new file.") from None
    except OSError as error:
        raise StoreError(f"The back-up could not be written to {path}: {error.strerror}.") from error
    return rows


@contextmanager
def _new_file(path: Path) -> Iterator[tuple[IO[bytes], Callable[[], None]]]:
    """Give a file that only its owner may read, and what gives it the name `path` once it is all on the disk.

    The name is taken first, so that no other file is ever written over: FileExistsError where there is one.
    """
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    partial: Path | None = None
    try:
        number, name = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".part", dir=path.parent)
        partial = Path(name)
        with os.fdopen(number, "wb") as raw:

            def publish() -> None:
                raw.flush()
                os.fsync(raw.fileno())
                Path(name).replace(path)

            yield raw, publish
    except BaseException:
        path.unlink(missing_ok=True)
        if partial:
            partial.unlink(missing_ok=True)
        raise


def _snapshot(store: Store) -> AbstractContextManager[Connection]:
    """Open a transaction in which all reads see one moment; SQLite's always do."""
    one_moment = {} if store.reader.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    return store.reader.execution_options(**one_moment, stream_results=True).begin()


def _write_all(connection: Connection, write: Callable[[str], object], heading: dict[str, str]) -> int:
    write(json.dumps(heading) + "\n")
    count = 0
    for table in Base.metadata.sorted_tables:
        names = [column.name for column in table.columns]
        write(json.dumps({"table": table.name, "columns": names}) + "\n")
        for row in connection.execute(select(table), execution_options={"yield_per": _BATCH}):
            write(json.dumps(list(row), default=_plain, ensure_ascii=False) + "\n")
            count += 1
    write(json.dumps({"rows": count}) + "\n")
    return count


def _plain(value: Any) -> str:
    return b64encode(value).decode() if isinstance(value, bytes) else str(value.isoformat())


def restore(store: Store, path: Path, now: datetime) -> int:
    """Fill a database that is new or empty from a back-up, all of it or nothing.

    Mails that waited when the back-up was taken may have gone out since: they are not sent, and stand as refused
    with that reason. Whoever was signed in signs in anew, and tokens are revoked: some may have been taken away
    since.

    Returns:
        The number of rows.

    Raises:
        ConfigError: the file is no back-up, is cut off, or was made by another version; the database holds rows.
        StoreError: the database refused.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            _check_heading(path, json.loads(next(lines, "null")))
            upgrade_store(store, now)
            with plain_errors(), store.writer.begin() as connection:
                _refuse_full(connection)
                rows = _load_all(connection, path, lines)
                _hold_mails(connection)
                _end_access(connection, now)
    except _UNREADABLE as error:
        raise ConfigError(f"{path} cannot be read as a back-up; it is none, or is cut off.") from error
    with store.acting("operator", "restore", now) as work:
        audit(work, "restored", "database")
    return rows


def _check_heading(path: Path, heading: Any) -> None:
    if not isinstance(heading, dict) or "schema" not in heading:
        raise ConfigError(f"{path} is no back-up of this program.")
    if heading["schema"] != head():
        raise ConfigError(
            f"{path} was made by version {heading.get('tracker')} with another schema. Restore it with that "
            "version, then upgrade with `tracker init`."
        )


def _refuse_full(connection: Connection) -> None:
    for table in Base.metadata.sorted_tables:
        if table.name not in _MADE_HERE and connection.execute(select(table).limit(1)).first():
            raise ConfigError(
                "The database is not empty, and restoring would mix two lives. Name a new one in "
                "TRACKER_DATABASE_URL."
            )


def _load_all(connection: Connection, path: Path, lines: Iterable[str]) -> int:
    for name in _MADE_HERE:
        connection.execute(Base.metadata.tables[name].delete())
    count, told = 0, None
    for table, said in groupby(_rows(lines), key=itemgetter(0)):
        rows = (row for _, row in said)
        if table is None:
            told = next(rows)["rows"]
            continue
        links: list[dict[str, Any]] = []
        while batch := list(islice(rows, _BATCH)):
            links += _unlinked(table, batch)
            connection.execute(insert(table), batch)
            count += len(batch)
        _link(connection, table, links)
    if told != count:
        raise ConfigError(f"{path} is cut off: only {count} rows are in it.")
    return count


def _rows(lines: Iterable[str]) -> Iterator[tuple[Table | None, dict[str, Any]]]:
    """Yield each row with its table, then the last line with None."""
    table, columns = None, list[Column[Any]]()
    for line in lines:
        said = json.loads(line)
        if isinstance(said, list):
            yield (
                table,
                {column.name: _read(column, value) for column, value in zip(columns, said, strict=True)},
            )
        elif "table" in said:
            table = Base.metadata.tables[said["table"]]
            columns = [table.columns[name] for name in said["columns"]]
        else:
            yield None, said


def _read(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    return b64decode(value) if isinstance(column.type, LargeBinary) else value


def _unlinked(table: Table, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Take out what points to a row of the same table, which may come later, and return it by primary key."""
    own = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    taken = [row for row in rows if any(row[name] is not None for name in own)]
    links = [{"row": row["id"], **{name: row[name] for name in own}} for row in taken]
    for row in taken:
        row.update(dict.fromkeys(own))
    return links


def _link(connection: Connection, table: Table, links: Sequence[dict[str, Any]]) -> None:
    if links:
        own: dict[str, Any] = {name: bindparam(name) for name in links[0] if name != "row"}
        connection.execute(update(table).where(table.c.id == bindparam("row")).values(own), list(links))


def _hold_mails(connection: Connection) -> None:
    waiting = Outbox.state.in_([OutboxState.QUEUED, OutboxState.IN_FLIGHT])
    why = "waited when the back-up was taken; it may have been sent since"
    held = {"state": OutboxState.FAILED, "in_flight_since": None, "reason": why}
    connection.execute(update(Outbox).where(waiting).values(held))


def _end_access(connection: Connection, now: datetime) -> None:
    connection.execute(update(SignInLink).where(SignInLink.used_at.is_(None)).values(used_at=now))
    connection.execute(update(SignIn).where(SignIn.ended_at.is_(None)).values(ended_at=now))
    connection.execute(update(ApiToken).where(ApiToken.revoked_at.is_(None)).values(revoked_at=now))
