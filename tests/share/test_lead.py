"""What may stand in a lead, and who may read it."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.share.house import NOW, House
from tracker.domain.viewer import Viewer
from tracker.domain.words import Role, Tlp
from tracker.errors import SubmissionError
from tracker.respond.policy import Policy, policy_in_force
from tracker.share.lead import MAX_LENGTH, RUN, check_lead, countries_in, may_read_lead

NAMES = ("Cleo (coordinator)", "Omar Diallo")
REPORT = "Leaflets tell one group to leave by Friday. Houses were marked at night."


def reader(role: Role, own: str | None = None, *, scope: str = "", tlp: Tlp = Tlp.GREEN) -> Viewer:
    return Viewer("U", "name", role, tlp, "ORG", frozenset(scope.split()) or None, own)


@pytest.fixture
def policy(house: House) -> Policy:
    return policy_in_force(house.store, NOW)


@pytest.mark.parametrize(
    "lead",
    [
        "",
        "Threats now carry a date; a correction on the radio has worked before.",
        "On Friday one group was told to leave.",
        "In 2026, 3 of 14 alerts waited 9 days.",
        "Cleopatra's town is calm, and Omar is a common name.",
    ],
)
def test_an_editors_own_words_pass(lead: str) -> None:
    check_lead(lead, NAMES, [REPORT])


@pytest.mark.parametrize(
    ("lead", "problem"),
    [
        ("Read MLI-0016 first.", "names an alert, MLI-0016"),
        ("Call Cleo for more.", "names Cleo (coordinator)"),
        ("It was Omar Diallo who said so.", "names Omar Diallo"),
        ("Write to reporter@example.org.", "holds an address"),
        ("See https://x.test/1", "holds an address"),
        ("Ring +254 711 123 456 now.", "holds an address or a number"),
        ("We hear that LEAFLETS tell one group to leave, again.", "stands so in a field report"),
        ("“Houses were marked at night” … by Friday. Houses were marked at night!", "stands so"),
        ("a" * (MAX_LENGTH + 1), "600 are the most"),
    ],
)
def test_what_must_not_leave_the_house_is_refused_with_what_to_do(lead: str, problem: str) -> None:
    with pytest.raises(SubmissionError) as refused:
        check_lead(lead, NAMES, [REPORT])
    assert refused.value.field == "lead"
    assert problem in refused.value.problem


WORDS = st.lists(st.text(string.ascii_lowercase, min_size=2, max_size=7), min_size=RUN, max_size=20)


@given(WORDS, WORDS, st.integers(0, 20), st.sampled_from([" ", ", ", "\n", " – "]))
def test_no_run_of_six_words_of_a_report_passes_however_it_is_parted(
    report: list[str], own: list[str], start: int, by: str
) -> None:
    run = report[start % (len(report) - RUN + 1) :][:RUN]
    lead = by.join([*own, *run])[-MAX_LENGTH:]
    with pytest.raises(SubmissionError, match="stands so in a field report"):
        check_lead(lead, [], [" ".join(report).upper()])


@pytest.mark.parametrize(
    ("lead", "countries"),
    [
        ("Threats in Mali and in eastern Chad carry a date.", {"MLI", "TCD"}),
        ("Les Nigériens attendent; au Niger rien de neuf.", {"NER"}),
        ("Kenyan elders were believed.", {"KEN"}),
        ("Киргизия ждёт.", {"KGZ"}),
        ("A date was named.", set()),
    ],
)
def test_countries_are_found_in_a_lead_as_in_items(policy: Policy, lead: str, countries: set[str]) -> None:
    assert countries_in(lead, policy) == countries


@pytest.mark.parametrize(
    ("who", "may"),
    [
        (reader(Role.ANALYST), True),
        (reader(Role.OFFICER, scope="MLI TCD"), True),
        (reader(Role.OFFICER, scope="MLI"), False),
        (reader(Role.ANALYST, scope="NER"), False),
        (reader(Role.PARTNER), True),
        (reader(Role.MEMBER_STATE, "NOR"), True),
        (reader(Role.MEMBER_STATE, "MLI"), False),
        (reader(Role.MEMBER_STATE), False),
        (reader(Role.MEMBER_STATE, "NOR", scope="MLI"), False),
        (reader(Role.ANALYST, tlp=Tlp.CLEAR), False),
    ],
)
def test_nobody_reads_a_lead_about_their_own_state_or_outside_their_scope(who: Viewer, may: bool) -> None:
    assert may_read_lead(who, {"MLI", "TCD"}) is may


def test_a_lead_that_names_no_country_is_for_everybody_cleared_for_it() -> None:
    assert may_read_lead(reader(Role.OFFICER, scope="NER"), ())
    assert may_read_lead(reader(Role.MEMBER_STATE, "MLI"), ())
