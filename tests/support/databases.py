"""Fresh databases, empty or migrated, on either engine.

Migrating takes long and copying does not: each engine is migrated once a run into a template.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.support.postgres import PostgresServer

TEMPLATE = "tracker_template"


def sqlite_url(path: Path) -> str:
    """Return the SQLAlchemy URL of a database file."""
    return f"sqlite:///{path.resolve()}"


def make_sqlite_template(folder: Path) -> Path:
    """Migrate an empty file once and return its path; all of it is in the one file."""
    from tracker.store.migrate import upgrade

    path = folder / "template.db"
    upgrade(sqlite_url(path))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def copy_sqlite(template: Path, path: Path) -> str:
    """Copy the template to `path` and return the copy's URL."""
    shutil.copyfile(template, path)
    return sqlite_url(path)


def make_postgres_template(server: PostgresServer) -> str:
    """Migrate an empty database once, close it for connections and return its name."""
    from tracker.store.migrate import upgrade

    upgrade(server.create(TEMPLATE))
    server.freeze(TEMPLATE)
    return TEMPLATE
