from collections.abc import Iterator

import pytest

from tests.detect.desk import Desk, open_desk


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """A store with a host organisation and nothing else."""
    with open_desk(database_url) as opened:
        yield opened
