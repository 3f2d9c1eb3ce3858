"""Random lives of alerts and actions on both databases: no illegal state, no lost history, figures that add up.

TRACKER_LIVES says how many on each; forty moves a life.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.respond.lives import Lives
from tests.support import databases
from tests.support.house import House, house_at

LIVES = settings(
    max_examples=int(os.environ.get("TRACKER_LIVES", "4")),
    stateful_step_count=40,
    phases=[
        Phase.generate
    ],  # a life that fails is printed as it was: to shrink it takes a database for each try
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def new_url(request: pytest.FixtureRequest, engine_name: str, tmp_path: Path) -> Callable[[], str]:
    """Gives the address of a fresh database each time."""
    if engine_name == "sqlite":
        template: Path = request.getfixturevalue("_sqlite_template")
        return lambda: databases.copy_sqlite(template, tmp_path / f"{uuid4().hex}.db")
    create: Callable[[str], str] = request.getfixturevalue("new_postgres_url")
    ready: str = request.getfixturevalue("_postgres_template")
    return lambda: create(ready)


@pytest.mark.timeout(900)
def test_whatever_people_do_the_state_the_history_and_the_figures_hold(new_url: Callable[[], str]) -> None:
    @contextmanager
    def new_house() -> Iterator[House]:
        with house_at(new_url()) as house:
            yield house

    class Here(Lives):
        def __init__(self) -> None:
            super().__init__(new_house)

    run_state_machine_as_test(Here, settings=LIVES)
