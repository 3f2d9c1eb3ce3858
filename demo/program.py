"""The program as its users meet it: the command line, HTTP, mails that arrive. Its clock is a file."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime
from mailbox import Maildir
from pathlib import Path
from typing import Any

import httpx
from aiosmtpd.controller import Controller

PATIENCE_S = 60.0
REPLIES = "replies@platform.example"
_LOOK_EVERY_S = 0.1


class StageError(Exception):
    """A stage of the demo that yielded nothing, or a part that did not answer; the message names it."""


class _Mailbox:
    """Keeps each mail that arrives as a file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - the library's name
        self.count += 1
        (self.folder / f"{self.count:04d}.eml").write_bytes(envelope.content)
        return "250 kept"

    @property
    def notices(self) -> int:
        """How many of them only say that something waits."""
        kept = (path.read_bytes() for path in self.folder.glob("*.eml"))
        return sum(b"says nothing more on purpose" in mail for mail in kept)

    def find(self, words: str) -> EmailMessage | None:
        """Return the newest mail that holds these words."""
        for path in sorted(self.folder.glob("*.eml"), reverse=True):
            mail = message_from_bytes(path.read_bytes(), policy=default)
            body = mail.get_body(("plain",))
            if body is not None and words in str(body.get_content()):
                return mail
        return None


