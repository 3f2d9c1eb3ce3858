"""What tests of the store stand on."""

from collections.abc import Iterator

import pytest

from tests.store.world import fixed_world
from tracker.store import Store


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A migrated database that holds the fixed world: a row of every table, every label."""
    opened = Store.open(database_url)
    fixed_world().write(opened.writer)
    yield opened
    opened.close()
