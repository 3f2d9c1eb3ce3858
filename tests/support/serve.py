"""`tracker serve` in a process of its own."""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.cli import clean_environment
from tests.support.ports import free_port

START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 15.0


@dataclass(frozen=True)
class Served:
    """A running server: its address without a slash at the end, its log, its process."""

    url: str
    log_path: Path
    process: subprocess.Popen[bytes]


def _wait(served: Served) -> None:
    until = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < until and served.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{served.url}/healthz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    said = served.log_path.read_text(errors="replace")
    raise AssertionError(f"tracker serve did not start:\n{said[-4000:]}")


@contextmanager
def serve(env: Mapping[str, str]) -> Iterator[Served]:
    """Run `tracker serve` on a free loopback port, from the moment /healthz answers until the block ends.

    Args:
        env: all the TRACKER_* settings it is to have; the log goes into its `TRACKER_DATA_DIR`.
            `TRACKER_PUBLIC_URL` is the server's own address unless given.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log_path = Path(env["TRACKER_DATA_DIR"]) / f"serve-{port}.log"
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tracker", "serve", "--host", "127.0.0.1", "--port", str(port)],
            env=clean_environment({"TRACKER_PUBLIC_URL": url, **env}),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    served = Served(url, log_path, process)
    try:
        _wait(served)
        yield served
    finally:
        process.terminate()
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
