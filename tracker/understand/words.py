"""Finds the words and phrases of many lists in a folded text at once. Pure; linear in the length of the text.

One automaton per language holds the first word of every entry; where it hits, the rest of a phrase is tried
in place. What may stand in front of a stem and behind it follows the language's mode.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from tracker.domain.taxonomy import CONTAINS, EXACT, Matching
from tracker.understand.normalise import Folder

_SHORT = 3
_BETWEEN = r"[^\w.!?;\n]+"
_REST_OF_WORD = re.compile(r"\w*")


@dataclass(frozen=True)
class Hit:
    """An entry found at [start, end) of the folded text; `entry` is its place in the lists it came from."""

    entry: int
    start: int
    end: int


@dataclass(frozen=True)
class _Entry:
    place: int
    first: str
    mode: str
    rest: re.Pattern[str] | None


class WordFinder:
    """Finds the entries of one language. `entries` are as written in the taxonomy, `=` for a whole word."""

    def __init__(self, entries: Iterable[str], language: str, matching: Matching, folder: Folder) -> None:
        self._clitics = frozenset(folder.fold_word(each) for each in matching.clitics.get(language, ())) | {
            ""
        }
        self._reach = max(map(len, self._clitics))
        mode = matching.modes[language]
        by_stem: dict[str, list[_Entry]] = defaultdict(list)
        for place, written in enumerate(entries):
            entry = self._read(place, folder.fold_word(written), mode, matching.gap)
            by_stem[entry.first].append(entry)
        self._entries = list(by_stem.values())
        self._automaton = AhoCorasick(list(by_stem)) if by_stem else None

    def _read(self, place: int, written: str, mode: str, gap: int) -> _Entry:
        first, *rest = written.removeprefix("=").split()
        if written.startswith("=") or (
            rest and mode != CONTAINS and len(first) <= _SHORT and first.isascii()
        ):
            mode = EXACT
        if not rest:
            return _Entry(place, first, mode, None)
        before = r"\w*?" if mode == CONTAINS else self._clitic_pattern()
        parts = [
            rf"(?:{_BETWEEN}\w+){{0,{gap}}}?{_BETWEEN}{before}{re.escape(word)}{_ending(word)}"
            for word in rest
        ]
        return _Entry(place, first, mode, re.compile("".join(parts)))

    def _clitic_pattern(self) -> str:
        some = sorted(filter(None, self._clitics), key=len, reverse=True)
        return f"(?:{'|'.join(map(re.escape, some))})?" if some else ""

    def find(self, text: str) -> Iterator[Hit]:
        """Yield every entry's hits in a folded text, in the order of their ends."""
        if self._automaton is None:
            return
        word = _Word(text, 0)
        for stem, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            for entry in self._entries[stem]:
                if entry.mode != CONTAINS and not self._starts_word(text, start):
                    continue
                if word.end < end:
                    word = _Word(text, end)
                if entry.mode == EXACT and word.end != end:
                    continue
                hit_end = word.phrase_end(entry)
                if hit_end is not None:
                    yield Hit(entry.place, start, hit_end)

    def _starts_word(self, text: str, start: int) -> bool:
        if start == 0 or not _in_word(text[start - 1]):
            return True
        for back in range(1, self._reach + 1):
            if start - back == 0 or not _in_word(text[start - back - 1]):
                return text[start - back : start] in self._clitics
        return False


def _ending(word: str) -> str:
    return r"\b" if len(word) <= _SHORT and (word.isascii() or not word.isalpha()) else r"\w*"


def _in_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


class _Word:
    """The word of a text that a hit ends in. What follows it is looked at once, however many hits it holds."""

    def __init__(self, text: str, place: int) -> None:
        rest = _REST_OF_WORD.match(text, place)
        self.end = rest.end() if rest else place
        self._text = text
        self._known: dict[int, int | None] = {}

    def phrase_end(self, entry: _Entry) -> int | None:
        """Return where an entry whose first word ends here ends, None where the rest of it does not follow."""
        if entry.rest is None:
            return self.end
        if entry.place not in self._known:
            found = entry.rest.match(self._text, self.end)
            self._known[entry.place] = found.end() if found else None
        return self._known[entry.place]
