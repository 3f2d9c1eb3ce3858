"""The predicate: which rows a viewer sees. Stated once here, added to every select by session.py.

A viewer sees a labelled row when
(a) it is not hidden; (b) its label is within their clearance; (c) for AMBER+STRICT their organisation holds
it, for RED never by this clause; (d) they have no country scope, or one of the row's countries is in it;
(e) they are neither a partner nor a Member State, unless it is a release line, and for a Member State one
that is not about its own country. A grant stands in for (c), (d) and (e), never for (a) or (b).

The EXISTS parts use Core aliases of tables: with the mapped classes a query that joins the same table would
correlate them away. docs/decisions/0002 says more.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, exists, false, or_, select, true
from sqlalchemy.sql.elements import False_

from tracker.domain.labels import within
from tracker.domain.viewer import Viewer
from tracker.domain.words import Role, Tlp
from tracker.store.tables.base import Base, Child, Closed, Labelled, Open
from tracker.store.tables.items import Item, ItemCountry
from tracker.store.tables.people import Grant

_LOOSE = (Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER)

Columns = Any
"""A mapped class, or the columns of a Core alias of its table: both give columns by name."""


def visible(cls: type[Base], viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition that the rows of a mapped class must meet for this viewer."""
    return _visible(cls, cls, viewer)


def all_classes() -> list[type[Base]]:
    """Return every mapped class, by table name."""
    mappers = sorted(Base.registry.mappers, key=lambda mapper: str(mapper.local_table))
    return [mapper.class_ for mapper in mappers]


def _visible(cls: type[Base], row: Columns, viewer: Viewer) -> ColumnElement[bool]:
    seen = cls.__seen__
    if isinstance(seen, Open):
        return true()
    if isinstance(seen, Closed):
        return false()
    if isinstance(seen, Labelled):
        return labelled_row_visible(cls, row, viewer)
    return and_(*(_parent_visible(child, row, viewer) for child in seen))


def _parent_visible(child: Child, row: Columns, viewer: Viewer) -> ColumnElement[bool]:
    parent = next(cls for cls in all_classes() if cls.__name__ == child.of)
    above = _table(parent).alias().c
    joined = above[child.parent_key] == getattr(row, child.key)
    return exists(select(1).where(joined, _visible(parent, above, viewer)))


def _table(cls: type[Base]) -> FromClause:
    return cls.__table__


def labelled_row_visible(cls: type[Base], row: Columns, viewer: Viewer) -> ColumnElement[bool]:
    """Put the clauses of the predicate together for one labelled class."""
    by_right = [clause(cls, row, viewer) for clause in BY_RIGHT]
    by_grant = granted(row, viewer)
    # Without a bare "false OR", PostgreSQL starts from the few rows granted.
    only_by_grant = any(isinstance(part, False_) for part in by_right)
    seen = by_grant if only_by_grant else or_(and_(*by_right), by_grant)
    return and_(not_hidden(row), within_clearance(row, viewer), seen)


def not_hidden(row: Columns) -> ColumnElement[bool]:
    """(a) Neither withdrawn nor erased nor superseded."""
    return row.hidden_at.is_(None)  # type: ignore[no-any-return]


def within_clearance(row: Columns, viewer: Viewer) -> ColumnElement[bool]:
    """(b) The label is within the viewer's clearance."""
    return row.tlp.in_(within(viewer.clearance))  # type: ignore[no-any-return]


def holder(_cls: type[Base], row: Columns, viewer: Viewer) -> ColumnElement[bool]:
    """(c) AMBER+STRICT only for the organisation that holds the row; RED never."""
    return or_(row.tlp.in_(_LOOSE), and_(row.tlp == Tlp.AMBER_STRICT, row.org_id == viewer.org_id))


def scope(cls: type[Base], row: Columns, viewer: Viewer) -> ColumnElement[bool]:
    """(d) One of the row's countries is in the viewer's scope; a row without a country is in no scope."""
    if viewer.scope is None:
        return true()
    countries = sorted(viewer.scope)
    if cls is not Item:
        return row.country.in_(countries)  # type: ignore[no-any-return]
    about = _table(ItemCountry).alias().c
    return exists(select(1).where(about.item_id == row.id, about.country.in_(countries)))


def role(cls: type[Base], row: Columns, viewer: Viewer) -> ColumnElement[bool]:
    """(e) Partners and Member States see release lines alone; a State none that is about itself."""
    if viewer.role not in (Role.PARTNER, Role.MEMBER_STATE):
        return true()
    if not (isinstance(cls.__seen__, Labelled) and cls.__seen__.release):
        return false()
    if viewer.role is Role.PARTNER:
        return true()
    if viewer.own_country is None:
        return false()
    return and_(row.country.is_not(None), row.country != viewer.own_country)


def granted(row: Columns, viewer: Viewer) -> ColumnElement[bool]:
    """A grant that names this user and this row; a list, so that it is looked up once and not per row."""
    grant = _table(Grant).alias().c
    return row.id.in_(select(grant.row_id).where(grant.user_id == viewer.user_id))  # type: ignore[no-any-return]


BY_RIGHT: list[Callable[[type[Base], Columns, Viewer], ColumnElement[bool]]] = [holder, scope, role]
"""The clauses that a grant stands in for."""
