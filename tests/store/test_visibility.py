"""No read of any mapped class, through any kind of statement, gives more or less than the predicate allows."""

import random
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import aliased

from tests.store import forms, oracle
from tests.store.world import Row, World, fixed_world, worlds
from tracker.domain.viewer import Viewer
from tracker.domain.words import Role
from tracker.store import Store, ViewerSession, visibility
from tracker.store.tables import Grant
from tracker.store.tables.base import Child
from tracker.store.visibility import all_classes

CLASSES = {cls.__tablename__: cls for cls in all_classes()}
Seen = dict[str, list[Row]]
EXAMPLES = {"sqlite": 12, "postgresql": 4}
"""As many as CI has time for."""

STEP = {"sqlite": 4, "postgresql": 8}
"""Every how many-th pair of class and form is tried on the fixed world; which ones follows from the run's seed."""

# Classes are joined on purpose with nothing in common; the SQL is what is under test.
pytestmark = pytest.mark.filterwarnings("ignore:SELECT statement has a cartesian product")


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store.open(database_url)
    yield opened
    opened.close()


def _forms(store: Store) -> list[tuple[str, forms.Form]]:
    extra = forms.POSTGRES_ONLY if store.reader.dialect.name == "postgresql" else {}
    return sorted((forms.EVERYWHERE | extra).items())


def _check(form: tuple[str, forms.Form], view: ViewerSession, cls: Any, seen: Seen) -> None:
    got, want = form[1](view, cls, forms.keys_of(cls, seen[cls.__tablename__]))
    assert got == want, f"{form[0]} of {cls.__name__} for {view.viewer}"


def _check_join(view: ViewerSession, link: tuple[Any, str, Any, str], seen: Seen) -> None:
    """Inner and outer join of a class with one it points at, with and without aliases."""
    cls, column, parent, parent_column = link
    below, above = seen[cls.__tablename__], seen[parent.__tablename__]
    pairs = [(row, up) for row, up in product(below, above) if row[column] == up[parent_column]]
    lonely = [row for row in below if not any(row is met for met, _ in pairs)]
    inner = _pair_keys(link, pairs)
    for one, two in ((cls, aliased(parent)), (aliased(cls), parent), (aliased(cls), aliased(parent))):
        keys = select(*forms.key(one), *forms.key(two))
        same = getattr(one, column) == getattr(two, parent_column)
        assert sorted(map(tuple, view.execute(keys.join(two, same))), key=repr) == inner, link
        assert sorted(map(tuple, view.execute(keys.where(same))), key=repr) == inner, link
        outer = sorted(map(tuple, view.execute(keys.outerjoin(two, same))), key=repr)
        assert outer == _pair_keys(link, [*pairs, *((row, {}) for row in lonely)]), link


def _pair_keys(link: tuple[Any, str, Any, str], pairs: list[tuple[Row, Row]]) -> list[tuple[Any, ...]]:
    cls, _, parent, _ = link
    left, right = forms.names_of(cls), forms.names_of(parent)
    return sorted(
        ((*(row[name] for name in left), *(up.get(name) for name in right)) for row, up in pairs),
        key=repr,
    )


LINKS = [
    (cls, column, parent, parent_column)
    for cls in CLASSES.values()
    for column, parent, parent_column in forms.links(cls, CLASSES)
]


def _entities_are_as_designed(store: Store, world: World) -> None:
    for viewer in world.viewers:
        seen = oracle.visible(world, viewer)
        with store.viewing(viewer) as view:
            for cls in CLASSES.values():
                _check(("entity", forms.EVERYWHERE["entity"]), view, cls, seen)


def _every_form_is_as_designed(store: Store, world: World, turn: int, step: int) -> None:
    """Check each class with every `step`th form, another viewer each time, and every `step`th join."""
    tasks = list(product(CLASSES.values(), _forms(store)))[turn % step :: step]
    links = LINKS[turn % step :: step]
    for number, viewer in enumerate(world.viewers):
        seen = oracle.visible(world, viewer)
        with store.viewing(viewer) as view:
            for cls, form in tasks[number :: len(world.viewers)]:
                _check(form, view, cls, seen)
            for link in links[number :: len(world.viewers)]:
                _check_join(view, link, seen)


def test_a_world_has_a_row_of_every_mapped_class() -> None:
    world = fixed_world()
    assert {name for name, rows in world.rows.items() if rows} == set(CLASSES)
    assert set(CLASSES) == oracle.EVERY_TABLE


def test_every_viewer_of_the_fixed_world_reads_what_the_design_says(store: Store) -> None:
    world = fixed_world()
    world.write(store.writer)
    _entities_are_as_designed(store, world)


def test_every_kind_of_statement_on_every_class_keeps_to_the_predicate(store: Store) -> None:
    world = fixed_world()
    world.write(store.writer)
    step = STEP[store.reader.dialect.name]
    turn = random.randrange(step)  # noqa: S311 - pytest prints the seed
    _every_form_is_as_designed(store, world, turn, step)


def test_any_viewer_of_any_world_reads_what_the_design_says(store: Store) -> None:
    turns = iter(range(10_000))

    @settings(
        max_examples=EXAMPLES[store.reader.dialect.name],
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.large_base_example,
        ],
        phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
    )
    @given(worlds())
    def holds(world: World) -> None:
        world.write(store.writer)
        _entities_are_as_designed(store, world)
        _every_form_is_as_designed(store, world, next(turns) * 7, 40)

    holds()


