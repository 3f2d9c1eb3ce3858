"""The two kinds of session: a viewer's reads what they may see, the system's does what a use case says."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn

from sqlalchemy import ColumnElement, Engine, event
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.orm.util import LoaderCriteriaOption

from tracker.domain.times import as_utc
from tracker.domain.viewer import Viewer
from tracker.errors import GuardError
from tracker.store.guard import classes_read
from tracker.store.tables.base import Base
from tracker.store.visibility import visible


class _Predicate(LoaderCriteriaOption):
    """A class's condition, told of the alias that it is meant for: SQLAlchemy forgets that in joins."""

    _cache_key_traversal = LoaderCriteriaOption._traverse_internals

    def _resolve_where_criteria(self, ext_info: Any) -> ColumnElement[bool]:
        condition = super()._resolve_where_criteria(ext_info)
        if not ext_info.is_aliased_class:
            return condition
        adapted: ColumnElement[bool] = ext_info._adapter.traverse(condition)
        return adapted


class ViewerSession(Session):
    """Reads for one viewer, who never changes: selects that pass the guard, each with the predicate added."""

    def __init__(self, engine: Engine, viewer: Viewer) -> None:
        read_only = engine.execution_options(postgresql_readonly=True)
        super().__init__(read_only, autoflush=False, expire_on_commit=False)
        self.viewer = viewer
        self._predicates: dict[type[Base], _Predicate] = {}

    def predicate(self, cls: type[Base]) -> _Predicate:
        """Return what hides the rows of a class from this viewer."""
        if cls not in self._predicates:
            self._predicates[cls] = _Predicate(cls, visible(cls, self.viewer), include_aliases=True)
        return self._predicates[cls]

    def _refuse(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise GuardError("A viewer's session only reads, and only through select().")

    if not TYPE_CHECKING:
        add = add_all = delete = delete_all = merge = merge_all = flush = commit = prepare = _refuse
        bulk_save_objects = bulk_insert_mappings = bulk_update_mappings = _refuse
        query = get = get_one = refresh = enable_relationship_loading = _refuse
        begin = begin_nested = get_transaction = get_nested_transaction = _refuse
        connection = connection_callable = bind_mapper = bind_table = _refuse


@event.listens_for(ViewerSession, "do_orm_execute")
def _apply_predicate(state: ORMExecuteState) -> None:
    session = state.session
    assert isinstance(session, ViewerSession)  # the listener is registered for this class alone
    classes = sorted(classes_read(state), key=lambda cls: cls.__name__)
    state.statement = state.statement.options(*map(session.predicate, classes))


class SystemSession(Session):
    """Writes of one use case by one actor, in one transaction. Sees everything; returns nothing to a page."""

    def __init__(self, engine: Engine, actor: str, use_case: str, now: datetime) -> None:
        super().__init__(engine, expire_on_commit=False)
        self.actor = actor
        self.use_case = use_case
        self.now = as_utc(now)


@contextmanager
def viewing(engine: Engine, viewer: Viewer) -> Iterator[ViewerSession]:
    """Open a viewer's session; nothing can be written in it."""
    with ViewerSession(engine, viewer) as view:
        yield view


@contextmanager
def acting(engine: Engine, actor: str, use_case: str, now: datetime) -> Iterator[SystemSession]:
    """Open a system session for one use case; commits at the end of the block, rolls back on an error."""
    with SystemSession(engine, actor, use_case, now) as work, work.begin():
        yield work
