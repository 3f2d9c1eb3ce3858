"""The memory that a process and its children share out among them."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LOOK_EVERY_S = 0.1


class Peak:
    """The most that was seen so far, in megabytes."""

    megabytes = 0.0


@contextmanager
def watched(session: int) -> Iterator[Peak]:
    """Watch the processes of a session (`start_new_session`) until the block ends."""
    peak, ended = Peak(), threading.Event()

    def watch() -> None:
        while not ended.wait(_LOOK_EVERY_S):
            peak.megabytes = max(peak.megabytes, _session_mb(session))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        ended.set()
        watcher.join()


def _session_mb(session: int) -> float:
    """Return the proportional set size of a session's processes."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(folder.name)) == session:
                rollup = (folder / "smaps_rollup").read_text()
                total += sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        except OSError:
            continue
    return total / 1000
