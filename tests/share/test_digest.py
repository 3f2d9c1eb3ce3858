"""What one subscriber's digest says, and what it never says."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.share.house import CANARY, NOW, WEEK, House, at, days
from tests.share.story import LESSON, RELEASED, RELEASED_KEN, tell
from tracker.domain.words import (
    ActionStatus,
    AlertState,
    DecisionKind,
    EditKind,
    ItemKind,
    Level,
    MilestoneKind,
    Role,
    Tlp,
)
from tracker.errors import SubmissionError
from tracker.share.digest import Digest, compose, single_line
from tracker.share.editing import Placing, place, week_held, write_lead
from tracker.store.reads.alerts import AlertFilter
from tracker.store.reads.alerts import alerts as alerts_seen
from tracker.store.tables import Action, AlertSignal, Decision, Lesson, Receipt, SignalEvidence


def said(digest: Digest) -> str:
    return str(digest)


def titles(digest: Digest) -> list[str]:
    return [section.title for section in digest.sections]


def test_an_analyst_reads_the_gap_first_and_then_the_week(house: House) -> None:
    tell(house)
    digest = compose(house.store, house.viewer("analyst"), WEEK, NOW)
    assert digest.subject == (
        "[TLP:GREEN] Early warning week 47 – 3 alerts wait for a decision, oldest shown 9 days"
    )
    assert titles(digest) == [
        *("The gap", "Grave and new", "Not acting now", "Acted, and what came of it", "Closed"),
        *("What we could not see, and whom we did not answer", "Figures, last 90 days", "Corrections"),
    ]
    first = digest.sections[0].entries[0]
    assert (first.mark, first.lead, first.soft) == ("▲ High", "Mali", "Next: name an owner today.")
    assert first.text == "Communal violence and hate. 9 days late, no owner."
    assert digest.period == "Week 47, 16–22 November 2026"
    assert digest.data_cut == "data to Sunday 23:59 UTC"
    assert digest.not_seen == "What we could not see: 1 of 10 feeds fails; 1 of 2 partners said nothing."


def test_what_lies_above_green_is_counted_and_never_shown(house: House) -> None:
    tell(house)
    digest = compose(house.store, house.viewer("coordinator"), WEEK, NOW)
    assert digest.above == ("1 alert above TLP:GREEN waits for a decision: sign in to see.",)
    assert "Sudan" not in said(digest)
    assert "SDN" not in said(digest)


def test_the_level_shown_is_that_of_the_signals_that_mail_may_carry(house: House) -> None:
    house.user("analyst", Role.ANALYST)
    alert_id = house.alert("MLI", "unrest", Level.MEDIUM, at("10 12:00"))
    graver = house.signal(Level.CRITICAL, at("10 12:00"), tlp=Tlp.AMBER, org_id=house.org, country="MLI")
    house.add(AlertSignal, signal_id=graver, alert_id=alert_id, attached_at=at("10 12:00"))
    entry = compose(house.store, house.viewer("analyst"), WEEK, NOW).sections[0].entries[0]
    assert entry.level is Level.MEDIUM
    assert entry.text.endswith("9 days late, no owner.")


def test_an_alert_decided_above_green_is_not_said_to_wait(house: House) -> None:
    tell(house)
    assert "TCD" not in str(compose(house.store, house.viewer("analyst"), WEEK, NOW).sections[0])


def test_the_next_step_of_an_alert_knows_a_delivery_above_green(house: House) -> None:
    analyst = house.user("analyst", Role.ANALYST)
    alert_id = house.alert("MLI", "unrest", Level.MEDIUM, at("10 12:00"), owner_id=analyst.user_id)
    entry = compose(house.store, analyst, WEEK, NOW).sections[0].entries[0]
    assert entry.soft == "Next: deliver a brief to who can decide."
    house.milestone(alert_id, MilestoneKind.DELIVERED, at("11 12:00"), tlp=Tlp.AMBER, country="MLI")
    entry = compose(house.store, analyst, WEEK, NOW).sections[0].entries[0]
    assert entry.soft == "Next: ask again for the answer."


def test_an_officer_reads_of_what_has_a_release_line_and_figures_without_a_country(house: House) -> None:
    tell(house)
    digest = compose(house.store, house.viewer("officer"), WEEK, NOW)
    assert digest.headline == "2 alerts wait for a decision, the oldest 9 days"
    assert digest.above == ("1 brief waits for your answer: sign in to see.",)
    assert titles(digest) == ["The gap", "Acted, and what came of it", "Figures, last 90 days"]
    assert digest.sections[0].entries[0].text.startswith("Markets near the lake close early")
    assert not any(entry.lead or entry.ref for section in digest.sections for entry in section.entries)
    for word in ("Mali", "Kenya", "Niger", "MLI", "KEN", "Communal", LESSON):
        assert word not in said(digest)


def test_a_partner_reads_new_release_lines_and_a_state_none_about_itself(house: House) -> None:
    tell(house)
    partner = compose(house.store, house.viewer("partner"), WEEK, NOW)
    assert partner.headline == "1 new release line this week"
    assert [entry.text for entry in partner.sections[0].entries] == [single_line(RELEASED_KEN)]
    assert RELEASED not in said(partner), "it was released the week before"
    kenya = compose(house.store, house.viewer("kenya"), WEEK, NOW)
    assert kenya.headline == "Nothing new to pass on"
    assert "Markets" not in said(kenya)


def test_a_week_without_a_gap_still_goes_out_and_says_so(house: House) -> None:
    house.user("analyst", Role.ANALYST)
    digest = compose(house.store, house.viewer("analyst"), WEEK, NOW)
    assert digest.headline == "No alert waits for a decision"
    assert "No open gap is news" in digest.sections[0].entries[0].text


def test_what_became_known_after_sunday_is_left_for_the_next_week(house: House) -> None:
    house.user("analyst", Role.ANALYST)
    alert_id = house.alert("MLI", "unrest", Level.MEDIUM, at("10 12:00"))
    house.milestone(alert_id, MilestoneKind.DECIDED, at("23 05:00"), country="MLI")
    assert compose(house.store, house.viewer("analyst"), WEEK, NOW).headline.startswith("1 alert waits")
    assert compose(house.store, house.viewer("analyst"), "2026-W48", NOW).headline.startswith("No alert")


def test_a_long_gap_is_cut_and_the_rest_counted(house: House) -> None:
    house.user("analyst", Role.ANALYST)
    for _ in range(13):
        house.alert("MLI", "unrest", Level.MEDIUM, at("10 12:00"))
    entries = compose(house.store, house.viewer("analyst"), WEEK, NOW).sections[0].entries
    assert len(entries) == 11
    assert entries[-1].text == "And 3 more: sign in to see them."


def test_a_reader_with_a_scope_reads_of_their_countries_alone(house: House) -> None:
    tell(house)
    digest = said(compose(house.store, house.viewer("niger"), WEEK, NOW))
    assert "Niger" in digest
    assert not any(word in digest for word in ("Mali", "Kenya", "Sudan", "COD", "Withdrawn"))


@pytest.mark.parametrize("week", ["2026-47", "2026-W54", "W47", "", "2026-W4x", "2027-W01", "2026-W47\n"])
def test_a_week_that_is_none_or_has_not_begun_is_refused(house: House, week: str) -> None:
    viewer = house.user("analyst", Role.ANALYST)
    with pytest.raises(SubmissionError):
        compose(house.store, viewer, week, NOW)


def test_what_comes_up_next_week_is_told_by_day_and_what_is_over_is_not(house: House) -> None:
    house.user("analyst", Role.ANALYST)
    alert_id = house.alert("MLI", "unrest", Level.MEDIUM, at("20 12:00"))
    label = {"alert_id": alert_id, "country": "MLI"}
    known = {"recorded_at": at("20 13:00"), "reviewed_at": None, "kind": DecisionKind.WATCH}
    for on in (date(2026, 11, 22), date(2026, 11, 29), date(2026, 11, 30)):
        own = house.alert("MLI", "unrest", Level.MEDIUM, at("20 12:00"))
        house.add(Decision, review_on=on, delivery_id=None, **known, **(label | {"alert_id": own}))
    house.add(Decision, review_on=date(2026, 11, 25), **(known | {"reviewed_at": at("21 08:00")}), **label)
    for status in (ActionStatus.AGREED, ActionStatus.DONE):
        made = {"kind": "DIALOGUE", "created_at": at("20 14:00")}
        house.add(Action, due_on=date(2026, 11, 24), status=status, **made, **label)
    house.add(Action, due_on=date(2026, 11, 24), tlp=Tlp.AMBER, created_at=at("20 14:00"), **label)
    for done in ("26 12:00", "20 12:00"):
        ended = {"status": ActionStatus.DONE, "created_at": at("20 14:00"), "due_on": date(2026, 11, 20)}
        house.add(Action, kind="DIALOGUE", done_at=at(done) - timedelta(days=30), **ended, **label)
    digest = compose(house.store, house.viewer("analyst"), WEEK, NOW)
    coming = next(section for section in digest.sections if section.title == "Coming up")
    assert [entry.text.partition(". ")[2] for entry in coming.entries] == [
        "Bring groups together to talk, due on 24 November.",
        "Bring groups together to talk: ask on 26 November what came of it.",
        "To be looked at again on 29 November.",
    ]


def test_a_review_that_a_later_decision_ended_does_not_come_up(house: House) -> None:
    house.user("analyst", Role.ANALYST)
    alert_id = house.alert("MLI", "unrest", Level.MEDIUM, at("20 12:00"))
    label = {"alert_id": alert_id, "country": "MLI", "reviewed_at": None}
    watch = {"kind": DecisionKind.WATCH, "decided_at": at("20 13:00"), "review_on": date(2026, 11, 25)}
    house.add(Decision, recorded_at=at("20 13:00"), **watch, **label)
    assert "To be looked at again" in said(compose(house.store, house.viewer("analyst"), WEEK, NOW))
    act = {"kind": DecisionKind.ACT, "decided_at": at("21 13:00"), "review_on": None}
    house.add(Decision, recorded_at=at("21 13:00"), **act, **label)
    assert "To be looked at again" not in said(compose(house.store, house.viewer("analyst"), WEEK, NOW))


def test_what_came_of_a_response_is_asked_and_of_a_mere_step_is_not(house: House) -> None:
    house.user("analyst", Role.ANALYST)
    alert_id = house.alert("MLI", "unrest", Level.MEDIUM, at("01 12:00") - days(10))
    done = {"status": ActionStatus.DONE, "done_at": at("24 12:00") - days(30), "country": "MLI"}
    for kind in ("DIALOGUE", "VERIFY"):
        house.add(Action, alert_id=alert_id, kind=kind, due_on=date(2026, 10, 25), **done)
    digest = compose(house.store, house.viewer("analyst"), WEEK, NOW)
    (coming,) = (section for section in digest.sections if section.title == "Coming up")
    (entry,) = coming.entries
    assert "Bring groups together to talk" in entry.text


def test_one_lesson_is_told_where_its_label_lets_it_out(house: House) -> None:
    tell(house)
    for number in range(2):
        ended = {"state": AlertState.CLOSED, "closed_at": at(f"20 1{number}:00")}
        alert_id = house.alert("NER", "unrest", Level.MEDIUM, at("18 12:00"), **ended)
        house.add(Lesson, country="NER", alert_id=alert_id, tlp=(Tlp.AMBER, Tlp.GREEN)[number])
    closed = next(
        section
        for section in compose(house.store, house.viewer("analyst"), WEEK, NOW).sections
        if section.title == "Closed"
    )
    assert [entry.soft for entry in closed.entries] == [
        f"Lesson: {LESSON}",
        "",
        "A lesson was kept: sign in to read it.",
    ]


def rumour(house: House, *, tlp: Tlp) -> str:
    """Add an alert with a release line that rests on a rumour of a label; the alert itself is GREEN."""
    alert_id = house.alert("KEN", "communal", Level.HIGH, at("20 12:00"))
    item_id, version_id = house.item(country="KEN", category="RUMOUR", tlp=tlp, published_at=at("20 11:00"))
    signal = house.signal(Level.HIGH, at("20 12:00"), tlp=Tlp.GREEN, org_id=house.org, country="KEN")
    house.add(AlertSignal, signal_id=signal, alert_id=alert_id, attached_at=at("20 12:00"))
    house.add(SignalEvidence, signal_id=signal, version_id=version_id, item_id=item_id)
    house.line(alert_id, "KEN", "They say that the wells were poisoned.", at("20 13:00"))
    house.add(Lesson, country="KEN", alert_id=alert_id, note="The wells were shown to be clean.")
    return alert_id


@pytest.mark.parametrize("tlp", list(Tlp))
@pytest.mark.parametrize("role", list(Role))
def test_no_mail_repeats_a_rumour(house: House, tlp: Tlp, role: Role) -> None:
    reader = house.user("reader", role, own_country="NOR" if role is Role.MEMBER_STATE else None)
    rumour(house, tlp=tlp)
    digest = compose(house.store, reader, WEEK, NOW)
    assert "wells" not in said(digest)
    knows = role not in (Role.PARTNER, Role.MEMBER_STATE) and tlp in (Tlp.CLEAR, Tlp.GREEN)
    assert ("A rumour is going round." in said(digest)) is knows
    if not reader.inside and not knows:
        assert "not told of by mail" in said(digest) or "1 line is not repeated by mail" in said(digest)


@pytest.mark.parametrize(
    ("week", "name", "span"),
    [
        ("2026-W53", "week 53 of 2026", "28 December 2026–3 January 2027"),
        ("2027-W01", "week 1", "4–10 January 2027"),
        ("2025-W01", "week 1 of 2025", "30 December 2024–5 January 2025"),
        ("2026-W44", "week 44", "26 October–1 November 2026"),
    ],
)
def test_a_week_is_named_with_its_iso_year_where_its_days_lie_in_two(
    house: House, week: str, name: str, span: str
) -> None:
    house.user("analyst", Role.ANALYST)
    digest = compose(house.store, house.viewer("analyst"), week, datetime(2027, 2, 1, tzinfo=UTC))
    assert digest.subject == f"[TLP:GREEN] Early warning {name} – No alert waits for a decision"
    assert digest.period == f"{name.capitalize()}, {span}"


@pytest.mark.parametrize(
    ("week", "zone", "cut"),
    [
        ("2026-W47", "UTC", "Sunday 23:59 UTC"),
        ("2026-W47", "Africa/Nairobi", "Monday 02:59 EAT"),
        ("2026-W12", "Europe/Oslo", "Monday 00:59 CET"),
        ("2026-W13", "Europe/Oslo", "Monday 01:59 CEST"),
        ("2026-W43", "Europe/Oslo", "Monday 00:59 CET"),
        ("2026-W44", "America/New_York", "Sunday 18:59 EST"),
    ],
)
def test_the_data_cut_is_told_in_the_readers_zone_through_clock_changes(
    house: House, week: str, zone: str, cut: str
) -> None:
    house.user("analyst", Role.ANALYST)
    digest = compose(house.store, house.viewer("analyst"), week, NOW, zone)
    assert digest.data_cut == f"data to {cut}"


def test_those_inside_read_how_many_reports_wait_for_an_answer(house: House) -> None:
    tell(house)
    for tlp, replied in ((Tlp.AMBER, None), (Tlp.RED, None), (Tlp.AMBER, NOW)):
        item_id, _ = house.item(kind=ItemKind.REPORT, tlp=tlp, published_at=at("18 09:00"))
        house.add(
            Receipt,
            item_id=item_id,
            source_id=house.source().id,
            code_hash=item_id,
            client_digest=item_id,
            replied_at=replied,
        )
    words = "1 report waits for our answer, of the last four weeks."
    assert words in said(compose(house.store, house.viewer("analyst"), WEEK, NOW))
    assert words not in said(compose(house.store, house.viewer("officer"), WEEK, NOW))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    alerts=st.lists(
        st.tuples(
            st.sampled_from(Tlp), st.sampled_from(Level), st.sampled_from(["MLI", "NER"]), st.integers(1, 22)
        ),
        max_size=3,
    ),
    role=st.sampled_from(Role),
    clearance=st.sampled_from(Tlp),
    lead=st.sampled_from(["", "A date was named.", "Threats in Mali.", "Le Niger attend."]),
    placed=st.lists(st.tuples(st.integers(0, 20), st.sampled_from(EditKind)), max_size=4),
)
def test_no_word_that_must_stay_inside_is_ever_in_a_digest(
    house: House,
    alerts: list[tuple[Tlp, Level, str, int]],
    role: Role,
    clearance: Tlp,
    lead: str,
    placed: list[tuple[int, EditKind]],
) -> None:
    if "teller" not in house.people:
        house.user("teller", Role.ANALYST)
        tell(house)
    for tlp, level, country, day in alerts:
        house.alert(country, "unrest", level, at(f"{day:02} 12:00"), tlp=tlp)
    editor = house.viewer("teller")
    write_lead(house.store, editor, WEEK, lead, NOW)
    held = [entry.alert_id for each in week_held(house.store, editor, WEEK, NOW) for entry in each.entries]
    for number, kind in placed:
        if kind is not EditKind.LEAD:
            place(house.store, editor, WEEK, Placing(held[number % len(held)] or "", kind), NOW)
    reader = replace(editor, role=role, clearance=clearance, own_country="MLI")
    digest = compose(house.store, reader, WEEK, NOW)
    assert CANARY not in said(digest)
    green = replace(reader, clearance=min(clearance, Tlp.GREEN, key=list(Tlp).index))
    with house.store.viewing(green) as view:
        seen = {f"{row.ref}." for row in alerts_seen(view, AlertFilter(open_only=False), limit=1000)}
    if role is Role.MEMBER_STATE or clearance is Tlp.CLEAR:
        assert "Threats in Mali" not in said(digest)
    assert {entry.ref for section in digest.sections for entry in section.entries} <= seen | {""}


@given(st.text(max_size=80))
def test_a_single_line_is_fit_for_a_header(text: str) -> None:
    line = single_line(text)
    assert line == "" or line.isprintable()
    assert len(line.splitlines()) <= 1
