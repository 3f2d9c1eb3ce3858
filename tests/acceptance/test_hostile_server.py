"""The shared server of bad input, polled by the program as installed: how long it takes, what memory, what is kept.

Tells what became of each case (pytest -o log_cli=true -o log_cli_level=INFO). What is wanted of each, on a server of
our own, is tested in tests/ingest/test_hostile.py; `to_private` there alone, since here its goal is an allowed port.
"""

import json
import logging
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.program import Program
from tests.acceptance.test_captured_feeds import add_sources, installation
from tests.support import cli
from tests.support.memory import watched
from tests.support.ports import free_port

NOW = datetime(2026, 11, 25, 9, 40, tzinfo=UTC)
_log = logging.getLogger(__name__)
MOST_SECONDS, MOST_MB = 120.0, 1500.0
POLLS = 4
READABLE = {
    "octet": 1, "leadspace": 1, "utf16": 1, "nbsp": 1, "charset_hdr": 1, "charset_decl": 1, "amp": 2, "ctrl": 2,
    "badlen": 1, "perm301": 1, "perm308": 1, "clock": 1, "guidrand": 1, "future": 1, "deep": 1, "xss": 1,
    "dupguid": 3, "noid": 2, "nolinkguid_one": 2, "nozone": 5,
}  # fmt: skip
"""Items of the cases that can be read whole; `trunc_xml` gives some."""
OTHERS = (
    "trunc_xml", "billion", "quadratic", "xxe", "xxe_http", "gz", "big100", "infinite", "bigitem20", "loris",
    "hdrloris", "loop", "to_file", "to_ftp", "gone", "r429", "e500", "always304", "html", "empty",
)  # fmt: skip


@contextmanager
def shared_server(shared: Path) -> Iterator[int]:
    """Run the shared server; gives its port."""
    port = free_port()
    process = subprocess.Popen([sys.executable, str(shared / "tools" / "hostile_feed_server.py"), str(port)])
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        process.kill()
        process.wait()


@dataclass(frozen=True)
class Poll:
    """What one run said, how long it took, and the most memory that its processes shared out among them."""

    summary: dict[str, Any]
    seconds: float
    megabytes: float


def poll(program: Program) -> Poll:
    env = cli.clean_environment({**program.env, "TRACKER_NOW": NOW.isoformat()})
    command = [sys.executable, "-m", "tracker", "ingest", "--once", "--fetch-only", "--json"]
    began = time.perf_counter()
    with (
        subprocess.Popen(
            command, env=env, stdout=subprocess.PIPE, text=True, start_new_session=True
        ) as process,
        watched(process.pid) as peak,
    ):
        said, _ = process.communicate(timeout=2 * MOST_SECONDS)
    assert process.returncode == 0
    return Poll(json.loads(said.splitlines()[-1]), time.perf_counter() - began, peak.megabytes)


@pytest.mark.timeout(240)
def test_the_shared_server_is_polled_within_two_minutes_and_its_memory(shared: Path, tmp_path: Path) -> None:
    """`good` is no source of its own here: it is where the moves lead, and one of them takes its address."""
    with shared_server(shared) as port:
        program = installation(tmp_path / "home", TRACKER_ALLOW_NETWORKS=f"127.0.0.1/32:{port}")
        add_sources(program, [f"http://127.0.0.1:{port}/{name}" for name in (*READABLE, *OTHERS)])
        first, rows = poll(program), _rows(program)
        program.env["TRACKER_CONFIG_DIR"] = str(_impatient(tmp_path / "config"))
        later = [poll(program) for _ in range(POLLS - 1)]
        again = _rows(program)
    for name, row in sorted(rows.items()):
        _log.info("%-16s %-9s %2d items  %s", name, row["state"], row["items"], row["reason"] or "")
    _log.info("%.1f s, %.0f MB, %s", first.seconds, first.megabytes, first.summary)
    assert first.seconds < MOST_SECONDS
    assert max(run.megabytes for run in (first, *later)) < MOST_MB
    assert {name: row["items"] for name, row in rows.items() if name in READABLE} == READABLE
    assert rows["trunc_xml"]["items"] > 0
    assert [name for name, row in rows.items() if not row["items"] and not row["reason"]] == []
    assert sum(run.summary["items_new"] for run in later) == 0
    assert "fresh at every poll" in again["guidrand"]["reason"]
    assert set(again) - set(rows) == {"good"}
    assert len(again) == len(rows)
    assert (again["gone"]["state"], again["r429"]["last_polled_at"]) == (
        "disabled",
        rows["r429"]["last_polled_at"],
    )


def _impatient(folder: Path) -> Path:
    """Copy the configuration, with a shorter deadline: what is slow was waited for once."""
    shutil.copytree(cli.REPOSITORY / "config", folder)
    content = (folder / "fetching.yaml").read_text(encoding="utf-8")
    (folder / "fetching.yaml").write_text(content.replace("deadline_seconds: 30", "deadline_seconds: 2"))
    return folder


def _rows(program: Program) -> dict[str, dict[str, Any]]:
    """Return the sources by the last part of their addresses."""
    listed = json.loads(program.tracker("sources", "list", "--json").stdout)
    return {row["url"].rpartition("/")[2]: row for row in listed}
