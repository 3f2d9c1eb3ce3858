"""When jobs are due, by the program's clock: config/jobs.yaml and APScheduler's cron arithmetic. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.triggers.cron import CronTrigger

from tracker.domain.reading import Part
from tracker.errors import ConfigError

_LOOK_BACK = (timedelta(hours=1), timedelta(days=1), timedelta(days=8), timedelta(days=32))


@dataclass(frozen=True)
class JobTimes:
    """Job → cron trigger in UTC; a firing that begins, or still runs, longer than this after it was due is late."""

    of: dict[str, CronTrigger]
    late_after: timedelta


def read_job_times(content: Mapping[str, object]) -> JobTimes:
    """Read all of config/jobs.yaml, for the job log.

    Raises:
        ConfigError: no `late_after`, or a line that is no cron line.
    """
    return JobTimes(read_times(content), Part.whole("config/jobs.yaml", content).duration("late_after"))


def read_times(content: Mapping[str, object], jobs: Sequence[str] | None = None) -> dict[str, CronTrigger]:
    """Read when each job is due from config/jobs.yaml; where the jobs are given, each must have its time.

    Raises:
        ConfigError: a job without a time, a time without a job, or one that is no cron line.
    """
    lines = {job: line for job, line in content.items() if job != "late_after"}
    if jobs is not None and set(lines) != set(jobs):
        odd = sorted(set(lines) ^ set(jobs))
        raise ConfigError(
            f"config/jobs.yaml and the jobs differ in {', '.join(odd)}; they are {', '.join(jobs)}"
        )
    times = {}
    for job, line in lines.items():
        try:
            times[job] = CronTrigger.from_crontab(str(line), timezone=UTC)
        except ValueError as error:
            raise ConfigError(
                f"config/jobs.yaml: {job} is {line!r}, which is no cron line: {error}"
            ) from error
    return times


def last_due(trigger: CronTrigger, now: datetime) -> datetime | None:
    """Return the newest instant at or before `now` at which the trigger fires; None within 32 days for none."""
    for back in _LOOK_BACK:
        newest: datetime | None = None
        at: datetime | None = trigger.get_next_fire_time(None, now - back)
        while at is not None and at <= now:
            newest = at
            at = trigger.get_next_fire_time(at, at + timedelta(seconds=1))
        if newest is not None:
            return newest.astimezone(UTC)
    return None


def next_due(trigger: CronTrigger, now: datetime) -> datetime | None:
    """Return the first instant after `now` at which the trigger fires; None where it never does again."""
    at: datetime | None = trigger.get_next_fire_time(now, now)
    return at.astimezone(UTC) if at else None
