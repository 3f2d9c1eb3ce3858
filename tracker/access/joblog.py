"""The job log: the last firings of every job, when it is due next, and whether it ran as it should."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from apscheduler.triggers.cron import CronTrigger

from tracker.domain.due import JobTimes, next_due
from tracker.domain.words import RunState
from tracker.store import SystemSession
from tracker.store.writes.jobs import Run, newest_runs

_SHOWN = 3


class Standing(StrEnum):
    """How the newest firing of a job stands."""

    NEVER_RAN = "has not run yet"
    ON_TIME = "on time"
    LATE = "late"
    FAILED = "failed"
    MISSED = "did not run"


@dataclass(frozen=True)
class JobLog:
    """A job's last firings, newest first. `due_at` is what `standing` speaks of, if anything; times in UTC."""

    job: str
    standing: Standing
    due_at: datetime | None
    next_due: datetime | None
    runs: tuple[Run, ...]


def job_logs(work: SystemSession, times: JobTimes, now: datetime) -> list[JobLog]:
    """Return the log of every job, in the order of their times."""
    logs = []
    for job, trigger in times.of.items():
        runs = tuple(newest_runs(work, job, _SHOWN))
        missed = _missed(runs, trigger, now - times.late_after)
        standing = Standing.MISSED if missed else _standing(runs, times, now)
        due_at = missed or (runs[0].due_at if runs else None)
        logs.append(JobLog(job, standing, due_at, next_due(trigger, now), runs))
    return logs


def _missed(runs: tuple[Run, ...], trigger: CronTrigger, before: datetime) -> datetime | None:
    """Return the due time after the newest firing, where it lies `before` and nothing is running."""
    if not runs or runs[0].state is RunState.RUNNING:
        return None
    following = next_due(trigger, runs[0].due_at)
    return following if following and following < before else None


def _standing(runs: tuple[Run, ...], times: JobTimes, now: datetime) -> Standing:
    """Judge the newest firing; a job's first one may begin late, since it makes up for the time before it."""
    if not runs:
        return Standing.NEVER_RAN
    newest = runs[0]
    if newest.state is RunState.FAILED:
        return Standing.FAILED
    begun_late = newest.started_at - newest.due_at > times.late_after and len(runs) > 1
    runs_long = newest.state is RunState.RUNNING and now - newest.started_at > times.late_after
    return Standing.LATE if begun_late or runs_long else Standing.ON_TIME
