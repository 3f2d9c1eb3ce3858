"""What an answer by mail seems to say: the answer, a day to look again, a reason. Pure; a person confirms it.

An answer is a phrase of config/answers.yaml with which a sentence begins. A question, two answers at once, or
anything else that could be meant otherwise proposes nothing.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from tracker.domain.reading import Part
from tracker.domain.words import Answer

REASON_LENGTH = 500
"""Characters of a reason that are proposed; the analyst reads the rest beside it."""

_WORD = re.compile("(?:[^\\W_][\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670]*)+")
"""A word with the marks that may stand on its letters."""

_END = re.compile(r"(?<=[.!;؛…])\s+(?!\d)|\n")
_QUESTION = re.compile(r"[?؟]")
_MAY_FOLLOW = re.compile(r"\s*[.,،;:!…)–—-]|\s*$")
_Phrase = tuple[str, ...]


@dataclass(frozen=True)
class AnswerWords:
    """The phrases of config/answers.yaml as folded words, longest first."""

    answers: tuple[tuple[_Phrase, Answer], ...]
    before_reason: tuple[_Phrase, ...]
    before_day: tuple[_Phrase, ...]

    @classmethod
    def read(cls, content: object, file: str = "config/answers.yaml") -> Self:
        """Read the phrases from the content of their file.

        Raises:
            ConfigError: a key is missing or wrong, or one phrase means two answers; names file and key.
        """
        part = Part.whole(file, content)
        meant: dict[_Phrase, Answer] = {}
        said = part.part("answers")
        for answer in Answer:
            for phrase in _phrases(said, answer):
                if meant.setdefault(phrase, answer) is not answer:
                    said.refuse(answer, f"and {meant[phrase]} both hold {' '.join(phrase)!r}")
        longest_first = sorted(meant.items(), key=lambda pair: -len(pair[0]))
        return cls(tuple(longest_first), _phrases(part, "before_reason"), _phrases(part, "before_day"))


def _phrases(part: Part, key: str) -> tuple[_Phrase, ...]:
    languages = part.part(key)
    said = (phrase for language in languages.content for phrase in languages.texts(str(language)))
    return tuple(
        sorted({tuple(word for word, _, _ in _words(phrase)) for phrase in said}, key=lambda p: -len(p))
    )


@dataclass(frozen=True)
class Proposed:
    """What a letter seems to say; None where that is not clear. `review_on` is a day as its sender names it."""

    answer: Answer | None = None
    review_on: date | None = None
    reason: str | None = None


def propose(text: str, words: AnswerWords, days: Sequence[date]) -> Proposed:
    """Return what somebody's own words seem to answer.

    Args:
        text: their words, without what they quote.
        words: the phrases that count.
        days: the days to come that the text names; one that is alone is the day to look again.
    """
    found = [said for sentence in _sentences(text) if (said := _said(sentence, words)) is not None]
    if any(said.twice for said in found):
        return Proposed()
    meant = {said.answer for said in found} - {Answer.RECEIVED}
    if len(meant) > 1 or not found:
        return Proposed()
    said = next((each for each in found if each.answer in meant), found[0])
    reviewed = said.answer in (Answer.WATCH, Answer.NOT_ACTING_NOW)
    day = days[0] if reviewed and len(set(days)) == 1 else None
    return Proposed(said.answer, day, _reason(text[said.end :], words))


@dataclass(frozen=True)
class _Said:
    answer: Answer
    end: int
    twice: bool


def _sentences(text: str) -> Iterator[tuple[str, int]]:
    begin = 0
    for stop in _END.finditer(text):
        yield text[begin : stop.start()], begin
        begin = stop.end()
    yield text[begin:], begin


def _said(sentence: tuple[str, int], words: AnswerWords) -> _Said | None:
    """Return the answer with which a sentence begins, and where it ends in the whole text."""
    text, begin = sentence
    if _QUESTION.search(text):
        return None
    spoken = list(_words(text))
    for phrase, answer in words.answers:
        if not _begins(spoken, phrase):
            continue
        end, rest = spoken[len(phrase) - 1][2], spoken[len(phrase) :]
        openers = (*words.before_reason, *words.before_day)
        if not (_MAY_FOLLOW.match(text, end) or any(_begins(rest, opener) for opener in openers)):
            return None
        second = next((other for other_phrase, other in words.answers if _begins(rest, other_phrase)), answer)
        return _Said(
            answer, begin + end, second not in (answer, Answer.RECEIVED) and answer is not Answer.RECEIVED
        )
    return None


def _reason(rest: str, words: AnswerWords) -> str | None:
    """Return what follows an answer as its reason, without "because", or without the day to look again."""
    stop = _END.search(rest)
    first = list(_words(rest[: stop.start()] if stop else rest))
    for at in range(len(first)):
        opener = next((each for each in words.before_reason if _begins(first[at:], each)), None)
        if opener:
            return _tidy(rest[first[at + len(opener) - 1][2] :])
    if any(_begins(first, opener) for opener in words.before_day):
        return _tidy(rest[stop.end() :]) if stop else None
    return _tidy(rest)


def _tidy(rest: str) -> str | None:
    flat = " ".join(rest.split()).strip(" .,،;:!…–—-()")
    return flat[:REASON_LENGTH] or None


def _begins(spoken: Sequence[tuple[str, int, int]], phrase: _Phrase) -> bool:
    return len(spoken) >= len(phrase) and all(
        word == wanted for (word, _, _), wanted in zip(spoken, phrase, strict=False)
    )


def _words(text: str) -> Iterator[tuple[str, int, int]]:
    """Give each word folded, with where it begins and ends."""
    for found in _WORD.finditer(text):
        bare = unicodedata.normalize("NFKD", found[0]).casefold()
        folded = "".join(
            letter for letter in bare if not unicodedata.combining(letter) and letter != "\u0640"
        )
        yield folded, found.start(), found.end()
