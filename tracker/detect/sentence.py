"""The sentence that a person can check: our own names, codes and numbers. Pure.

Never a report's words, nor its place.
"""

from tracker.detect.candidates import SignalCandidate
from tracker.domain.countries import country_name
from tracker.domain.taxonomy import Taxonomy
from tracker.domain.words import ItemKind


def escalation_sentence(candidate: SignalCandidate, taxonomy: Taxonomy, source_count: int) -> str:
    """Say what was observed in a week, what was expected, the bound, and from how many sources."""
    name = taxonomy.theme_by_code[candidate.theme].name
    return (
        f"{name} in {country_name(candidate.country)}: {_stories(candidate.observed or 0)} in week "
        f"{candidate.subject.value}, {_about(candidate.expected or 0.0)} expected, at most {candidate.bound} "
        f"in {_odds(candidate.quantile or 0.0)}; {_counted(source_count, 'source')}."
    )


def grave_sentence(country: str, kind: ItemKind, trigger: str, taxonomy: Taxonomy) -> str:
    """Say which trigger one item set off."""
    item = "A field report from" if kind is ItemKind.REPORT else "A news item about"
    named = taxonomy.trigger_by_code[trigger].name
    return f"{item} {country_name(country)} names {named} (trigger {trigger}); not verified."


def grave_story_sentence(country: str, trigger: str, source_count: int, taxonomy: Taxonomy) -> str:
    """Say which trigger a story sets off that several independent sources tell."""
    named = taxonomy.trigger_by_code[trigger].name
    return (
        f"{source_count} independent sources in the news about {country_name(country)} name {named} "
        f"(trigger {trigger}); not verified."
    )


def _stories(count: int) -> str:
    return "1 story" if count == 1 else f"{count} stories"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _about(expected: float) -> str:
    return "fewer than 1" if expected < 1 else f"{expected:.0f}"


def _odds(quantile: float) -> str:
    of = round(1 / (1 - quantile))
    return f"{of - 1} weeks of {of}"
