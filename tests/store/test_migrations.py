"""Migrations lead from nothing to the tables as declared, can be repeated and undone, and know a newer one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import column, func, insert, inspect, select, table, text

from tests.store.world import NOW, fixed_world
from tracker import __version__
from tracker.domain.words import OutboxKind
from tracker.errors import NewerDatabaseError, StoreError
from tracker.store import Store
from tracker.store.columns import UtcDateTime
from tracker.store.migrate import _config, check_schema, head, upgrade, upgrade_store
from tracker.store.tables import Base, Item, Outbox, Program, Source


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


def test_what_the_first_program_wrote_is_kept(store: Store) -> None:
    with store.writer.begin() as connection:
        command.upgrade(_config(connection), "0001")
        for name, row in _FIRST_ROWS.items():
            kinds: dict[str, Any] = {
                key: UtcDateTime() if value is NOW else None for key, value in row.items()
            }
            connection.execute(
                insert(table(name, *(column(key, kind) for key, kind in kinds.items()))).values(row)
            )
    upgrade_store(store, NOW)
    with store.looking("test", NOW) as work:
        source, mail = work.scalars(select(Source)).one(), work.scalars(select(Outbox)).one()
    assert (source.url, source.reason, source.item_count) == ("https://x.test/", "answered 500", 7)
    assert (source.moved_count, source.state_since, source.trouble) == (0, None, None)
    assert (mail.kind, mail.message_id, mail.created_at) == (OutboxKind.DIGEST, "<1@x.test>", NOW)


_FIRST_ROWS: dict[str, dict[str, object]] = {
    "organisation": {"id": "ORG", "name": "Platform", "is_host": True},
    "app_user": {
        "id": "USER", "email": "a@x.test", "name": "a", "role": "analyst", "clearance": "AMBER", "org_id": "ORG",
        "time_zone": "UTC", "created_at": NOW,
    },
    "source": {
        "id": "SOURCE", "org_id": "ORG", "tlp": "CLEAR", "name": "s", "kind": "feed", "url": "https://x.test/",
        "independence_group": "s", "reliability": "F", "default_tlp": "CLEAR", "no_redistribute": False,
        "state": "failing", "reason": "answered 500", "guid_churns": False, "created_at": NOW,
        "failure_count": 3, "item_count": 7,
    },
    "outbox": {
        "id": "MAIL", "kind": "digest", "dedupe_key": "digest:1", "recipient_id": "USER", "subject_id": "2026-W47",
        "message_id": "<1@x.test>", "state": "queued", "try_count": 0, "created_at": NOW, "next_try_at": NOW,
    },
}  # fmt: skip


def test_a_database_of_the_first_schema_keeps_every_row_and_its_items_wait_for_their_stories(
    store: Store,
) -> None:
    world, kept = fixed_world(), dict[str, int]()
    with store.writer.begin() as connection:
        command.upgrade(_config(connection), "0001")
        present = inspect(connection)
        for each in Base.metadata.sorted_tables:
            if not present.has_table(each.name):
                continue
            columns = {found["name"] for found in present.get_columns(each.name)}
            columns &= set(each.columns.keys())
            rows = [{name: row[name] for name in columns} for row in world.rows[each.name]]
            of_then = table(each.name, *(column(name, each.columns[name].type) for name in columns))
            connection.execute(insert(of_then), rows)
            kept[each.name] = len(rows)
    upgrade_store(store, NOW)
    with store.looking("test", NOW) as work:
        found = {
            name: work.scalar(select(func.count()).select_from(Base.metadata.tables[name])) for name in kept
        }
        items = work.execute(select(Item.story_id, Item.wire_id).order_by(Item.id)).all()
    assert found == kept | {"program": kept["program"] + 1}
    assert {row.wire_id for row in items} == {None}
    stories = {row["id"]: row["story_id"] for row in world.rows["item"]}
    assert [row.story_id for row in items] == [stories[id_] for id_ in sorted(stories)]


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
