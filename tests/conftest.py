"""Fixtures that every test may ask for; what they stand on is in tests/support."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import hypothesis
import pytest
from playwright.sync_api import Browser, Page

from tests.support import databases
from tests.support.browser import STEP_TIMEOUT_MS, BrowserRun, chromium, find_chromium
from tests.support.cli import REPOSITORY
from tests.support.needs import miss
from tests.support.network import loopback_only
from tests.support.postgres import PostgresMissingError, PostgresServer, postgres_server
from tests.support.smtp import SmtpSink, running_sink

# Two busy cores make single examples slow now and then: that is no fault of the code.
hypothesis.settings.register_profile("tracker", deadline=None, print_blob=True)
hypothesis.settings.load_profile("tracker")

ENGINES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark whatever asks for the browser."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    with loopback_only():
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The run's PostgreSQL server."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(postgres_server())
        except PostgresMissingError as missing:
            miss("postgres", str(missing))
        yield server


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return databases.make_sqlite_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def _postgres_template(postgres: PostgresServer) -> str:
    return databases.make_postgres_template(postgres)


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """`sqlite`, then `postgres`: a test that uses a database runs once on each."""
    name: str = request.param
    return name


@pytest.fixture
def new_postgres_url(request: pytest.FixtureRequest) -> Iterator[Callable[[str], str]]:
    """Create databases from a template of the given name; they are dropped after the test."""
    server: PostgresServer = request.getfixturevalue("postgres")
    names: list[str] = []

    def create(template: str) -> str:
        names.append(f"test_{uuid4().hex}")
        return server.create(names[-1], template)

    yield create
    for name in names:
        server.drop(name)


@pytest.fixture
def empty_database_url(request: pytest.FixtureRequest, engine_name: str, tmp_path: Path) -> str:
    """SQLAlchemy URL of a database of this test alone, without a table."""
    if engine_name == "sqlite":
        return databases.sqlite_url(tmp_path / "empty.db")
    create: Callable[[str], str] = request.getfixturevalue("new_postgres_url")
    return create("template0")


@pytest.fixture
def database_url(request: pytest.FixtureRequest, engine_name: str, tmp_path: Path) -> str:
    """SQLAlchemy URL of a database of this test alone, migrated and without a row of ours."""
    if engine_name == "sqlite":
        return databases.copy_sqlite(request.getfixturevalue("_sqlite_template"), tmp_path / "tracker.db")
    create: Callable[[str], str] = request.getfixturevalue("new_postgres_url")
    return create(request.getfixturevalue("_postgres_template"))


@pytest.fixture(scope="session")
def _browser_run() -> Iterator[BrowserRun]:
    path = find_chromium()
    if path is None:
        miss("browser", "Chromium is not installed (Debian: apt-get install chromium)")
    with chromium(path) as run:
        yield run


@pytest.fixture
def browser(_browser_run: BrowserRun) -> Iterator[Browser]:
    """The run's Chromium; contexts opened in it are closed after the test."""
    with _browser_run.held() as held:
        yield held


@pytest.fixture
def page(browser: Browser) -> Page:
    """A page in a context of its own: no cookies, 1280 × 800."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(STEP_TIMEOUT_MS)
    return context.new_page()


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    """An SMTP server on loopback: `.url` for TRACKER_SMTP_URL, `.messages` it accepted."""
    with running_sink() as sink:
        yield sink


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of labelled data beside this checkout."""
    folder = REPOSITORY.parent / "shared"
    if not folder.is_dir():
        pytest.skip(f"{folder} with labelled data is not beside this checkout")
    return folder
