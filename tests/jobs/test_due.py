from datetime import UTC, datetime

import pytest
from apscheduler.triggers.cron import CronTrigger

from jobs.due import last_due, read_times
from tests.support.house import NOW
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


def test_a_job_without_a_time_is_refused_at_the_start() -> None:
    with pytest.raises(ConfigError, match="digest"):
        read_times({"ingest": "* * * * *"}, ["ingest", "digest"])


def test_a_line_that_is_no_cron_line_is_refused() -> None:
    with pytest.raises(ConfigError, match="no cron line"):
        read_times({"ingest": "every hour"}, ["ingest"])
