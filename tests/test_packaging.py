"""The wheel holds what runs, and runs where a folder of the user's is called like one of ours."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.support.cli import REPOSITORY

DECOY = 'raise SystemExit("this is the decoy")\n'


def _run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    env = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=100)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that holds our wheel and borrows the libraries of this one."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    built = _run(
        *pip, "wheel", "--no-deps", "--no-index", "--no-build-isolation", "-w", folder, REPOSITORY, cwd=folder
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "env", symlinks=True)
    python = folder / "env" / "bin" / "python"
    put_in = _run(*pip, "--python", python, "install", "--no-deps", "--no-index", wheel, cwd=folder)
    assert put_in.returncode == 0, put_in.stdout + put_in.stderr
    (site_packages,) = (folder / "env" / "lib").glob("python*/site-packages")
    # A plain path in a .pth file is added as it is: an editable install in there stays out of sight.
    (site_packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "env"


@pytest.fixture
def decoy(tmp_path: Path) -> Path:
    """A folder of the user's with a `jobs` package that is not ours."""
    (tmp_path / "jobs").mkdir()
    for name in ("__init__", "schedule"):
        (tmp_path / "jobs" / f"{name}.py").write_text(DECOY)
    return tmp_path


def test_the_command_answers_from_any_folder(installed: Path, decoy: Path) -> None:
    done = _run(installed / "bin" / "tracker", "--help", cwd=decoy)
    assert done.returncode == 0, done.stderr
    assert "ingest" in done.stdout


def test_a_folder_called_jobs_does_not_shadow_ours(installed: Path, decoy: Path) -> None:
    python = installed / "bin" / "python"
    shadowed = _run(python, "-m", "jobs.schedule", "--help", cwd=decoy)
    assert "this is the decoy" in shadowed.stderr
    done = _run(python, "-P", "-m", "jobs.schedule", "--help", cwd=decoy)
    assert done.returncode == 0, done.stderr


def test_the_configuration_travels_inside(installed: Path, decoy: Path) -> None:
    where = "import tracker, pathlib; print(pathlib.Path(tracker.__file__).parent)"
    done = _run(installed / "bin" / "python", "-P", "-c", where, cwd=decoy)
    package = Path(done.stdout.strip())
    assert package.is_relative_to(installed)
    assert (package / "_config" / "taxonomy.yaml").is_file()
    assert (package / "py.typed").is_file()
