"""Chromium driven by Playwright.

Playwright's synchronous interface leaves its event loop marked as running in this thread, which would make
every later `asyncio.run` fail; so the mark is set only while a test holds the browser.
"""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
]
STEP_TIMEOUT_MS = 15_000


def find_chromium() -> str | None:
    """Return the path of Chromium, or None if there is none."""
    debian = Path("/usr/bin/chromium")
    return str(debian) if debian.exists() else shutil.which("chromium")


@dataclass(frozen=True)
class BrowserRun:
    """The run's browser and the event loop that drives it."""

    browser: Browser
    loop: asyncio.AbstractEventLoop

    @contextmanager
    def held(self) -> Iterator[Browser]:
        """Hold the browser for one test; its contexts are closed afterwards."""
        asyncio._set_running_loop(self.loop)
        try:
            yield self.browser
            for context in self.browser.contexts:
                context.close()
        finally:
            asyncio._set_running_loop(None)


@contextmanager
def chromium(path: str) -> Iterator[BrowserRun]:
    """Start Chromium without a window."""
    with sync_playwright() as playwright:
        loop = asyncio.get_running_loop()
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        asyncio._set_running_loop(None)
        try:
            yield BrowserRun(browser, loop)
        finally:
            asyncio._set_running_loop(loop)
            browser.close()
