import copy
from datetime import timedelta
from typing import Any

import pytest

from tests.detect.desk import read_config
from tracker.domain.deadlines import Step
from tracker.domain.rules import Rules, read_deadlines
from tracker.domain.words import Level
from tracker.errors import ConfigError


def test_our_own_rules_open_alerts_for_critical_signals_alone() -> None:
    rules = Rules.read(read_config("rules"), version=7)
    assert rules.version == 7
    assert [level for level in Level if rules.opens_alert(level)] == [Level.CRITICAL]
    assert not rules.opens_alert(rules.grave.news_level)
    assert rules.two_source_rule
    assert rules.news_critical_needs_sources == 2


def test_every_level_has_an_allowance_for_every_step_and_a_review() -> None:
    policy = read_deadlines(read_config("deadlines"))
    for level in Level:
        assert set(policy.allowed[level]) == set(Step)
        assert policy.review_within[level] > timedelta(0)
    assert policy.allowed[Level.CRITICAL][Step.TRIAGE] == timedelta(hours=1)
    assert policy.allowed[Level.MEDIUM][Step.RESPOND] == timedelta(days=7)


@pytest.mark.parametrize("step", list(Step))
def test_a_higher_level_never_has_more_time(step: Step) -> None:
    allowed = read_deadlines(read_config("deadlines")).allowed
    times = [allowed[level][step] for level in Level]
    assert times == sorted(times, reverse=True)


def _broken(name: str, path: list[str], value: Any) -> Any:
    content = copy.deepcopy(read_config(name))
    part = content
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    return content


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["opens_alert_at"], "red", "opens_alert_at is 'red'; allowed: critical, high, medium"),
        (["raise_for_weeks"], 0, "raise_for_weeks is 0; at least 1 is needed"),
        (["raise_for_weeks"], True, "raise_for_weeks is True; it must be a whole number"),
        (["two_source_rule"], "maybe", "two_source_rule is 'maybe'; it must be true or false"),
        (["escalation", "levels"], {"huge": {}}, "names 'huge'"),
        (["escalation", "levels", "high", "quantile"], 1.2, "must lie between 0.5 and 1.0"),
        (["grave", "report_level"], None, "grave.report_level is None; allowed"),
        (["escalation"], None, "escalation is missing"),
    ],
)
def test_a_wrong_rule_is_refused_with_its_key(path: list[str], value: Any, said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        Rules.read(_broken("rules", path, value))
    assert said in str(refused.value)
    assert "config/rules.yaml" in str(refused.value)


def test_a_deadline_without_a_unit_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"levels.high.decide is '24'; write a whole number and a unit"):
        read_deadlines(_broken("deadlines", ["levels", "high", "decide"], "24"))


def test_a_missing_step_is_refused() -> None:
    content = copy.deepcopy(read_config("deadlines"))
    del content["levels"]["medium"]["verify"]
    with pytest.raises(ConfigError, match=r"levels\.medium\.verify"):
        read_deadlines(content)
