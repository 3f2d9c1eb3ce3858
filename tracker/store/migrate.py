"""Brings a database to the schema of this program, in one transaction, and refuses one that is newer."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, column, inspect, select, table

from tracker import __version__
from tracker.clock import utc_now
from tracker.errors import NewerDatabaseError, StoreError
from tracker.store.engine import Store, plain_errors
from tracker.store.tables import Program
from tracker.store.upsert import insert_ignoring

if TYPE_CHECKING:
    from alembic.config import Config

_SCRIPTS = Path(__file__).parent / "migrations"
_ALEMBIC = table("alembic_version", column("version_num"))


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
    from alembic import command  # here, since every other command only looks at the revision

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
    return max(_revisions())


def _revisions() -> frozenset[str]:
    """Return the revisions that this program knows: each script's name begins with its own."""
    return frozenset(script.name[:4] for script in (_SCRIPTS / "versions").glob("[0-9]*.py"))


def _config(connection: Connection | None) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    return config


def _refuse_newer(connection: Connection) -> str | None:
    has_one = inspect(connection).has_table(_ALEMBIC.name)
    present = connection.scalar(select(_ALEMBIC.c.version_num)) if has_one else None
    if present is not None and present not in _revisions():
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
