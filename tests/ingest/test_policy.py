import copy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.detect.desk import read_config
from tests.ingest.conftest import POLICY
from tracker.errors import ConfigError
from tracker.ingest.policy import FetchPolicy


def test_what_we_ship_asks_politely_and_believes_dates_from_1990_to_two_days_ahead() -> None:
    assert (POLICY.per_host, POLICY.allow) == (2, ())
    assert POLICY.dates.earliest == datetime(1990, 1, 1, tzinfo=UTC)
    assert POLICY.dates.ahead == timedelta(days=2)
    assert POLICY.schedule.every <= POLICY.schedule.said_at_most <= POLICY.schedule.failing_at_most


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("at_once", 0, "at_once is 0; at least 1 is needed"),
        ("deadline_seconds", "soon", "deadline_seconds is 'soon'; it must be a number"),
        ("user_agent", "", "user_agent is empty"),
        ("schedule", None, "schedule is missing"),
        ("schedule.every", "30", "schedule.every is '30'; write a whole number and a unit such as 4h"),
        ("schedule.every", "0m", "schedule.every is 0; sources would be asked all the time"),
        ("schedule.said_at_most", "5m", "schedule.said_at_most is shorter than every (30m)"),
        ("schedule.spread", 1.5, "schedule.spread is 1.5; it must lie between"),
        ("dates.earliest_year", 19900, "dates.earliest_year is 19900, which is no year"),
        ("items.churn_at", 0, "items.churn_at is 0; at least 1 is needed"),
    ],
)
def test_a_limit_that_cannot_be_is_refused_with_its_key(path: str, value: Any, said: str) -> None:
    content = copy.deepcopy(read_config("fetching"))
    *way, last = path.split(".")
    part = content
    for key in way:
        part = part[key]
    part[last] = value
    with pytest.raises(ConfigError) as refused:
        FetchPolicy.read(content)
    assert f"config/fetching.yaml: {said}" in str(refused.value)
