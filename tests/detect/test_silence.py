"""A partner who usually reports and has stopped."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from tests.detect.desk import NOW, Desk, deadlines, rules, stories, taxonomy
from tests.support.statements import statements
from tests.support.villages import village
from tracker.detect.run import detect
from tracker.detect.silence import Silence, silence_of
from tracker.domain.words import InboxState, ItemKind, Level, SourceKind, Tlp
from tracker.store.tables import History, Source, Triage
from tracker.understand.run import understand

RULES, TAXONOMY, DEADLINES = rules(), taxonomy(), deadlines()
STORIES = stories()
RULE = RULES.silence
DAY = timedelta(days=1)


def weekly(count: int, ended: int, every: int = 7) -> list[Any]:
    """Return arrivals every so many days, the last one `ended` days ago."""
    return [NOW - DAY * (ended + every * back) for back in range(count - 1, -1, -1)]


def test_a_weekly_partner_is_silent_after_two_weeks_and_not_before() -> None:
    assert silence_of(weekly(11, 14), NOW, RULE) is None
    assert silence_of(weekly(11, 15), NOW, RULE) == Silence(days=15, usual=7, allowed=14)


def test_a_daily_partner_is_given_a_week() -> None:
    assert silence_of(weekly(11, 7, every=1), NOW, RULE) is None
    assert silence_of(weekly(11, 8, every=1), NOW, RULE) == Silence(days=8, usual=1, allowed=7)


def test_of_a_partner_with_few_reports_no_habit_is_known() -> None:
    assert silence_of(weekly(3, 60), NOW, RULE) is None


def test_several_reports_of_one_day_are_one() -> None:
    burst = [NOW - 30 * DAY + timedelta(minutes=number) for number in range(20)]
    assert silence_of(burst, NOW, RULE) is None


def test_one_who_is_gone_for_months_is_no_news() -> None:
    assert silence_of(weekly(11, 91), NOW, RULE) is None


@given(st.lists(st.integers(min_value=0, max_value=400), max_size=30))
def test_a_silence_is_longer_than_allowed_and_than_a_week(ago: list[int]) -> None:
    found = silence_of(sorted(NOW - DAY * days for days in ago), NOW, RULE)
    assert found is None or RULE.at_least_days <= found.allowed <= found.days <= RULE.forget_after_days


def _partner(desk: Desk, ended: int, text: str = "All calm here", **given: Any) -> list[str]:
    given = {"kind": ItemKind.REPORT, "country": "KEN", "tlp": Tlp.AMBER_STRICT, "source": "partner"} | given
    items = [desk.add("", f"{text} {at:%d}", at=at, **given) for at in weekly(5, ended)]
    _came(desk, ended, given["source"])
    return items


def _came(desk: Desk, ended: int, source: str = "partner") -> None:
    with desk.store.acting("test", "note the last report", NOW) as work:
        last = {"kind": SourceKind.PARTNER, "last_ok_at": NOW - DAY * ended}
        work.execute(update(Source).where(Source.id == desk.sources[source]).values(last))


def _work(desk: Desk, now: Any = NOW) -> int:
    understand(desk.store, TAXONOMY, STORIES, now)
    return detect(desk.store, RULES, TAXONOMY, DEADLINES, now).signals_raised


def test_a_silent_partner_is_one_signal_under_the_label_of_the_last_report(desk: Desk) -> None:
    items = _partner(desk, 20)
    assert _work(desk) == 1
    assert _work(desk, NOW + DAY) == 0
    (signal,) = desk.signals
    assert (signal["rule"], signal["country"], signal["level"]) == ("silence", "KEN", Level.MEDIUM)
    assert (signal["tlp"], signal["org_id"], signal["subject_value"]) == (
        Tlp.AMBER_STRICT,
        desk.host,
        items[-1],
    )
    assert signal["sentence"] == (
        "A partner in Kenya has sent no report for 20 days; before, one came every 7 days or so."
    )


def test_silence_after_a_grave_report_is_graver(desk: Desk) -> None:
    _partner(desk, 20, severity=5, tagged_with=99)
    _work(desk)
    assert [signal["level"] for signal in desk.signals if signal["rule"] == "silence"] == [Level.HIGH]


def test_a_feed_that_is_silent_is_no_signal(desk: Desk) -> None:
    _partner(desk, 20)
    with desk.store.acting("test", "make it a feed", NOW) as work:
        work.execute(update(Source).values(kind=SourceKind.FEED))
    assert _work(desk) == 0


def test_a_partner_who_reports_again_clears_the_silence_from_the_inbox(desk: Desk) -> None:
    _partner(desk, 20)
    _work(desk)
    desk.add("", "We are back", kind=ItemKind.REPORT, country="KEN", tlp=Tlp.AMBER_STRICT, source="partner")
    _came(desk, 0)
    assert _work(desk, NOW + DAY) == 0
    assert [signal["inbox_state"] for signal in desk.signals] == [InboxState.DISMISSED]
    assert [row["reason"] for row in desk.all_of(Triage)] == ["reported_again"]
    assert [row["deed"] for row in desk.all_of(History)] == ["flagged", "dismissed"]


@pytest.mark.parametrize(
    ("tlp", "holder", "state"),
    [
        (Tlp.RED, "host", InboxState.WAITING),
        (Tlp.AMBER_STRICT, "other", InboxState.WAITING),
        (Tlp.AMBER_STRICT, "host", InboxState.DISMISSED),
        (Tlp.AMBER, "other", InboxState.DISMISSED),
    ],
)
def test_a_silence_ends_by_a_report_alone_that_all_may_see_who_see_the_silence(
    desk: Desk, tlp: Tlp, holder: str, state: InboxState
) -> None:
    """Else "reported again" would tell of a report that is hidden from them."""
    _partner(desk, 20)
    _work(desk)
    said: dict[str, Any] = {"kind": ItemKind.REPORT, "country": "KEN", "source": "partner"}
    desk.add("", "We are back", tlp=tlp, org_id=getattr(desk, holder), **said)
    _came(desk, 0)
    _work(desk, NOW + DAY)
    assert [signal["inbox_state"] for signal in desk.signals] == [state]


def test_a_report_on_another_country_ends_no_silence(desk: Desk) -> None:
    """Else "reported again" would tell those who are there for one country of a report on another."""
    _partner(desk, 20)
    _work(desk)
    desk.add("", "Back", kind=ItemKind.REPORT, country="UGA", tlp=Tlp.AMBER_STRICT, source="partner")
    _came(desk, 0)
    _work(desk, NOW + DAY)
    assert [signal["inbox_state"] for signal in desk.signals] == [InboxState.WAITING]


def test_a_silence_under_red_ends_by_a_report_under_red(desk: Desk) -> None:
    _partner(desk, 20, tlp=Tlp.RED)
    _work(desk)
    desk.add("", "Back", kind=ItemKind.REPORT, country="KEN", tlp=Tlp.RED, source="partner")
    _came(desk, 0)
    _work(desk, NOW + DAY)
    assert [signal["inbox_state"] for signal in desk.signals] == [InboxState.DISMISSED]


def test_a_habit_is_known_by_the_newest_reports_alone(desk: Desk) -> None:
    _partner(desk, 20)
    understand(desk.store, TAXONOMY, STORIES, NOW)
    few = replace(RULES, silence=replace(RULE, reports_remembered=RULE.usual_reports - 1))
    detect(desk.store, few, TAXONOMY, DEADLINES, NOW)
    assert desk.signals == []
    detect(desk.store, RULES, TAXONOMY, DEADLINES, NOW)
    assert len(desk.signals) == 1


def test_many_silent_partners_take_as_few_statements_as_one(desk: Desk) -> None:
    def many(partners: int, after: str) -> tuple[int, int]:
        for number in range(partners):
            _partner(desk, 20, f"Calm in {village(number)} {after}", source=f"{after} {number}")
        understand(desk.store, TAXONOMY, STORIES, NOW)
        detect(desk.store, replace(RULES, silence=replace(RULE, usual_reports=99)), TAXONOMY, DEADLINES, NOW)
        with statements(desk.store) as raising:
            detect(desk.store, RULES, TAXONOMY, DEADLINES, NOW)
        for number in range(partners):
            said: dict[str, Any] = {"kind": ItemKind.REPORT, "country": "KEN", "tlp": Tlp.AMBER_STRICT}
            desk.add("", f"Back {after}", source=f"{after} {number}", at=NOW + DAY, **said)
            _came(desk, -1, f"{after} {number}")
        with statements(desk.store) as ending:
            detect(desk.store, RULES, TAXONOMY, DEADLINES, NOW + DAY)
        return len(raising), len(ending)

    assert many(1, "once") == many(8, "again")
    states = [signal["inbox_state"] for signal in desk.signals]
    assert states == [InboxState.DISMISSED] * 9
