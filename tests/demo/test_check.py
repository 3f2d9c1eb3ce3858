"""`make demo CHECK=1`, as the Makefile runs it: lives through the half-year, or names the stage that yielded nothing.

On SQLite alone: what differs between the databases is tested below the command line, and this takes a minute.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.cli import REPOSITORY

KEPT = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}

STAGES = (
    "verified",
    "delivered",
    "decided",
    "first_response",
    "outcome",
    "closed",
    "dismissed",
    "merged",
    "reviewed",
    "answer by mail",
    "duty",
    "away",
    "inbox",
    "actions blocked",
    "outcome checks",
    "digest edited",
    "digest",
    "release lines",
)


def command(home: Path) -> list[str]:
    return [sys.executable, "demo/run.py", "--check", "--home", str(home)]


def run_demo(home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(home),
        cwd=REPOSITORY,
        env=KEPT | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=420,
    )


@pytest.mark.timeout(450)
def test_the_demo_lives_through_half_a_year(tmp_path: Path) -> None:
    done = run_demo(tmp_path / "home")
    assert done.returncode == 0, done.stderr
    for stage in STAGES:
        assert re.search(rf"^  {stage}: [1-9]", done.stdout, re.MULTILINE), done.stdout
    found = re.search(r"^  figures: (\d+) alerts opened in the last 90 days", done.stdout, re.MULTILINE)
    assert found, done.stdout
    assert int(found[1]) >= 10, "below ten /figures shows counts only"


@pytest.mark.timeout(450)
def test_a_bound_that_cannot_be_reached_is_named_as_the_stage_without_signals(tmp_path: Path) -> None:
    config = tmp_path / "config"
    shutil.copytree(REPOSITORY / "config", config)
    rules = (config / "rules.yaml").read_text(encoding="utf-8")
    out_of_reach = re.sub(r"count_at_least: \d+", "count_at_least: 99999", rules)
    (config / "rules.yaml").write_text(out_of_reach, encoding="utf-8")
    done = run_demo(tmp_path / "home", TRACKER_CONFIG_DIR=str(config))
    assert done.returncode == 1
    assert "Stage `signals of COL` yielded nothing" in done.stderr


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_demo_that_is_told_to_stop_leaves_no_process_behind(tmp_path: Path, how: signal.Signals) -> None:
    home = tmp_path / "home"
    with subprocess.Popen(command(home), cwd=REPOSITORY, env=KEPT, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        assert any("Living through half a year" in line for line in demo.stdout)
        assert processes_in(home) != []
        demo.send_signal(how)
        said = demo.stdout.read()
        assert (demo.wait(), processes_in(home)) == (0, [])
    assert "Stopped." in said


def processes_in(home: Path) -> list[int]:
    """Return the processes whose working folder is the demo's."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (folder / "cwd").readlink() == home:
                found.append(int(folder.name))
        except OSError:
            continue
    return found
