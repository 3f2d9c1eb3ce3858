"""Decides whether what was read in one item is too grave to wait, and by which trigger. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from tracker.domain.taxonomy import GraveWhen, Taxonomy
from tracker.understand.categories import Reading


@dataclass(frozen=True)
class GraveFacts:
    """What the conditions of a trigger are held against; None is "not said"."""

    reading: Reading
    categories: frozenset[str]
    killed: int | None
    fled: int | None
    is_report: bool

    def plainly(self, code: str) -> bool:
        """Return whether a category counts by a hit that is neither negated nor excluded."""
        return code in self.categories and code in self.reading.plain

    def deadline_beside(self, codes: Iterable[str], reach: int, others: Iterable[int] = ()) -> bool:
        """Return whether a deadline stands within `reach` letters of a plain hit of a category, or another."""
        places = [place for code in codes for place in self.reading.plain.get(code, ())]
        places = sorted([*places, *others])
        return any(
            bisect_left(places, cue - reach) < bisect_right(places, cue + reach)
            for cue in self.reading.deadlines
        )


def grave_trigger(taxonomy: Taxonomy, facts: GraveFacts) -> str | None:
    """Return the code of the first trigger that holds, None where none does."""
    reach = taxonomy.matching.deadline_reach
    for trigger in taxonomy.triggers:
        for place, when in enumerate(trigger.when):
            said = facts.reading.phrases.get((trigger.code, place), ())
            if _holds(when, facts, said, reach):
                return trigger.code
    return None


def _holds(when: GraveWhen, facts: GraveFacts, said: Collection[int], reach: int) -> bool:
    return (
        (facts.is_report or not when.reports_only)
        and (not when.phrases or bool(said))
        and (not when.any_category or any(map(facts.plainly, when.any_category)))
        and all(map(facts.plainly, when.all_categories))
        and _at_least(facts.killed, when.killed_at_least)
        and _at_least(facts.fled, when.fled_at_least)
        and (not when.deadline or facts.deadline_beside(when.any_category, reach, said))
    )


def _at_least(value: int | None, least: int | None) -> bool:
    return least is None or (value is not None and value >= least)