Clause = Callable[..., ColumnElement[bool]]
_holder, _scope, _role = visibility.holder, visibility.scope, visibility.role


def _red_by_holder(cls: Any, row: Any, viewer: Viewer) -> ColumnElement[bool]:
    return or_(_holder(cls, row, viewer), row.tlp == "RED")


def _any_holder(cls: Any, row: Any, viewer: Viewer) -> ColumnElement[bool]:
    return or_(_holder(cls, row, viewer), row.tlp == "AMBER+STRICT")


def _open_to_partners(cls: Any, row: Any, viewer: Viewer) -> ColumnElement[bool]:
    return true() if viewer.role is Role.PARTNER else _role(cls, row, viewer)


def _open_to_states(cls: Any, row: Any, viewer: Viewer) -> ColumnElement[bool]:
    return true() if viewer.role is Role.MEMBER_STATE else _role(cls, row, viewer)


def _own_country_too(cls: Any, row: Any, viewer: Viewer) -> ColumnElement[bool]:
    if viewer.role is Role.MEMBER_STATE and cls.__tablename__ == "release_line":
        return true()
    return _role(cls, row, viewer)


def _scope_of_main_country(cls: Any, row: Any, viewer: Viewer) -> ColumnElement[bool]:
    return true() if viewer.scope is None else row.country.in_(sorted(viewer.scope))


def _no_country_is_everywhere(cls: Any, row: Any, viewer: Viewer) -> ColumnElement[bool]:
    return or_(_scope(cls, row, viewer), row.country.is_(None))


def _grant_for_everything(cls: Any, row: Any, viewer: Viewer) -> ColumnElement[bool]:
    by_right = and_(*(clause(cls, row, viewer) for clause in visibility.BY_RIGHT))
    plain = visibility.not_hidden(row), visibility.within_clearance(row, viewer), by_right
    return or_(and_(*plain), visibility.granted(row, viewer))


def _grant_for_hidden(cls: Any, row: Any, viewer: Viewer) -> ColumnElement[bool]:
    by_right = and_(*(clause(cls, row, viewer) for clause in visibility.BY_RIGHT))
    grant = visibility.granted(row, viewer)
    return and_(
        visibility.within_clearance(row, viewer), or_(and_(visibility.not_hidden(row), by_right), grant)
    )


def _grant_for_clearance(cls: Any, row: Any, viewer: Viewer) -> ColumnElement[bool]:
    by_right = and_(*(clause(cls, row, viewer) for clause in visibility.BY_RIGHT))
    grant = visibility.granted(row, viewer)
    return and_(
        visibility.not_hidden(row), or_(and_(visibility.within_clearance(row, viewer), by_right), grant)
    )


def _grant_of_anyone(row: Any, viewer: Viewer) -> ColumnElement[bool]:
    grant = Grant.__table__.alias().c
    return exists(select(1).where(grant.row_id == row.id))


def _by_right(*clauses: Clause) -> tuple[str, Any]:
    return "BY_RIGHT", list(clauses)


def _always(*_args: Any) -> ColumnElement[bool]:
    return true()


def _never(*_args: Any) -> ColumnElement[bool]:
    return false()


REMOVED: dict[str, tuple[str, Any]] = {
    "(a) hidden rows": ("not_hidden", _always),
    "(b) clearance": ("within_clearance", _always),
    "(c) all of it": _by_right(_scope, _role),
    "(c) never RED": _by_right(_red_by_holder, _scope, _role),
    "(c) the organisation holds it": _by_right(_any_holder, _scope, _role),
    "(d) all of it": _by_right(_holder, _role),
    "(d) each of an item's countries": _by_right(_holder, _scope_of_main_country, _role),
    "(d) no country is in no scope": _by_right(_holder, _no_country_is_everywhere, _role),
    "(e) all of it": _by_right(_holder, _scope),
    "(e) partners": _by_right(_holder, _scope, _open_to_partners),
    "(e) Member States": _by_right(_holder, _scope, _open_to_states),
    "(e) not about its own country": _by_right(_holder, _scope, _own_country_too),
    "grants": ("granted", _never),
    "grants are one user's": ("granted", _grant_of_anyone),
    "a grant is not for (a) or (b)": ("labelled_row_visible", _grant_for_everything),
    "a grant is not for (a)": ("labelled_row_visible", _grant_for_hidden),
    "a grant is not for (b)": ("labelled_row_visible", _grant_for_clearance),
}
CHILDREN = {
    f"{cls.__name__} under {link.of}": link
    for cls in CLASSES.values()
    if isinstance(cls.__seen__, tuple)
    for link in cls.__seen__
}


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("clause", REMOVED)
def test_each_clause_of_the_predicate_is_needed(
    clause: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = fixed_world()
    world.write(store.writer)
    monkeypatch.setattr(visibility, *REMOVED[clause])
    with pytest.raises(AssertionError, match="entity of"):
        _entities_are_as_designed(store, world)


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("link", CHILDREN.values(), ids=list(CHILDREN))
def test_each_link_to_a_parent_is_needed(link: Child, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    world = fixed_world()
    world.write(store.writer)
    kept = visibility._parent_visible
    monkeypatch.setattr(
        visibility, "_parent_visible", lambda child, *rest: true() if child is link else kept(child, *rest)
    )
    with pytest.raises(AssertionError, match="entity of"):
        _entities_are_as_designed(store, world)
