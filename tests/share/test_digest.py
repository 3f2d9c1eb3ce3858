"""What one subscriber's digest says, and what it never says."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.share.house import CANARY, NOW, WEEK, House, at
from tests.share.story import RELEASED, RELEASED_KEN, tell
from tracker.domain.words import Level, MilestoneKind, Role, Tlp
from tracker.errors import SubmissionError
from tracker.share.digest import Digest, compose, single_line
from tracker.store.reads.alerts import AlertFilter
from tracker.store.reads.alerts import alerts as alerts_seen
from tracker.store.tables import AlertSignal


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
        *("Figures, last 90 days", "Corrections"),
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


def test_an_officer_reads_release_lines_and_figures_without_a_country(house: House) -> None:
    tell(house)
    digest = compose(house.store, house.viewer("officer"), WEEK, NOW)
    assert digest.headline == "2 alerts wait for a decision, the oldest 9 days"
    assert digest.above == ("1 brief waits for your answer: sign in to see.",)
    assert titles(digest) == ["The gap", "Figures, last 90 days"]
    assert digest.sections[0].entries[0].text.startswith("Markets near the lake close early")
    assert not any(entry.lead or entry.ref for section in digest.sections for entry in section.entries)
    for word in ("Mali", "Kenya", "Niger", "MLI", "KEN", "Communal"):
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
)
def test_no_word_that_must_stay_inside_is_ever_in_a_digest(
    house: House, alerts: list[tuple[Tlp, Level, str, int]], role: Role, clearance: Tlp
) -> None:
    if "teller" not in house.people:
        house.user("teller", Role.ANALYST)
        tell(house)
    for tlp, level, country, day in alerts:
        house.alert(country, "unrest", level, at(f"{day:02} 12:00"), tlp=tlp)
    reader = replace(house.viewer("teller"), role=role, clearance=clearance, own_country="MLI")
    digest = compose(house.store, reader, WEEK, NOW)
    assert CANARY not in said(digest)
    green = replace(reader, clearance=min(clearance, Tlp.GREEN, key=list(Tlp).index))
    with house.store.viewing(green) as view:
        seen = {f"{row.ref}." for row in alerts_seen(view, AlertFilter(open_only=False), limit=1000)}
    assert {entry.ref for section in digest.sections for entry in section.entries} <= seen | {""}


@given(st.text(max_size=80))
def test_a_single_line_is_fit_for_a_header(text: str) -> None:
    line = single_line(text)
    assert line == "" or line.isprintable()
    assert len(line.splitlines()) <= 1
