"""A grade is a letter and a figure; what is neither is no grade."""

import pytest

from tracker.domain.grades import CREDIBILITY, RELIABILITY, Grade, graded
from tracker.domain.words import Credibility, Reliability


@pytest.mark.parametrize("said", ["B3", "b3", " b 3 "])
def test_it_is_read_as_people_write_it(said: str) -> None:
    grade = Grade.read(said)
    assert grade == Grade(Reliability.B, Credibility.POSSIBLY_TRUE)
    assert graded(said) == "B3: source usually reliable, information possibly true"


@pytest.mark.parametrize("said", ["", "B", "3", "3B", "G3", "B7", "B33", "B-3"])
def test_anything_else_is_none(said: str) -> None:
    assert Grade.read(said) is None


def test_every_grade_has_words() -> None:
    assert set(RELIABILITY) == set(Reliability)
    assert set(CREDIBILITY) == set(Credibility)
