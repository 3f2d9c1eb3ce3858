"""Finds categories, triggers' phrases, deadlines and numbers in a folded text, each where it stands. Pure.

All lists of a language are searched at once. A hit behind a negation, or in a text that speaks of something
else (an exclusion), weighs less and counts for no trigger; nothing is thrown away.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from tracker.domain.taxonomy import Matching, SeverityScale, Taxonomy, WordLists
from tracker.understand.normalise import Folder
from tracker.understand.numbers import NumberReader
from tracker.understand.together import SetHit, together
from tracker.understand.words import Hit, WordFinder


class _Kind(Enum):
    CATEGORY = auto()
    PHRASE = auto()
    DEADLINE = auto()
    EXCLUSION = auto()
    KILLED = auto()
    FLED = auto()
    SET = auto()


@dataclass(frozen=True)
class CategoryHit:
    """A word of a category at [start, end) of the folded text, and what it weighs."""

    code: str
    start: int
    end: int
    weight: float


@dataclass(frozen=True)
class Reading:
    """What the lists found in one text.

    `scores` sums the weights by category; `plain` are the places of hits that are neither negated nor in an
    excluded context, by category code, and by trigger and condition for phrases.
    """

    scores: Mapping[str, float]
    hits: tuple[CategoryHit, ...]
    plain: Mapping[str, tuple[int, ...]]
    phrases: Mapping[tuple[str, int], tuple[int, ...]]
    deadlines: tuple[int, ...]
    killed: int | None
    fled: int | None


@dataclass
class _Notes:
    """What is gathered while a text is read."""

    hits: list[tuple[str, str, Hit, bool]] = field(default_factory=list)
    phrases: dict[tuple[str, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    deadlines: list[int] = field(default_factory=list)
    exclusions: list[int] = field(default_factory=list)
    killed: int | None = None
    fled: int | None = None
    set_hits: list[SetHit] = field(default_factory=list)


class CategoryFinder:
    """Reads folded texts with the lists of a taxonomy; build it once."""

    def __init__(self, taxonomy: Taxonomy, folder: Folder) -> None:
        self._matching: Matching = taxonomy.matching
        self._together = [
            (category.code, names) for category in taxonomy.categories for names in category.together
        ]
        self._readers = {
            language: _LanguageReader(taxonomy, language, folder) for language in taxonomy.languages
        }

    def find(self, text: str, title_end: int, languages: Iterable[str]) -> Reading:
        """Read a folded text whose title ends at `title_end`, with the lists of some languages."""
        notes = _Notes()
        for language in languages:
            self._readers[language].read(text, notes)
        self._note_together(text, notes)
        return self._weigh(notes, title_end)

    def _note_together(self, text: str, notes: _Notes) -> None:
        for code, names in self._together:
            for start, end, negated in together(text, notes.set_hits, names, self._matching.together_reach):
                notes.hits.append((code, "+".join(names), Hit(-1, start, end), negated))

    def _weigh(self, notes: _Notes, title_end: int) -> Reading:
        matching = self._matching
        title_excluded = any(place < title_end for place in notes.exclusions)
        best: dict[tuple[str, str], float] = {}
        hits: list[CategoryHit] = []
        plain: dict[str, list[int]] = defaultdict(list)
        for code, word, hit, negated in notes.hits:
            weight = matching.title_weight if hit.start < title_end else matching.text_weight
            weight *= matching.negated_weight if negated else 1.0
            excluded = title_excluded or (hit.start >= title_end and bool(notes.exclusions))
            weight *= matching.excluded_weight if excluded else 1.0
            best[code, word] = max(weight, best.get((code, word), 0.0))
            hits.append(CategoryHit(code, hit.start, hit.end, weight))
            if not negated and not excluded:
                plain[code].append(hit.start)
        scores: dict[str, float] = defaultdict(float)
        for (code, _), weight in best.items():
            scores[code] += weight
        phrases = {} if notes.exclusions else {key: tuple(places) for key, places in notes.phrases.items()}
        return Reading(
            scores,
            tuple(hits),
            {code: tuple(places) for code, places in plain.items()},
            phrases,
            tuple(notes.deadlines),
            notes.killed,
            notes.fled,
        )


class _LanguageReader:
    """All lists of one language behind one finder."""

    def __init__(self, taxonomy: Taxonomy, language: str, folder: Folder) -> None:
        self._entries = list(_entries(taxonomy, language))
        self._finder = WordFinder(
            [written for _, _, written in self._entries], language, taxonomy.matching, folder
        )
        self._numbers = NumberReader(taxonomy.severity, language, taxonomy.matching.number_reach, folder)
        words = "|".join(re.escape(folder.fold_word(word)) for word in taxonomy.negation.get(language, ()))
        reach = max(0, taxonomy.matching.negation_reach - 1)
        self._negated = re.compile(rf"(?:^|\W)(?:{words})(?:[^\w.!?;\n]+\w+){{0,{reach}}}[^\w.!?;\n]*$")
        self._reach = 60

    def read(self, text: str, notes: _Notes) -> None:
        for hit in self._finder.find(text):
            kind, key, written = self._entries[hit.entry]
            if kind is _Kind.EXCLUSION:
                notes.exclusions.append(hit.start)
            elif kind is _Kind.DEADLINE:
                notes.deadlines.append(hit.start)
            elif kind is _Kind.KILLED:
                notes.killed = _larger(notes.killed, self._numbers.near(text, hit.start, hit.end))
            elif kind is _Kind.FLED:
                notes.fled = _larger(notes.fled, self._numbers.near(text, hit.start, hit.end))
            else:
                self._note_words(text, hit, (kind, key, written), notes)

    def _note_words(
        self, text: str, hit: Hit, entry: tuple[_Kind, tuple[str, int], str], notes: _Notes
    ) -> None:
        kind, key, written = entry
        before = text[max(0, hit.start - self._reach) : hit.start]
        negated = bool(self._negated.search(before))
        if kind is _Kind.CATEGORY:
            notes.hits.append((key[0], written, hit, negated))
        elif kind is _Kind.SET:
            notes.set_hits.append(SetHit(key[0], hit.start, hit.end, negated))
        elif not negated:
            notes.phrases[key].append(hit.start)


def _entries(taxonomy: Taxonomy, language: str) -> Iterable[tuple[_Kind, tuple[str, int], str]]:
    def of(
        kind: _Kind, key: tuple[str, int], lists: WordLists
    ) -> Iterable[tuple[_Kind, tuple[str, int], str]]:
        return ((kind, key, written) for written in lists.get(language, ()))

    for category in taxonomy.categories:
        yield from of(_Kind.CATEGORY, (category.code, 0), category.keywords)
    for trigger in taxonomy.triggers:
        for place, when in enumerate(trigger.when):
            yield from of(_Kind.PHRASE, (trigger.code, place), when.phrases)
    for name, lists in taxonomy.word_sets.items():
        yield from of(_Kind.SET, (name, 0), lists)
    scale: SeverityScale = taxonomy.severity
    yield from of(_Kind.DEADLINE, ("", 0), taxonomy.deadline_cues)
    yield from of(_Kind.EXCLUSION, ("", 0), taxonomy.exclusions)
    yield from of(_Kind.KILLED, ("", 0), scale.killed_words)
    yield from of(_Kind.FLED, ("", 0), scale.fled_words)


def _larger(known: int | None, found: int | None) -> int | None:
    return found if known is None or (found is not None and found > known) else known
