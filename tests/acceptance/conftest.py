"""What the acceptance tests stand on: loopback feeds, and a program with nothing in it yet."""

from collections.abc import Iterator

import pytest

from tests.acceptance.program import FeedServer, feed_server


@pytest.fixture
def feeds() -> Iterator[FeedServer]:
    """A server of feeds on loopback."""
    with feed_server() as feeds:
        yield feeds
