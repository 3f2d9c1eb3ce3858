"""Folds a text so that words compare, and keeps the way back to the letters it came from. Pure.

Folding is the same for all languages: lower case, Latin accents off, letters that are written in several ways
made one (`shared_letters`), marks that only help reading aloud (Arabic vowels, tatweel) off.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

_DROPPED = "ـ"


@dataclass(frozen=True)
class Folded:
    """A folded text. `places[i]` is where its i-th letter stands in the original; None where i itself is."""

    text: str
    places: tuple[int, ...] | None

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the original that the folded span [start, end) came from."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


class Folder:
    """Folds texts by a fixed table of letters."""

    def __init__(self, shared_letters: Mapping[str, str]) -> None:
        self._table: dict[int, str] = {ord(letter): to for letter, to in shared_letters.items()}
        self._table.update({code: letter for code in range(0x80, 0x2000) if (letter := _bare(code))})
        for letter, to in shared_letters.items():
            self._table[ord(letter)] = to
        self._dropped = frozenset(
            chr(code)
            for code in range(0x300, 0x700)
            if unicodedata.category(chr(code)) == "Mn" or chr(code) == _DROPPED
        )
        self._drop_table = dict.fromkeys(map(ord, self._dropped), "")

    def fold(self, text: str) -> Folded:
        """Fold a text; its length changes only where a mark was dropped or a letter has no single equal."""
        lowered = text.lower()
        folded = lowered.translate(self._table)
        if len(folded) == len(text) and self._dropped.isdisjoint(folded):
            return Folded(folded, None)
        letters: list[str] = []
        places: list[int] = []
        for place, letter in enumerate(text):
            for small in letter.lower().translate(self._table).translate(self._drop_table):
                letters.append(small)
                places.append(place)
        return Folded("".join(letters), tuple(places))

    def fold_word(self, word: str) -> str:
        """Fold a word of a list, where the way back is not needed."""
        return self.fold(word).text


def _bare(code: int) -> str | None:
    """Return a Latin letter without its accents, None for any other or where nothing changes."""
    letter = chr(code)
    if not letter.isalpha() or not unicodedata.name(letter, "").startswith("LATIN"):
        return None
    bare = unicodedata.normalize("NFKD", letter)[0]
    return bare.lower() if bare != letter and bare.isalpha() else None
