"""Sessions: all of a block or nothing, no lost update, a full disk, and times with a zone."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import IntegrityError, StatementError

from tests.store.world import NOW, fixed_world
from tracker.errors import GuardError, NaiveTimeError, StoreError
from tracker.store import Store
from tracker.store.tables import AlertNumber, Item, Lease, Organisation, Secret


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store.open(database_url)
    yield opened
    opened.close()


def _organisations(store: Store) -> int:
    with store.looking("test", NOW) as work:
        return work.scalar(select(func.count()).select_from(Organisation)) or 0


def test_a_system_session_commits_at_the_end_of_its_block(store: Store) -> None:
    with store.acting("operator", "test", NOW) as work:
        work.add(Organisation(id="ORG", name="Platform", is_host=True))
        assert _organisations(store) == 0
    assert _organisations(store) == 1


def test_a_system_session_keeps_nothing_of_a_block_that_fails(store: Store) -> None:
    def fail_halfway() -> None:
        with store.acting("operator", "test", NOW) as work:
            work.add(Organisation(id="ORG", name="Platform", is_host=True))
            work.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()
    assert _organisations(store) == 0


def test_a_system_session_knows_who_acts_for_what_and_when(store: Store) -> None:
    with store.acting("job:ingest", "poll", NOW) as work:
        assert (work.actor, work.use_case, work.now) == ("job:ingest", "poll", NOW)


def test_a_viewers_session_leaves_nothing_behind(store: Store) -> None:
    world = fixed_world()
    world.write(store.writer)
    before = _organisations(store)
    with store.viewing(world.viewers[0]) as view:
        view.scalars(select(Item)).first()
        with pytest.raises(GuardError):
            view.execute(insert(Organisation).values(id="ORG", name="New", is_host=False))
    assert _organisations(store) == before


def test_a_changed_row_of_a_viewers_session_is_not_written_back(store: Store) -> None:
    world = fixed_world()
    world.write(store.writer)
    with store.viewing(world.viewers[0]) as view:
        item = view.scalars(select(Item).order_by(Item.id)).first()
        assert item is not None
        item.lang = "xx"
        view.scalars(select(Item)).all()
    with store.looking("test", NOW) as work:
        assert work.scalar(select(Item.lang).where(Item.id == item.id)) is None


def test_a_session_that_only_looks_writes_nothing(store: Store) -> None:
    with pytest.raises(StoreError, match="can only be read"), store.looking("test", NOW) as work:
        work.execute(insert(Organisation).values(id="ORG", name="New", is_host=False))


def test_two_writers_at_once_lose_no_update(store: Store) -> None:
    """Each reads a number and writes one more: SQLite begins with the write lock, PostgreSQL locks the row."""
    with store.acting("operator", "test", NOW) as work:
        work.add(AlertNumber(country="AAA", last=0))

    def count(_turn: int) -> None:
        with store.acting("operator", "test", NOW) as work:
            number = work.scalars(select(AlertNumber).with_for_update()).one()
            number.last += 1

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count, range(40)))
    with store.looking("test", NOW) as work:
        assert work.scalar(select(AlertNumber.last)) == 40


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_full_disk_is_one_plain_error_and_nothing_is_half_written(store: Store) -> None:
    def fill_the_disk() -> None:
        with store.acting("operator", "test", NOW) as work:
            pages = work.scalar(text("PRAGMA page_count"))
            work.execute(text(f"PRAGMA max_page_count={pages + 2}"))
            work.add(Organisation(id="ORG", name="Platform", is_host=True))
            work.add_all(Secret(name=f"secret-{n}", value=b"x" * 4000) for n in range(100))

    with pytest.raises(StoreError, match="full"):
        fill_the_disk()
    with store.acting("operator", "test", NOW) as work:
        work.execute(text("PRAGMA max_page_count=1000000"))
        assert work.scalar(select(func.count()).select_from(Secret)) == 0
        assert work.scalar(text("PRAGMA integrity_check")) == "ok"
    assert _organisations(store) == 0
    with store.acting("operator", "test", NOW) as work:
        work.add(Organisation(id="ORG", name="Platform", is_host=True))
    assert _organisations(store) == 1


def test_a_naive_time_is_refused(store: Store) -> None:
    naive = datetime(2026, 11, 25)  # noqa: DTZ001 - a naive time on purpose
    with pytest.raises(NaiveTimeError), store.acting("operator", "test", naive):
        pass
    with pytest.raises(StatementError) as refused, store.acting("operator", "test", NOW) as work:
        work.execute(insert(Lease).values(name="x", node="x", until=naive))
    assert isinstance(refused.value.orig, NaiveTimeError)


def test_a_word_that_is_none_of_an_enum_is_refused_by_the_database_itself(store: Store) -> None:
    fixed_world().write(store.writer)
    for column, value in (("tlp", "PINK"), ("hidden_because", "bored"), ("kind", "gossip")):
        with pytest.raises(IntegrityError), store.writer.begin() as connection:
            connection.execute(text(f"UPDATE item SET {column} = '{value}' WHERE id = 'item-0'"))


def test_a_row_whose_parent_is_missing_is_refused(store: Store) -> None:
    fixed_world().write(store.writer)
    with pytest.raises((IntegrityError, StoreError)), store.acting("operator", "test", NOW) as work:
        work.execute(update(Item).values(source_id="nowhere"))
