"""One firing across two nodes, catch-up, and a job that fails: on real rows."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import update

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
    dead = runs.Beat("dead", real_now() - 2 * DEAD_AFTER, real_now())
    with house.store.acting("test", "claim", house.now) as work:
        runs.claim_run(work, "count", due_at, dead)
    node(house, "first").tick(job)
    assert ran == ["09:40"]


def test_a_firing_that_still_beats_elsewhere_is_left_and_looked_at_again(house: House) -> None:
    job, ran = counting()
    scheduler = node(house, "first")
    due_at = NOW.replace(minute=0)
    alive = runs.Beat("other", real_now(), real_now() - DEAD_AFTER)
    with house.store.acting("test", "claim", house.now) as work:
        runs.claim_run(work, "count", due_at, alive)
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
        run = runs.recent_runs(work, 1)[0]
    assert (run.state, run.summary) == (RunState.FAILED, "The disk is full.")
    move_clock(tmp_path, hours=1)
    job, ran = counting()
    scheduler.tick(job)
    assert ran == ["10:40"]
