"""Kills the program at named points of every step and at random moments, goes on, and looks at what is left.

`TRACKER_KILLS` says how often on each database (8 unless told; `make kill` says 200). The seed is printed.
"""

import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from mailbox import Maildir
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from tests.kill.life import ANALYST, COORDINATOR, OFFICER, PARTNER, STEPS
from tests.support import databases
from tests.support.cli import REPOSITORY
from tests.support.house import house_at
from tests.support.smtp import SmtpSink
from tests.support.villages import village
from tracker.access.audit import broken_audit_row
from tracker.access.people import NewPerson, create_user
from tracker.domain.words import OutboxState, Role
from tracker.ingest.sources import add_source
from tracker.store import Store
from tracker.store.tables import (
    Alert,
    AuditRow,
    DirtyWeek,
    FieldReport,
    History,
    Item,
    ItemVersion,
    MailReply,
    MilestoneFact,
    OtherMail,
    Outbox,
    Signal,
)

NOW = datetime(2026, 11, 25, 9, 40, tzinfo=UTC)
KILLS = int(os.environ.get("TRACKER_KILLS", "8"))
NEWS = 12
SHARE_OF_STEPS = 0.4
"""How many of the steps of a life are killed, so that a few kills are spread over all of it."""

AFTER_A_KILL = timedelta(minutes=11)
"""Longer than a mail may be in flight before it is claimed again."""


@dataclass
class Runner:
    """Orders children about on one database, life after life."""

    new_url: Callable[[], str]
    sink: SmtpSink
    folder: Path
    feed_url: str
    chance: random.Random
    victim: subprocess.Popen[str]
    kills: int = 0
    mailbox: Path = Path()
    next_point: dict[str, int] = field(default_factory=dict)

    def life(self, kills_wanted: int) -> tuple[str, int]:
        """Live through every step, dying on the way; return the database and how many kills there were."""
        url, before = self.new_url(), self.kills
        _found(url, self.feed_url)
        self.mailbox = self.folder / f"mail-{uuid4().hex}"
        Maildir(self.mailbox, create=True)
        now = NOW
        for step in STEPS:
            for _ in range(2):
                wanted = self.kills - before < kills_wanted and self.chance.random() < SHARE_OF_STEPS
                if wanted and self._die(url, step, now):
                    now += AFTER_A_KILL
            self._order(url, step, now, None, None)
            now += timedelta(hours=1)
        self._order(url, "send digest", now + AFTER_A_KILL, None, None)
        self._order(url, "seal", now, None, None)
        return url, self.kills - before

    def _die(self, url: str, step: str, now: datetime) -> bool:
        """Kill the step at its next named point, or one time in four at a random moment."""
        if self.chance.random() < 0.25:
            killed = self._order(url, step, now, None, self.chance.uniform(0.0, 0.4))
        else:
            self.next_point.setdefault(step, self.chance.randrange(8))
            killed = self._order(url, step, now, self.next_point[step], None)
            self.next_point[step] = self.next_point[step] + 1 if killed else 0
        self.kills += killed
        return killed

    def _order(self, url: str, step: str, now: datetime, point: int | None, after_s: float | None) -> bool:
        order = {
            "url": url,
            "step": step,
            "now": now.isoformat(),
            "point": point,
            "after_s": after_s,
            "data_dir": str(self.folder),
            "points_file": str(self.folder / "points.json"),
            "environment": {
                "TRACKER_SMTP_URL": self.sink.url,
                "TRACKER_ALLOW_NETWORKS": "127.0.0.1/32",
                "TRACKER_PUBLIC_URL": "https://early.example",
                "TRACKER_MAILBOX_URL": f"maildir://{self.mailbox}?address=replies@early.example",
            },
        }
        assert self.victim.stdin is not None
        assert self.victim.stdout is not None
        self.victim.stdin.write(json.dumps(order) + "\n")
        self.victim.stdin.flush()
        ended = json.loads(self.victim.stdout.readline())
        assert ended["killed"] or ended["code"] == 0, f"step {step} failed; see the captured stderr"
        return bool(ended["killed"])


def _found(url: str, feed_url: str) -> None:
    """Set up a house with people and a feed."""
    with house_at(url) as house:
        people = [
            NewPerson(ANALYST, Role.ANALYST, "Platform"),
            NewPerson(COORDINATOR, Role.COORDINATOR, "Platform"),
            NewPerson(OFFICER, Role.OFFICER, "UN"),
            NewPerson(PARTNER, Role.PARTNER, "Women's peace network"),
            NewPerson("mira@state.example", Role.MEMBER_STATE, "State", countries=("NOR",)),
        ]
        for person in people:
            create_user(house.store, person, NOW)
        add_source(house.store, f"{feed_url}/news.xml", NOW)


