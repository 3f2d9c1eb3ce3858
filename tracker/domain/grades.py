"""Admiralty grades: how far a source is to be trusted, and how likely what it says is; graded apart. Pure."""

import re
from typing import NamedTuple, Self

from tracker.domain.words import Credibility, Reliability

RELIABILITY = {
    Reliability.A: "completely reliable",
    Reliability.B: "usually reliable",
    Reliability.C: "fairly reliable",
    Reliability.D: "not usually reliable",
    Reliability.E: "unreliable",
    Reliability.F: "cannot be judged",
}
CREDIBILITY = {
    Credibility.CONFIRMED: "confirmed",
    Credibility.PROBABLY_TRUE: "probably true",
    Credibility.POSSIBLY_TRUE: "possibly true",
    Credibility.DOUBTFUL: "doubtful",
    Credibility.IMPROBABLE: "improbable",
    Credibility.CANNOT_BE_JUDGED: "cannot be judged",
}
_WRITTEN = re.compile(f"([{''.join(Reliability)}])([{''.join(Credibility)}])")


class Grade(NamedTuple):
    """A grade of both, written B3."""

    source: Reliability
    information: Credibility

    @classmethod
    def read(cls, said: str) -> Self | None:
        """Return the grade that is written, such as B3 or b 3; None where it is none."""
        found = _WRITTEN.fullmatch("".join(said.split()).upper())
        return cls(Reliability(found[1]), Credibility(found[2])) if found else None

    def __str__(self) -> str:
        """Return it as it is written: B3."""
        return f"{self.source}{self.information}"

    @property
    def words(self) -> str:
        """What it means: "source usually reliable, information possibly true"."""
        return f"source {RELIABILITY[self.source]}, information {CREDIBILITY[self.information]}"


def graded(said: str) -> str:
    """Return what a grade means: "B3: source usually reliable, information possibly true"."""
    grade = Grade.read(said)
    return f"{grade}: {grade.words}" if grade else said
