"""What came of sources is written down, whatever the database does meanwhile, and whatever people do."""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.ingest.conftest import NOW, POLICY, Server
from tests.ingest.test_feed import item, rss
from tests.ingest.test_poll import run
from tests.ingest.test_stewardship import person
from tests.support.pauses import Step, paused_before, until_stuck_or_done
from tracker.domain.words import Reliability, Role, SourceState, Trouble
from tracker.errors import BusyError, StoreError, SubmissionError
from tracker.ingest.documents import Document
from tracker.ingest.failures import FetchFailed
from tracker.ingest.files import import_feeds
from tracker.ingest.outcomes import Polled, PollSummary, write_together
from tracker.ingest.poll import poll
from tracker.ingest.sources import add_source
from tracker.ingest.stewardship import Keeping, keep, switch_off, switch_on
from tracker.store import Store
from tracker.store.tables import Source
from tracker.store.writes.sources import due_sources

WORDS = "SECRET WORDS"
SQLITE_ONLY = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
POSTGRES_ONLY = pytest.mark.parametrize(
    "engine_name", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


def refuse(store: Store, sqlstate: str, when: str) -> None:
    """Make PostgreSQL refuse new titles where a condition holds."""
    with store.writer.begin() as connection:
        connection.exec_driver_sql("CREATE SEQUENCE turn")
        connection.exec_driver_sql(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {when} THEN RAISE EXCEPTION '%%', NEW.title USING ERRCODE = '{sqlstate}'; END IF; "
            "RETURN NEW; END $$"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER refuse BEFORE INSERT ON item_content FOR EACH ROW EXECUTE FUNCTION refuse()"
        )


def take_no_secret(store: Store) -> None:
    """Make the database refuse what begins with SECRET, as it does a value that it cannot keep."""
    if store.writer.dialect.name == "postgresql":
        refuse(store, "22021", "left(NEW.title, 6) = 'SECRET'")
        return
    with store.writer.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER refuse BEFORE INSERT ON item_content WHEN substr(NEW.title, 1, 6) = 'SECRET' "
            "BEGIN SELECT abs(-9223372036854775808); END"
        )


def row(store: Store, source_id: str) -> Source:
    with store.looking("test", NOW) as work:
        return work.get_one(Source, source_id)


