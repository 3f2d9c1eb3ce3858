"""Instants keep their moment, come back aware in UTC, and sort; identifiers sort by time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select
from ulid import ULID

from tests.store.world import NOW
from tracker.errors import NaiveTimeError
from tracker.store import Store
from tracker.store.columns import ULID_LENGTH, new_id, new_ids
from tracker.store.tables import Lease

_ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(datetime(1970, 1, 3), datetime(2200, 1, 1), timezones=_ZONES)  # noqa: DTZ001 - bounds


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store.open(database_url)
    yield opened
    opened.close()


def test_an_instant_comes_back_as_the_same_moment_in_utc(store: Store) -> None:
    @settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(INSTANTS, min_size=1, max_size=20, unique=True))
    def holds(instants: list[datetime]) -> None:
        with store.acting("operator", "test", NOW) as work:
            work.execute(delete(Lease))
            rows = [{"name": str(n), "node": "", "until": at} for n, at in enumerate(instants)]
            work.execute(insert(Lease), rows)
        with store.looking("test", NOW) as work:
            back = list(work.scalars(select(Lease.until).order_by(Lease.until)))
        assert back == sorted(instants)
        assert {at.tzinfo for at in back} == {UTC}

    holds()


def test_an_instant_is_compared_as_a_moment_whatever_its_zone(store: Store) -> None:
    with store.acting("operator", "test", NOW) as work:
        work.execute(insert(Lease).values(name="x", node="", until=NOW))
        east = NOW.astimezone(timezone(timedelta(hours=9)))
        assert work.scalar(select(Lease.name).where(Lease.until == east)) == "x"
        assert work.scalar(select(Lease.name).where(Lease.until < east)) is None


@given(INSTANTS, INSTANTS)
def test_identifiers_have_one_length_and_sort_by_time(one: datetime, two: datetime) -> None:
    assert len(new_id(one)) == ULID_LENGTH
    if (two - one) > timedelta(milliseconds=2):
        assert new_id(one) < new_id(two)


def test_an_identifier_of_a_naive_time_is_refused() -> None:
    with pytest.raises(NaiveTimeError):
        new_id(datetime(2026, 11, 25))  # noqa: DTZ001 - what is tested


def test_ids_made_at_once_are_ulids_of_that_time_all_different_and_ascending() -> None:
    ids = new_ids(NOW, 1000)
    assert {ULID.from_str(each).datetime for each in ids} == {NOW}
    assert len(set(ids)) == 1000
    assert sorted(ids) == list(ids)


def test_two_calls_in_one_moment_share_no_id() -> None:
    assert not set(new_ids(NOW, 100)) & set(new_ids(NOW, 100))


def test_none_are_made_where_none_are_wanted() -> None:
    assert list(new_ids(NOW, 0)) == []
