"""When a job was last due, by the program's clock. Pure but for APScheduler's cron arithmetic."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from apscheduler.triggers.cron import CronTrigger

from tracker.errors import ConfigError

_LOOK_BACK = (timedelta(hours=1), timedelta(days=1), timedelta(days=8), timedelta(days=32))


def read_times(content: Mapping[str, object], jobs: list[str]) -> dict[str, CronTrigger]:
    """Read config/jobs.yaml: job → cron trigger in UTC.

    Raises:
        ConfigError: a job without a time, a time without a job, or one that is no cron line.
    """
    if set(content) != set(jobs):
        odd = sorted(set(content) ^ set(jobs))
        raise ConfigError(
            f"config/jobs.yaml and the jobs differ in {', '.join(odd)}; they are {', '.join(jobs)}"
        )
    times = {}
    for job, line in content.items():
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
