"""The program as its users meet it: commands, a served address, a clock that is a file, feeds on loopback."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from tests.support import cli
from tracker.access.people import NewPerson, create_user, viewer_of_email
from tracker.access.signin import make_link, make_token
from tracker.domain.words import Role
from tracker.store import Store

PATIENCE_S = 60.0
_LOOK_EVERY_S = 0.1


@dataclass
class Program:
    """One installation: `home` is its data folder, `env` all its TRACKER_* settings, `now` its present (UTC)."""

    home: Path
    env: dict[str, str]
    now: datetime

    def __post_init__(self) -> None:
        self.env |= {"TRACKER_DATA_DIR": str(self.home), "TRACKER_NOW": f"@{self.home / 'now'}"}
        self.clock_says(self.now)

    def clock_says(self, now: datetime) -> None:
        """Move the clock of every part of the program."""
        self.now = now
        fresh = self.home / "now.new"
        fresh.write_text(now.isoformat(), encoding="ascii")
        fresh.replace(self.home / "now")

    def later(self, **time: float) -> None:
        """Move the clock on."""
        self.clock_says(self.now + timedelta(**time))

    def tracker(self, *words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a command that is to end with this exit code."""
        done = cli.run(*words, env=self.env, check=False)
        assert done.returncode == code, f"tracker {' '.join(words)} exited with {done.returncode}: {done}"
        return done

    def said(self, *words: str) -> str:
        """Run a command and return the last line of its data."""
        return self.tracker(*words).stdout.strip().splitlines()[-1]

    def has(self, email: str, role: Role, org: str, name: str, *countries: str) -> None:
        """Add a person as `tracker users add` does, without a process: stories add many, and that takes long."""
        with closing(Store.open(self.env["TRACKER_DATABASE_URL"])) as store:
            create_user(store, NewPerson(email, role, org, name, countries=countries), self.now)

    def link_for(self, email: str) -> str:
        """Make a sign-in address as `tracker users link` does, without a process."""
        with closing(Store.open(self.env["TRACKER_DATABASE_URL"])) as store:
            person = viewer_of_email(store, email, self.now)
            return make_link(store, person.user_id, self.env["TRACKER_PUBLIC_URL"], self.now)

    def token_for(self, email: str) -> str:
        """Make a token as `tracker users token` does, without a process."""
        with closing(Store.open(self.env["TRACKER_DATABASE_URL"])) as store:
            return make_token(store, viewer_of_email(store, email, self.now).user_id, "test", self.now)

    def exported(self, what: str, *words: str) -> list[dict[str, Any]]:
        """Return the rows of an export."""
        lines = self.tracker("export", what, "--format", "jsonl", *words).stdout.splitlines()
        return [json.loads(line) for line in lines]

    @contextmanager
    def running(self) -> Iterator["Jobs"]:
        """Run `tracker run` until the block ends; it must end cleanly at SIGTERM."""
        log_path = self.home / "run.log"
        with log_path.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tracker", "run"],
                env=cli.clean_environment(self.env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        jobs = Jobs(log_path, process)
        try:
            yield jobs
            process.terminate()
            assert process.wait(PATIENCE_S) == 0, jobs.log
        finally:
            process.kill()
            process.wait()


@dataclass(frozen=True)
class Jobs:
    """`tracker run` at work."""

    log_path: Path
    process: subprocess.Popen[bytes]

    @property
    def log(self) -> str:
        """All that it said until now."""
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def wait_until(self, ready: Callable[[], bool]) -> None:
        """Wait until `ready()`, as long as it runs and patience lasts."""
        give_up = time.monotonic() + PATIENCE_S
        while not ready():
            assert self.process.poll() is None, f"`tracker run` stopped:\n{self.log}"
            assert time.monotonic() < give_up, f"nothing came within {PATIENCE_S:.0f} s:\n{self.log}"
            time.sleep(_LOOK_EVERY_S)

    def wait_for(self, *words: str) -> None:
        """Wait until its log holds all these words."""
        self.wait_until(lambda: all(word in self.log for word in words))


@dataclass(frozen=True)
class Entry:
    """One entry of a feed: when it was published (UTC) and its headline."""

    at: datetime
    title: str


@dataclass
class FeedServer:
    """Serves bodies by path on loopback; `bodies` may change while it runs."""

    url: str = ""
    bodies: dict[str, bytes] = field(default_factory=dict)

    def says(self, path: str, entries: list[Entry]) -> str:
        """Serve these entries as RSS from now on, and return the address."""
        items = "".join(
            f"<item><title>{escape(entry.title)}</title><link>https://news.example/{number}</link>"
            f"<guid>{path}-{number}</guid><pubDate>{format_datetime(entry.at)}</pubDate></item>"
            for number, entry in enumerate(entries)
        )
        return self.serves(
            path,
            f'<rss version="2.0"><channel><title>Sahel Courier</title><link>https://news.example/</link>'
            f"<description>Invented for a test.</description>{items}</channel></rss>".encode(),
        )

    def serves(self, path: str, body: bytes) -> str:
        """Serve a body from now on, and return its address."""
        self.bodies[path] = body
        return f"{self.url}/{path}"


@contextmanager
def feed_server() -> Iterator[FeedServer]:
    """Start a server of feeds on a free loopback port."""
    feeds = FeedServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = feeds.bodies.get(self.path.lstrip("/"))
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    feeds.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield feeds
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