@dataclass
class Program:
    """A running demo: where it lives, how to move its clock, how to call it."""

    home: Path
    port: int
    environment: dict[str, str]
    clock: Path
    mails: _Mailbox
    replies: Path
    http: httpx.Client
    children: list[subprocess.Popen[bytes]] = field(default_factory=list)
    now: datetime = datetime(2000, 1, 1, tzinfo=UTC)

    @property
    def url(self) -> str:
        """The address of the pages."""
        return f"http://127.0.0.1:{self.port}"

    def set_clock(self, now: datetime) -> None:
        """Move the program's present."""
        self.now = now
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(now.isoformat(), encoding="ascii")
        fresh.replace(self.clock)

    def tracker(self, *words: str) -> str:
        """Run a command and return its last line of output.

        Raises:
            StageError: it did not end well; with what it said.
        """
        done = self.start_tracker(*words)
        said, wrong = done.communicate(timeout=PATIENCE_S)
        if done.returncode:
            raise StageError(f"`tracker {' '.join(words)}` ended with {done.returncode}: {wrong.decode()}")
        return said.decode().strip().splitlines()[-1] if said.strip() else ""

    def start_tracker(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a command and go on."""
        command = [sys.executable, "-m", "tracker", *words]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=self.environment, stdout=pipe, stderr=pipe, cwd=self.home)

    def start(self, *words: str) -> None:
        """Start a part that runs until the demo stops; what it says goes to a file."""
        log = (self.home / f"{words[0]}.log").open("wb")
        command = [sys.executable, "-m", "tracker", *words]
        self.children.append(
            subprocess.Popen(command, env=self.environment, stdout=log, stderr=log, cwd=self.home)
        )
        log.close()

    def wait_for(self, stage: str, ready: Any) -> None:
        """Wait until `ready()` is true.

        Raises:
            StageError: it did not become so, or a part of the program stopped.
        """
        give_up = time.monotonic() + PATIENCE_S
        while not ready():
            if any(child.poll() is not None for child in self.children):
                raise StageError(f"{stage}: a part of the program stopped; its log is in {self.home}")
            if time.monotonic() > give_up:
                raise StageError(f"{stage}: nothing came within {PATIENCE_S:.0f} s; logs are in {self.home}")
            time.sleep(_LOOK_EVERY_S)

    def answers(self) -> bool:
        """Whether the pages answer."""
        try:
            return self.http.get("/healthz").status_code == 200
        except httpx.TransportError:
            return False

    def metric(self, name: str) -> float:
        """Return a figure of /metrics, such as `tracker_job_runs{job="digest",state="done"}`; 0 for none."""
        text = self.http.get("/metrics").text
        found = re.search(rf"^{re.escape(name)} ([0-9.e+]+)$", text, re.MULTILINE)
        return float(found[1]) if found else 0.0

    def last_due(self, job: str) -> datetime:
        """Return the newest due time for which a job has run."""
        return datetime.fromtimestamp(self.metric(f'tracker_job_last_due_seconds{{job="{job}"}}'), UTC)

    def let_run(self, at: datetime, **due: timedelta) -> None:
        """Move the clock to `at` and wait until each job has run for a due time at most so long before it."""
        self.set_clock(max(at, self.now))
        for job, within in due.items():
            self.wait_for(f"job {job}", lambda job=job, within=within: self.last_due(job) > at - within)

    def stop(self) -> None:
        """Stop every part."""
        for child in self.children:
            child.terminate()
        for child in self.children:
            child.wait(timeout=PATIENCE_S)


@dataclass
class Person:
    """Somebody who uses the program: by token where they have one, by light pages where they signed in."""

    program: Program
    email: str
    link: str
    token: str | None = None

    def get(self, path: str) -> Any:
        """Read a list through the API."""
        return self._checked(self.program.http.get(f"/api/{path}", headers=self._headers())).json()

    def post(self, path: str, **said: Any) -> Any:
        """Do something through the API and return the answer, None where there is none."""
        body = json.loads(json.dumps(said, default=_plain)) if said else None
        done = self._checked(self.program.http.post(f"/api/{path}", json=body, headers=self._headers()))
        return done.json() if done.content else None

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def _checked(self, done: httpx.Response) -> httpx.Response:
        if done.is_error:
            raise StageError(
                f"{done.request.method} {done.request.url.path} answered {done.status_code}: {done.text}"
            )
        return done

    def reply(self, delivery_id: str, words: str) -> None:
        """Answer the mail that brought a brief, as a mail program does; our mailbox gets it."""
        found: list[EmailMessage] = []

        def came() -> bool:
            found[:] = filter(None, [self.program.mails.find(f"/brief/{delivery_id}")])
            return bool(found)

        self.program.wait_for("mail with a brief", came)
        letter = EmailMessage()
        letter["From"], letter["To"] = self.email, REPLIES
        letter["Subject"] = f"Re: {found[0]['Subject']}"
        letter["Date"] = format_datetime(self.program.now)
        letter["In-Reply-To"] = found[0]["Message-ID"]
        letter.set_content(words)
        Maildir(self.program.replies).add(letter.as_bytes())

    @contextmanager
    def signed_in(self) -> Iterator[httpx.Client]:
        """Sign in by a fresh one-time address and use the light pages as a browser without scripts would."""
        link = self.program.tracker("users", "link", self.email)
        with httpx.Client(base_url=self.program.url, follow_redirects=True) as browser:
            page = browser.get(link)
            self._checked(browser.post("/sign-in", data=_hidden(page.text)))
            yield browser


def press(browser: httpx.Client, page_path: str, action: str, **fields: str) -> httpx.Response:
    """Fill in the form of a light page and press its button.

    Raises:
        StageError: the page or the form did not take it.
    """
    page = browser.get(page_path)
    done = browser.post(action, data=_hidden(page.text) | fields)
    if done.is_error:
        raise StageError(f"{action} answered {done.status_code}")
    return done


def _hidden(html: str) -> dict[str, str]:
    fields = re.findall(r'<input[^>]*type="hidden"[^>]*>', html)
    pairs = [(re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in fields]
    return {name[1]: value[1] for name, value in pairs if name and value}


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


@contextmanager
def program_at(home: Path, port: int, allow: str) -> Iterator[Program]:
    """Give a program that lives in `home`, with a mail server of its own; stops its parts at the end."""
    mailbox = _Mailbox(home / "mail")
    mailbox.folder.mkdir(parents=True)
    mail_port = free_port()
    post = Controller(mailbox, hostname="127.0.0.1", port=mail_port)
    post.start()
    clock, replies = home / "now", home / "replies"
    Maildir(replies, create=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    kept |= {
        name: os.environ[name]
        for name in ("TRACKER_CONFIG_DIR", "TRACKER_DATABASE_URL")
        if name in os.environ
    }
    environment = kept | {
        "TRACKER_DATA_DIR": str(home / "data"),
        "TRACKER_NOW": f"@{clock}",
        "TRACKER_ALLOW_NETWORKS": allow,
        "TRACKER_SMTP_URL": f"smtp://127.0.0.1:{mail_port}",
        "TRACKER_MAILBOX_URL": f"maildir://{replies}?address={REPLIES}",
        "TRACKER_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    http = httpx.Client(base_url=environment["TRACKER_PUBLIC_URL"])
    program = Program(home, port, environment, clock, mailbox, replies, http)
    try:
        yield program
    finally:
        program.stop()
        http.close()
        post.stop()


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def day(at: datetime, **later: float) -> str:
    """Return the day of an instant, or of one later, as the API takes it."""
    return (at + timedelta(**later)).date().isoformat()
