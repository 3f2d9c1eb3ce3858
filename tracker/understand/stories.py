"""Folds items that tell of the same events into stories, one after the other. Pure.

An item joins the story whose items it is most like, if it is like enough: by the words that it shares with them,
names first. Texts that name other people or places tell of other events, however alike they are. What came before is
never moved, so that an item's story does not depend on what comes later.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import Self

from tracker.domain.counts import Cut
from tracker.domain.reading import Part
from tracker.domain.words import Tlp
from tracker.understand.kept import Kept
from tracker.understand.normalise import Folder
from tracker.understand.sketch import Sketch, Sketcher


@dataclass(frozen=True)
class StoryRules:
    """What makes items one story: config/stories.yaml says what each figure does. Likenesses are 0 to 1."""

    window: timedelta
    late_at_most: timedelta
    like_enough: float
    members_compared: int
    same_source_like: float
    names_shared: float
    report_like: float
    copy_from: float
    copy_words: int
    words_at_most: int
    keys: int
    candidates_at_most: int
    remembered: int
    passed_over: tuple[str, ...]

    @classmethod
    def read(cls, content: object, file: str = "config/stories.yaml") -> Self:
        """Read the rules from the content of their file.

        Raises:
            ConfigError: a key is missing or wrong; names file, key and what is allowed.
        """
        part = Part.whole(file, content)
        passed_over = part.part("passed_over")
        return cls(
            window=part.duration("window"),
            late_at_most=part.duration("late_at_most"),
            like_enough=part.number("like_enough", 0.0, 1.0),
            members_compared=part.whole_number("members_compared", 1),
            same_source_like=part.number("same_source_like", 0.0, 1.0),
            names_shared=part.number("names_shared", 0.0, 1.0),
            report_like=part.number("report_like", 0.0, 1.0),
            copy_from=part.number("copy_from", 0.0, 1.0),
            copy_words=part.whole_number("copy_words", 1),
            words_at_most=part.whole_number("words_at_most", 1),
            keys=part.whole_number("keys", 1),
            candidates_at_most=part.whole_number("candidates_at_most", 1),
            remembered=part.whole_number("remembered", 1),
            passed_over=tuple(chain.from_iterable(map(passed_over.texts, passed_over.content))),
        )

    def sketcher(self, folder: Folder) -> Sketcher:
        """Return what makes sketches by these rules."""
        return Sketcher(folder, self.passed_over, self.words_at_most)


def _sketcher(rules: StoryRules, shared_letters: Mapping[str, str]) -> Sketcher:
    return rules.sketcher(Folder(shared_letters))


sketcher_of = Kept(_sketcher)
"""Returns what makes sketches by rules and letters that count as one: that of last time, where they say the same."""

_EVERYBODY = Cut(Tlp.CLEAR)


@dataclass(frozen=True)
class Told:
    """One item as others are compared with it.

    `story` and `wire` are those it begins where it joins and copies none. `at` is None where undated, `countries`
    empty where none was read, `source` None where it does not matter; `cut` says who may see it.
    """

    id: str
    story: str
    wire: str
    sketch: Sketch
    at: datetime | None = None
    countries: frozenset[str] = frozenset()
    source: str | None = None
    is_report: bool = False
    cut: Cut = _EVERYBODY


@dataclass(frozen=True)
class Joined:
    """The story that an item joins, how like it is (0 to 1), and the wire it carries (None: words of its own)."""

    story: str
    likeness: float
    wire: str | None


def choose_story(item: Told, others: Iterable[Told], rules: StoryRules) -> Joined | None:
    """Return the story, among those of other items, that an item belongs to; None where it begins its own.

    It joins by likeness to what everybody who may see it may see as well: a story tells nobody of what is hidden
    from them.
    """
    by_story: dict[str, list[tuple[float, Told]]] = defaultdict(list)
    for other in others:
        score = likeness(item, other, rules) if other.cut.covers(item.cut) else 0.0
        if score > 0.0:
            by_story[other.story].append((score, other))
    best: Joined | None = None
    for story, members in sorted(by_story.items()):
        members.sort(key=lambda each: (-each[0], each[1].id))
        nearest = members[: rules.members_compared]
        score = sum(each for each, _ in nearest) / len(nearest)
        if score >= rules.like_enough and (best is None or score > best.likeness):
            wire = next(
                (other.wire for _, other in members if is_copy(item.sketch, other.sketch, rules)), None
            )
            best = Joined(story, score, wire)
    return best


def likeness(one: Told, other: Told, rules: StoryRules) -> float:
    """Return how alike two items are, 0 where they tell of other events or may not fold.

    That is the cosine of their weighted words. A field report folds with nothing but a report that says the same.
    """
    if one.is_report != other.is_report or _apart(one, other, rules.window):
        return 0.0
    a, b = one.sketch, other.sketch
    if not a.length or not b.length or _other_names(a, b, rules.names_shared):
        return 0.0
    few, many = sorted((a.weights, b.weights), key=len)
    shared = sum(weight * many[word] for word, weight in few.items() if word in many)
    found = shared / (a.length * b.length)
    return found if found >= _least(one, other, rules) else 0.0


def _apart(one: Told, other: Told, window: timedelta) -> bool:
    too_far = one.at is not None and other.at is not None and abs(one.at - other.at) > window
    elsewhere = one.countries and other.countries and one.countries.isdisjoint(other.countries)
    return too_far or bool(elsewhere)


def _other_names(a: Sketch, b: Sketch, least: float) -> bool:
    fewest = min(len(a.names), len(b.names))
    return fewest > 0 and len(a.names & b.names) < least * fewest


def _least(one: Told, other: Told, rules: StoryRules) -> float:
    if one.is_report:
        return rules.report_like
    same_source = one.source is not None and one.source == other.source
    return rules.same_source_like if same_source else 0.0


def is_copy(a: Sketch, b: Sketch, rules: StoryRules) -> bool:
    """Return whether the shorter text says next to nothing that the longer does not, whatever their headlines."""
    one, other = a.body, b.body
    if min(len(one), len(other)) < rules.copy_words:
        one, other = frozenset(a.weights), frozenset(b.weights)
    fewest = min(len(one), len(other))
    return fewest > 0 and len(one & other) >= rules.copy_from * fewest


class StoryFinder:
    """Folds a stream of items in memory, forgetting what is too old or too much to matter.

    Items may come late, by `late_at_most`: for so long after its window an item is still compared with.
    """

    def __init__(self, rules: StoryRules) -> None:
        self._rules = rules
        self._told: dict[str, Told] = {}
        self._order: deque[tuple[str, list[int]]] = deque()
        self._by_key: dict[int, dict[str, None]] = defaultdict(dict)

    def place(self, item: Told, *, stays: bool = False) -> Joined | None:
        """Give the next item its story: one that began before, or None for the one it begins.

        One that `stays` keeps the story that it has, and is given the wire alone.
        """
        rules, keys = self._rules, item.sketch.keys(self._rules.keys)
        self._forget_before(item.at)
        shared = Counter(chain.from_iterable(self._by_key[key] for key in keys if key in self._by_key))
        joined = choose_story(item, islice(self._near(item, shared), rules.candidates_at_most), rules)
        if joined is not None:
            story = item.story if stays else joined.story
            item = replace(item, story=story, wire=joined.wire or item.wire)
        self._remember(item, keys)
        return joined

    def remember(self, item: Told) -> None:
        """Take in an item whose story and wire are known already."""
        self._remember(item, item.sketch.keys(self._rules.keys))

    def _near(self, item: Told, shared: Counter[str]) -> Iterator[Told]:
        """Return the items that share words with this one and may fold with it, those that share most first."""
        for other, _ in shared.most_common():
            if not _apart(item, self._told[other], self._rules.window):
                yield self._told[other]

    def _remember(self, item: Told, keys: list[int]) -> None:
        self._told[item.id] = item
        self._order.append((item.id, keys))
        for key in keys:
            self._by_key[key][item.id] = None
        if len(self._order) > self._rules.remembered:
            self._forget(*self._order.popleft())

    def _forget_before(self, now: datetime | None) -> None:
        """Forget what nothing will be compared with any more, at an item of `now`, one that is not too late."""
        if now is None:
            return
        while self._order and self._spent(self._told[self._order[0][0]].at, now):
            self._forget(*self._order.popleft())

    def _spent(self, oldest: datetime | None, now: datetime) -> bool:
        return oldest is not None and now - oldest > self._rules.window + self._rules.late_at_most

    def _forget(self, id_: str, keys: list[int]) -> None:
        del self._told[id_]
        for key in keys:
            del self._by_key[key][id_]
            if not self._by_key[key]:
                del self._by_key[key]
