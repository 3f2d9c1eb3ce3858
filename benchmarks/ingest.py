"""Polling 500 feeds of 40 entries, cold and all unchanged: ours, the `reader` library, a bare aiohttp loop.

    python benchmarks/ingest.py [--server ../shared/tools/load_feed_server.py] [--feeds 500] [--entries 40]

Starts the load server, which answers on loopback with ETag and Last-Modified. Each contender is a process of its
own (`pip install .[bench]` brings `reader`); seconds are wall time with its start, memory the peak of the
proportional set size of all its processes. Goals: cold at least 5 times as fast as `reader`, unchanged at most
twice the bare loop.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from tests.support.memory import watched

COLD_GOAL, SAME_GOAL = 5.0, 2.0
READER = """
import sys
from reader import make_reader
reader = make_reader(sys.argv[1])
if not reader.get_feed_counts().total:
    for number in range(int(sys.argv[3])):
        reader.add_feed(f"{sys.argv[2]}/f/{number}", allow_invalid_url=True)
reader.update_feeds(workers=8, scheduled=False)
print(reader.get_entry_counts().total)
"""
BARE = """
import asyncio, pathlib, sys
import aiohttp
tags = pathlib.Path(sys.argv[1])
async def main():
    known = dict(line.split() for line in tags.read_text().splitlines()) if tags.exists() else {}
    slots = asyncio.Semaphore(64)
    async with aiohttp.ClientSession() as session:
        async def get(number):
            headers = {"If-None-Match": known[str(number)]} if known else {}
            async with slots, session.get(f"{sys.argv[2]}/f/{number}", headers=headers) as answer:
                await answer.read()
                known[str(number)] = answer.headers["ETag"]
        await asyncio.gather(*map(get, range(int(sys.argv[3]))))
    tags.write_text("\\n".join(f"{number} {tag}" for number, tag in known.items()))
asyncio.run(main())
"""


def main() -> None:
    """Run the benchmark and say whether its goals were met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", type=Path, default=Path("../shared/tools/load_feed_server.py"))
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--entries", type=int, default=40)
    wanted = parser.parse_args()
    if not wanted.server.is_file():
        print(f"{wanted.server} is not there: nothing to poll, so nothing was measured")
        return
    if find_spec("reader") is None:
        print("the reader library is missing: pip install -c constraints.txt '.[bench]'")
        sys.exit(1)
    port = _free_port()
    served = [sys.executable, str(wanted.server), str(port), str(wanted.feeds), str(wanted.entries)]
    with subprocess.Popen(served, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - our own command
        try:
            assert server.stdout is not None
            print(server.stdout.readline().strip())
            _wait_for(port)
            with tempfile.TemporaryDirectory() as folder:
                reached = _compare(Path(folder), f"http://127.0.0.1:{port}", wanted.feeds)
        finally:
            server.terminate()
    if not reached:
        print("A goal is missed.")


def _compare(folder: Path, address: str, feeds: int) -> bool:
    ours = [sys.executable, "-c", "from tracker.cli import main; main()"]
    network = address.removeprefix("http://").replace(":", "/32:")
    env = os.environ | {
        "TRACKER_DATABASE_URL": f"sqlite:///{folder / 'ours.db'}",
        "TRACKER_DATA_DIR": str(folder),
        "TRACKER_ALLOW_NETWORKS": network,
    }
    listed = folder / "sources.yaml"
    listed.write_text("sources:\n" + "".join(f'- url: "{address}/f/{number}"\n' for number in range(feeds)))
    for setup in (["init"], ["sources", "import", str(listed)]):
        subprocess.run([*ours, *setup], env=env, check=True, capture_output=True)  # noqa: S603 - our own command
    rivals: dict[str, Sequence[str]] = {
        "ours": [*ours, "ingest", "--once", "--fetch-only"],
        "reader": [sys.executable, "-c", READER, str(folder / "reader.db"), address, str(feeds)],
        "bare aiohttp loop": [sys.executable, "-c", BARE, str(folder / "tags"), address, str(feeds)],
    }
    print(f"{'':20} {'cold s':>8} {'MB':>7} {'same s':>8} {'MB':>7}")
    seconds: dict[str, tuple[float, float]] = {}
    for name, command in rivals.items():
        (cold, cold_mb), (same, same_mb) = _measure(command, env), _measure(command, env)
        seconds[name] = cold, same
        print(f"{name:20} {cold:8.2f} {cold_mb:7.0f} {same:8.2f} {same_mb:7.0f}")
    faster = seconds["reader"][0] / seconds["ours"][0]
    slower = seconds["ours"][1] / seconds["bare aiohttp loop"][1]
    print(f"cold: {faster:.1f} times as fast as reader (goal: at least {COLD_GOAL:g})")
    print(f"unchanged: {slower:.1f} times the bare loop (goal: at most {SAME_GOAL:g})")
    return faster >= COLD_GOAL and slower <= SAME_GOAL


def _measure(command: Sequence[str], env: Mapping[str, str]) -> tuple[float, float]:
    """Return seconds and peak megabytes of a command and its children."""
    began = time.perf_counter()
    with (
        subprocess.Popen(command, env=env, start_new_session=True, stdout=subprocess.DEVNULL) as process,  # noqa: S603 - our own command
        watched(process.pid) as peak,
    ):
        code = process.wait()
        took = time.perf_counter() - began
    if code:
        raise subprocess.CalledProcessError(code, command)
    return took, peak.megabytes


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"the load server does not answer on port {port}")


if __name__ == "__main__":
    main()
