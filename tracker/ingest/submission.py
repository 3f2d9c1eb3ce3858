"""What a sender says in a field report, read from a form, JSON or a table: every fault at once. Pure.

The words of a report, and who sent it, never stand in a message, a log line or a repr.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

from tracker.domain.country_names import read_country
from tracker.domain.wording import gettext_noop, western_digits
from tracker.domain.words import HowReporterKnows, ReportKind, ReportWhen, Tlp
from tracker.errors import SubmissionError, TrackerError
from tracker.ingest.text import plain_text
from tracker.ingest.urls import primary_lang

DEFAULT_TLP = Tlp.AMBER_STRICT
"""The label a field report starts at (domain.md 4.2)."""

MOST = {
    "what": 4000,
    "country": 200,
    "place": 200,
    "help": 1000,
    "client_id": 100,
    "reporter_name": 200,
    "reporter_contact": 300,
}
"""Characters that each field takes."""

_READ_AT_MOST = 100_000
"""Characters of a field, markup and all, that are read at all: 25 times what the longest takes."""

_YES = frozenset({"yes", "on", "true", "1"})
_NO = frozenset({"", "no", "off", "false", "0"})
_MOST_KILLED = 10_000_000
_YEARS = range(1900, 2101)
"""Of which somebody may tell; any other is a slip of the hand, and no zone can hold the first and the last."""
_Word = TypeVar("_Word", bound=StrEnum)


class SubmissionErrors(TrackerError):  # noqa: N818 - holds several errors
    """A report that cannot be taken as it is: `errors` names each faulty field once."""

    def __init__(self, errors: list[SubmissionError]) -> None:
        super().__init__(" ".join(str(error) for error in errors))
        self.errors = tuple(errors)


@dataclass(frozen=True)
class Submission:
    """A field report as its sender gives it. None is "not said".

    `country` is None where what was written for it, `country_said`, could be several countries or is none: a person
    settles it. `channel` is how it came (config/vocabulary.yaml), None where its sender typed it themselves.
    """

    what: str = field(repr=False)
    country: str | None
    country_said: str | None = field(default=None, repr=False)
    kind: ReportKind | None = None
    place: str | None = field(default=None, repr=False)
    when: ReportWhen | None = None
    happened_on: date | None = None
    how_known: HowReporterKnows | None = None
    help: str | None = field(default=None, repr=False)
    killed: int | None = None
    lang: str | None = None
    tlp: Tlp = DEFAULT_TLP
    client_id: str | None = None
    may_contact: bool = False
    may_share_un: bool = False
    may_share_authorities: bool = False
    reporter_name: str | None = field(default=None, repr=False)
    reporter_contact: str | None = field(default=None, repr=False)
    channel: str | None = None


class _Reader:
    """Reads one field after the other and keeps the faults."""

    def __init__(self, said: Mapping[str, object]) -> None:
        self._said = said
        self.errors: list[SubmissionError] = []

    def fault(self, name: str, problem: str, **values: object) -> None:
        self.errors.append(SubmissionError(name, problem, **values))

    def raw(self, name: str) -> str:
        value = self._said.get(name)
        if value is None:
            return ""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, float) and value.is_integer():
            return f"{value:.0f}"
        if isinstance(value, str | int | date):
            return str(value).strip()
        self.fault(name, gettext_noop("Write text here."))
        return ""

    def text(self, name: str) -> str | None:
        """Return plain text; a fault where there is more than the field takes."""
        raw = self.raw(name)
        said = plain_text(raw) if len(raw) <= _READ_AT_MOST else raw
        if len(said) > MOST[name]:
            too_long = gettext_noop("Too long: at most %(most)d characters, this has %(has)d.")
            self.fault(name, too_long, most=MOST[name], has=len(said))
        return said or None

    def required(self, name: str, problem: str) -> str:
        said = self.text(name)
        if not said and not any(error.field == name for error in self.errors):
            self.fault(name, problem)
        return said or ""

    def word(self, name: str, kind: type[_Word]) -> _Word | None:
        said = self.raw(name).casefold()
        found = next((word for word in kind if word.value.casefold() == said), None)
        if said and found is None:
            self.fault(name, gettext_noop("Choose one of: %(words)s."), words=", ".join(kind))
        return found

    def read(self, name: str, reader: Callable[[str], object], problem: str) -> object | None:
        said = self.raw(name)
        try:
            return reader(said) if said else None
        except ValueError:
            self.fault(name, problem)
            return None

    def day(self, name: str) -> date | None:
        problem = gettext_noop("Write a date such as 2026-11-25.")
        found = self.read(name, _day, problem)
        return found if isinstance(found, date) else None

    def count(self, name: str) -> int | None:
        problem = gettext_noop("Write a whole number, or leave it empty where it is not known.")
        found = self.read(name, _count, problem)
        return found if isinstance(found, int) else None

    def yes(self, name: str) -> bool:
        said = self.raw(name).casefold()
        if said not in _YES | _NO:
            self.fault(name, gettext_noop("Say yes or no."))
        return said in _YES


def _count(said: str) -> int:
    count = int(said) if said.isdecimal() else -1
    if not 0 <= count <= _MOST_KILLED:
        raise ValueError
    return count


def _day(said: str) -> date:
    day = date.fromisoformat(western_digits(said))
    if day.year not in _YEARS:
        raise ValueError
    return day


def read_submission(said: Mapping[str, object]) -> Submission:
    """Read a field report from text fields; JSON numbers and booleans are taken too. Other keys are ignored.

    A country is read from its code or its name (`read_country`); one that is not certain is kept as it was written.

    Raises:
        SubmissionErrors: faulty fields, all of them at once, in the order in which the form asks for them.
    """
    reader = _Reader(said)
    what = reader.required("what", gettext_noop("Say what happened, or what may happen."))
    kind, killed = reader.word("kind", ReportKind), reader.count("killed")
    said_country = reader.required("country", gettext_noop("Choose the country."))
    country = read_country(said_country).code
    submission = Submission(
        what=what,
        country=country,
        country_said=None if country else said_country,
        kind=kind,
        place=reader.text("place"),
        when=reader.word("when", ReportWhen),
        happened_on=reader.day("happened_on"),
        how_known=reader.word("how_known", HowReporterKnows),
        help=reader.text("help"),
        killed=killed,
        lang=_lang(reader),
        tlp=reader.word("tlp", Tlp) or DEFAULT_TLP,
        client_id=reader.text("client_id"),
        may_contact=reader.yes("may_contact"),
        may_share_un=reader.yes("may_share_un"),
        may_share_authorities=reader.yes("may_share_authorities"),
        reporter_name=reader.text("reporter_name"),
        reporter_contact=reader.text("reporter_contact"),
    )
    if reader.errors:
        raise SubmissionErrors(reader.errors)
    return submission


def _lang(reader: _Reader) -> str | None:
    said = reader.raw("lang")
    lang = primary_lang(said)
    if said and lang is None:
        reader.fault("lang", gettext_noop("Write a language tag such as fr."))
    return lang
