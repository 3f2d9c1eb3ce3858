"""The walls of the house stand, and nothing in it knows the machine it was built on."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.cli import REPOSITORY

# Put together here so that this file does not name them itself.
REGISTRIES = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "registry." + "npmjs.org",
    "registry." + "yarnpkg.com",
]
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:work|root)/")


def test_imports_follow_the_contracts() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_file_names_a_package_registry_or_a_path_of_one_machine() -> None:
    if not (REPOSITORY / ".git").exists():
        pytest.skip("this is not a git checkout, so there is no list of files")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    found = []
    for name in filter(None, listed.stdout.split("\0")):
        path = REPOSITORY / name
        if not path.is_file():
            continue
        text = path.read_bytes().decode("utf-8", errors="replace")
        named = [host for host in REGISTRIES if host in text]
        paths = MACHINE_PATH.findall(text)
        found += [f"{name}: {what}" for what in named + paths]
    assert found == []
