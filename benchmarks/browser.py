"""How soon a page can be used in a browser, beside an empty Streamlit page, on a store of a million items.

    python benchmarks/browser.py [--rounds 7] [--items 1000000]

Serves the program and an empty page from this machine, opens each page of an analyst again and again in Chromium, and
prints two medians: from asking for it until it can be used (its headline stands, and the first control after it), and
until all of it is there. Goal: `/` and `/alert` can be used within twice the time of the empty page; the others are
printed. Needs Chromium and Playwright.
"""

import argparse
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from urllib.error import URLError
from urllib.request import urlopen

sys.path.insert(0, str(Path(__file__).parent))

from million import NOW
from pages import kept
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select

from tracker.access.signin import make_link
from tracker.domain.words import AlertState, Role
from tracker.respond.set_up import set_up
from tracker.settings import Settings
from tracker.store import Store
from tracker.store.tables import Alert, User

GOAL = 2.0
_HELD = ("/", "/alert")
_CONTROL = '[data-testid="stMain"] :is(button, a, [role="combobox"])'
_DONE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
_EMPTY = "import streamlit as st\nst.html('<h1>Empty</h1>')\nst.button('Press')\n"
_QUIET = ("--server.headless=true", "--browser.gatherUsageStats=false", "--server.fileWatcherType=none")


def main() -> None:
    """Run the benchmark; exits with 1 where a page misses the goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--items", type=int, default=1_000_000)
    wanted = parser.parse_args()
    url = kept(wanted.items)
    port, empty_port = _free_port(), _free_port()
    home = Path("build").absolute()
    environment = os.environ | {
        "TRACKER_DATABASE_URL": url,
        "TRACKER_DATA_DIR": str(home),
        "TRACKER_NOW": NOW.isoformat(),
        "TRACKER_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    link, alert_id = _prepare(url, environment, port)
    empty = home / "empty_page.py"
    empty.write_text(_EMPTY, encoding="utf-8")
    program = [sys.executable, "-m", "dashboards.serve", "--port", str(port)]
    bare = [sys.executable, "-m", "streamlit", "run", str(empty), f"--server.port={empty_port}", *_QUIET]
    with _running(program, environment, port), _running(bare, environment, empty_port):
        pages = {"/": "", "/figures": "figures", "/countries": "countries", "/country": "country?iso3=MLI"}
        pages["/alert"] = f"alert?id={alert_id}"
        addresses = {name: f"http://127.0.0.1:{port}/{path}" for name, path in pages.items()}
        slow = _measure(addresses, f"http://127.0.0.1:{empty_port}/", link, wanted.rounds)
    if slow:
        print(f"over {GOAL:.0f} times the empty page: {', '.join(slow)}")
        sys.exit(1)
    print(f"both can be used within {GOAL:.0f} times the empty page")


def _prepare(url: str, environment: dict[str, str], port: int) -> tuple[str, str]:
    store = Store.open(url)
    set_up(store, Settings.read(environment), "Platform", NOW)
    with store.looking("benchmark", NOW) as work:
        analyst = work.scalars(select(User.id).where(User.role == Role.ANALYST).order_by(User.id)).first()
        open_ = select(Alert.id).where(Alert.state == AlertState.ASSESSING).order_by(Alert.id.desc())
        alert_id = work.scalars(open_).first()
    link = make_link(store, analyst or "", f"http://127.0.0.1:{port}", NOW + timedelta(minutes=1))
    store.close()
    return link, alert_id or ""


def _measure(addresses: dict[str, str], empty: str, link: str, rounds: int) -> list[str]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(link)
        page.locator("button").first.click()
        page.wait_for_load_state()
        floor, whole = _time(page, empty, rounds)
        print(f"{'page':12} {'usable ms':>10} {'times':>6} {'whole ms':>10}")
        print(f"{'empty':12} {floor:10.0f} {1:6.2f} {whole:10.0f}")
        slow = []
        for name, address in addresses.items():
            took, whole = _time(page, address, rounds)
            print(f"{name:12} {took:10.0f} {took / floor:6.2f} {whole:10.0f}")
            if name in _HELD and took > GOAL * floor:
                slow.append(name)
        browser.close()
    return slow


def _time(page: Page, address: str, rounds: int) -> tuple[float, float]:
    usable, whole = [], []
    for turn in range(rounds + 2):
        began = time.perf_counter()
        page.goto(address, wait_until="commit")
        page.wait_for_selector("h1")
        page.wait_for_selector(_CONTROL)
        ready = time.perf_counter()
        page.wait_for_selector(_DONE)
        if turn >= 2:
            usable.append((ready - began) * 1000)
            whole.append((time.perf_counter() - began) * 1000)
    return median(usable), median(whole)


@contextmanager
def _running(command: list[str], environment: dict[str, str], port: int) -> Iterator[None]:
    child = subprocess.Popen(  # noqa: S603 - our own programs
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        yield
    finally:
        child.terminate()
        child.wait(20)


def _wait_for(address: str) -> None:
    for _ in range(600):
        try:
            with urlopen(address):  # noqa: S310 - on this machine
                return
        except URLError:
            time.sleep(0.1)
    raise SystemExit(f"nothing answers at {address}")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


if __name__ == "__main__":
    main()
