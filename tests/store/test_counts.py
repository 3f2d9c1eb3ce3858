from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.detect.desk import NOW, Desk, open_desk
from tracker.domain.counts import Cut
from tracker.domain.words import ItemKind, Tlp
from tracker.store.tables import DirtyWeek, WeekCount
from tracker.store.writes.counts import (
    clear_dirty,
    dirty_countries,
    first_weeks,
    lock_dirty,
    mark_dirty,
    read_counts,
    read_evidence,
    rebuild_counts,
)

WEEK = "2026-W48"
COUNTED: dict[str, Any] = {"relevant": True, "theme": "fighting", "country": "MLI", "severity": 3}


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with open_desk(database_url) as opened:
        yield opened


def test_a_mark_set_anew_since_it_was_seen_stays(desk: Desk) -> None:
    with desk.store.acting("job:test", "mark", NOW) as work:
        mark_dirty(work, [("MLI", WEEK), ("MLI", "2026-W47"), ("MLI", WEEK)])
        assert dirty_countries(work) == ["MLI"]
        seen = lock_dirty(work, "MLI")
        assert set(seen) == {WEEK, "2026-W47"}
    with desk.store.acting("job:test", "mark", NOW + timedelta(minutes=1)) as work:
        mark_dirty(work, [("MLI", WEEK)])
    with desk.store.acting("job:test", "clear", NOW) as work:
        clear_dirty(work, "MLI", seen)
    assert [row["week"] for row in desk.all_of(DirtyWeek)] == [WEEK]


def test_only_what_is_relevant_shown_and_has_a_theme_is_counted(desk: Desk) -> None:
    desk.add("a", **COUNTED)
    desk.add("b", **COUNTED | {"relevant": False})
    desk.add("c", **COUNTED | {"theme": None})
    desk.add("d", **COUNTED, hidden_at=NOW, hidden_because="withdrawn")
    desk.add("e", **COUNTED, tlp=Tlp.RED)
    with desk.store.acting("job:test", "count", NOW) as work:
        rebuild_counts(work, "MLI", [WEEK], desk.host)
    assert [(row["story_count"], row["severity_sum"]) for row in desk.all_of(WeekCount)] == [(1, 3)]


def test_a_story_that_two_organisations_hold_counts_once_for_each(desk: Desk) -> None:
    story = desk.add("a", **COUNTED, tlp=Tlp.AMBER_STRICT)
    desk.add("b", **COUNTED, tlp=Tlp.AMBER_STRICT, org_id=desk.other, story_id=story)
    desk.add("c", **COUNTED, tlp=Tlp.AMBER_STRICT, org_id=desk.other, story_id=story)
    with desk.store.acting("job:test", "count", NOW) as work:
        rebuild_counts(work, "MLI", [WEEK], desk.host)
        rows = read_counts(work, "MLI", [WEEK])
        assert {(row.org_id, row.story_count) for row in rows} == {(desk.host, 1), (desk.other, 1)}
        assert first_weeks(work, "MLI") == {
            (Tlp.AMBER_STRICT, desk.host): WEEK,
            (Tlp.AMBER_STRICT, desk.other): WEEK,
        }


def test_evidence_names_the_newest_and_figures_are_over_all(desk: Desk) -> None:
    items = [
        desk.add(str(hours), **COUNTED, source=f"s{hours % 2}", at=NOW - timedelta(hours=hours))
        for hours in range(3)
    ]
    desk.add("kept", **COUNTED, tlp=Tlp.AMBER_STRICT, org_id=desk.other)
    with desk.store.looking("read", NOW) as work:
        evidence = read_evidence(work, ("MLI", "fighting", WEEK), Cut(Tlp.AMBER_STRICT, desk.host), 2)
    assert [item for _, item in evidence.versions] == items[:2]
    assert evidence.emerged_at == NOW - timedelta(hours=2)
    assert (evidence.source_count, evidence.gravity) == (2, 3)


def test_field_reports_are_evidence_beside_the_cap_on_news(desk: Desk) -> None:
    said = COUNTED | {"kind": ItemKind.REPORT, "source": "open-form"}
    reports = [desk.add("", str(day), **said, at=NOW - timedelta(days=day)) for day in range(3)]
    news = [desk.add(str(minute), **COUNTED, at=NOW - timedelta(minutes=minute)) for minute in range(3)]
    with desk.store.looking("read", NOW) as work:
        evidence = read_evidence(work, ("MLI", "fighting", WEEK), Cut(Tlp.CLEAR, None), 2)
    assert [item for _, item in evidence.versions] == [*reports, *news[:2]]


def test_a_story_that_is_read_under_two_themes_counts_under_that_of_its_first_item(desk: Desk) -> None:
    desk.add("a", **COUNTED | {"severity": 2}, story_id="one", at=NOW - timedelta(hours=2))
    desk.add("b", **COUNTED | {"theme": "civilians", "severity": 5}, story_id="one")
    with desk.store.acting("job:test", "count", NOW) as work:
        rebuild_counts(work, "MLI", [WEEK], desk.host)
    counted = [(row["theme"], row["story_count"], row["severity_sum"]) for row in desk.all_of(WeekCount)]
    assert counted == [("fighting", 1, 5)]
