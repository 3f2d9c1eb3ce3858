"""Running the house: the jobs, the pages, or both as two children, started by module name."""

import os
import signal
import subprocess
import sys
import time
from typing import Annotated

import typer

from tracker.cli.shared import opened_store, say

_Host = Annotated[str, typer.Option(help="Address to listen on.")]
_Port = Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")]
_LOOK_EVERY_S = 0.2


def run() -> None:
    """Run the scheduler with all jobs in the foreground; SIGTERM ends it cleanly."""
    with opened_store():
        pass
    os.execv(sys.executable, _jobs())  # noqa: S606 - our own module in this interpreter


def serve(host: _Host = "127.0.0.1", port: _Port = 8000) -> None:
    """Serve pages, forms and API."""
    with opened_store():
        pass
    os.execv(sys.executable, _pages(host, port))  # noqa: S606 - our own module in this interpreter


def up(host: _Host = "127.0.0.1", port: _Port = 8000) -> None:
    """Run the jobs and serve the pages; where one stops, the other is stopped too, and that is a failure."""
    with opened_store():
        pass
    told: list[int] = []
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda number, _: told.append(number))
    children = [subprocess.Popen(command) for command in (_jobs(), _pages(host, port))]  # noqa: S603 - our own modules
    while not told and all(child.poll() is None for child in children):
        time.sleep(_LOOK_EVERY_S)
    _stop(children)
    codes = [child.wait() for child in children]
    if not told or any(code > 0 for code in codes):
        say("A part of the program stopped; the lines above say why.")
        raise typer.Exit(1)


def _jobs() -> list[str]:
    return [sys.executable, "-P", "-m", "jobs.schedule"]


def _pages(host: str, port: int) -> list[str]:
    return [sys.executable, "-P", "-m", "dashboards.serve", "--host", host, "--port", str(port)]


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command()(run)
    app.command()(serve)
    app.command()(up)
