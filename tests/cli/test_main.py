"""The command line as a process: exit codes, one line for each error, no secret and no row in it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.cli import clean_environment, run
from tests.support.house import NOW, house_at
from tests.support.ports import free_port
from tests.support.smtp import SmtpSink
from tracker.domain.words import OutboxKind, Role
from tracker.store.writes import outbox


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """An environment whose database is set up."""
    env = {"TRACKER_DATA_DIR": str(tmp_path), "TRACKER_NOW": NOW.isoformat()}
    run("init", env=env)
    return env


@pytest.mark.parametrize(
    "words",
    [
        ("digest", "--week", "2026-47"),
        ("users", "add", "no address", "--role", "analyst", "--org", "X"),
        ("users", "add", "a@example.org", "--role", "officer", "--org", "X", "--country", "Mali"),
        ("export", "items", "--since", "yesterday"),
    ],
)
def test_wrong_usage_is_exit_2(env: dict[str, str], words: tuple[str, ...]) -> None:
    done = run(*words, env=env, check=False)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "wrong",
    [
        {"TRACKER_DATABASE_URL": "postgresql://u:s3cret@h:notaport/db"},
        {"TRACKER_DATABASE_URL": "postgresql://u:s3cret@127.0.0.1:1/db?connect_timeout=2"},
        {"TRACKER_DATABASE_URL": "postgresql://u:s3cret@127.0.0.1:1/db?no_such_option=1"},
        {"TRACKER_SMTP_URL": "smtp://u:s3cret@[bad"},
    ],
)
def test_whatever_goes_wrong_is_one_line_without_a_secret(tmp_path: Path, wrong: dict[str, str]) -> None:
    done = run("doctor", env={"TRACKER_DATA_DIR": str(tmp_path), **wrong}, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "s3cret" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_out_of_reach_tells_the_operator_why(tmp_path: Path) -> None:
    url = "postgresql://u:s3cret@127.0.0.1:1/db?connect_timeout=2"
    done = run("doctor", env={"TRACKER_DATA_DIR": str(tmp_path), "TRACKER_DATABASE_URL": url}, check=False)
    assert "Connection refused" in done.stderr


def test_a_person_whose_access_was_ended_can_be_given_none(env: dict[str, str]) -> None:
    run("users", "add", "ana@example.org", "--role", "analyst", "--org", "Platform", env=env)
    assert "ended" in run("users", "disable", "ana@example.org", env=env).stderr
    assert run("users", "disable", "ana@example.org", env=env, check=False).returncode == 1
    assert run("users", "link", "ana@example.org", env=env, check=False).returncode == 1


def test_the_digest_is_done_though_another_mail_waits(
    env: dict[str, str], tmp_path: Path, smtp_sink: SmtpSink
) -> None:
    with house_at(f"sqlite:///{tmp_path / 'tracker.db'}") as house:
        ana = house.viewer(Role.ANALYST)
        with house.store.acting("test", "enqueue", NOW + timedelta(days=1)) as work:
            outbox.enqueue(work, OutboxKind.NOTICE, "later", [ana.user_id])
    sent = run("digest", "--week", "2026-W47", env={**env, "TRACKER_SMTP_URL": smtp_sink.url})
    assert json.loads(sent.stdout) == {"queued": 1, "sent": 1, "failed": 0, "waiting": 0}


@contextmanager
def running_up(env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "tracker", "up", "--port", str(free_port())]
    log = Path(env["TRACKER_DATA_DIR"]) / "up.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=clean_environment(env), stdout=out, stderr=out)
    try:
        until = time.monotonic() + 60
        while "jobs run as" not in log.read_text() or "Pages at" not in log.read_text():
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)
        yield process
    finally:
        process.terminate()
        process.wait(30)


def child(process: "subprocess.Popen[bytes]", name: str) -> int:
    listed = subprocess.run(
        ["ps", "--ppid", str(process.pid), "-o", "pid=,args="], capture_output=True, text=True, check=True
    )
    found = re.search(rf"^\s*(\d+) .*{re.escape(name)}", listed.stdout, re.MULTILINE)
    assert found is not None, listed.stdout
    return int(found[1])


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are found by ps --ppid, which Linux has")
def test_a_part_that_was_killed_ends_the_whole_with_1(env: dict[str, str]) -> None:
    with running_up(env) as process:
        os.kill(child(process, "jobs.schedule"), signal.SIGKILL)
        assert process.wait(30) == 1


def test_being_told_to_stop_is_no_failure(env: dict[str, str]) -> None:
    with running_up(env) as process:
        process.terminate()
        assert process.wait(30) == 0


def test_a_back_up_fills_a_new_database_and_no_other(env: dict[str, str], tmp_path: Path) -> None:
    run("users", "add", "ana@example.org", "--role", "analyst", "--org", "Desk", env=env)
    run("backup", str(tmp_path / "all.gz"), env=env)
    full = run("restore", str(tmp_path / "all.gz"), env=env, check=False)
    assert full.returncode == 1
    assert "not empty" in full.stderr
    elsewhere = {"TRACKER_DATA_DIR": str(tmp_path / "elsewhere"), "TRACKER_NOW": NOW.isoformat()}
    (tmp_path / "elsewhere").mkdir()
    run("restore", str(tmp_path / "all.gz"), env=elsewhere)
    run("doctor", env=elsewhere)
    assert "sign-in?key=" in run("users", "link", "ana@example.org", env=elsewhere).stdout


def test_the_list_that_came_along_is_taken_in_and_written_out(env: dict[str, str], tmp_path: Path) -> None:
    added = json.loads(run("sources", "import", env=env).stdout)
    assert added["rejected"] == 0
    written = tmp_path / "mine.yaml"
    written.write_text(run("sources", "export", env=env).stdout + "- {name: no address}\n", encoding="utf-8")
    again = run("sources", "import", str(written), env=env, check=False)
    assert again.returncode == 3
    assert json.loads(again.stdout) == {"added": 0, "were_there": added["added"], "rejected": 1}
    assert "at least its `url`" in again.stderr
    assert "<opml" in run("sources", "export", "--opml", env=env).stdout


def test_a_table_of_reports_with_faults_is_exit_3_and_one_of_which_nothing_is_kept_says_so(
    env: dict[str, str], tmp_path: Path
) -> None:
    table = tmp_path / "reports.csv"
    table.write_text("what,country,mood\nLeaflets,NA,low\nRumours,Congo,\n,MLI,\n", encoding="utf-8")
    done = run("import", "reports", str(table), env=env, check=False)
    assert done.returncode == 3
    counts = {"rows": 3, "new": 2, "were_there": 0, "country_uncertain": 1, "conflicts": 0, "rejected": 1}
    assert json.loads(done.stdout) == counts
    for said in ("Row 4: what: Say what happened", f"{table}.rejected.csv", "these columns: mood"):
        assert said in done.stderr
    table.write_text("what,country\n,MLI\n,KEN\n", encoding="utf-8")
    nothing = run("import", "reports", str(table), env=env, check=False)
    assert nothing.returncode == 3
    assert "Nothing could be kept" in nothing.stderr
    assert "Row 3: what" in nothing.stderr
    assert run("import", "reports", str(tmp_path / "no.csv"), env=env, check=False).returncode == 2


def test_who_is_on_duty_is_set_and_said(env: dict[str, str], tmp_path: Path) -> None:
    assert "Nobody is on duty." in run("duty", env=env).stderr
    run("users", "add", "ana@example.org", "--role", "analyst", "--org", "Platform", "--name", "Ana", env=env)
    run("duty", "set", "ana@example.org", "--from", "2020-01-01", "--zone", "Europe/Paris", env=env)
    assert run("duty", env=env).stdout == "first layer\tAna\tana@example.org\n"
    assert json.loads(run("duty", "--json", env=env).stdout) == [
        {"layer": 1, "email": "ana@example.org", "name": "Ana"}
    ]
    wrong = (("set", "nobody@example.org"), ("set", "ana@example.org", "--zone", "Mars/Olympus"))
    assert [run("duty", *words, env=env, check=False).returncode for words in wrong] == [1, 2]
