"""Who is told at which stage, and in which words."""

from datetime import UTC, datetime, time, timedelta

import pytest
import yaml

from tests.support.cli import REPOSITORY
from tracker.domain.duty import Hours
from tracker.domain.reminders import Deadline, Matter, NoticePolicy, Readers, notice_words, whom_to_tell
from tracker.domain.words import Level, Occasion, Stage
from tracker.errors import ConfigError

CRITICAL, HIGH = Level.CRITICAL, Level.HIGH
CONTENT = yaml.safe_load((REPOSITORY / "config" / "deadlines.yaml").read_text(encoding="utf-8"))
POLICY = NoticePolicy.read(CONTENT)
READERS = Readers("owner", ("first", "second"), ("cleo", "cora"))


def everybody(_: str) -> bool:
    return True


@pytest.mark.parametrize(
    ("readers", "stage", "told", "expected"),
    [
        (READERS, Stage.SOON, (), ("owner",)),
        (READERS, Stage.DUE, ("owner",), ("owner",)),
        (READERS, Stage.ESCALATED, ("owner",), ("first",)),
        (READERS, Stage.ESCALATED, (), ("first",)),
        (Readers(None, ("first", "second"), ()), Stage.DUE, (), ("first",)),
        (Readers(None, ("first", "second"), ()), Stage.ESCALATED, ("first",), ("second",)),
        (Readers("first", ("first", "second"), ()), Stage.ESCALATED, (), ("second",)),
        (Readers("owner", (), ("cleo", "cora")), Stage.ESCALATED, (), ("cleo", "cora")),
        (Readers(None, (), ("cleo", "cora")), Stage.SOON, (), ("cleo", "cora")),
        (Readers("first", ("first",), ("cleo", "cora")), Stage.ESCALATED, ("cora",), ("cleo",)),
    ],
)
def test_who_is_told(
    readers: Readers, stage: Stage, told: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert whom_to_tell(stage, readers, told, everybody) == expected


def test_whoever_may_not_see_it_is_passed_over() -> None:
    assert whom_to_tell(Stage.DUE, READERS, (), lambda person: person == "second") == ("second",)
    assert whom_to_tell(Stage.DUE, READERS, (), lambda person: person == "cora") == ("cora",)
    assert whom_to_tell(Stage.DUE, READERS, (), lambda _: False) == ()


@pytest.mark.parametrize(
    ("matters", "words"),
    [
        ([("a", CRITICAL)], "1 critical alert waits"),
        ([("a", CRITICAL), ("b", CRITICAL), (None, HIGH)], "2 critical alerts and 1 signal wait"),
        ([("a", HIGH), ("a", HIGH)], "1 alert waits"),
        ([("a", CRITICAL), ("b", HIGH), ("c", HIGH)], "1 critical alert and 2 other alerts wait"),
        ([(None, HIGH), (None, HIGH)], "2 signals wait"),
    ],
)
def test_a_notice_counts_and_says_no_more(matters: list[tuple[str | None, Level]], words: str) -> None:
    assert notice_words(Matter(Occasion.DECIDE, level, alert) for alert, level in matters) == words


def test_a_deadline_comes_to_its_stages_one_after_the_other() -> None:
    due = datetime(2026, 11, 25, 12, tzinfo=UTC)
    deadline, day = Deadline(due), Deadline.of_day(due.date())
    stages = [POLICY.reached(HIGH, deadline, due + timedelta(hours=hours)) for hours in (-2, -1, 0, 4)]
    assert stages == [None, Stage.SOON, Stage.DUE, Stage.ESCALATED]
    of_day = [POLICY.reached(HIGH, day, due + timedelta(hours=hours)) for hours in (-13, -12, 15, 16)]
    assert of_day == [None, Stage.DUE, Stage.DUE, Stage.ESCALATED]


def test_what_is_critical_disturbs_at_any_hour_and_the_rest_in_the_working_week_alone() -> None:
    sunday, monday = datetime(2026, 11, 29, 2, tzinfo=UTC), datetime(2026, 11, 30, 7, 30, tzinfo=UTC)
    assert POLICY.may_disturb(CRITICAL, sunday, "UTC")
    assert not POLICY.may_disturb(HIGH, sunday, "UTC")
    assert not POLICY.may_disturb(HIGH, monday, "UTC")
    assert POLICY.may_disturb(HIGH, monday, "Europe/Paris")


def test_an_hour_or_a_day_that_is_none_is_named() -> None:
    for key, value in (("from", "8 o'clock"), ("days", ["monday"])):
        week = {**CONTENT["working_week"], key: value}
        with pytest.raises(ConfigError, match=rf"working_week\.{key}"):
            NoticePolicy.read({**CONTENT, "working_week": week})
    assert POLICY.working_week == Hours(frozenset(range(5)), time(8), time(18))
