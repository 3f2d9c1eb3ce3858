from datetime import UTC, datetime

import pytest
from apscheduler.triggers.cron import CronTrigger

from tests.support.house import NOW
from tracker.domain.due import last_due, next_due, read_job_times, read_times
from tracker.errors import ConfigError


@pytest.mark.parametrize(
    ("line", "due"),
    [
        ("*/15 * * * *", datetime(2026, 11, 25, 9, 30, tzinfo=UTC)),
        ("20 2 * * *", datetime(2026, 11, 25, 2, 20, tzinfo=UTC)),
        ("0 6 * * mon", datetime(2026, 11, 23, 6, 0, tzinfo=UTC)),
        ("40 9 * * *", NOW),
    ],
)
def test_the_last_due_time_is_the_newest_that_is_not_to_come(line: str, due: datetime) -> None:
    assert last_due(CronTrigger.from_crontab(line, timezone=UTC), NOW) == due


def test_the_next_due_time_is_always_to_come() -> None:
    at_once = CronTrigger.from_crontab("40 9 * * *", timezone=UTC)
    assert next_due(at_once, NOW) == datetime(2026, 11, 26, 9, 40, tzinfo=UTC)


def test_a_job_without_a_time_is_refused_at_the_start() -> None:
    with pytest.raises(ConfigError, match="digest"):
        read_times({"late_after": "15m", "ingest": "* * * * *"}, ["ingest", "digest"])


def test_a_line_that_is_no_cron_line_is_refused() -> None:
    with pytest.raises(ConfigError, match="no cron line"):
        read_times({"late_after": "15m", "ingest": "every hour"}, ["ingest"])


def test_jobs_run_without_the_line_that_only_the_job_log_needs() -> None:
    older = {"ingest": "* * * * *"}
    assert list(read_times(older, ["ingest"])) == ["ingest"]
    with pytest.raises(ConfigError, match="late_after"):
        read_job_times(older)
