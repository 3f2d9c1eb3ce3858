"""The lead of a digest: an editor's own words, TLP:GREEN. What may stand in it, and who may read it.

It can hold nothing that points at a row or at a person, and no run of words of a field report. Countries are found in
it as they are in items: a Member State never reads a lead that names its own country, a reader with a scope none that
names a country outside it.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from tracker.domain.countries import country_name
from tracker.domain.labels import tlp_rank
from tracker.domain.viewer import Viewer
from tracker.domain.wording import listed
from tracker.domain.words import Role, Tlp
from tracker.errors import SubmissionError
from tracker.respond.policy import Policy
from tracker.understand.countries import CountryFinder
from tracker.understand.normalise import Folder

MAX_LENGTH = 600
RUN = 6
"""So many words in a row that also stand in a field report are taken for its words."""

_REF = re.compile(r"\b[A-Z]{3}-\d{3,}\b")
_ADDRESS = re.compile(r"\S+@\S+|\b(?:https?://|www\.)\S+", re.IGNORECASE)
_PHONE = re.compile(r"\+?\d[\d ()./-]{7,}\d")
_WORD = re.compile(r"\w+")
_SHORTEST_NAME = 3


def check_lead(lead: str, names: Iterable[str], reports: Iterable[str]) -> None:
    """Refuse a lead that must not leave the house.

    Args:
        lead: what the editor wrote, on one line.
        names: the names of those who must not be named.
        reports: the words of field reports that must not be repeated.

    Raises:
        SubmissionError: says what stands in it, and what to do.
    """
    if len(lead) > MAX_LENGTH:
        raise SubmissionError("lead", f"It has {len(lead)} letters; {MAX_LENGTH} are the most.")
    if found := _REF.search(lead):
        raise SubmissionError(
            "lead", f"It names an alert, {found[0]}. Say what happened, not where it is kept."
        )
    if found := _ADDRESS.search(lead) or _PHONE.search(lead):
        raise SubmissionError("lead", f"It holds an address or a number, {found[0]}. Leave it out.")
    if named := [name for name in names if _names(lead, name)]:
        raise SubmissionError("lead", f"It names {listed(sorted(named))}. Name roles, never people.")
    if run := _repeated(lead, reports):
        raise SubmissionError("lead", f"“{run}” stands so in a field report. Say it in your own words.")


def _names(lead: str, name: str) -> bool:
    bare = name.partition("(")[0].strip()
    return len(bare) >= _SHORTEST_NAME and bool(re.search(rf"\b{re.escape(bare)}\b", lead))


def _repeated(lead: str, reports: Iterable[str]) -> str | None:
    words = _WORD.findall(lead)
    runs = [words[start : start + RUN] for start in range(len(words) - RUN + 1)]
    if not runs:
        return None
    sought = [(_flat(run), " ".join(run)) for run in runs]
    for report in reports:
        text = _flat(_WORD.findall(report))
        for flat, run in sought:
            if flat in text:
                return run
    return None


def _flat(words: Sequence[str]) -> str:
    return f" {' '.join(words).casefold()} "


def countries_in(lead: str, policy: Policy) -> frozenset[str]:
    """Return the countries that a lead names, as ISO 3166-1 alpha-3."""
    if not lead:
        return frozenset()
    letters = policy.taxonomy.matching.shared_letters
    folder, finder = _finder(tuple(sorted(letters.items())))
    return frozenset(mention.country for mention in finder.find(lead, folder.fold(lead)))


@lru_cache(maxsize=2)
def _finder(letters: tuple[tuple[str, str], ...]) -> tuple[Folder, CountryFinder]:
    folder = Folder(dict(letters))
    return folder, CountryFinder(folder)


def may_read_lead(viewer: Viewer, countries: Iterable[str]) -> bool:
    """Return whether a reader may be shown a lead that names these countries."""
    named = frozenset(countries)
    if tlp_rank(viewer.clearance) < tlp_rank(Tlp.GREEN):
        return False
    if viewer.role is Role.MEMBER_STATE and (viewer.own_country is None or viewer.own_country in named):
        return False
    return viewer.scope is None or named <= viewer.scope


def country_names(codes: Iterable[str]) -> str:
    """Return countries by name, as in a sentence."""
    return listed(sorted(country_name(code) for code in codes))
