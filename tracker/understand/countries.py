"""Finds the countries that a text names. Pure; a first small dictionary, one automaton, linear in the text.

Names come from CLDR in twenty languages, nationalities and places from `country_words`. The longest wording wins.
Places are never guessed from a sender or a source. Main country: named in the title, then most often, then first.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from tracker.domain.countries import alpha2_by_code, country_name
from tracker.understand.country_words import AMBIGUOUS, NOT_COUNTRIES, ONLY_WITH, WORDS
from tracker.understand.normalise import Folded, Folder

LANGUAGES = (
    *(
        "en",
        "fr",
        "es",
        "pt",
        "ar",
        "ru",
        "sw",
        "de",
        "it",
        "nl",
        "tr",
        "uk",
        "fa",
        "ur",
        "ha",
        "so",
        "am",
        "id",
    ),
    *("sk", "pl"),
)
_NONE = ""
_RUSSIAN_ENDINGS = {
    "ия": ("ия", "ии", "ию", "ией"),
    "а": ("а", "ы", "и", "е", "у", "ой"),
    "я": ("я", "и", "е", "ю", "ей"),
    "ь": ("ь", "и", "я", "ю", "ем", "е"),
}
_CONSONANT_ENDINGS = ("", "а", "у", "ом", "е")
_ARABIC_FRONTS = ("و", "ب", "ل", "ك", "ف", "وب", "ول")
_ARTICLE = "ال"
_SHORTEST = 4
_COMMON_WORDS = frozenset({"Того", "Island", "Indie", "Norfolk", "Saint Martin", "Nederland", "Beliz"})
"""Names that in another language are quite another word, or the name of many places."""


@dataclass(frozen=True)
class Mention:
    """A country named at [start, end) of the original `title + newline + text`.

    `aside` where only a statesman or a seat of government stands for it: that speaks about other countries too.
    """

    country: str
    start: int
    end: int
    aside: bool = False


@dataclass(frozen=True)
class _Form:
    """One wording: the country (empty for none), whether letters may follow, and how it must be written."""

    country: str
    goes_on: bool = False
    small: bool = False
    capitals: bool = False
    aside: bool = False


class CountryFinder:
    """Finds countries in folded texts."""

    def __init__(self, folder: Folder) -> None:
        forms: dict[str, _Form] = {}
        for wording, form in _wordings():
            forms.setdefault(folder.fold_word(wording), form)
        self._forms = list(forms.values())
        self._wordings = list(forms)
        self._automaton = AhoCorasick(self._wordings)

    def find(self, original: str, folded: Folded) -> list[Mention]:
        """Return the mentions in a text, in the order in which they stand."""
        mentions: list[Mention] = []
        meant: dict[int, str] = {}
        taken = 0
        for start, end, place in self._candidates(original, folded):
            if start < taken:
                continue
            taken = end
            if place not in meant:
                meant[place] = self._meant(place, folded.text)
            country = meant[place]
            if country:
                mentions.append(Mention(country, *folded.origin(start, end), self._forms[place].aside))
        return mentions

    def _candidates(self, original: str, folded: Folded) -> list[tuple[int, int, int]]:
        text = folded.text
        found: list[tuple[int, int, int]] = []
        for place, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if start and text[start - 1].isalnum():
                continue
            form = self._forms[place]
            word_end = end
            while word_end < len(text) and text[word_end].isalnum():
                word_end += 1
            if word_end != end and not form.goes_on:
                continue
            if _written_right(form, original, *folded.origin(start, end)):
                found.append((start, word_end, place))
        return sorted(found, key=lambda each: (each[0], -each[1]))

    def _meant(self, place: int, text: str) -> str:
        wording = self._wordings[place]
        if wording in ONLY_WITH:
            other, words = ONLY_WITH[wording]
            if any(f" {word}" in f" {text} " for word in words.split()):
                return other
        return self._forms[place].country


def ranked(mentions: Iterable[Mention], title_length: int, first: str | None = None) -> tuple[str, ...]:
    """Return the countries of some mentions, main first; `first`, where given, stays before all."""
    places: dict[str, list[int]] = defaultdict(list)
    named: set[str] = set()
    for mention in mentions:
        places[mention.country].append(mention.start)
        if not mention.aside:
            named.add(mention.country)
    order = sorted(
        places,
        key=lambda each: (
            each not in named,
            places[each][0] >= title_length,
            -len(places[each]),
            places[each][0],
        ),
    )
    if first is None:
        return tuple(order)
    return (first, *(country for country in order if country != first))


def _written_right(form: _Form, original: str, start: int, end: int) -> bool:
    said = original[start:end]
    if form.capitals:
        return said == said.upper()
    return form.small or said[:1] != said[:1].lower() or said[:1] == said[:1].upper()


def _wordings() -> Iterator[tuple[str, _Form]]:
    for wording in _split(NOT_COUNTRIES):
        yield _read_form(wording, _NONE, small=True)
    for name, country in AMBIGUOUS.items():
        yield name, _Form(country)
    for line in WORDS.replace("\n  ", " ").strip().splitlines():
        country, _, words = line.partition(": ")
        for wording in _split(words):
            yield from _spread(*_read_form(wording, country))
    for country in alpha2_by_code():
        for language in LANGUAGES:
            yield from _cldr(country, language)


def _split(words: str) -> list[str]:
    return [word.strip() for word in words.replace("\n", " ").split(",") if word.strip()]


def _read_form(wording: str, country: str, *, small: bool = False) -> tuple[str, _Form]:
    bare = wording.strip("~!?").removesuffix("*")
    form = _Form(
        country,
        goes_on=wording.endswith("*"),
        small=small or wording.startswith("~"),
        capitals=wording.endswith("!"),
        aside=wording.endswith("?"),
    )
    return bare, form


def _cldr(country: str, language: str) -> Iterator[tuple[str, _Form]]:
    name = country_name(country, language).partition(" (")[0]
    plain = _Form(country)
    if name == country or len(name) < _SHORTEST or name in _COMMON_WORDS:
        return
    if language == "ru" and " " not in name:
        yield from ((form, plain) for form in _inflected(name))
    else:
        yield from _spread(name, plain)


def _spread(wording: str, form: _Form) -> Iterator[tuple[str, _Form]]:
    """Add what Arabic writes in front of a word: and, by, for, as, so."""
    yield wording, form
    if not "؀" <= wording[0] <= "ۿ":
        return
    for front in _ARABIC_FRONTS:
        swallowed = front.endswith("ل") and wording.startswith(_ARTICLE)
        yield front + ("ل" + wording[2:] if swallowed else wording), form


def _inflected(name: str) -> Iterator[str]:
    yield name
    for ending, forms in _RUSSIAN_ENDINGS.items():
        if name.endswith(ending):
            yield from (name.removesuffix(ending) + each for each in forms)
            return
    if name[-1] not in "иоуыэею":
        yield from (name + each for each in _CONSONANT_ENDINGS)
