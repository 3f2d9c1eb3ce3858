"""Reads one item: countries, categories, theme, how grave, and whether it is too grave to wait. Pure.

The same input gives the same tag in a job, a back-fill or a cluster worker. What is found carries its place
in `title + newline + text` as evidence; never the words themselves.
"""

from bisect import bisect_left
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from tracker.domain.taxonomy import Taxonomy
from tracker.domain.words import ReportKind
from tracker.understand.categories import CategoryFinder, Reading
from tracker.understand.countries import CountryFinder, Mention, ranked
from tracker.understand.grave import GraveFacts, grave_trigger
from tracker.understand.kept import Kept
from tracker.understand.languages import UNKNOWN, ListChooser, said_language
from tracker.understand.normalise import Folded, Folder
from tracker.understand.severity import severity_of

TAGGER_VERSION = 4
"""Raised with every change in what a tag may say; items tagged by a lower version are pending again."""

_EVIDENCE_AT_MOST = 40


@dataclass(frozen=True)
class TagInput:
    """What is read. The last three are a field report's: its sender's word, which stands above ours."""

    title: str
    text: str
    lang: str | None = None
    claimed_country: str | None = None
    killed: int | None = None
    report_kind: ReportKind | None = None
    is_report: bool = False


@dataclass(frozen=True)
class Tag:
    """What was read.

    Attributes:
        lang: the language said, `und` where none was.
        countries: ISO 3166-1 alpha-3, main first.
        category: the main one, None for unclassified.
        categories: all that count, main first.
        theme: the main category's theme.
        severity: 1 to 5; None where nothing says how grave.
        relevant: whether an analyst should see it; a field report always is.
        grave: the code of the trigger that makes it too grave to wait.
        evidence: codes and offsets: `{"kind", "code", "start", "end", "weight"?}`.
    """

    lang: str
    countries: tuple[str, ...]
    category: str | None
    categories: tuple[str, ...]
    theme: str | None
    severity: int | None
    relevant: bool
    grave: str | None
    evidence: tuple[dict[str, Any], ...]


class Tagger:
    """Reads items by one taxonomy. Building it takes a moment: `tagger_of` keeps the last one."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._taxonomy = taxonomy
        self._folder = Folder(taxonomy.matching.shared_letters)
        self._chooser = ListChooser(taxonomy.languages, taxonomy.matching.little_words, self._folder)
        self._countries = CountryFinder(self._folder)
        self._categories = CategoryFinder(taxonomy, self._folder)

    def tag(self, item: TagInput) -> Tag:
        """Read one item."""
        lang = said_language(item.lang)
        original = f"{item.title}\n{item.text}"
        folded = self._folder.fold(original)
        lists = self._lists(item, lang, folded.text)
        reading = self._categories.find(folded.text, _folded_place(folded, len(item.title)), lists)
        mentions = self._countries.find(original, folded)
        categories = self._counting(reading, item.report_kind)
        killed = item.killed if item.killed is not None else reading.killed
        facts = GraveFacts(reading, frozenset(categories), killed, reading.fled, item.is_report)
        grave = grave_trigger(self._taxonomy, facts)
        categories = self._led_by(grave, categories)
        near_deadline = facts.deadline_beside(categories, self._taxonomy.matching.deadline_reach)
        return Tag(
            lang=lang,
            countries=ranked(mentions, len(item.title), item.claimed_country),
            category=categories[0] if categories else None,
            categories=categories,
            theme=self._taxonomy.by_code[categories[0]].theme if categories else None,
            severity=severity_of(self._taxonomy, categories, killed, near_deadline, grave is not None),
            relevant=item.is_report or grave is not None or self._relevant(categories),
            grave=grave,
            evidence=_evidence(mentions, reading, categories, folded),
        )

    def _lists(self, item: TagInput, lang: str, folded: str) -> tuple[str, ...]:
        """Return the languages to read with; a report may be written in another one than its form was shown in."""
        lists = self._chooser.choose(lang, folded)
        if item.is_report:
            lists += tuple(each for each in self._chooser.choose(UNKNOWN, folded) if each not in lists)
        return lists

    def acled_type(self, category: str | None) -> str | None:
        """Return the ACLED event type that a category points to first, None where it points to none."""
        pointed = self._taxonomy.by_code[category].acled if category is not None else ()
        return pointed[0].partition("/")[0].replace("-", "/") if pointed else None

    def _counting(self, reading: Reading, kind: ReportKind | None) -> tuple[str, ...]:
        """Return the categories with enough weight, heaviest first, the graver and earlier listed before."""
        taxonomy = self._taxonomy
        place = {category.code: at for at, category in enumerate(taxonomy.categories)}
        enough = [code for code, score in reading.scores.items() if score >= taxonomy.matching.enough]
        order = sorted(
            enough,
            key=lambda code: (
                taxonomy.by_code[code].weak,
                -reading.scores[code],
                -taxonomy.by_code[code].base_severity,
                place[code],
            ),
        )
        if not order and kind is not None:
            return (taxonomy.report_kinds[kind],)
        return tuple(order)

    def _led_by(self, grave: str | None, categories: tuple[str, ...]) -> tuple[str, ...]:
        """Make sure that what is too grave to wait stands under a theme that raises signals."""
        if grave is None:
            return categories
        taxonomy = self._taxonomy
        main = next(
            (code for code in categories if taxonomy.theme_by_code[taxonomy.by_code[code].theme].raises),
            taxonomy.trigger_by_code[grave].category,
        )
        return (main, *(code for code in categories if code != main))

    def _relevant(self, categories: Collection[str]) -> bool:
        return any(not self._taxonomy.by_code[code].weak for code in categories)


tagger_of = Kept(Tagger)
"""Returns a tagger by a taxonomy: that of last time, where it says the same."""


def _folded_place(folded: Folded, place: int) -> int:
    return place if folded.places is None else bisect_left(folded.places, place)


def _evidence(
    mentions: list[Mention], reading: Reading, categories: tuple[str, ...], folded: Folded
) -> tuple[dict[str, Any], ...]:
    found: list[dict[str, Any]] = [
        {"kind": "country", "code": each.country, "start": each.start, "end": each.end} for each in mentions
    ]
    for hit in reading.hits:
        if hit.code in categories:
            start, end = folded.origin(hit.start, hit.end)
            found.append(
                {"kind": "category", "code": hit.code, "start": start, "end": end, "weight": hit.weight}
            )
    found.sort(key=lambda each: (each["start"], each["kind"], each["code"]))
    return tuple(found[:_EVIDENCE_AT_MOST])
