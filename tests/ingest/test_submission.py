from collections.abc import Mapping
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.words import HowReporterKnows, ReportKind, ReportWhen, Tlp
from tracker.ingest.submission import MOST, Submission, SubmissionErrors, read_submission

LEAST = {"what": "Leaflets tell people to leave.", "country": "ken"}


def faults(said: Mapping[str, object]) -> dict[str, str]:
    with pytest.raises(SubmissionErrors) as raised:
        read_submission(said)
    return {error.field: error.problem for error in raised.value.errors}


def test_what_and_country_are_enough_and_consent_is_no_unless_said() -> None:
    read = read_submission(LEAST)
    assert read == Submission(what="Leaflets tell people to leave.", country="KEN")
    assert read.tlp is Tlp.AMBER_STRICT
    assert (read.may_contact, read.may_share_un, read.may_share_authorities) == (False, False, False)


def test_every_field_is_read() -> None:
    read = read_submission(
        LEAST
        | {
            "kind": "THREAT", "place": "Molo", "when": "expected", "happened_on": "2026-11-27",
            "how_known": "saw_it", "help": "Talk to the elders.", "killed": "٣", "lang": "sw-KE",
            "tlp": "green", "client_id": "a1", "may_contact": "on", "may_share_un": True,
            "may_share_authorities": "no", "reporter_name": "A. B.", "reporter_contact": "+1",
        }
    )  # fmt: skip
    assert read == Submission(
        what=LEAST["what"], country="KEN", kind=ReportKind.THREAT, place="Molo", when=ReportWhen.EXPECTED,
        happened_on=date(2026, 11, 27), how_known=HowReporterKnows.SAW_IT, help="Talk to the elders.",
        killed=3, lang="sw", tlp=Tlp.GREEN, client_id="a1", may_contact=True, may_share_un=True,
        reporter_name="A. B.", reporter_contact="+1",
    )  # fmt: skip


def test_all_faults_are_told_at_once() -> None:
    assert set(
        faults(
            {
                "what": " <p></p> ", "country": " ", "kind": "war", "place": "x" * 201,
                "when": "soon", "happened_on": "27/11/2026", "how_known": "?", "killed": "-1",
                "lang": "english", "tlp": "PINK", "may_contact": "perhaps", "help": ["x"],
            }
        )
    ) == {
        "what", "country", "kind", "place", "when", "happened_on", "how_known", "killed", "lang", "tlp",
        "may_contact", "help",
    }  # fmt: skip


@pytest.mark.parametrize("name", list(MOST))
def test_a_field_that_is_too_long_is_told_with_both_lengths(name: str) -> None:
    problem = faults(LEAST | {name: "x" * (MOST[name] + 1)})[name]
    assert f"at most {MOST[name]}" in problem
    assert str(MOST[name] + 1) in problem


@pytest.mark.parametrize(("said", "read"), [("3", 3), (3, 3), (3.0, 3), ("١٢", 12), (" 007 ", 7), (0, 0)])
def test_a_number_is_read_however_it_is_written(said: object, read: int) -> None:
    assert read_submission(LEAST | {"killed": said}).killed == read


@pytest.mark.parametrize("said", ["1_0", "3.5", 3.5, float("nan"), "²", "-1", "1e3", "9" * 5000])
def test_what_is_no_whole_number_is_a_fault(said: object) -> None:
    assert set(faults(LEAST | {"killed": said})) == {"killed"}


def test_a_day_may_be_written_with_arabic_digits_and_must_lie_within_memory() -> None:
    assert read_submission(LEAST | {"happened_on": "٢٠٢٦-١١-٢٥"}).happened_on == date(2026, 11, 25)  # noqa: RUF001
    for said in ("0001-01-01", "9999-12-31", "0202-11-25"):
        assert set(faults(LEAST | {"happened_on": said})) == {"happened_on"}


def test_a_blank_number_is_unknown_and_never_zero() -> None:
    assert read_submission(LEAST | {"killed": " "}).killed is None
    assert read_submission(LEAST | {"killed": 0}).killed == 0


def test_markup_and_control_characters_do_not_survive() -> None:
    assert read_submission(LEAST | {"what": "<script>x</script>They\x00 came"}).what == "They came"


def test_words_and_names_stand_in_no_repr_and_no_message() -> None:
    secret = {"what": "SECRET", "place": "SECRET", "help": "SECRET", "reporter_name": "SECRET"}
    assert "SECRET" not in repr(read_submission(LEAST | secret))
    with pytest.raises(SubmissionErrors) as raised:
        read_submission(LEAST | {"reporter_contact": "SECRET" * 100, "kind": "SECRET", "country": "SECRET"})
    assert "SECRET" not in str(raised.value)


@given(st.dictionaries(st.sampled_from([*MOST, "country", "killed", "tlp", "happened_on"]), st.text()))
def test_whatever_is_said_there_is_a_submission_or_a_list_of_faults(said: dict[str, str]) -> None:
    with suppress(SubmissionErrors):
        assert read_submission(said).what
