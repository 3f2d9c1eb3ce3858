"""Migrations lead from nothing to the tables as declared, can be repeated and undone, and know a newer one."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import TableClause, column, func, insert, inspect, select, table, text

from tests.store.world import NOW, fixed_world
from tracker import __version__
from tracker.domain.words import OutboxKind, OutboxState, Tlp
from tracker.errors import NewerDatabaseError, StoreError
from tracker.store import Store
from tracker.store.columns import UtcDateTime
from tracker.store.migrate import _config, check_schema, head, upgrade, upgrade_store
from tracker.store.tables import Base, FieldReport, Item, Outbox, Program, Source


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


Rows = dict[str, list[dict[str, Any]]]


def _write_at(store: Store, revision: str, rows: Rows) -> Rows:
    """Write rows into the tables as they were at a revision; return what was written."""
    written: Rows = {}
    with store.writer.begin() as connection:
        command.upgrade(_config(connection), revision)
        present = inspect(connection)
        for each in Base.metadata.sorted_tables:
            if not present.has_table(each.name):
                continue
            columns = {found["name"] for found in present.get_columns(each.name)} & set(each.columns.keys())
            written[each.name] = [{name: row[name] for name in columns} for row in rows[each.name]]
            connection.execute(insert(_of_then(each.name, columns)), written[each.name])
    return written


def _of_then(name: str, columns: Collection[str]) -> TableClause:
    declared = Base.metadata.tables[name].columns
    return table(name, *(column(each, declared[each].type) for each in sorted(columns)))


def _read(store: Store, name: str, columns: Collection[str]) -> list[dict[str, Any]]:
    with store.reader.connect() as connection:
        return [dict(row) for row in connection.execute(select(_of_then(name, columns))).mappings()]


def _sorted(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(repr(sorted(row.items())) for row in rows)


def _full_world() -> Rows:
    """A world in which no report and no mail is like another."""
    rows = fixed_world().rows
    for number, report in enumerate(rows["field_report"]):
        other = rows["item"][number - 1]["id"]
        report |= {"killed": number, "may_share_un": number % 2 == 0, "happened_on": NOW.date()}
        report |= {"country_uncertain": number % 3 == 0, "conflicts_with": other, "channel": f"way {number}"}
    for content in rows["item_content"]:
        content["country_said"] = "Congo"
    rows["outbox"] = [
        rows["outbox"][0]
        | {
            "id": f"mail-{number}",
            "dedupe_key": f"key-{number}",
            "message_id": f"<{number}@x.test>",
            "kind": [OutboxKind.DELIVERY, OutboxKind.DIGEST][number % 2],
            "state": [OutboxState.QUEUED, OutboxState.SENT, OutboxState.FAILED][number % 3],
            "reason": f"reason {number}",
        }
        for number in range(30)
    ]
    return rows


def test_a_database_of_the_first_schema_keeps_every_row_and_its_items_wait_for_their_stories(
    store: Store,
) -> None:
    world = _full_world()
    kept = _write_at(store, "0001", world)
    upgrade_store(store, NOW)
    with store.looking("test", NOW) as work:
        found = {
            name: work.scalar(select(func.count()).select_from(Base.metadata.tables[name])) for name in kept
        }
        items = work.execute(select(Item.story_id, Item.wire_id).order_by(Item.id)).all()
    assert found == {name: len(rows) + (name == "program") for name, rows in kept.items()}
    assert {row.wire_id for row in items} == {None}
    stories = {row["id"]: row["story_id"] for row in world["item"]}
    assert [row.story_id for row in items] == [stories[id_] for id_ in sorted(stories)]


@pytest.mark.parametrize("name", ["outbox", "field_report", "item_content"])
def test_a_table_that_is_written_anew_keeps_every_row_as_it_was(store: Store, name: str) -> None:
    before = _write_at(store, "0001", _full_world())[name]
    upgrade_store(store, NOW)
    assert len(before) > 20
    assert _sorted(_read(store, name, before[0].keys())) == _sorted(before)


def test_taking_back_what_reports_were_given_keeps_all_else_of_them(store: Store) -> None:
    upgrade_store(store, NOW)
    full = _full_world()
    _write_at(store, "head", full)
    with store.writer.begin() as connection:
        command.downgrade(_config(connection), "0003")
        gone = {name: {each["name"] for each in inspect(connection).get_columns(name)} for name in _GIVEN}
    for name, given in _GIVEN.items():
        assert not gone[name] & given
        left = [{key: row[key] for key in gone[name]} for row in full[name]]
        assert _sorted(_read(store, name, gone[name])) == _sorted(left)
    upgrade_store(store, NOW)
    with store.looking("test", NOW) as work:
        for report in work.scalars(select(FieldReport)):
            assert (report.country_uncertain, report.conflicts_with, report.channel) == (False, None, None)


_GIVEN = {
    "field_report": {"country_uncertain", "conflicts_with", "channel"},
    "item_content": {"country_said"},
}
"""What 0004 added, by table."""


def test_the_source_of_a_page_says_no_more_than_the_loosest_item_in_it(store: Store) -> None:
    world = fixed_world().rows
    first, second, third = world["source"][:3]
    for number, source in enumerate((first, second, third)):
        source |= {"url": f"page:site{number}.test", "tlp": Tlp.CLEAR, "default_tlp": Tlp.CLEAR}
    for item in world["item"]:
        item |= {"hidden_at": None, "hidden_because": None, "source_id": world["source"][3]["id"]}
    labels = {first["id"]: [Tlp.AMBER, Tlp.GREEN], second["id"]: [Tlp.AMBER_STRICT], third["id"]: [Tlp.CLEAR]}
    items = iter(world["item"])
    for source_id, tlps in labels.items():
        for tlp in tlps:
            next(items).update(source_id=source_id, tlp=tlp)
    _write_at(store, "0004", world)
    upgrade_store(store, NOW)
    with store.looking("test", NOW) as work:
        pages = work.scalars(select(Source).where(Source.url.like("page:%")).order_by(Source.url)).all()
    assert [(page.url, page.tlp, page.default_tlp) for page in pages] == [
        ("page:site0.test#GREEN", Tlp.GREEN, Tlp.GREEN),
        (f"page:site1.test#AMBER+STRICT:{second['org_id']}", Tlp.AMBER_STRICT, Tlp.AMBER_STRICT),
        ("page:site2.test", Tlp.CLEAR, Tlp.CLEAR),
    ]


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
