"""Every kind of statement that a read may be written as, and what it must give for the rows one may see."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    case,
    cast,
    distinct,
    except_,
    exists,
    func,
    intersect,
    literal,
    select,
    true,
    tuple_,
    type_coerce,
    union,
    union_all,
)
from sqlalchemy.orm import Bundle, Session, aliased
from sqlalchemy.orm import join as orm_join
from sqlalchemy.types import String

from tests.store.world import Row
from tracker.store.tables import RuleVersion

Keys = list[tuple[Any, ...]]
Form = Callable[[Session, Any, Keys], tuple[Any, Any]]
"""Given a session, a class and the keys of the rows to be seen: what was read, and what it should have been."""


def names_of(cls: Any) -> list[str]:
    return [column.name for column in cls.__table__.primary_key.columns]


def key(of: Any) -> list[Any]:
    """Return the primary key's attributes of a mapped class, or of an alias of one."""
    table = getattr(of, "__table__", None)
    names = names_of(of) if table is not None else names_of(of._aliased_insp.mapper.class_)
    return [getattr(of, name) for name in names]


def keys_of(cls: Any, rows: Iterable[Row]) -> Keys:
    return _sorted(tuple(row[name] for name in names_of(cls)) for row in rows)


def _sorted(rows: Iterable[Any]) -> Keys:
    return sorted((tuple(row) for row in rows), key=repr)


def _read(view: Session, statement: Any) -> Keys:
    return _sorted(view.execute(statement))


def _rules(view: Session) -> int:
    return view.scalar(select(func.count()).select_from(RuleVersion)) or 0


def _firsts(want: Keys) -> Keys:
    return _sorted((row[0],) for row in want)


def _equal(one: Any, two: Any) -> list[ColumnElement[bool]]:
    return [a == b for a, b in zip(key(one), key(two), strict=True)]


def _same(one: Any, two: Any) -> ColumnElement[bool]:
    return and_(*_equal(one, two))


