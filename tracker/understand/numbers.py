"""Reads the number of people that belongs to a word such as "killed". Pure.

Looks a few words back, then a few ahead, never across a sentence. A number of years, days or per cent, or one
that reads like a year, is passed over.
"""

import re

from tracker.domain.taxonomy import SeverityScale
from tracker.understand.normalise import Folder

_TOKEN = re.compile(r"\d+(?:[.,\u00a0 ]\d{3})+(?!\d)|\d+|[^\W\d]+|%")
_SENTENCE_END = re.compile(r"[.!?;\n](?:\s|$)")
_LETTERS_BACK = 60
_MOST = 1_000_000
_YEARS = range(1900, 2100)


class NumberReader:
    """Reads numbers in one language: digits of any script, and the language's number words."""

    def __init__(self, scale: SeverityScale, language: str, reach: int, folder: Folder) -> None:
        self._words = {
            folder.fold_word(word): value for word, value in scale.number_words.get(language, {}).items()
        }
        self._stops = frozenset(folder.fold_word(word) for word in scale.number_stops)
        self._not_people = frozenset(folder.fold_word(word) for word in scale.not_people)
        self._reach = reach

    def near(self, text: str, start: int, end: int) -> int | None:
        """Return the number that belongs to the word at [start, end) of a folded text, None for none."""
        before = _SENTENCE_END.split(text[max(0, start - _LETTERS_BACK) : start])[-1]
        found = self._nearest(_TOKEN.findall(before)[::-1], back=True)
        if found is not None:
            return found
        after = _SENTENCE_END.split(text[end : end + _LETTERS_BACK])[0]
        return self._nearest(_TOKEN.findall(after), back=False)

    def _nearest(self, tokens: list[str], *, back: bool) -> int | None:
        for place, token in enumerate(tokens[: self._reach]):
            if token in self._stops:
                return None
            value = self._value(token)
            beside = place - 1 if back else place + 1
            unit = tokens[beside] if 0 <= beside < len(tokens) else ""
            if value is not None and unit not in self._not_people:
                return value
        return None

    def _value(self, token: str) -> int | None:
        if not token[0].isdigit():
            return self._words.get(token)
        digits = re.sub(r"\D", "", token)
        value = int(digits) if len(digits) <= len(str(_MOST)) else _MOST + 1
        if value > _MOST or (value in _YEARS and digits == token):
            return None
        return value
