"""Themes, categories, their words, and what is too grave to wait; read from config/taxonomy.yaml.

Holds what the file says and checks it; how words are found in a text is understand's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from tracker.domain.reading import Part
from tracker.domain.words import ReportKind

MAX_THEMES = 8
"""An alert has one country and one theme; more than eight and nobody tells them apart (design.md)."""

PREFIX, EXACT, CONTAINS = "prefix", "exact", "contains"
_MODES = {mode: mode for mode in (PREFIX, EXACT, CONTAINS)}

WordLists = Mapping[str, tuple[str, ...]]
"""Language (ISO 639-1) → words and phrases as written in the file."""


@dataclass(frozen=True)
class Theme:
    """A group of categories that one alert is about. `raises` is False where more of it is good news."""

    code: str
    name: str
    definition: str
    raises: bool


@dataclass(frozen=True)
class Category:
    """One kind of thing that happens. `weak` ones make an item relevant only beside another category.

    `together` names word sets of which one word each, close by in a sentence, stand for a keyword.
    """

    code: str
    name: str
    definition: str
    theme: str
    base_severity: int
    weak: bool
    acled: tuple[str, ...]
    risk_factors: tuple[str, ...]
    anchors: Mapping[int, str]
    keywords: WordLists
    together: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Matching:
    """How words are looked for: reaches in words or letters, and the sum of weights that is `enough`."""

    modes: Mapping[str, str]
    clitics: Mapping[str, tuple[str, ...]]
    gap: int
    negation_reach: int
    number_reach: int
    deadline_reach: int
    together_reach: int
    shared_letters: Mapping[str, str]
    title_weight: float
    text_weight: float
    negated_weight: float
    excluded_weight: float
    enough: float
    little_words: WordLists


@dataclass(frozen=True)
class SeverityScale:
    """How grave, 1 to 5: `killed` gives the severity from so many people killed."""

    killed: Mapping[int, int]
    deadline_adds: int
    deadline_categories: frozenset[str]
    capped: Mapping[str, int]
    killed_words: WordLists
    fled_words: WordLists
    number_stops: frozenset[str]
    not_people: frozenset[str]
    number_words: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class GraveWhen:
    """One set of conditions; it holds when all that it names do."""

    any_category: tuple[str, ...]
    all_categories: tuple[str, ...]
    killed_at_least: int | None
    fled_at_least: int | None
    deadline: bool
    reports_only: bool
    phrases: WordLists


@dataclass(frozen=True)
class Trigger:
    """Something too grave to wait. `name` is a noun phrase that stands in a signal's sentence.

    `category` is what an item that sets it off is about where its words name no category of their own.
    """

    code: str
    name: str
    category: str
    when: tuple[GraveWhen, ...]


@dataclass(frozen=True)
class Taxonomy:
    """The whole file, checked: every category has a theme, every trigger names known categories."""

    languages: tuple[str, ...]
    matching: Matching
    negation: WordLists
    exclusions: WordLists
    deadline_cues: WordLists
    word_sets: Mapping[str, WordLists]
    severity: SeverityScale
    themes: tuple[Theme, ...]
    categories: tuple[Category, ...]
    report_kinds: Mapping[ReportKind, str]
    triggers: tuple[Trigger, ...]

    @classmethod
    def read(cls, content: object, file: str = "config/taxonomy.yaml") -> "Taxonomy":
        """Read the taxonomy from the content of its file.

        Raises:
            ConfigError: a key is missing or wrong; names file, key and what is allowed.
        """
        part = Part.whole(file, content)
        languages = part.texts("languages")
        themes = _read_themes(part)
        word_sets = {
            str(name): _lists(part.part("word_sets"), str(name), languages)
            for name in part.table("word_sets")
        }
        names = {name: name for name in word_sets}
        categories = tuple(
            _read_category(each, {theme.code: theme.code for theme in themes}, languages, names)
            for each in part.parts("categories")
        )
        codes = {category.code: category.code for category in categories}
        if len(codes) != len(categories):
            part.refuse("categories", "names a code twice")
        kinds = part.part("report_kinds")
        return cls(
            languages=languages,
            matching=_read_matching(part.part("matching"), languages),
            negation=_lists(part, "negation", languages),
            exclusions=_lists(part, "exclusions", languages),
            deadline_cues=_lists(part, "deadline_cues", languages),
            word_sets=word_sets,
            severity=_read_severity(part.part("severity"), codes, languages),
            themes=themes,
            categories=categories,
            report_kinds={kind: kinds.word(str(kind), codes) for kind in ReportKind},
            triggers=tuple(_read_trigger(each, codes, languages) for each in part.parts("grave")),
        )

    @cached_property
    def by_code(self) -> Mapping[str, Category]:
        """Category by its code."""
        return {category.code: category for category in self.categories}

    @cached_property
    def theme_by_code(self) -> Mapping[str, Theme]:
        """Theme by its code."""
        return {theme.code: theme for theme in self.themes}

    @cached_property
    def trigger_by_code(self) -> Mapping[str, Trigger]:
        """Grave trigger by its code."""
        return {trigger.code: trigger for trigger in self.triggers}


def _lists(part: Part, key: str, languages: tuple[str, ...]) -> WordLists:
    table = part.part(key)
    for language in table.content:
        if language not in languages:
            part.refuse(key, f"holds the language {language!r}", languages)
    return {language: table.texts(language) for language in languages}


def _optional_lists(part: Part, key: str, languages: tuple[str, ...]) -> WordLists:
    return _lists(part, key, languages) if key in part.content else {}


def _numbers(part: Part, key: str, names: Mapping[str, str] | None = None) -> dict[str, int]:
    table = part.part(key)
    for name in table.content:
        if names is not None and name not in names:
            part.refuse(key, f"names {name!r}", names)
    return {str(name): Part.whole_number(table, name) for name in table.content}


def _by_number(part: Part, key: str) -> dict[int, int]:
    numbers = _numbers(part, key)
    for name in numbers:
        if not name.isdigit():
            part.refuse(key, f"holds {name!r} where a whole number belongs")
    return {int(name): value for name, value in sorted(numbers.items(), key=lambda pair: int(pair[0]))}


def _read_themes(part: Part) -> tuple[Theme, ...]:
    themes = tuple(
        Theme(each.text("code"), each.text("name"), each.text("definition"), each.yes("raises", True))
        for each in part.parts("themes")
    )
    if len(themes) > MAX_THEMES:
        part.refuse("themes", f"holds {len(themes)}; at most {MAX_THEMES} are allowed")
    if len({theme.code for theme in themes}) != len(themes):
        part.refuse("themes", "names a code twice")
    return themes


def _read_category(
    part: Part, themes: Mapping[str, str], languages: tuple[str, ...], word_sets: Mapping[str, str]
) -> Category:
    severity = part.whole_number("base_severity", 1)
    if severity > 5:
        part.refuse("base_severity", f"is {severity}; severity ends at 5")
    return Category(
        code=part.text("code"),
        name=part.text("name"),
        definition=part.text("definition"),
        theme=part.word("theme", themes),
        base_severity=severity,
        weak=part.yes("weak"),
        acled=part.texts("acled"),
        risk_factors=part.texts("risk_factors"),
        anchors={int(number): str(said) for number, said in part.table("anchors").items()},
        keywords=_lists(part, "keywords", languages),
        together=_read_together(part, word_sets),
    )


def _read_together(part: Part, word_sets: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    rows = part.content.get("together", [])
    if not isinstance(rows, list) or not all(isinstance(row, list) and len(row) > 1 for row in rows):
        part.refuse("together", "must be a list of lists of two word sets or more")
    for name in (name for row in rows for name in row):
        if name not in word_sets:
            part.refuse("together", f"names the word set {name!r}", word_sets)
    return tuple(tuple(row) for row in rows)


def _read_matching(part: Part, languages: tuple[str, ...]) -> Matching:
    modes, weights, clitics = part.part("modes"), part.part("weights"), part.part("clitics")
    return Matching(
        modes={language: modes.word(language, _MODES) for language in languages},
        clitics={language: clitics.texts(language) for language in clitics.content},
        gap=part.whole_number("gap"),
        negation_reach=part.whole_number("negation_reach"),
        number_reach=part.whole_number("number_reach"),
        deadline_reach=part.whole_number("deadline_reach"),
        together_reach=part.whole_number("together_reach", 1),
        shared_letters={name: str(value) for name, value in part.table("shared_letters").items()},
        title_weight=weights.number("title"),
        text_weight=weights.number("text"),
        negated_weight=weights.number("negated"),
        excluded_weight=weights.number("excluded"),
        enough=part.number("enough"),
        little_words={name: part.part("little_words").texts(name) for name in part.table("little_words")},
    )


def _read_severity(part: Part, codes: Mapping[str, str], languages: tuple[str, ...]) -> SeverityScale:
    numbers = part.part("number_words")
    return SeverityScale(
        killed=_by_number(part, "killed"),
        deadline_adds=part.whole_number("deadline_adds"),
        deadline_categories=frozenset(part.words("deadline_categories", codes)),
        capped=_numbers(part, "capped", codes),
        killed_words=_lists(part, "killed_words", languages),
        fled_words=_lists(part, "fled_words", languages),
        number_stops=frozenset(part.texts("number_stops")),
        not_people=frozenset(part.texts("not_people")),
        number_words={language: _numbers(numbers, language) for language in languages},
    )


def _read_trigger(part: Part, codes: Mapping[str, str], languages: tuple[str, ...]) -> Trigger:
    when = tuple(_read_when(each, codes, languages) for each in part.parts("when"))
    return Trigger(part.text("code"), part.text("name"), part.word("category", codes), when)


def _read_when(part: Part, codes: Mapping[str, str], languages: tuple[str, ...]) -> GraveWhen:
    known = {
        "any_category",
        "all_categories",
        "killed_at_least",
        "fled_at_least",
        "deadline",
        "reports_only",
        "phrases",
    }
    for key in part.content:
        if key not in known:
            part.refuse(key, "is not a condition", known)
    return GraveWhen(
        any_category=part.words("any_category", codes),
        all_categories=part.words("all_categories", codes),
        killed_at_least=part.whole_number("killed_at_least", 1)
        if "killed_at_least" in part.content
        else None,
        fled_at_least=part.whole_number("fled_at_least", 1) if "fled_at_least" in part.content else None,
        deadline=part.yes("deadline"),
        reports_only=part.yes("reports_only"),
        phrases=_optional_lists(part, "phrases", languages),
    )
