"""Bad input and a broken world, as somebody at the command line or a page meets them: one line, nothing lost.

What one room promises alone is tested beside it: faulty forms (tests/web/test_report_form.py, test_brief.py), tokens
(tests/web/test_api.py), reasons of feeds (tests/ingest/test_poll.py), two people at one alert (tests/dashboards).
"""

import json
import socket
import sqlite3
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import event, text

from tests.acceptance.program import Entry, FeedServer, Program
from tests.support.cli import REPOSITORY
from tests.support.house import NOW, House
from tests.support.ports import free_port
from tests.support.serve import serve
from tests.support.smtp import SmtpSink
from tracker.access.people import NewPerson, create_user
from tracker.access.signin import make_token
from tracker.domain.words import Level, Role, Tlp
from tracker.errors import StoreError
from tracker.store import Store
from tracker.store.tables import Program as ProgramRow

WEEK = "2026-W47"
SQLITE_ALONE = pytest.mark.parametrize("engine_name", ["sqlite"])
_FULL_DISK = """
from sqlalchemy import Engine, event
@event.listens_for(Engine, "connect")
def _full(connection, _record):
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count={pages}")
"""
"""What a process on a full disk is told before anything else: its database may not grow by a page."""


@pytest.fixture
def program(house: House, database_url: str, tmp_path: Path) -> Program:
    """A program that was set up, with what the house holds."""
    home = tmp_path / "home"
    home.mkdir()
    env = {"TRACKER_DATABASE_URL": database_url, "TRACKER_ALLOW_NETWORKS": "127.0.0.1/32"}
    return Program(home, env, NOW)


def one_line_of(done: "subprocess.CompletedProcess[str]") -> str:
    """Return what a command that failed said; it must be one line and no data."""
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    return line


def test_a_feed_that_cannot_be_read_has_its_reason_and_the_others_are_read(
    program: Program, feeds: FeedServer
) -> None:
    feeds.says("good.xml", [Entry(NOW - timedelta(hours=1), "Mali: market opens")])
    feeds.serves("page.xml", b"<html><title>Welcome</title></html>")
    for path in ("good.xml", "page.xml", "missing.xml"):
        program.tracker("sources", "add", f"{feeds.url}/{path}", "--name", path)
    summary = json.loads(program.said("ingest", "--once", "--json"))
    assert (summary["sources"], summary["ok"], summary["failed"], summary["items_new"]) == (3, 1, 2, 1)
    listed = json.loads(program.tracker("sources", "list", "--json").stdout)
    assert {row["name"]: (row["state"], row["reason"], row["items"]) for row in listed} == {
        "good.xml": ("active", None, 1),
        "page.xml": ("failing", "got an HTML page titled 'Welcome', not a feed", 0),
        "missing.xml": ("failing", "answered 404: there is nothing at this address", 0),
    }


def test_the_doctor_asks_each_source_and_says_what_to_do_about_those_that_do_not_answer(
    program: Program, feeds: FeedServer
) -> None:
    feeds.says("good.xml", [Entry(NOW - timedelta(hours=1), "Mali: market opens")])
    program.tracker("sources", "add", f"{feeds.url}/good.xml", "--name", "Good")
    assert json.loads(program.said("doctor", "--sources"))["sources"][0]["answers"]
    program.tracker("sources", "add", f"{feeds.url}/missing.xml", "--name", "Missing")
    done = program.tracker("doctor", "--sources", code=1)
    assert {row["name"]: row["answers"] for row in json.loads(done.stdout)["sources"]} == {
        "Good": True,
        "Missing": False,
    }
    (line,) = (line for line in done.stderr.splitlines() if line.startswith("Missing"))
    assert "Answered 404: there is nothing at this address. Find the feed's new address" in line
    listed = json.loads(program.tracker("sources", "list", "--json").stdout)
    assert {row["last_polled_at"] for row in listed} == {None}


def test_a_later_programs_database_is_left_alone_and_the_version_to_install_is_named(
    program: Program, house: House
) -> None:
    """Whatever command one begins with."""
    with house.store.acting("operator", "test", NOW) as work:
        work.add(ProgramRow(schema="9999", version="47.11.0", upgraded_at=NOW.replace(year=2030)))
    with house.store.writer.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for command in ("init", "doctor", "serve"):
        line = one_line_of(program.tracker(command, code=1))
        assert "Install version 47.11.0 or later" in line


@SQLITE_ALONE
def test_a_port_in_use_is_one_line(program: Program) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        line = one_line_of(program.tracker("serve", "--port", port, code=1))
    assert f"Port {port}" in line
    assert "--port" in line


