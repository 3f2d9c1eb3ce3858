"""The job log: the last firings of every job, when it is due next, and whether it ran as it should."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tracker.domain.due import JobTimes, last_due, next_due
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
    """A job's last firings, newest first. `due_at` is the due time that `standing` speaks of; times in UTC."""

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
        due_at, standing = last_due(trigger, now), _standing(runs, times, now)
        if runs:
            due_at = runs[0].due_at
            following = next_due(trigger, due_at)
            idle = runs[0].state is not RunState.RUNNING
            if following and following < now - times.late_after and idle:
                due_at, standing = following, Standing.MISSED
        logs.append(JobLog(job, standing, due_at, next_due(trigger, now), runs))
    return logs


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
