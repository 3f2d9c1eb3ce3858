"""Real mailboxes: an IMAP server on loopback, and a Maildir. Letters come as bytes, as they do for real."""

import imaplib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from mailbox import Maildir
from pathlib import Path
from uuid import uuid4

from tests.support.ports import free_port

USER, PASSWORD = "replies@early.example", "s/cret?"
_STARTS_WITHIN_S = 30


@dataclass(frozen=True)
class Postbox:
    """A mailbox that letters can be put into. `url` is for TRACKER_MAILBOX_URL, `count` says how many are where."""

    url: str
    put: Callable[[bytes], None]
    count: Callable[[str], int]


@contextmanager
def maildir(folder: Path) -> Iterator[Postbox]:
    """Make a Maildir."""
    box = Maildir(folder, create=True)

    def count(name: str) -> int:
        folder_of = box if name == "INBOX" else box.get_folder(name)
        return len(list(folder_of.iterkeys()))

    yield Postbox(f"maildir://{folder}?address={USER}", lambda letter: _drop(folder, letter), count)


def _drop(folder: Path, letter: bytes) -> None:
    """Deliver a letter as a mail server does: written apart, then renamed."""
    name = f"{time.time_ns()}.{uuid4().hex}"
    (folder / "tmp" / name).write_bytes(letter)
    (folder / "tmp" / name).rename(folder / "new" / name)


@contextmanager
def imap_server() -> Iterator[Postbox]:
    """Start an IMAP server (pymap) with one mailbox."""
    port = free_port()
    command = [
        str(Path(sys.executable).with_name("pymap")),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-tls",
    ]
    command += ["dict", "--demo-data", "--demo-user", USER, "--demo-password", PASSWORD]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with _signed_in(port) as box:
            box.select("INBOX")
            box.store("1:*", "+FLAGS", r"(\Deleted)")
            box.expunge()
        yield _postbox(port)
    finally:
        server.terminate()
        server.wait(timeout=30)


def _postbox(port: int) -> Postbox:
    def put(letter: bytes) -> None:
        with _signed_in(port) as box:
            done, answer = box.append("INBOX", "", '"25-Nov-2026 09:40:00 +0000"', letter)
            assert done == "OK", answer

    def count(name: str) -> int:
        with _signed_in(port) as box:
            done, answer = box.select(f'"{name}"', readonly=True)
            assert done == "OK", answer
            return int(answer[0] or 0)

    user, password = USER.replace("@", "%40"), PASSWORD.replace("/", "%2F").replace("?", "%3F")
    return Postbox(f"imap://{user}:{password}@127.0.0.1:{port}/INBOX", put, count)


@contextmanager
def _signed_in(port: int) -> Iterator[imaplib.IMAP4]:
    box = _connected(port)
    box.login(USER, PASSWORD)
    try:
        yield box
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            box.logout()


def _connected(port: int) -> imaplib.IMAP4:
    until = time.monotonic() + _STARTS_WITHIN_S
    while True:
        try:
            return imaplib.IMAP4("127.0.0.1", port, timeout=30)
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
