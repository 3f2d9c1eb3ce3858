"""What a viewer's session refuses, and what every table must declare."""

from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from sqlalchemy import (
    Integer,
    Sequence,
    Table,
    column,
    delete,
    except_,
    exists,
    func,
    insert,
    literal_column,
    select,
    table,
    text,
    true,
    union,
    update,
    values,
)
from sqlalchemy.orm import Query, Session, aliased, load_only, with_loader_criteria
from sqlalchemy.orm import join as orm_join

from tests.store.world import fixed_world
from tracker.errors import GuardError
from tracker.store import Store, ViewerSession
from tracker.store.tables import Base, Item, ItemContent, RuleVersion, Signal, User
from tracker.store.visibility import all_classes

RAW = User.__table__
RAW_ITEM = Item.__table__
_inner = aliased(Item)

STATEMENTS: dict[str, Any] = {
    "a table without its class": select(RAW),
    "a column without its class": select(RAW.c.email),
    "an alias of a table without its class": select(RAW.alias()),
    "a class and a column of a table": select(Item.id, RAW.c.email),
    "SQL as text": text("SELECT email FROM app_user"),
    "text as a column": select(Item.id, text("(SELECT email FROM app_user)")),
    "text as a condition": select(Item).where(text("1=1) OR (1=1")),
    "text as an order": select(Item).order_by(text("1")),
    "text as a FROM": select(Item.id).select_from(text("app_user")),
    "literal SQL as a column": select(Item.id, literal_column("(SELECT max(email) FROM app_user)")),
    "an entity read from text": select(Item).from_statement(text("SELECT * FROM item")),
    "an entity read from another select": select(Item).from_statement(select(Item)),
    "text with columns": text("SELECT id FROM item").columns(Item.id),
    "an insert": insert(Item).values(id="x"),
    "an insert from a select": insert(Item).from_select(["id"], select(Signal.id)),
    "an update": update(Item).values(tlp="CLEAR"),
    "a delete": delete(Item),
    "a delete in a CTE": select(Item.id).add_cte(delete(Item).returning(Item.id).cte()),
    "an update in a CTE": select(update(Item).values(lang="x").returning(Item.id).cte()),
    "a table joined to a class": select(Item.id).join(RAW, true()),
    "a table in an outer join": select(Item.id).outerjoin(RAW_ITEM.alias(), true()),
    "a table in select_from": select(Item.id).select_from(RAW),
    "a table in a subquery": select(Item.id, select(func.max(RAW.c.email)).scalar_subquery()),
    "a table in a FROM subquery": select(Item.id, select(RAW).subquery().c.email),
    "a table in EXISTS": select(Item.id).where(exists(select(RAW))),
    "a table in IN": select(Item.id).where(Item.id.in_(select(RAW.c.id))),
    "a table in a CTE": select(Item.id, select(RAW).cte().c.email),
    "a table in an arm of a union": union(select(Item.id), select(RAW.c.email)),
    "a table in an arm of an except": except_(select(Item.id), select(RAW_ITEM.c.id)),
    "a table in a lateral": select(Item.id, select(RAW).lateral().c.email),
    "a class aliased to another's table": select(aliased(RuleVersion, RAW.alias(), adapt_on_names=True).id),
    "a class aliased to half a select": select(aliased(Item, select(Item.id).subquery()).id),
    "no class at all": select(1),
    "a table by name": select(table("app_user", column("email"))),
    "a table by name beside a class": select(Item.id, table("app_user", column("email")).c.email),
    "VALUES": select(Item.id, values(column("n", Integer), name="v").data([(1,)]).c.n),
    "a function that gives a table": select(Item.id, func.json_each("[1]").table_valued("value").c.value),
    "a function as a FROM": select(Item.id).select_from(func.pragma_table_info("item").alias()),
    "a function that runs a query": select(Item.id, func.query_to_xml("select 1", True, False, "")),
    "a function of a schema": select(Item.id, func.pg_catalog.max(Item.id)),
    "an operator as text": select(Item.id).where(Item.id.op("= '') OR (''=")("")),
    "a prefix as text": select(Item.id).prefix_with("(SELECT email FROM app_user),"),
    "a suffix as text": select(Item.id).suffix_with("UNION SELECT email FROM app_user"),
    "a hint as text": select(Item.id).with_statement_hint("; SELECT 1"),
    "locked rows": select(Item).with_for_update(),
    "options that change what is loaded": select(Item).options(load_only(Item.id)),
    "a criterion of one's own": select(Item).options(with_loader_criteria(Item, text("1=1) OR (1=1"))),
    "options in a subquery": select(select(Item).options(load_only(Item.id)).subquery()),
    "an EXISTS that the ORM does not know": select(RuleVersion.id).where(
        exists().where((_inner.id != "") & (_inner.lang != ""))
    ),
    "a second class inside one column": select(func.coalesce(RuleVersion.name, Item.lang)),
    "a class inside a function of a condition": select(RuleVersion.id).where(func.lower(Item.lang) == "x"),
    "a class inside an ON": select(RuleVersion.id).select_from(orm_join(RuleVersion, Item, true())),
    "a class that is correlated to nothing": select(
        RuleVersion.id,
        select(func.count(_inner.id)).where(func.lower(Item.lang) == "x").correlate(Item).scalar_subquery(),
    ),
    "a class that is kept from being correlated": select(
        Item.id,
        select(func.count(_inner.id)).where(func.lower(Item.lang) == "x").correlate(None).scalar_subquery(),
    ),
    "a sample of rows": select(aliased(Item, Item.__table__.tablesample(50)).id),
    "a sequence": select(Item.id, Sequence("s").next_value()),
}

