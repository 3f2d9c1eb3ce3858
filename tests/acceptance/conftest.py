"""What the acceptance tests stand on: loopback feeds, and a program with nothing in it yet."""

from collections.abc import Iterator

import pytest

from tests.acceptance.program import FeedServer, feed_server
from tests.support.house import House, house_at


@pytest.fixture
def feeds() -> Iterator[FeedServer]:
    """A server of feeds on loopback."""
    with feed_server() as feeds:
        yield feeds


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    """A house that was set up on this test's database."""
    with house_at(database_url) as house:
        yield house
