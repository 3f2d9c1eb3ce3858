"""Refuses, on a viewer's session, every statement that the predicate could not reach.

The predicate is added to mapped classes. So whatever brings rows in by another way is refused: writes, text and
other literal SQL, Core tables, functions not known to be harmless, `from_statement`, reloading a row, and a
class that a select mentions where the ORM would not add the predicate. What is not known is refused.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy.orm import Mapper, ORMExecuteState
from sqlalchemy.orm.util import AliasedInsp
from sqlalchemy.sql import Select
from sqlalchemy.sql.elements import BinaryExpression, ClauseElement, ColumnClause, UnaryExpression
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import custom_op
from sqlalchemy.sql.selectable import CTE, Alias, CompoundSelect, FromClause, Lateral, Subquery, TableClause
from sqlalchemy.sql.util import surface_expressions

from tracker.errors import GuardError

_KNOWN_PARTS = frozenset(
    {
        *("alias", "cte", "join", "lateral", "subquery", "table"),
        *("compound_select", "select", "select_statement_grouping"),
        *("column", "label", "label_reference", "textual_label_reference"),
        *("bindparam", "false", "null", "true", "typeclause"),
        *("binary", "case", "cast", "extract", "grouping", "tuple", "type_coerce", "unary"),
        *("clauselist", "expression_clauselist", "order_by_list"),
        *("frame_clause", "funcfilter", "function", "over"),
    }
)
"""What a select may be made of, by the names of SQLAlchemy's compiler."""

_KNOWN_FUNCTIONS = frozenset(
    {
        *("avg", "count", "max", "min", "sum"),
        *("abs", "coalesce", "date", "greatest", "least", "length", "lower", "nullif", "round"),
        *("substr", "trim", "upper"),
        *("dense_rank", "first_value", "lag", "last_value", "lead", "rank", "row_number"),
    }
)
"""Functions of values alone: PostgreSQL has others that run a query given as text, or read a file."""

_AS_TABLES = (Subquery, CTE, Lateral)

Entity = Mapper[Any] | AliasedInsp[Any]


def classes_read(state: ORMExecuteState) -> set[type[Any]]:
    """Let a select of mapped classes pass, refuse everything else, and return the classes it mentions.

    Raises:
        GuardError: says what in the statement was refused.
    """
    statement = state.statement
    if not isinstance(statement, Select | CompoundSelect):
        raise GuardError(f"A viewer's session only takes selects, not {type(statement).__name__}.")
    if state.is_column_load or state.load_options._refresh_state is not None:
        raise GuardError("A viewer's session does not reload rows; select them again.")
    read = set[type[Any]]()
    for part in _parts(statement):
        _refuse_part(part)
        read.update(entity.class_ for entity in _entities([part]))
    _refuse_unreached(statement)
    return read


def _parts(statement: ClauseElement) -> Iterator[ClauseElement]:
    waiting, met = [statement], set[int]()
    while waiting:
        part = waiting.pop()
        if id(part) in met:
            continue
        met.add(id(part))
        yield part
        waiting.extend(_inside(part))


def _inside(part: ClauseElement) -> list[ClauseElement]:
    """The parts that the statement's author wrote; not the FROM list that a select works out by itself."""
    if isinstance(part, ColumnClause | Alias):
        return _origin(part)
    if isinstance(part, Select):
        return list(super(Select, part).get_children(omit_attrs=("_correlate", "_correlate_except")))
    return list(part.get_children())


def _origin(part: ColumnClause[Any] | Alias) -> list[ClauseElement]:
    """The select that a column comes from, where it comes from one; through its class, where it has one."""
    entity = _entity(part)
    origin = getattr(part, "table", None) if entity is None else entity.selectable
    return [origin] if isinstance(origin, _AS_TABLES) else []


def _entity(part: ClauseElement) -> Entity | None:
    return part._annotations.get("parententity")


def _refuse_part(part: ClauseElement) -> None:
    if part.__visit_name__ not in _KNOWN_PARTS:
        raise GuardError(f"A viewer's session does not take {type(part).__name__}.")
    if isinstance(part, Select | CompoundSelect):
        _refuse_select(part)
    elif isinstance(part, FunctionElement):
        _refuse_function(part)
    elif isinstance(part, BinaryExpression | UnaryExpression):
        _refuse_operator(part)
    elif isinstance(part, ColumnClause):
        _refuse_column(part)
    elif isinstance(part, FromClause):
        _refuse_from(part)


