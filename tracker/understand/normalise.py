"""Folds a text so that words compare, and keeps the way back to the letters it came from. Pure.

Folding is the same for all languages: lower case, Latin accents off, letters that are written in several ways
made one (`shared_letters`, wide, bold and joined forms, accents written apart), marks that only help reading aloud
(Arabic vowels, tatweel) and signs that nobody sees off.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_TATWEEL = "\u0640"
_UNSEEN = (0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF)
"""Soft hyphens, joiners, marks of direction: they stand within words and are no part of them."""
_OTHER_FORMS = (range(0xFB50, 0xFE00), range(0xFE70, 0xFEFD), range(0xFF01, 0xFF5F), range(0x1D400, 0x1D800))
"""Joined forms of Arabic letters, wide Latin ones, and the bold and slanted ones of mathematics (Unicode blocks)."""
_SPACES = (0xA0, *range(0x2000, 0x200B), 0x202F, 0x3000)
_HYPHENS = (0x2010, 0x2011)
_MARKS_AT_MOST = 3


@dataclass(frozen=True)
class Folded:
    """A folded text.

    `places[i]` is where its i-th letter stands in the original, the last of them where that ends; None where i
    itself is.
    """

    text: str
    places: tuple[int, ...] | None

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the original that the folded span [start, end) came from, with the marks on it."""
        if self.places is None:
            return start, end
        return self.places[start], max(self.places[end], self.places[end - 1] + 1)


class Folder:
    """Folds texts by a fixed table of letters."""

    def __init__(self, shared_letters: Mapping[str, str]) -> None:
        shared = {ord(letter): to for letter, to in shared_letters.items()}
        self._table: dict[int, str] = {
            code: letter for code in range(0x80, 0x2000) if (letter := _bare(code))
        }
        self._table |= dict.fromkeys(_SPACES, " ") | dict.fromkeys(_HYPHENS, "-") | shared
        self._table |= {code: form.translate(self._table) for code, form in _plain_forms()}
        marks = {code for code in range(0x300, 0x700) if unicodedata.category(chr(code)) == "Mn"}
        self._dropped = frozenset(map(chr, marks | {ord(_TATWEEL), *_UNSEEN}))
        self._some_dropped = re.compile(f"[{''.join(sorted(self._dropped))}]+")

    def fold(self, text: str) -> Folded:
        """Fold a text; its length changes only where a mark was dropped or a letter has no single equal."""
        folded = text.lower().translate(self._table)
        if len(folded) == len(text) and not self._some_dropped.search(folded):
            return Folded(folded, None)
        letters: list[str] = []
        places: list[int] = []
        for place, letter in enumerate(text):
            if letter in self._dropped:
                continue
            if text[place + 1 : place + 2] in self._dropped:
                letter = unicodedata.normalize("NFC", text[place : place + 1 + _MARKS_AT_MOST])[0]
            for small in self._some_dropped.sub("", letter.lower().translate(self._table)):
                letters.append(small)
                places.append(place)
        return Folded("".join(letters), (*places, len(text)))

    def fold_word(self, word: str) -> str:
        """Fold a word of a list, where the way back is not needed."""
        return self.fold(word).text

    def readable(self, text: str) -> str:
        """Return a text with its capitals, without what is dropped, accents and letters in one."""
        return self._some_dropped.sub("", unicodedata.normalize("NFC", text))


def _plain_forms() -> Iterator[tuple[int, str]]:
    for block in _OTHER_FORMS:
        for code in block:
            form = unicodedata.normalize("NFKC", chr(code))
            if form != chr(code):
                yield code, form.lower()


def _bare(code: int) -> str | None:
    """Return a Latin letter without its accents, None for any other or where nothing changes."""
    letter = chr(code)
    if not letter.isalpha() or not unicodedata.name(letter, "").startswith("LATIN"):
        return None
    bare = unicodedata.normalize("NFKD", letter)[0]
    return bare.lower() if bare != letter and bare.isalpha() else None