def _entity(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    names = names_of(cls)
    return _sorted([getattr(row, name) for name in names] for row in view.scalars(select(cls))), want


def _columns(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    return _read(view, select(*key(cls))), want


def _all_columns(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    every = [getattr(cls, column.name) for column in cls.__table__.columns]
    return len(view.execute(select(*every)).all()), len(want)


def _alias(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    return _read(view, select(*key(aliased(cls)))), want


def _alias_of_table(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    return _read(view, select(*key(aliased(cls, cls.__table__.alias())))), want


def _self_join(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    one, two = aliased(cls), aliased(cls)
    same = _same(one, two)
    return _read(view, select(*key(one)).join(two, same)), want


def _self_product(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    other = aliased(cls)
    return view.scalar(select(func.count()).select_from(cls).join(other, true())), len(want) ** 2


def _self_outer(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    other = aliased(cls)
    same = _same(cls, other)
    got = _read(view, select(*key(cls), *key(other)).outerjoin(other, same))
    return got, _sorted(row + row for row in want)


def _outer_from_open(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    rule = aliased(RuleVersion)
    first = select(*key(cls)).select_from(rule).outerjoin(cls, true())
    return sorted(set(_read(view, first)), key=repr), want or [(None,) * len(key(cls))]


def _full_join(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    other = aliased(cls)
    same = _same(cls, other)
    got = _read(view, select(*key(cls), *key(other)).join(other, same, full=True))
    return got, _sorted(row + row for row in want)


def _orm_join(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    other = aliased(cls)
    same = _same(cls, other)
    return _read(view, select(*key(other)).select_from(orm_join(cls, other, same))), want


def _count(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    return view.scalar(select(func.count()).select_from(cls)), len(want)


def _count_column(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    return view.scalar(select(func.count(distinct(key(cls)[0])))), len({row[0] for row in want})


def _group(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    first = key(cls)[0]
    got = _read(view, select(first, func.count()).group_by(first).having(func.count() > 0).order_by(first))
    return got, _sorted(Counter(row[0] for row in want).items())


def _max(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    return view.scalar(select(func.max(key(cls)[0]))), max((row[0] for row in want), default=None)


def _filtered_count(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    first = key(cls)[0]
    return view.scalar(select(func.count().filter(first.is_not(None))).select_from(cls)), len(want)


def _scalar_subquery(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    counted = select(func.count()).select_from(aliased(cls)).scalar_subquery()
    return {row[1] for row in view.execute(select(RuleVersion.id, counted))}, {len(want)}


def _exists(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    other = aliased(cls)
    return _read(view, select(*key(cls)).where(exists().where(*_equal(cls, other)))), want


def _exists_alone(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    other = aliased(cls)
    return bool(view.scalars(select(RuleVersion.id).where(select(other).exists())).all()), bool(want)


def _not_exists(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    other = aliased(cls)
    return bool(view.scalars(select(RuleVersion.id).where(~exists(select(other)))).all()), not want


def _exists_of_where(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    other, rule = aliased(cls), aliased(RuleVersion)
    some = select(func.max(rule.number)).where(key(other)[0].is_not(None)).scalar_subquery()
    return view.scalar(select(some).select_from(RuleVersion)) is not None, bool(want)


def _in(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    other = aliased(cls)
    return _read(view, select(*key(cls)).where(tuple_(*key(cls)).in_(select(*key(other))))), want


def _in_same_class(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    return _read(view, select(*key(cls)).where(tuple_(*key(cls)).in_(select(*key(cls))))), want


def _cte(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    return _read(view, select(select(*key(cls)).cte())), want


def _recursive_cte(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    step = select(*key(cls)).cte(recursive=True)
    other = aliased(cls)
    step = step.union(select(*key(other)).where(key(other)[0] == step.c[0]))
    got = _read(view, select(step))
    return sorted(set(got), key=repr), want


def _subquery(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    return _read(view, select(select(*key(cls)).limit(10_000).subquery())), want


def _subquery_entity(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    return _read(view, select(*key(aliased(cls, select(cls).subquery())))), want


def _union(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    return _read(view, union(select(*key(cls)), select(*key(aliased(cls))))), want


def _union_all(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    return _read(view, union_all(select(*key(cls)), select(*key(cls)))), _sorted(want * 2)


def _union_entity(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    both = union_all(select(cls).where(true()), select(cls).where(key(cls)[0].is_(None))).subquery()
    return _read(view, select(*key(aliased(cls, both)))), want


def _except(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    none = select(*key(cls)).where(key(cls)[0].is_(None))
    return _read(view, except_(select(*key(cls)), none)), want


def _intersect(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    return _read(view, intersect(select(*key(cls)), select(*key(aliased(cls))))), want


def _distinct(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    return _read(view, select(key(cls)[0]).distinct()), sorted(set(_firsts(want)), key=repr)


def _window(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    got = _read(view, select(*key(cls), func.count().over()))
    return got, _sorted((*row, len(want)) for row in want)


def _window_only(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    number = func.row_number().over(order_by=key(cls))
    return _read(view, select(number).select_from(cls)), [
        (n,) for n in sorted(range(1, len(want) + 1), key=lambda n: f"({n},)")
    ]


def _where_only(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    other = aliased(cls)
    found = view.execute(select(RuleVersion.id).where(key(other)[0].is_not(None))).all()
    return len(found), len(want) * _rules(view)


def _function_of(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    return _read(view, select(func.coalesce(key(cls)[0], None))), _firsts(want)


def _case_of(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    first = key(cls)[0]
    return _read(view, select(case((first.is_not(None), first)))), _firsts(want)


def _cast_of(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    return len(view.execute(select(cast(key(cls)[0], String))).all()), len(want)


def _coerced(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    first = key(cls)[0]
    return len(view.execute(select(type_coerce(first, String))).all()), len(want)


def _operated(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    return _read(view, select(key(cls)[0].is_not(None))), [(True,)] * len(want)


def _nested_case(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    first = key(aliased(cls))[0]
    inner = select(func.count(case((first.is_not(None), first)))).scalar_subquery()
    return {row[1] for row in view.execute(select(RuleVersion.id, inner))}, {len(want)}


def _nested_case_in(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    other = aliased(cls)
    first = key(other)[0]
    inner = select(case((first.is_not(None), first), else_=None))
    return _read(view, select(*key(cls)).where(key(cls)[0].in_(inner))), want


def _nested_where(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    other, rule = aliased(cls), aliased(RuleVersion)
    inner = select(func.count(rule.id)).where(key(other)[0].is_not(None)).scalar_subquery()
    rules = _rules(view)
    return {row[1] for row in view.execute(select(RuleVersion.id, inner))}, {len(want) * rules}


def _correlated_to_nothing(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    other, rule = aliased(cls), aliased(RuleVersion)
    inner = select(func.count(rule.id)).where(key(other)[0].is_not(None)).correlate(other)
    rules = _rules(view)
    return {row[1] for row in view.execute(select(RuleVersion.id, inner.scalar_subquery()))}, {
        len(want) * rules
    }


def _correlated_except(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    other, rule = aliased(cls), aliased(RuleVersion)
    inner = select(func.count(rule.id)).where(key(other)[0].is_not(None)).correlate_except(rule)
    rules = _rules(view)
    return {row[1] for row in view.execute(select(RuleVersion.id, inner.scalar_subquery()))}, {
        len(want) * rules
    }


def _correlated_subquery(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    other = aliased(cls)
    same = _same(cls, other)
    counted = select(func.count()).select_from(other).where(same).correlate(cls).scalar_subquery()
    return _read(view, select(*key(cls), counted)), _sorted((*row, 1) for row in want)


def _exists_two_deep(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    one, two = aliased(cls), aliased(cls)
    inner = exists().where(*_equal(one, two))
    outer = exists().where(*_equal(cls, one), inner)
    return _read(view, select(*key(cls)).where(outer)), want


def _join_subquery(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    inner = select(*key(cls)).subquery()
    same = tuple_(*key(cls)) == tuple_(*inner.c)
    return _read(view, select(*key(cls)).join(inner, same)), want


def _outer_join_subquery(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    inner = select(*key(cls)).subquery()
    same = tuple_(*key(cls)) == tuple_(*inner.c)
    return _read(view, select(*key(cls), *inner.c).outerjoin(inner, same)), _sorted(row + row for row in want)


def _with_only_columns(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    return _read(view, select(cls).with_only_columns(*key(cls))), want


def _maintained_froms(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    counted = select(cls).with_only_columns(func.count(), maintain_column_froms=True)
    return view.scalar(counted), len(want)


def _count_over_from(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    return view.scalar(select(func.count()).select_from(select(cls).subquery())), len(want)


def _bundle(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    return _sorted(view.scalars(select(Bundle[Any]("key", *key(cls))))), want


def _coalesced_keys(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    other = aliased(cls)
    same = _same(cls, other)
    both = func.coalesce(key(cls)[0], key(other)[0])
    return _read(view, select(both).select_from(cls).join(other, same)), _firsts(want)


def _literals(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    got = view.execute(select(literal(1), bindparam("two", 2), *key(cls)))
    return _sorted(tuple(row)[2:] for row in got), want


def _literal_over_from(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    return len(view.execute(select(literal(1)).select_from(cls)).all()), len(want)


def _yield_per(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    return _sorted(view.execute(select(*key(cls)), execution_options={"yield_per": 2})), want


def _stream(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    statement = select(*key(cls)).execution_options(stream_results=True, populate_existing=True)
    return _sorted(row for part in view.execute(statement).partitions(3) for row in part), want


def _ordered_page(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    return _read(
        view, select(*key(cls)).order_by(*(k.desc() for k in key(cls))).limit(10_000).offset(0)
    ), want


def _filter_by(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    return sum(len(view.execute(select(cls).filter_by(**_named(cls, row))).all()) for row in want), len(want)


def _named(cls: Any, row: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(names_of(cls), row, strict=True))


def _lateral(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    other = aliased(cls)
    same = _same(cls, other)
    beside = select(*key(other)).where(same).correlate(cls).lateral()
    return _read(view, select(*key(cls)).join(beside, true())), want


def _count_join_left(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    rule = aliased(RuleVersion)
    rules = _rules(view)
    return view.scalar(select(func.count()).select_from(cls).join(rule, true())), len(want) * rules


def _count_join_right(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    rule = aliased(RuleVersion)
    rules = _rules(view)
    return view.scalar(select(func.count()).select_from(rule).join(cls, true())), len(want) * rules


def _join_from(view: Session, cls: Any, want: Keys) -> tuple[Any, Any]:
    one, two = aliased(RuleVersion), aliased(cls)
    rules = _rules(view)
    got = view.execute(select(one.id).join_from(one, two, true())).all()
    return len(got), len(want) * rules


EVERYWHERE: dict[str, Form] = {
    name.lstrip("_"): form
    for name, form in list(globals().items())
    if name.startswith("_")
    and hasattr(form, "__code__")
    and form.__code__.co_varnames[:3] == ("view", "cls", "want")
    and name != "_lateral"
}
"""Forms by name that both databases take."""

POSTGRES_ONLY: dict[str, Form] = {"lateral": _lateral}


def links(cls: Any, classes: dict[str, Any]) -> list[tuple[str, Any, str]]:
    """Return the columns of a class that point at other classes: column, class, its column."""
    return [
        (column.name, classes[fk.column.table.name], fk.column.name)
        for column in cls.__table__.columns
        for fk in column.foreign_keys
    ]