def _refuse_select(part: Select[Any] | CompoundSelect[Any]) -> None:
    if part._propagate_attrs.get("compile_state_plugin") != "orm":
        raise GuardError("A viewer's session only takes selects of mapped classes, in subqueries as well.")
    if part._with_options:
        raise GuardError("A viewer's session takes no options on a select; name the columns you need.")
    if part._for_update_arg is not None:
        raise GuardError("A viewer's session only reads, so it does not lock rows.")
    if any(vars(part).get(kept) for kept in ("_prefixes", "_suffixes", "_hints", "_statement_hints")):
        raise GuardError("A viewer's session does not take prefixes, suffixes and hints as text.")


def _refuse_function(part: FunctionElement[Any]) -> None:
    name = str(vars(part).get("name") or type(part).__name__)
    if name not in _KNOWN_FUNCTIONS or part.packagenames:
        raise GuardError(f"The function {name} is not among those that a viewer's session takes.")


def _refuse_column(part: ColumnClause[Any]) -> None:
    if part.is_literal and part.name != "*":
        raise GuardError(f"A viewer's session does not take literal SQL: {part.name}")
    entity = _entity(part)
    if entity is not None:
        _refuse_entity(entity)
    elif part.table is not None and not isinstance(part.table, _AS_TABLES):
        raise GuardError(f"The column {part.name} is not selected through its mapped class.")


def _refuse_operator(part: BinaryExpression[Any] | UnaryExpression[Any]) -> None:
    if isinstance(part.operator, custom_op) or isinstance(getattr(part, "modifier", None), custom_op):
        raise GuardError("A viewer's session does not take operators as text.")


def _refuse_from(part: FromClause) -> None:
    entity = _entity(part)
    if entity is not None:
        _refuse_entity(entity)
    elif isinstance(part, TableClause | Alias):
        raise GuardError(f"The table {part.name} is not selected through its mapped class.")


def _refuse_entity(entity: Entity) -> None:
    """A class may stand for its own table, an alias of that, or a select that gives all of its columns."""
    table, origin = entity.mapper.local_table, entity.selectable
    if isinstance(origin, _AS_TABLES):
        if any(
            origin.corresponding_column(column, require_embedded=True) is None for column in table.columns
        ):
            raise GuardError(f"{entity.class_.__name__} is aliased to a select without all its columns.")
    elif origin is not table and not (isinstance(origin, Alias) and origin.element is table):
        raise GuardError(f"{entity.class_.__name__} is aliased to what is not its table.")


def _refuse_unreached(statement: ClauseElement) -> None:
    """Refuse a class that a select brings into its FROM list where the ORM adds no predicate to it.

    Kept with each part are the classes of the selects around, to which one inside may be correlated.
    """
    waiting: list[tuple[ClauseElement, frozenset[Entity]]] = [(statement, frozenset())]
    met = set[tuple[int, frozenset[Entity]]]()
    while waiting:
        part, around = waiting.pop()
        if (id(part), around) in met:
            continue
        met.add((id(part), around))
        if isinstance(part, _AS_TABLES):
            around = frozenset()
        if isinstance(part, Select):
            around = _in_reach(part, around)
        waiting += [(child, around) for child in _inside(part)]


def _in_reach(select: Select[Any], around: frozenset[Entity]) -> frozenset[Entity]:
    reached = frozenset(_reached(select))
    if select._correlate_except is not None:
        around = frozenset()
    elif not select._auto_correlate:
        around &= frozenset(_entities(select._correlate))
    for entity in _mentioned(_inside(select)) - reached - around:
        raise GuardError(
            f"{entity.class_.__name__} is mentioned but not selected from: join it, or select from it."
        )
    return reached | around


def _reached(select: Select[Any]) -> Iterator[Entity]:
    """The classes to which SQLAlchemy adds the predicate in this select."""
    yield from _entities(select._from_obj)
    yield from _entities(right for right, *_ in select._setup_joins)
    for condition in select._where_criteria:
        yield from _entities(surface_expressions(condition))  # type: ignore[no-untyped-call]
    for column in select._raw_columns:
        mentioned = _mentioned([column])
        own = _entity(column)
        if own is not None:
            yield own
        elif len(mentioned) == 1:
            yield from mentioned


def _entities(parts: Iterable[Any]) -> Iterator[Entity]:
    for part in parts:
        entity = _entity(part)
        if entity is not None:
            yield entity


def _mentioned(parts: Iterable[ClauseElement]) -> frozenset[Entity]:
    """The classes mentioned in these parts, leaving out what stands in selects inside them."""
    waiting, found = list(parts), set[Entity]()
    while waiting:
        part = waiting.pop()
        found.update(_entities([part]))
        if not isinstance(part, Select | CompoundSelect | Subquery | CTE | Lateral):
            waiting += _inside(part)
    return frozenset(found)
