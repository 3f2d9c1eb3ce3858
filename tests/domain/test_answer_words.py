"""What an answer by mail seems to say: in six languages, and nothing wherever it could be meant otherwise."""

from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.support.cli import REPOSITORY
from tracker.domain.answer_words import AnswerWords, Proposed, propose
from tracker.domain.words import Answer
from tracker.errors import ConfigError

CONTENT = yaml.safe_load((REPOSITORY / "config" / "answers.yaml").read_text(encoding="utf-8"))
WORDS = AnswerWords.read(CONTENT)
PHRASES = [
    (answer, phrase)
    for answer, languages in CONTENT["answers"].items()
    for phrases in languages.values()
    for phrase in phrases
]
DAY = date(2026, 12, 10)


def read(text: str, *days: date) -> Proposed:
    return propose(text, WORDS, days)


@pytest.mark.parametrize(("answer", "phrase"), PHRASES)
def test_every_phrase_is_read_alone_in_capitals_and_after_a_greeting(answer: str, phrase: str) -> None:
    for text in (phrase, phrase.upper() + ".", f"Dear Ana,\n\n{phrase.title()}, thank you"):
        assert read(text).answer == answer, text


@pytest.mark.parametrize("language", ["en", "fr", "es", "pt", "ar", "ru"])
def test_every_language_says_why_and_until_when(language: str) -> None:
    said = CONTENT["answers"]["not_acting_now"][language][0]
    for because in CONTENT["before_reason"][language]:
        assert read(f"{said} {because} XYZ") == Proposed(Answer.NOT_ACTING_NOW, None, "XYZ")
    watch = CONTENT["answers"]["watch"][language][0]
    for until in CONTENT["before_day"][language]:
        assert read(f"{watch} {until} 2026-12-10", DAY) == Proposed(Answer.WATCH, DAY, None)


@pytest.mark.parametrize(
    ("text", "proposed"),
    [
        ("ACT\n\nWe call the prefect today.", Proposed(Answer.ACT, None, "We call the prefect today")),
        ("Received, thanks. We will watch.", Proposed(Answer.WATCH, DAY, None)),
        ("Watch until 10 Dec because talks go on.", Proposed(Answer.WATCH, DAY, "talks go on")),
        ("NOT FOR ME, ask New York", Proposed(Answer.NOT_FOR_ME, None, "ask New York")),
    ],
)
def test_reason_and_day_are_proposed_where_they_are_said(text: str, proposed: Proposed) -> None:
    assert read(text, DAY) == proposed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thank you, I will come back to you.",
        "ACT or WATCH?",
        "Act?",
        "We should not act on this.",
        "I do not think that we act.",
        "Acting on this would be a mistake.",
        "ACT / WATCH",
        "ACT - WATCH",
        "ACT. WATCH until Friday.",
        "Not acting now. On reflection:\nact",
        "Actually I am away.",
        "Watchful waiting is not enough.",
        "لا",
    ],
)
def test_what_could_be_meant_otherwise_proposes_nothing(text: str) -> None:
    assert read(text).answer is None


def test_of_two_days_none_is_the_day_to_look_again() -> None:
    assert read("Watch, from 1 December to 10 December", date(2026, 12, 1), DAY).review_on is None


def test_acting_needs_no_day() -> None:
    assert read("Act by 10 December", DAY) == Proposed(Answer.ACT, None, None)


@given(st.text(max_size=300), st.sampled_from(PHRASES), st.text(alphabet=" \n.,;:!?-–()>*", max_size=10))
def test_any_text_is_read_without_harm(noise: str, said: tuple[str, str], between: str) -> None:
    for text in (noise, noise + between + said[1], said[1] + between + noise):
        found = read(text)
        assert found.reason is None or len(found.reason) <= 500
        assert (found.answer is not None) or (found.reason is None and found.review_on is None)


@given(st.lists(st.sampled_from([phrase for _, phrase in PHRASES]), min_size=2, max_size=4))
def test_answers_that_contradict_each_other_propose_nothing(phrases: list[str]) -> None:
    meant = {answer for answer, phrase in PHRASES if phrase in phrases} - {"received"}
    answer = read("\n".join(phrases)).answer
    assert answer == (next(iter(meant)) if len(meant) == 1 else None) or not meant


def test_one_phrase_for_two_answers_is_refused_by_name() -> None:
    broken = CONTENT | {"answers": CONTENT["answers"] | {"watch": {"en": ["act"]}}}
    with pytest.raises(ConfigError, match=r"answers\.yaml: answers\.watch"):
        AnswerWords.read(broken)