_ITEM = Item(id="x")
CALLS: dict[str, Callable[[ViewerSession], Any]] = {
    "add": lambda view: view.add(_ITEM),
    "add_all": lambda view: view.add_all([_ITEM]),
    "delete": lambda view: view.delete(_ITEM),
    "delete_all": lambda view: view.delete_all([_ITEM]),
    "merge": lambda view: view.merge(_ITEM),
    "merge_all": lambda view: view.merge_all([_ITEM]),
    "flush": lambda view: view.flush(),
    "commit": lambda view: view.commit(),
    "prepare": lambda view: view.prepare(),
    "bulk_save_objects": lambda view: view.bulk_save_objects([_ITEM]),
    "bulk_insert_mappings": lambda view: view.bulk_insert_mappings(Item, [{}]),
    "bulk_update_mappings": lambda view: view.bulk_update_mappings(Item, [{}]),
    "get": lambda view: view.get(Item, "x"),
    "get_one": lambda view: view.get_one(Item, "x"),
    "query": lambda view: view.query(Item),
    "refresh": lambda view: view.refresh(_ITEM),
    "enable_relationship_loading": lambda view: view.enable_relationship_loading(_ITEM),
    "connection": lambda view: view.connection(),
    "connection_callable": lambda view: view.connection_callable(),  # type: ignore[misc]
    "begin": lambda view: view.begin(),
    "begin_nested": lambda view: view.begin_nested(),
    "get_transaction": lambda view: view.get_transaction(),
    "get_nested_transaction": lambda view: view.get_nested_transaction(),
    "bind_mapper": lambda view: view.bind_mapper(Item, view.get_bind()),
    "bind_table": lambda view: view.bind_table(cast(Table, RAW), view.get_bind()),
}
OFFERED = {
    "close", "deleted", "dirty", "dispatch", "execute", "execution_options", "expire", "expire_all",
    "expunge", "expunge_all", "get_bind", "identity_key", "in_nested_transaction", "in_transaction", "info",
    "invalidate", "is_active", "is_modified", "new", "no_autoflush", "object_session", "reset", "rollback",
    "scalar", "scalars",
}  # fmt: skip


@pytest.fixture
def view(store: Store) -> Iterator[ViewerSession]:
    with store.viewing(fixed_world().viewers[0]) as opened:
        yield opened


def test_a_viewers_session_refuses_whatever_the_predicate_would_not_reach(view: ViewerSession) -> None:
    taken = []
    for name, statement in STATEMENTS.items():
        for run in (view.execute, view.scalar, view.scalars):
            try:
                run(statement)
            except GuardError:
                continue
            except Exception as error:  # noqa: BLE001 - the database's own refusal is no refusal of ours
                taken.append(f"{name}: {error}")
            else:
                taken.append(name)
    assert taken == []


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_viewers_session_refuses_every_call_that_writes_or_goes_round_select(view: ViewerSession) -> None:
    for name, call in CALLS.items():
        try:
            call(view)
        except GuardError:
            continue
        pytest.fail(f"it took {name}")


def test_every_call_that_sqlalchemy_offers_is_either_refused_or_known_to_be_harmless() -> None:
    offered = {name for name in dir(Session) if not name.startswith("_")}
    assert offered == set(CALLS) | OFFERED


def test_the_old_query_interface_obeys_too(view: ViewerSession) -> None:
    newer = set(view.scalars(select(Item.id)))
    assert {item.id for item in Query[Item](Item, session=view)} == newer
    with pytest.raises(GuardError):
        Query(Item, session=view).delete()


def test_a_row_is_not_loaded_again_behind_the_predicate(view: ViewerSession) -> None:
    item = view.scalars(select(Item)).first()
    assert item is not None
    view.expire(item)
    with pytest.raises(GuardError, match="reload"):
        _ = item.lang


def test_no_execution_option_or_binding_switches_the_predicate_off(view: ViewerSession) -> None:
    few = len(view.execute(select(Item.id)).all())
    for options in (
        {"populate_existing": True},
        {"compiled_cache": None},
        {"yield_per": 3},
        {"autoflush": True},
    ):
        assert len(view.execute(select(Item.id), execution_options=options).all()) == few
    bound = view.execute(select(Item.id), bind_arguments={"bind": view.get_bind()})
    assert len(bound.all()) == few


def test_the_database_itself_refuses_a_write_on_a_viewers_engine(view: ViewerSession) -> None:
    """get_bind() is a door that Python cannot close; what lies behind it only reads."""
    engine = view.get_bind()
    with engine.connect() as connection, pytest.raises(Exception, match=r"(?i)read-?only"):  # type: ignore[union-attr]
        connection.execute(delete(ItemContent))


def test_no_mapper_has_a_relationship() -> None:
    assert [cls.__name__ for cls in all_classes() if cls.__mapper__.relationships] == []


def test_a_table_that_does_not_say_who_sees_it_fails_at_import() -> None:
    with pytest.raises(TypeError, match="does not declare who may see it"):
        type("Undeclared", (Base,), {"__tablename__": "undeclared"})
    with pytest.raises(TypeError, match="does not declare who may see it"):
        type("Heir", (RuleVersion,), {})


def test_a_labelled_table_without_a_label_fails_at_import() -> None:
    from tracker.store.tables.base import Labelled

    with pytest.raises(TypeError, match="not a LabelledRow"):
        type("Unlabelled", (Base,), {"__tablename__": "unlabelled", "__seen__": Labelled()})


def test_every_mapped_class_declares_who_sees_it() -> None:
    assert [cls.__name__ for cls in all_classes() if "__seen__" not in vars(cls)] == []
