"""Brings a database to the schema of this program, in one transaction, and refuses one that is newer."""

from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, select

from tracker import __version__
from tracker.clock import utc_now
from tracker.errors import NewerDatabaseError, StoreError
from tracker.store.engine import Store, plain_errors
from tracker.store.tables import Program
from tracker.store.upsert import insert_ignoring


def upgrade(url: str) -> None:
    """Create or upgrade the database at `url`; safe to repeat.

    Raises:
        NewerDatabaseError: a later program upgraded it; names the version to install.
    """
    store = Store.open(url)
    try:
        upgrade_store(store, utc_now())
    finally:
        store.close()


def upgrade_store(store: Store, now: datetime) -> None:
    """Create or upgrade an open store's database; safe to repeat."""
    with plain_errors(), store.writer.begin() as connection:
        _refuse_newer(connection)
        command.upgrade(_config(connection), "head")
    with store.acting("operator", "upgrade", now) as work:
        row = {"schema": head(), "version": __version__, "upgraded_at": now}
        insert_ignoring(work, Program, [row])


def check_schema(store: Store) -> None:
    """Make sure that the database has this program's schema.

    Raises:
        NewerDatabaseError: a later program upgraded it.
        StoreError: it was never set up, or an earlier program did; says to run `tracker init`.
    """
    with plain_errors(), store.reader.begin() as connection:
        present = _refuse_newer(connection)
    if present != head():
        state = "was not set up yet" if present is None else "is of an earlier program"
        raise StoreError(f"The database {state}. Run `tracker init`.")


def head() -> str:
    """Return the newest schema revision that this program knows."""
    return str(ScriptDirectory.from_config(_config(None)).get_current_head())


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def _refuse_newer(connection: Connection) -> str | None:
    present = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(_config(None)).walk_revisions()}
    if present is not None and present not in known:
        raise NewerDatabaseError(
            f"This database was upgraded by a later program. Install version {_version_of(connection)} "
            f"or later; this is {__version__}. Nothing was changed."
        )
    return present


def _version_of(connection: Connection) -> str:
    if not inspect(connection).has_table("program"):
        return "unknown"
    newest = select(Program.version).order_by(Program.upgraded_at.desc()).limit(1)
    return str(connection.execute(newest).scalar() or "unknown")
