"""The real command line, in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
TIMEOUT_S = 100


def clean_environment(env: Mapping[str, str]) -> dict[str, str]:
    """Return `env` and the little that any program needs; nothing of the caller's TRACKER_* settings."""
    base = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**base, "LANG": "C.UTF-8", "PYTHONPATH": str(REPOSITORY), **env}


def run(
    *args: str, env: Mapping[str, str], input: str | None = None, check: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run `tracker ARGS` with a clean environment and return what it printed and its exit code.

    Args:
        args: words after `tracker`.
        env: all the TRACKER_* settings it is to have; `TRACKER_DATA_DIR` at least.
        input: text for its standard input; none unless given.
        check: raise AssertionError with its output when it exits with anything but 0.
    """
    done = subprocess.run(
        [sys.executable, "-m", "tracker", *args],
        env=clean_environment(env),
        input=input if input is not None else "",
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    if check and done.returncode != 0:
        raise AssertionError(
            f"tracker {' '.join(args)} exited with {done.returncode}\n"
            f"{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        )
    return done
