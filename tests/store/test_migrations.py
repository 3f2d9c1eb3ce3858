"""Migrations lead from nothing to the tables as declared, can be repeated and undone, and know a newer one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text

from tests.store.world import NOW, fixed_world
from tracker import __version__
from tracker.errors import NewerDatabaseError, StoreError
from tracker.store import Store
from tracker.store.migrate import _config, check_schema, head, upgrade, upgrade_store
from tracker.store.tables import Base, Program


@pytest.fixture
def store(empty_database_url: str) -> Iterator[Store]:
    opened = Store.open(empty_database_url)
    yield opened
    opened.close()


def _tables(store: Store) -> set[str]:
    with store.reader.connect() as connection:
        return set(inspect(connection).get_table_names()) - {"alembic_version"}


def _set_revision(store: Store, revision: str) -> None:
    with store.writer.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})


def test_upgrading_from_nothing_gives_the_tables_as_declared(store: Store) -> None:
    upgrade_store(store, NOW)
    with store.writer.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    assert _tables(store) == set(Base.metadata.tables)


def test_upgrading_checks_enums_as_the_declared_tables_do(store: Store) -> None:
    """Alembic does not compare checks."""
    upgrade_store(store, NOW)
    with store.reader.connect() as connection:
        for table in Base.metadata.sorted_tables:
            present = {check["name"] for check in inspect(connection).get_check_constraints(table.name)}
            declared = {str(check.name) for check in table.constraints if hasattr(check, "sqltext")}
            assert present == declared, table.name


def test_each_script_is_named_by_its_revision() -> None:
    scripts = ScriptDirectory.from_config(_config(None))
    assert scripts.get_current_head() == head()
    for script in scripts.walk_revisions():
        assert Path(script.path).name.startswith(f"{script.revision}_")


def test_upgrading_twice_changes_nothing(store: Store, empty_database_url: str) -> None:
    upgrade_store(store, NOW)
    fixed_world().write(store.writer)
    upgrade(empty_database_url)
    with store.looking("test", NOW) as work:
        versions = list(work.execute(select(Program.schema, Program.version)))
    assert (head(), __version__) in versions
    assert "item" in _tables(store)
    check_schema(store)


def test_what_is_upgraded_can_be_taken_back_and_upgraded_again(store: Store) -> None:
    upgrade_store(store, NOW)
    with store.writer.begin() as connection:
        command.downgrade(_config(connection), "base")
    assert _tables(store) == set()
    upgrade_store(store, NOW)
    assert _tables(store) == set(Base.metadata.tables)


def test_a_database_of_a_later_program_is_refused_and_the_version_to_install_is_named(store: Store) -> None:
    upgrade_store(store, NOW)
    with store.acting("operator", "test", NOW) as work:
        work.add(Program(schema="9999", version="47.11.0", upgraded_at=NOW.replace(year=2030)))
    _set_revision(store, "9999")
    with pytest.raises(NewerDatabaseError, match=r"Install version 47\.11\.0"):
        check_schema(store)
    with pytest.raises(NewerDatabaseError, match=r"Install version 47\.11\.0"):
        upgrade_store(store, NOW)
    assert _tables(store) == set(Base.metadata.tables)


def test_a_database_that_was_never_set_up_is_refused_with_what_to_run(store: Store) -> None:
    with pytest.raises(StoreError, match="tracker init"):
        check_schema(store)
