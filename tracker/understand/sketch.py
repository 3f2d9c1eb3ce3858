"""Sketches one text for comparing: numbers that stand for its words, never the words. Pure.

Names (words written with a capital inside a sentence) and long words say more of what a text is about than little
ones, so they weigh more; no weight depends on other texts, so that an item's sketch never changes.
"""

import re
import struct
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from math import sqrt
from unicodedata import category

from babel.dates import get_month_names

from tracker.domain.countries import country_choices
from tracker.understand.normalise import Folder

_NAME, _LONG, _BODY = 1, 2, 4
_FLAGS = _NAME | _LONG | _BODY
_NAME_WEIGHT, _LONG_WEIGHT = 1.5, 1.3
_WEIGHTS = [
    (_NAME_WEIGHT if flags & _NAME else 1.0) * (_LONG_WEIGHT if flags & _LONG else 1.0) for flags in range(8)
]
_LONG_WORD, _STEM, _SHORTEST = 8, 6, 2
_TITLE_CASE = 0.6
_LETTERS_A_WORD = 15
_KNOWN_AT_MOST, _KNOWN_LETTERS = 50_000, 30
_WORD_BYTES = 8

_LANGUAGES = ("en", "fr", "es", "pt", "de", "ar", "ru", "sw")
_VOWELS = "".join(chr(code) for code in range(0x700, 0x1D00) if category(chr(code)) in ("Mn", "Mc"))
"""Vowel signs of South and South-East Asia: part of a word, and no letters to `re`."""
_TOKEN = re.compile(rf"[^\W_]+(?:[{_VOWELS}]+[^\W_]*)*|[.!?:;\n\"“”«»\u0964]")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True)
class Sketch:
    """What a text is about, in numbers: eight bytes a word, those that say most first, the lowest byte first.

    The three lowest bits of a number say what kind of word it is. It is unpacked where something is compared with it.
    """

    stored: bytes

    @classmethod
    def of(cls, numbers: Iterable[int]) -> "Sketch":
        """Return the sketch of these numbers, in any order."""
        ordered = sorted(numbers, key=lambda each: (-_WEIGHTS[each & _FLAGS], each))
        return cls(struct.pack(f"<{len(ordered)}Q", *ordered))

    @cached_property
    def weights(self) -> dict[int, float]:
        """Word → weight."""
        return {number & ~_FLAGS: _WEIGHTS[number & _FLAGS] for number in self._numbers()}

    @cached_property
    def length(self) -> float:
        """The Euclidean length of the weights."""
        return sqrt(sum(weight * weight for weight in self.weights.values()))

    @cached_property
    def names(self) -> frozenset[int]:
        """Words that are names."""
        return frozenset(number & ~_FLAGS for number in self._numbers() if number & _NAME)

    @cached_property
    def body(self) -> frozenset[int]:
        """Words that stand in the text, not only in the title."""
        return frozenset(number & ~_FLAGS for number in self._numbers() if number & _BODY)

    def keys(self, count: int) -> list[int]:
        """Return the words to look for when others like this are sought, those that say most first."""
        return [number & ~_FLAGS for number in self._numbers(count)]

    def _numbers(self, count: int | None = None) -> tuple[int, ...]:
        kept = self.stored if count is None else self.stored[: count * _WORD_BYTES]
        return struct.unpack(f"<{len(kept) // _WORD_BYTES}Q", kept)


class Sketcher:
    """Makes sketches; `passed_over` are words that say nothing, in any language."""

    def __init__(self, folder: Folder, passed_over: Collection[str], words_at_most: int) -> None:
        self._folder = folder
        self._wide = frozenset(
            _number(word[:_STEM]) for name in _wide_names() for word in _words_of(folder, name)
        )
        self._passed_over = frozenset(map(folder.fold_word, passed_over))
        self._at_most = words_at_most
        self._known: dict[str, tuple[tuple[int, int], ...]] = {}

    def sketch(self, title: str, text: str) -> Sketch:
        """Sketch a title and the beginning of a text; a text that begins with its title is read once."""
        kinds: dict[int, int] = {}
        head, body = (
            self._folder.readable(part[: self._at_most * _LETTERS_A_WORD]).strip() for part in (title, text)
        )
        for part, flag in ((head, 0), (body, _BODY)):
            if flag == 0 and body.startswith(head):
                continue
            for number, kind in self._words(part):
                if number in kinds or len(kinds) < self._at_most:
                    kinds[number] = kinds.get(number, 0) | kind | flag
        return Sketch.of(number | kind for number, kind in kinds.items())

    def _words(self, part: str) -> Iterator[tuple[int, int]]:
        tokens = _TOKEN.findall(part)
        shouted = _share_of_capitals(tokens) > _TITLE_CASE
        begins = True
        for token in tokens:
            if not token[0].isalnum():
                begins = True
                continue
            name = _NAME if token[0].isupper() and not (begins or shouted) else 0
            begins = False
            for number, kind in self._read(token):
                yield number, kind if number in self._wide else kind | name

    def _read(self, token: str) -> tuple[tuple[int, int], ...]:
        """Return the numbers of what one token says, kept because most words come again; whole sentences do not."""
        known = self._known.get(token)
        if known is not None:
            return known
        read = tuple(
            (_number(word[:_STEM]), _LONG if len(word) >= _LONG_WORD else 0)
            for word in _words_of(self._folder, token)
            if len(word) >= _SHORTEST and word not in self._passed_over
        )
        if len(token) <= _KNOWN_LETTERS:
            if len(self._known) >= _KNOWN_AT_MOST:
                self._known.clear()
            self._known[token] = read
        return read


def _share_of_capitals(tokens: list[str]) -> float:
    words = [token for token in tokens if token[0].isalpha() and len(token) > 3]
    return sum(word[0].isupper() for word in words) / max(1, len(words))


def _wide_names() -> Iterator[str]:
    """Names that many events share: of countries and of months."""
    for language in _LANGUAGES:
        yield from (name for _, name in country_choices(language))
        yield from get_month_names(locale=language).values()


def _words_of(folder: Folder, said: str) -> list[str]:
    """Fold what was said and cut it into words; into pairs of letters, where it is written without spaces."""
    found: list[str] = []
    for word in _TOKEN.findall(folder.fold_word(said)):
        pairs = [word[at : at + 2] for at in range(len(word) - 1)] if _UNSPACED.search(word) else [word]
        found.extend(pairs)
    return found


def _number(word: str) -> int:
    return (
        int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big") & ~_FLAGS & 0x7FFFFFFFFFFFFFFF
    )
