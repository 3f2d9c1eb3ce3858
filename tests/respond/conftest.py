from collections.abc import Iterator

import pytest

from tests.support.house import House, house_at
from tracker.domain.viewer import Viewer
from tracker.domain.words import Role


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with house_at(database_url) as house:
        yield house


@pytest.fixture
def analyst(house: House) -> Viewer:
    return house.viewer(Role.ANALYST, name="Ana")


@pytest.fixture
def officer(house: House) -> Viewer:
    return house.viewer(Role.OFFICER, "UN", name="Omar")
