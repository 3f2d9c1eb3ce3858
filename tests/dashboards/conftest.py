"""Pages run as Streamlit runs them, on a real store; only the browser's cookie is put in by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards import session
from dashboards.places import place
from tests.support import databases
from tests.support.cli import REPOSITORY
from tests.support.house import NOW, House, house_at
from tracker import clock
from tracker.access.signin import make_link, sign_in
from tracker.domain.viewer import Viewer
from tracker.domain.words import Role

APP = REPOSITORY / "dashboards" / "app.py"
PAGES = (
    "today",
    "inbox",
    "alerts",
    "alert",
    "actions",
    "countries",
    "country",
    "figures",
    "items",
    "sources",
    "admin",
    "call",
    "duty",
    "channels",
    "digest",
)


class Pages:
    """Opens pages as one person; `signed_in` holds the cookie of their browser.

    AppTest takes a folder `pages` beside its script for an app of its own; so its script stands apart.
    """

    def __init__(self, house: House, folder: Path) -> None:
        self.house = house
        self.script = folder / "script.py"
        self.script.write_text(f"import runpy\nrunpy.run_path({str(APP)!r}, run_name='__main__')\n")
        self.signed_in: str | None = None

    def sign_in(self, viewer: Viewer) -> None:
        link = make_link(self.house.store, viewer.user_id, "http://127.0.0.1", NOW)
        self.signed_in = sign_in(self.house.store, link.partition("key=")[2], NOW)

    def open(self, name: str, **address: str) -> AppTest:
        """Run a page; `address` is what follows the question mark."""
        app = AppTest.from_file(str(self.script), default_timeout=60)
        if name != "today":
            app.run()
            app.switch_page(place(name))
        for key, value in address.items():
            app.query_params[key] = value
        app.run()
        assert not app.exception, app.exception[0].message
        return app


def words(app: AppTest) -> str:
    """Return everything that a page says, HTML included."""
    parts = [str(block.proto.body) for block in app.get("html")]
    parts += [str(block.value) for kind in (app.markdown, app.error, app.toast, app.info) for block in kind]
    return "\n".join(part for part in parts if not part.startswith("<style>"))


def side_bar(app: AppTest) -> list[str]:
    """Return what the links of the side bar say."""
    return [str(link.proto.label).partition(" :gray")[0] for link in app.sidebar.get("page_link")]


def field(app: AppTest, label: str) -> object:
    """Return the first field with this label."""
    kinds = (app.text_input, app.text_area, app.selectbox, app.date_input, app.segmented_control)
    return next(each for kind in kinds for each in kind if each.label == label)


def press(app: AppTest, label: str, number: int = 0) -> AppTest:
    """Press a button by what it says and return the page that follows."""
    found = [button for button in app.button if button.label == label]
    found[number].click()
    app.run()
    assert not app.exception, app.exception[0].message
    return app


@pytest.fixture
def house(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    url = databases.copy_sqlite(request.getfixturevalue("_sqlite_template"), tmp_path / "tracker.db")
    monkeypatch.setenv("TRACKER_DATABASE_URL", url)
    monkeypatch.setenv("TRACKER_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("TRACKER_NOW", NOW.isoformat())
    monkeypatch.setattr(clock, "_start", None)  # else it has ticked since the first test of this run
    with house_at(url) as house:
        yield house
    session.house.clear()


@pytest.fixture
def pages(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pages:
    pages = Pages(house, tmp_path)
    monkeypatch.setattr(session, "session_cookie", lambda: pages.signed_in)
    return pages


@pytest.fixture
def analyst(house: House, pages: Pages) -> Viewer:
    """An analyst whose browser is signed in."""
    analyst = house.viewer(Role.ANALYST, name="Ana")
    pages.sign_in(analyst)
    return analyst
