"""One firing across two nodes, catch-up, heartbeats, and a job that fails: on real rows."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import select, text, update

from jobs.job import Job
from jobs.schedule import DEAD_AFTER, Scheduler
from tests.support.house import NOW, House, house_at
from tracker.clock import real_now
from tracker.domain.words import RunState
from tracker.errors import StoreError
from tracker.settings import Settings
from tracker.store import Store
from tracker.store.tables import JobRun, Lease
from tracker.store.writes import jobs as runs

HOURLY = {"count": CronTrigger.from_crontab("0 * * * *", timezone=UTC)}


@pytest.fixture
def house(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[House]:
    clock = tmp_path / "now"
    clock.write_text(NOW.isoformat())
    monkeypatch.setenv("TRACKER_NOW", f"@{clock}")
    monkeypatch.setattr("tracker.clock._start", None)
    monkeypatch.setenv("TRACKER_DATA_DIR", str(tmp_path))
    with house_at(database_url) as house:
        yield house


def node(house: House, name: str) -> Scheduler:
    return Scheduler(house.store, Settings.read(), HOURLY, name)


def counting() -> tuple[Job, list[str]]:
    ran: list[str] = []

    def count(_store: Store, _settings: Settings, now: datetime) -> str:
        ran.append(f"{now:%H:%M}")
        return "counted"

    return Job("count", count), ran


def move_clock(tmp_path: Path, **time: float) -> None:
    (tmp_path / "now").write_text((NOW + timedelta(**time)).isoformat())


def test_a_firing_runs_once_across_two_nodes(house: House) -> None:
    job, ran = counting()
    first, second = node(house, "first"), node(house, "second")
    for _ in range(3):
        first.tick(job)
        second.tick(job)
    assert ran == ["09:40"]


def test_the_second_node_takes_over_when_the_lease_runs_out(house: House, tmp_path: Path) -> None:
    job, ran = counting()
    node(house, "first").tick(job)
    move_clock(tmp_path, hours=1)
    second = node(house, "second")
    second.tick(job)
    assert ran == ["09:40"]
    with house.store.acting("test", "let the lease run out", house.now) as work:
        work.execute(update(Lease).values(until=real_now() - timedelta(seconds=1)))
    second.tick(job)
    assert ran == ["09:40", "10:40"]


def test_what_was_missed_while_nothing_ran_is_run_once(house: House, tmp_path: Path) -> None:
    job, ran = counting()
    scheduler = node(house, "first")
    scheduler.tick(job)
    move_clock(tmp_path, hours=5)
    scheduler.tick(job)
    scheduler.tick(job)
    assert ran == ["09:40", "14:40"]


def test_a_firing_whose_node_died_is_taken_over(house: House) -> None:
    job, ran = counting()
    due_at = NOW.replace(minute=0)
    with house.store.acting("test", "claim", house.now) as work:
        beat = runs.Beat(real_now() - 2 * DEAD_AFTER, real_now())
        runs.claim_run(work, runs.Firing("count", due_at, "dead"), beat)
    node(house, "first").tick(job)
    assert ran == ["09:40"]


def test_a_firing_that_still_beats_elsewhere_is_left_and_looked_at_again(house: House) -> None:
    job, ran = counting()
    scheduler = node(house, "first")
    due_at = NOW.replace(minute=0)
    with house.store.acting("test", "claim", house.now) as work:
        beat = runs.Beat(real_now(), real_now() - DEAD_AFTER)
        runs.claim_run(work, runs.Firing("count", due_at, "other"), beat)
    scheduler.tick(job)
    assert ran == []
    with house.store.acting("test", "die", house.now) as work:
        work.execute(update(JobRun).values(heartbeat_at=real_now() - 2 * DEAD_AFTER))
    scheduler.tick(job)
    assert ran == ["09:40"]


def test_a_job_that_fails_is_noted_and_the_next_firing_comes(house: House, tmp_path: Path) -> None:
    def fail(*_: object) -> str:
        raise StoreError("The disk is full.")

    scheduler = node(house, "first")
    scheduler.tick(Job("count", fail))
    with house.store.looking("test", house.now) as work:
        run = runs.newest_runs(work, "count", 1)[0]
    assert (run.state, run.summary) == (RunState.FAILED, "The disk is full.")
    move_clock(tmp_path, hours=1)
    job, ran = counting()
    scheduler.tick(job)
    assert ran == ["10:40"]


def test_a_firing_that_failed_is_tried_again_ever_more_rarely_until_it_succeeds(
    house: House, tmp_path: Path
) -> None:
    weekly = {"digest": CronTrigger.from_crontab("40 9 * * wed", timezone=UTC)}
    tried: list[int] = []

    def full_for_three_hours(_store: Store, _settings: Settings, now: datetime) -> str:
        tried.append((now - NOW) // timedelta(minutes=1))
        if now < NOW + timedelta(hours=3):
            raise StoreError("The disk of the database is full.")
        return "queued"

    scheduler = Scheduler(house.store, Settings.read(), weekly, "first")
    for minutes in range(240):
        move_clock(tmp_path, minutes=minutes)
        scheduler.tick(Job("digest", full_for_three_hours))
    assert tried == [0, 6, 13, 27, 55, 111, 172, 233]
    with house.store.looking("test", house.now) as work:
        (run,) = runs.newest_runs(work, "digest", 9)
    assert (run.state, run.summary) == (RunState.DONE, "queued")


def test_one_of_two_nodes_takes_up_a_failed_firing(house: House) -> None:
    with house.store.acting("test", "fail", house.now) as work:
        runs.claim_run(work, runs.Firing("count", NOW, "first"), alive())
        runs.finish_run(work, runs.Firing("count", NOW, "first"), RunState.FAILED, "The disk is full.")
    taken: list[bool] = []
    for minutes in (4, 6, 6):
        with house.store.acting("test", "claim", NOW + timedelta(minutes=minutes)) as work:
            taken.append(runs.claim_run(work, runs.Firing("count", NOW, f"after {len(taken)}"), alive()))
    assert taken == [False, True, False]


def alive() -> runs.Beat:
    return runs.Beat(real_now(), real_now() - DEAD_AFTER)


def test_a_node_whose_firing_was_taken_over_writes_nothing_more_about_it(house: House) -> None:
    first, second = runs.Firing("count", NOW, "first"), runs.Firing("count", NOW, "second")
    later = real_now() + timedelta(hours=1)
    with house.store.acting("test", "take over", house.now) as work:
        assert runs.claim_run(work, first, alive())
        assert runs.claim_run(work, second, runs.Beat(later, later))
        runs.beat(work, first, later + timedelta(hours=1))
        runs.finish_run(work, first, RunState.FAILED, "too slow")
    with house.store.looking("test", house.now) as work:
        row = work.scalars(select(JobRun)).one()
    assert (row.node, row.state, row.heartbeat_at, row.summary) == ("second", RunState.RUNNING, later, None)


def test_what_an_error_says_reaches_neither_log_nor_job_list(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> str:
        raise ValueError("words of a report") from KeyError("more words")

    node(house, "first").tick(Job("count", fail))
    with house.store.looking("test", house.now) as work:
        summary = runs.newest_runs(work, "count", 1)[0].summary
    assert summary == "an error of the tracker's own (ValueError from KeyError)"
    assert "ValueError from KeyError in fail" in caplog.text
    assert "words" not in caplog.text


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_beat_that_does_not_get_through_is_logged_and_the_next_one_does(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    def rename(before: str, after: str) -> None:
        with house.store.acting("test", "rename", house.now) as work:
            work.execute(text(f"ALTER TABLE {before} RENAME TO {after}"))

    def beaten_at() -> datetime | None:
        with house.store.looking("test", house.now) as work:
            return work.scalar(select(JobRun.heartbeat_at))

    def take_the_table_away(*_: object) -> str:
        rename("job_run", "gone")
        try:
            wait_until(lambda: "does not beat" in caplog.text)
        finally:
            rename("gone", "job_run")
        before = beaten_at()
        wait_until(lambda: beaten_at() != before)
        return "beats again"

    scheduler = node(house, "first")
    scheduler.heartbeat = timedelta(milliseconds=20)
    scheduler.tick(Job("count", take_the_table_away))
    with house.store.looking("test", house.now) as work:
        assert runs.newest_runs(work, "count", 1)[0].summary == "beats again"
