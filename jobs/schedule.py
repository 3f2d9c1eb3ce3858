"""When, not how: `python -m jobs.schedule` runs every job at its time until it is told to stop.

APScheduler ticks; at each tick a job's last due time, by the program's clock, is looked up. A firing is a row
(job, due time) claimed by insert, so that it runs once, on whichever node; the lease says which node looks. What
was missed while nothing ran is run once, at the first tick. A firing that failed is tried again, ever more rarely,
until the next one is due.
"""

import argparse
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from jobs import deadlines, detect, digest, draft, housekeeping, ingest, mail, replies
from jobs.job import Job
from tracker.clock import real_now, utc_now
from tracker.domain.due import last_due, read_times
from tracker.domain.words import RunState
from tracker.errors import TrackerError, describe, kinds_of
from tracker.settings import Settings
from tracker.store import Store
from tracker.store.migrate import check_schema
from tracker.store.writes import jobs as runs

JOBS = (ingest.JOB, detect.JOB, deadlines.JOB, draft.JOB, digest.JOB, mail.JOB, replies.JOB, housekeeping.JOB)
TICK = timedelta(seconds=1)
HEARTBEAT = timedelta(seconds=10)
DEAD_AFTER = timedelta(seconds=60)
_LEASE, _LEASE_FOR = "schedule", timedelta(seconds=30)

_log = logging.getLogger("jobs")


@dataclass
class Scheduler:
    """One node's scheduler. `seen` remembers which firing of each job was found done last."""

    store: Store
    settings: Settings
    times: dict[str, CronTrigger]
    node: str
    heartbeat: timedelta = HEARTBEAT
    seen: dict[str, datetime] = field(default_factory=dict)

    def tick(self, job: Job) -> None:
        """Run a job if it is due and nobody has run it; note what came of it. Never raises."""
        try:
            due_at = last_due(self.times[job.name], utc_now())
            if due_at is None or self.seen.get(job.name) == due_at:
                return
            firing = runs.Firing(job.name, due_at, self.node)
            if self._may_run(firing) and self._leads() and self._claims(firing):
                self._run(job, firing)
        except Exception as error:  # noqa: BLE001 - a bug must not end the other jobs
            _log.error("%s: %s", job.name, _plain(error))

    def _may_run(self, firing: runs.Firing) -> bool:
        now = utc_now()
        with self.store.looking("read run", now) as work:
            run = runs.find_run(work, firing.job, firing.due_at)
        if run is None or run.state is RunState.RUNNING:
            return True
        if run.retry_at is None:
            self.seen[firing.job] = firing.due_at
        return run.retry_at is not None and run.retry_at <= now

    def _leads(self) -> bool:
        with self.store.acting("job:schedule", "take lease", utc_now()) as work:
            return runs.take_lease(work, _LEASE, self.node, _LEASE_FOR)

    def _claims(self, firing: runs.Firing) -> bool:
        beat = runs.Beat(real_now(), real_now() - DEAD_AFTER)
        with self.store.acting(f"job:{firing.job}", "claim", utc_now()) as work:
            return runs.claim_run(work, firing, beat)

    def _run(self, job: Job, firing: runs.Firing) -> None:
        with self._beating(firing):
            try:
                state, summary = RunState.DONE, job.run(self.store, self.settings, utc_now())
            except TrackerError as error:
                state, summary = RunState.FAILED, str(error)
            except Exception as error:  # noqa: BLE001 - a bug must not end the other jobs
                state, summary = RunState.FAILED, f"an error of the tracker's own ({kinds_of(error)})"
                _log.error("%s: %s", job.name, describe(error))
        _log.info("%s %s: %s", job.name, state, summary)
        with self.store.acting(f"job:{job.name}", "finish", utc_now()) as work:
            runs.finish_run(work, firing, state, summary)

    @contextmanager
    def _beating(self, firing: runs.Firing) -> Iterator[None]:
        done = threading.Event()

        def beat() -> None:
            while not done.wait(self.heartbeat.total_seconds()):
                try:
                    with self.store.acting(f"job:{firing.job}", "beat", utc_now()) as work:
                        runs.beat(work, firing, real_now())
                except Exception as error:  # noqa: BLE001 - the next beat may get through
                    _log.error("%s does not beat: %s", firing.job, _plain(error))

        thread = threading.Thread(target=beat, name=f"beat-{firing.job}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


def _plain(error: Exception) -> str:
    return str(error) if isinstance(error, TrackerError) else describe(error)


def run_forever(store: Store, settings: Settings) -> None:
    """Run all jobs at their times until SIGTERM or SIGINT; a job under way is finished first."""
    times = read_times(settings.read_config("jobs"), [job.name for job in JOBS])
    node = f"{socket.gethostname()}:{os.getpid()}"
    scheduler = Scheduler(store, settings, times, node)
    clock = BlockingScheduler(timezone=UTC)
    for job in JOBS:
        clock.add_job(
            scheduler.tick,
            IntervalTrigger(seconds=TICK.total_seconds(), timezone=UTC),
            args=[job],
            id=job.name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
            next_run_time=real_now(),
        )
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_: threading.Thread(target=clock.shutdown).start())
    _log.info("jobs run as %s", node)
    clock.start()
    with store.acting("job:schedule", "drop lease", utc_now()) as work:
        runs.drop_lease(work, _LEASE, node)


def main(argv: list[str] | None = None) -> int:
    """Start the scheduler in the foreground; 1 with one line where it cannot start."""
    parser = argparse.ArgumentParser(prog="python -m jobs.schedule", description=__doc__.splitlines()[0])
    parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s", stream=sys.stderr)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        settings = Settings.read()
        store = Store.open(settings.database_url)
        check_schema(store)
        run_forever(store, settings)
        store.close()
    except Exception as error:  # noqa: BLE001 - one line instead of a traceback, which may hold an item's words
        sys.stderr.write(f"{_plain(error)}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