def test_a_mail_server_that_is_down_costs_no_mail(program: Program, house: House) -> None:
    """A command says so and exits 1; the jobs go on, say so in their log and figures, and send it later."""
    house.viewer(Role.ANALYST, name="Ana")
    port = free_port()
    program.env["TRACKER_SMTP_URL"] = f"smtp://127.0.0.1:{port}"
    done = program.tracker("digest", "--week", WEEK, code=1)
    assert json.loads(done.stdout) == {"queued": 1, "sent": 0, "failed": 0, "waiting": 1}
    (line,) = done.stderr.splitlines()
    assert "1 waiting. What waits is kept" in line
    sink = SmtpSink(f"smtp://127.0.0.1:{port}")
    with serve(program.env) as served, program.running() as jobs:
        program.later(minutes=2)
        jobs.wait_for("0 sent, 0 failed, 0 withheld, 1 waiting", "housekeeping done")
        assert 'tracker_outbox{state="queued"} 1.0' in httpx.get(f"{served.url}/metrics").text
        assert httpx.get(f"{served.url}/healthz").text == "ok\n"
        with _listening(sink, port):
            program.later(hours=1)
            jobs.wait_until(lambda: bool(sink.messages))
            jobs.wait_for("1 sent, 0 failed, 0 withheld, 0 waiting")
    assert [mail.recipients for mail in sink.messages] == [("ana.platform@example.org",)]
    assert "Traceback" not in jobs.log


def _listening(sink: SmtpSink, port: int) -> ExitStack:
    stack = ExitStack()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    stack.callback(controller.stop)
    return stack


@pytest.fixture
def full_disk(program: Program, database_url: str, tmp_path: Path) -> Program:
    """The program on a disk that was filled with people until not one more fits."""
    hook = tmp_path / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(_FULL_DISK)
    program.env["PYTHONPATH"] = f"{hook}:{REPOSITORY}"
    store = Store.open(database_url)

    @event.listens_for(store.writer, "connect")
    def _full(connection: sqlite3.Connection, _record: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count={pages}")

    def add_people() -> None:
        for number in range(1000):
            person = NewPerson(f"reader{number}@example.org", Role.OFFICER, "UN department", None)
            create_user(store, person, NOW)

    with pytest.raises(StoreError, match="full"):
        add_people()
    store.close()
    return program


def people_in(house: House) -> int:
    with house.store.looking("test", NOW) as work:
        return int(work.execute(text("SELECT count(*) FROM app_user")).scalar_one())


@SQLITE_ALONE
def test_on_a_full_disk_a_command_is_one_line_and_nothing_is_half_written(
    full_disk: Program, house: House
) -> None:
    before = people_in(house)
    words = ("users", "add", "late@example.org", "--role", "officer", "--org", "UN department")
    line = one_line_of(full_disk.tracker(*words, code=1))
    assert line.startswith("The disk of the database is full. Nothing was half-written.")
    assert people_in(house) == before
    del full_disk.env["PYTHONPATH"]
    full_disk.tracker(*words)
    assert people_in(house) == before + 1


@SQLITE_ALONE
def test_on_a_full_disk_pages_and_jobs_go_on_and_say_so(
    full_disk: Program, house: House, feeds: FeedServer
) -> None:
    report = {"what": "ሰዎች ይሸሻሉ። " * 300, "country": "ETH"}  # 9 kB: no half-empty page has room for it
    with serve(full_disk.env) as served, full_disk.running() as jobs:
        refused = httpx.post(f"{served.url}/report", data=report)
        assert refused.status_code == 503, refused.text
        assert "Nothing you wrote is lost." in refused.text
        assert report["what"].strip() in refused.text
        assert httpx.get(f"{served.url}/report").status_code == 200
        assert "The disk of the database is full" in served.log_path.read_text()
        jobs.wait_for("The disk of the database is full")
    assert "Traceback" not in served.log_path.read_text() + jobs.log
    with house.store.looking("test", NOW) as work:
        assert work.execute(text("SELECT count(*) FROM item")).scalar_one() == 0
        assert work.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
    del full_disk.env["PYTHONPATH"]
    with serve(full_disk.env) as served:
        assert httpx.post(f"{served.url}/report", data=report).status_code == 200


def test_of_two_who_act_at_once_over_http_one_is_told_what_the_other_did(
    program: Program, house: House
) -> None:
    alert_id = house.alert(house.viewer(Role.COORDINATOR, name="Cora"), level=Level.HIGH, tlp=Tlp.AMBER).id
    names = ("Ana", "Ben")
    viewers = [house.viewer(Role.ANALYST, name=name) for name in names]
    tokens = [make_token(house.store, viewer.user_id, "test", NOW) for viewer in viewers]
    with serve(program.env) as served:

        def dismiss(token: str) -> httpx.Response:
            headers = {"Authorization": f"Bearer {token}"}
            said = {"reason": "too_small"}
            return httpx.post(f"{served.url}/api/alerts/{alert_id}/dismiss", json=said, headers=headers)

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(dismiss, tokens))
    assert sorted(answer.status_code // 100 for answer in answers) == [2, 4]
    late = next(answer for answer in answers if answer.is_error)
    assert late.status_code == 409
    assert "dismissed" in late.json()["problem"]