def _feed() -> str:
    items = "".join(
        f"<item><title>Mali: villagers killed in attack near {village(number)}</title><guid>n{number}</guid>"
        f"<link>https://news.example/{number}</link>"
        f"<pubDate>{format_datetime(NOW - timedelta(hours=number + 1))}</pubDate></item>"
        for number in range(NEWS)
    )
    return f'<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    folder.mkdir()
    (folder / "news.xml").write_text(_feed(), encoding="utf-8")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def new_url(request: pytest.FixtureRequest, engine_name: str, tmp_path: Path) -> Callable[[], str]:
    """Make a fresh migrated database at each call."""
    if engine_name == "sqlite":
        template: Path = request.getfixturevalue("_sqlite_template")
        numbers = iter(range(1_000_000))
        return lambda: databases.copy_sqlite(template, tmp_path / f"life{next(numbers)}.db")
    create: Callable[[str], str] = request.getfixturevalue("new_postgres_url")
    name: str = request.getfixturevalue("_postgres_template")
    return lambda: create(name)


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Write a line that is seen whatever becomes of the test."""

    def write(words: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n{words}\n")

    return write


@pytest.fixture
def runner(
    new_url: Callable[[], str], smtp_sink: SmtpSink, tmp_path: Path, say: Callable[[str], None]
) -> Iterator[Runner]:
    seed = int(os.environ.get("TRACKER_KILL_SEED") or random.randrange(2**32))  # noqa: S311 - not a secret
    say(f"seed {seed} (TRACKER_KILL_SEED={seed} hits the same points)")
    command = [sys.executable, "-m", "tests.kill.victim"]
    pipe = subprocess.PIPE
    with _served(tmp_path / "feed") as feed_url:
        victim = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=REPOSITORY)
        yield Runner(new_url, smtp_sink, tmp_path, feed_url, random.Random(seed), victim)  # noqa: S311 - not a secret
        assert victim.stdin is not None
        assert victim.stdout is not None
        victim.stdin.close()
        victim.wait(timeout=60)
        victim.stdout.close()


def test_whatever_is_killed_nothing_is_lost_doubled_or_left_pending(
    runner: Runner, say: Callable[[str], None]
) -> None:
    url, _ = runner.life(0)
    expected = _what_is_there(url)
    assert expected["signals"], "the life raises no signal, so it proves nothing"
    lives = 0
    while runner.kills < KILLS:
        mails_before = len(runner.sink.messages)
        url, _ = runner.life(KILLS - runner.kills)
        lives += 1
        _nothing_pending(url)
        assert _what_is_there(url) == expected
        _each_mail_once(
            url, [message.content["Message-ID"] for message in runner.sink.messages[mails_before:]]
        )
    say(f"{runner.kills} kills in {lives} lives; next points {runner.next_point}")


def _what_is_there(url: str) -> dict[str, Any]:
    """Everything that must come out the same however often the program died."""
    store = Store.open(url)
    try:
        with store.looking("test", NOW) as work:
            assert broken_audit_row(work) is None
            return {
                "reports": work.scalar(select(func.count()).select_from(FieldReport)),
                "items": work.scalar(select(func.count()).select_from(Item)),
                "versions": work.scalar(select(func.count()).select_from(ItemVersion)),
                "signals": sorted(
                    map(tuple, work.execute(select(Signal.rule, Signal.country, Signal.level)))
                ),
                "alerts": sorted(map(tuple, work.execute(select(Alert.ref, Alert.state, Alert.level)))),
                "history": Counter(work.execute(select(History.subject, History.deed, History.to_state))),
                "milestones": Counter(work.scalars(select(MilestoneFact.kind))),
                "replies": Counter(map(tuple, work.execute(select(MailReply.proposed, MailReply.state)))),
                "other mails": Counter(work.scalars(select(OtherMail.kind))),
                "mails": Counter(map(tuple, work.execute(select(Outbox.kind, Outbox.state)))),
            }
    finally:
        store.close()


def _nothing_pending(url: str) -> None:
    store = Store.open(url)
    try:
        with store.looking("test", NOW) as work:
            assert work.scalar(select(func.count()).select_from(Item).where(Item.tagged_with == 0)) == 0
            assert work.scalar(select(func.count()).select_from(DirtyWeek)) == 0
            assert work.scalar(select(func.count()).select_from(AuditRow).where(AuditRow.seal.is_(None))) == 0
            left = (OutboxState.QUEUED, OutboxState.IN_FLIGHT)
            assert work.scalar(select(func.count()).select_from(Outbox).where(Outbox.state.in_(left))) == 0
    finally:
        store.close()


def _each_mail_once(url: str, arrived: list[str]) -> None:
    """Each mail came, none with a second Message-ID; one in flight when the program died may have come again."""
    store = Store.open(url)
    try:
        with store.looking("test", NOW) as work:
            sent = set(work.scalars(select(Outbox.message_id).where(Outbox.state == OutboxState.SENT)))
            tried = {
                message_id: count
                for message_id, count in work.execute(select(Outbox.message_id, Outbox.try_count))
            }
    finally:
        store.close()
    assert set(arrived) == sent
    assert all(count <= tried[message_id] for message_id, count in Counter(arrived).items())
