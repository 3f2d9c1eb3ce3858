"""Detection on real databases: what is dirty is counted and judged, once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from tests.detect.desk import NOW, Desk, deadlines, rules, stories, taxonomy
from tracker.detect.run import DetectSummary, detect
from tracker.domain.viewer import Viewer
from tracker.domain.words import AlertState, Hidden, InboxState, ItemKind, Level, Role, Tlp
from tracker.store.reads.inbox import SignalRow, waiting_signals, weeks_since
from tracker.store.tables import DirtyWeek, History, Item, Signal, SignalEvidence, WeekCount
from tracker.store.writes.alerts import attach_signal, change_alert, find_or_open_alert
from tracker.store.writes.counts import mark_dirty
from tracker.store.writes.inbox import lock_signal
from tracker.understand.run import understand

RULES, TAXONOMY, DEADLINES = rules(), taxonomy(), deadlines()
STORIES = stories()
CLASH = "Heavy fighting and clashes in Mali"
CALL = "They say drive them out by Friday, cockroaches"


def _work(desk: Desk, now: Any = NOW) -> DetectSummary:
    understand(desk.store, TAXONOMY, STORIES, now)
    return detect(desk.store, RULES, TAXONOMY, DEADLINES, now)


def _report(desk: Desk, text: str = CALL, **given: Any) -> str:
    given = {"kind": ItemKind.REPORT, "country": "KEN", "tlp": Tlp.AMBER_STRICT} | given
    return desk.add("", text, source="open-form", **given)


def test_a_week_with_more_than_expected_raises_one_signal_with_its_evidence(desk: Desk) -> None:
    items = desk.add_many(6, CLASH)
    assert _work(desk) == DetectSummary(countries=1, weeks_counted=1, signals_raised=1)
    (signal,) = desk.signals
    assert (signal["country"], signal["theme"], signal["level"]) == ("MLI", "fighting", Level.MEDIUM)
    assert (signal["observed"], signal["source_count"], signal["tlp"]) == (6, 4, Tlp.CLEAR)
    assert signal["inbox_state"] is InboxState.WAITING
    assert signal["inbox_due_at"] == NOW + timedelta(hours=24)
    assert signal["emerged_at"] == NOW
    assert "6 stories in week 2026-W48" in signal["sentence"]
    assert {row["item_id"] for row in desk.all_of(SignalEvidence)} == set(items)
    (history,) = desk.all_of(History)
    assert (history["deed"], history["actor"], history["subject_id"]) == (
        "flagged",
        "job:detect",
        signal["id"],
    )
    assert not desk.all_of(DirtyWeek)


def test_doing_it_twice_changes_nothing(desk: Desk) -> None:
    desk.add_many(9, CLASH)
    _report(desk)
    _work(desk)
    before = desk.snapshot()
    assert _work(desk, NOW + timedelta(hours=1)).signals_raised == 0
    with desk.store.acting("operator", "mark", NOW) as work:
        mark_dirty(work, [("MLI", "2026-W48"), ("KEN", "2026-W48")])
    assert _work(desk, NOW + timedelta(hours=2)).signals_raised == 0
    assert desk.snapshot() == before


def test_a_higher_level_is_a_new_signal_and_the_same_level_is_not(desk: Desk) -> None:
    desk.add_many(5, CLASH)
    _work(desk)
    desk.add_many(1, CLASH)
    assert _work(desk).signals_raised == 0
    desk.add_many(4, CLASH)
    assert _work(desk).signals_raised == 1
    assert sorted(signal["level"] for signal in desk.signals) == [Level.HIGH, Level.MEDIUM]


def test_a_week_that_stays_above_the_bound_is_shown_on_its_signal_and_raises_no_other(desk: Desk) -> None:
    _work_in_weeks(desk, *[1] * 10, 9, 30)
    (signal,) = desk.signals
    (row,) = _waiting(desk)
    assert row.id == signal["id"]
    with desk.store.viewing(_analyst(desk)) as view:
        assert weeks_since(view, [row]) == {row.id: [("2026-W48", 30)]}


def test_after_a_week_of_calm_the_same_is_a_new_signal(desk: Desk) -> None:
    _work_in_weeks(desk, *[1] * 10, 30, 1, 1, 30)
    assert [signal["subject_value"] for signal in desk.signals] == ["2026-W45", "2026-W48"]


def test_a_higher_level_is_raised_however_long_the_country_was_elevated(desk: Desk) -> None:
    _work_in_weeks(desk, *[1] * 10, 6, 40)
    assert [(signal["subject_value"], signal["level"]) for signal in desk.signals] == [
        ("2026-W47", Level.MEDIUM),
        ("2026-W48", Level.HIGH),
    ]


def test_what_goes_on_after_its_alert_was_closed_is_a_new_signal(desk: Desk) -> None:
    before = NOW - timedelta(weeks=1)
    _work_in_weeks(desk, *[1] * 10, 9, until=before)
    with desk.store.acting("job:test", "close", before) as work:
        signal = desk.signals[0]
        alert = find_or_open_alert(work, lock_signal(work, signal["id"]))[0]
        attach_signal(work, alert.id, signal["id"])
        change_alert(work, alert, state=AlertState.CLOSED, closed_at=before, closed_because="calm")
    desk.add_many(30, CLASH)
    assert _work(desk).signals_raised == 1


def _work_in_weeks(desk: Desk, *counts: int, until: datetime = NOW) -> None:
    """Let so many stories come in week after week, each week worked through as it comes."""
    for back, count in zip(range(len(counts) - 1, -1, -1), counts, strict=True):
        at = until - timedelta(weeks=back)
        desk.add_many(count, CLASH, at=at)
        _work(desk, at + timedelta(hours=2))


def _analyst(desk: Desk) -> Viewer:
    return Viewer("nobody", "Analyst", Role.ANALYST, Tlp.AMBER_STRICT, desk.host)


def _waiting(desk: Desk) -> list[SignalRow]:
    with desk.store.viewing(_analyst(desk)) as view:
        return waiting_signals(view)


def test_old_weeks_are_counted_and_raise_nothing(desk: Desk) -> None:
    desk.add_many(20, CLASH, at=NOW - timedelta(weeks=2))
    assert _work(desk) == DetectSummary(1, 1, 0)
    assert sum(row["story_count"] for row in desk.all_of(WeekCount)) == 20


def test_the_week_before_still_raises(desk: Desk) -> None:
    desk.add_many(6, CLASH, at=NOW - timedelta(weeks=1))
    assert _work(desk).signals_raised == 1


def test_a_grave_field_report_is_critical_at_once_under_its_own_label(desk: Desk) -> None:
    item = _report(desk)
    _work(desk)
    (signal,) = desk.signals
    assert (signal["rule"], signal["level"]) == ("grave", Level.CRITICAL)
    assert (signal["tlp"], signal["org_id"]) == (Tlp.AMBER_STRICT, desk.host)
    assert signal["subject_value"] == item
    assert signal["inbox_due_at"] == NOW + timedelta(hours=1)
    assert signal["sentence"] == (
        "A field report from Kenya names a call or order to attack or drive out a group, with a date "
        "(trigger G1); not verified."
    )


def test_a_grave_red_report_is_a_red_signal_and_is_counted_nowhere(desk: Desk) -> None:
    _report(desk, tlp=Tlp.RED)
    _work(desk)
    assert [signal["tlp"] for signal in desk.signals] == [Tlp.RED]
    assert desk.all_of(WeekCount) == []


def test_one_grave_news_item_waits_in_the_inbox_below_critical(desk: Desk) -> None:
    desk.add("Gunmen attack village in Mali: 7 people killed")
    _work(desk)
    (signal,) = desk.signals
    assert signal["level"] is Level.HIGH
    assert not RULES.opens_alert(signal["level"])


def test_a_withdrawn_items_signal_is_raised_anew_only_if_it_still_holds(desk: Desk) -> None:
    items = desk.add_many(6, CLASH)
    _work(desk)
    for item, still in ((items[0], 1), (items[1], 0)):
        with desk.store.acting("job:test", "withdraw", NOW) as work:
            hidden = {"hidden_at": NOW, "hidden_because": Hidden.WITHDRAWN}
            work.execute(update(Item).where(Item.id == item).values(**hidden))
            work.execute(update(Signal).where(Signal.hidden_at.is_(None)).values(**hidden))
            mark_dirty(work, [("MLI", "2026-W48")])
        assert _work(desk).signals_raised == still


@pytest.mark.parametrize("holder", ["host", "other"])
def test_what_one_organisation_holds_raises_under_its_own_name(desk: Desk, holder: str) -> None:
    org = getattr(desk, holder)
    desk.add_many(3, CLASH, tlp=Tlp.AMBER)
    desk.add_many(4, CLASH, tlp=Tlp.AMBER_STRICT, org_id=org)
    _work(desk)
    (signal,) = desk.signals
    assert (signal["tlp"], signal["org_id"], signal["observed"]) == (Tlp.AMBER_STRICT, org, 7)


def test_a_story_counts_once_in_the_row_of_its_loosest_label(desk: Desk) -> None:
    desk.add(CLASH, tlp=Tlp.AMBER, story_id="one")
    desk.add(CLASH, tlp=Tlp.GREEN, story_id="one")
    desk.add(CLASH, tlp=Tlp.AMBER_STRICT, org_id=desk.other, story_id="one")
    desk.add(CLASH, tlp=Tlp.RED, story_id="one")
    _work(desk)
    assert [(row["tlp"], row["org_id"], row["story_count"]) for row in desk.all_of(WeekCount)] == [
        (Tlp.GREEN, desk.host, 1)
    ]


def test_peace_is_counted_and_never_raises(desk: Desk) -> None:
    desk.add_many(12, "Peace talks and a ceasefire in Mali")
    assert _work(desk).signals_raised == 0
    assert {row["theme"] for row in desk.all_of(WeekCount)} == {"peace"}


def test_a_death_before_the_marks_are_taken_away_loses_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.add_many(6, CLASH)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("tracker.detect.run.clear_dirty", die)
        with pytest.raises(KeyboardInterrupt):
            _work(desk)
    assert not desk.signals
    assert len(desk.all_of(DirtyWeek)) == 1
    assert _work(desk).signals_raised == 1


def test_a_new_host_with_nothing_dirty_does_nothing(desk: Desk) -> None:
    assert detect(desk.store, RULES, TAXONOMY, DEADLINES, NOW) == DetectSummary(0, 0, 0)


ITEMS = st.lists(
    st.tuples(
        st.sampled_from([Tlp.CLEAR, Tlp.AMBER, Tlp.AMBER_STRICT, Tlp.RED]),
        st.booleans(),
        st.sampled_from([CLASH, "Gunmen attack village in Mali: 7 people killed", "Nothing new"]),
        st.integers(0, 20),
    ),
    max_size=12,
)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(ITEMS)
def test_detecting_again_after_any_items_changes_nothing(
    desk: Desk, items: list[tuple[Tlp, bool, str, int]]
) -> None:
    for tlp, at_other, title, days in items:
        desk.add(title, tlp=tlp, org_id=desk.other if at_other else desk.host, at=NOW - timedelta(days=days))
    _work(desk)
    before = desk.snapshot()
    with desk.store.acting("operator", "mark", NOW) as work:
        mark_dirty(work, {(row["country"], row["week"]) for row in before["week_count"]})
    assert _work(desk).signals_raised == 0
    assert desk.snapshot() == before