def test_what_the_database_cannot_keep_is_the_fault_of_its_source_alone(
    store: Store, server: Server, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    take_no_secret(store)
    add_source(store, server.says("good", rss(item("hello"))), now)
    bad = add_source(store, server.says("bad", rss(item(WORDS))), now).id
    add_source(store, server.says("fine", rss(item("there"))), now)
    assert run(store, server, now) == PollSummary(sources=3, ok=2, failed=1, items_new=2)
    there = row(store, bad)
    assert there.trouble == Trouble.OUR_FAULT
    assert (there.reason or "").startswith("the database takes nothing of what it says (")
    assert "SECRET" not in f"{caplog.text} {there.reason}"


def test_a_file_that_the_database_cannot_keep_is_named_and_the_others_are_imported(
    store: Store, now: datetime, tmp_path: Path
) -> None:
    take_no_secret(store)
    for name, title in (("a", "hello"), ("b", WORDS), ("c", "there")):
        (tmp_path / f"{name}.xml").write_text(rss(item(title)))
    done = import_feeds(store, POLICY, sorted(tmp_path.glob("*.xml")), now)
    assert (done.polled.ok, done.polled.failed, done.polled.items_new) == (2, 1, 2)
    assert [name for name, _ in done.reasons] == ["b.xml"]


@POSTGRES_ONLY
@pytest.mark.parametrize("sqlstate", ["40001", "40P01"])
def test_work_that_stood_in_the_way_of_other_work_is_done_again(
    store: Store, server: Server, now: datetime, sqlstate: str
) -> None:
    refuse(store, sqlstate, "nextval('turn') <= 2")
    add_source(store, server.says("good", rss(item("hello"))), now)
    assert run(store, server, now) == PollSummary(sources=1, ok=1, items_new=1)


@SQLITE_ONLY
def test_a_file_that_is_locked_is_written_to_again(
    store: Store, server: Server, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.acting("test", "wait no longer", now) as work:
        work.execute(text("PRAGMA busy_timeout=1"))
    add_source(store, server.says("good", rss(item("hello"))), now)
    other = sqlite3.connect(str(store.writer.url.database), isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    with paused_before(monkeypatch, "tracker.store.retries.sleep") as pause:
        polling = Step(lambda: run(store, server, now))
        pause.reached()
        other.close()
        pause.go()
        assert polling.result() == PollSummary(sources=1, ok=1, items_new=1)


@POSTGRES_ONLY
def test_work_that_is_in_the_way_for_good_ends_the_run(store: Store, server: Server, now: datetime) -> None:
    refuse(store, "40P01", "true")
    add_source(store, server.says("good", rss(item("hello"))), now)
    with pytest.raises(BusyError, match="locked by other work"):
        run(store, server, now)


@POSTGRES_ONLY
@pytest.mark.parametrize(
    ("sqlstate", "said"), [("53100", "is full"), ("57P01", "cannot be reached"), ("25006", "only be read")]
)
def test_a_database_that_takes_nothing_ends_the_run_and_blames_no_source(
    store: Store, server: Server, now: datetime, sqlstate: str, said: str
) -> None:
    refuse(store, sqlstate, "true")
    source_id = add_source(store, server.says("good", rss(item("hello"))), now).id
    with pytest.raises(StoreError, match=said):
        run(store, server, now)
    assert row(store, source_id).last_polled_at is None


def test_a_source_that_is_switched_off_while_it_is_asked_stays_off(
    store: Store, server: Server, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = person(store, Role.ADMIN)
    source_id = add_source(store, server.says("feed", "", status=500), now).id
    with paused_before(monkeypatch, "tracker.store.writes.sources.apply_poll") as pause:
        polling = Step(lambda: run(store, server, now))
        pause.reached()
        switching = Step(lambda: switch_off(store, admin, source_id, "closed down", now))
        until_stuck_or_done(store, switching)
        pause.go()
        polling.result()
        switching.result()
    there = row(store, source_id)
    assert (there.state, there.reason, there.next_poll_at) == (SourceState.DISABLED, "closed down", None)


def test_a_poll_that_ends_while_a_source_is_switched_off_does_not_switch_it_on(
    store: Store, server: Server, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = person(store, Role.ADMIN)
    source_id = add_source(store, server.says("feed", rss(item("hello"))), now).id
    with paused_before(monkeypatch, "tracker.store.writes.polls._record") as pause:
        switching = Step(lambda: switch_off(store, admin, source_id, "closed down", now))
        pause.reached()
        polling = Step(lambda: run(store, server, now))
        until_stuck_or_done(store, polling)
        pause.go()
        switching.result()
        assert polling.result().items_new == 1
    there = row(store, source_id)
    assert (there.state, there.reason, there.next_poll_at) == (SourceState.DISABLED, "closed down", None)
    assert there.last_polled_at == now


def test_a_source_that_was_off_when_it_was_asked_and_was_switched_off_anew_stays_off(
    store: Store, server: Server, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = person(store, Role.ADMIN)
    source_id = add_source(store, server.says("feed", rss(item("hello"))), now).id
    switch_off(store, admin, source_id, "too much", now)
    with paused_before(monkeypatch, "tracker.ingest.poll._made_of") as pause:
        polling = Step(
            lambda: poll(store, server.policy, now=lambda: now, everything=False, source_id=source_id)
        )
        pause.reached()
        switch_on(store, admin, source_id, now + timedelta(minutes=1))
        switch_off(store, admin, source_id, "still too much", now + timedelta(minutes=2))
        pause.go()
        assert polling.result().items_new == 1
    there = row(store, source_id)
    assert (there.state, there.reason, there.next_poll_at) == (SourceState.DISABLED, "still too much", None)


def test_two_who_switch_a_source_off_at_once_are_one_deed(
    store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = person(store, Role.ADMIN)
    source_id = add_source(store, "https://x.test/", now).id
    with paused_before(monkeypatch, "tracker.store.writes.polls._record") as pause:
        one = Step(lambda: switch_off(store, admin, source_id, "closed down", now))
        pause.reached()
        other = Step(lambda: switch_off(store, admin, source_id, "too much", now))
        until_stuck_or_done(store, other)
        pause.go()
        one.result()
        with pytest.raises(SubmissionError, match="off already"):
            other.result()
    assert row(store, source_id).reason == "closed down"


def test_a_steward_given_while_a_source_is_asked_is_kept(
    store: Store, server: Server, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = person(store, Role.ADMIN)
    source_id = add_source(store, server.says("feed", rss(item("hello"))), now).id
    with paused_before(monkeypatch, "tracker.store.writes.sources.apply_poll") as pause:
        polling = Step(lambda: run(store, server, now))
        pause.reached()
        keeping = Step(lambda: keep(store, admin, source_id, Keeping(admin.user_id, Reliability.B), now))
        until_stuck_or_done(store, keeping)
        pause.go()
        polling.result()
        keeping.result()
    there = row(store, source_id)
    assert (there.steward_id, there.reliability, there.item_count) == (admin.user_id, Reliability.B, 1)


@POSTGRES_ONLY
def test_two_runs_that_ask_the_same_sources_never_wait_for_each_other(store: Store, now: datetime) -> None:
    """One source answers and one fails, in the other run the other way about: what answers is locked first."""
    for name in ("one", "two"):
        add_source(store, f"https://{name}.test/", now)
    with store.looking("test", now) as work:
        one, two = due_sources(work, everything=True, source_id=None)
    document, failure = Document("", None, ()), FetchFailed("answered 500", Trouble.SERVER_FAULT)
    for _ in range(25):
        steps = [
            Step(lambda: write_together(store, POLICY, now, [Polled(one, document), Polled(two, failure)])),
            Step(lambda: write_together(store, POLICY, now, [Polled(one, failure), Polled(two, document)])),
        ]
        assert [len(step.result()) for step in steps] == [2, 2]
