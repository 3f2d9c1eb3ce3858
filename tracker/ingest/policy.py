"""How sources are asked, and what is put up with: config/fetching.yaml, and the networks that the operator allows."""

from dataclasses import dataclass
from datetime import MAXYEAR, UTC, datetime, timedelta
from typing import Self

from tracker.domain.reading import Part
from tracker.ingest.dates import DateWindow
from tracker.ingest.guard import AllowedNetwork, read_allowed_networks
from tracker.ingest.identity import Cap
from tracker.settings import Settings


@dataclass(frozen=True)
class Schedule:
    """When a source is asked again.

    Attributes:
        every: time between two polls of a source that answers and says nothing of it.
        said_at_most: longest time that a source is left alone because it says so.
        failing_at_most: longest time between two polls of one that fails.
        spread: share 0..1 of a wait by which sources are spread over time.
        retry_after_at_most: longest Retry-After that is kept to.
    """

    every: timedelta
    said_at_most: timedelta
    failing_at_most: timedelta
    spread: float
    retry_after_at_most: timedelta


@dataclass(frozen=True)
class FetchPolicy:
    """How we behave towards others, and what we put up with.

    Attributes:
        allow: networks let through besides public addresses.
        deadline_s: seconds one source may take in all, redirects included, waiting for its turn not.
        max_bytes: bytes of a body, counted after inflation.
        max_redirects: hops that are followed.
        per_host: requests at once to one host.
        at_once: sources in hand at once.
        parse_s: seconds a document may take to read.
        parsers: processes that read documents.
        parser_bytes: address space of each of them.
        refusals_of_host: sources refused in one run, after which a host is asked no more in it.
        moved_after: polls in a row that must see a move for good.
        silent_after: how long a source that answers may give nothing new.
        pasted_length: characters of a text that a person pastes.
    """

    user_agent: str
    deadline_s: float
    max_bytes: int
    max_redirects: int
    per_host: int
    at_once: int
    parse_s: float
    parsers: int
    parser_bytes: int
    schedule: Schedule
    refusals_of_host: int
    moved_after: int
    dates: DateWindow
    cap: Cap
    silent_after: timedelta
    pasted_length: int
    allow: tuple[AllowedNetwork, ...] = ()

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Read the policy of this installation.

        Raises:
            ConfigError: config/fetching.yaml or TRACKER_ALLOW_NETWORKS is wrong; names the key.
        """
        return cls.read(settings.read_config("fetching"), read_allowed_networks(settings.allow_networks))

    @classmethod
    def read(cls, content: object, allow: tuple[AllowedNetwork, ...] = ()) -> Self:
        """Read the policy from the content of its file.

        Raises:
            ConfigError: a key is missing or wrong; names file, key and what is allowed.
        """
        part = Part.whole("config/fetching.yaml", content)
        reading, schedule = part.part("reading"), part.part("schedule")
        return cls(
            user_agent=part.text("user_agent"),
            deadline_s=part.number("deadline_seconds"),
            max_bytes=part.whole_number("body_bytes", 1),
            max_redirects=part.whole_number("redirects"),
            per_host=part.whole_number("per_host", 1),
            at_once=part.whole_number("at_once", 1),
            parse_s=reading.number("seconds"),
            parsers=reading.whole_number("processes", 1),
            parser_bytes=reading.whole_number("memory_bytes", 1),
            schedule=_read_schedule(schedule),
            refusals_of_host=schedule.whole_number("refusals_of_host", 1),
            moved_after=part.whole_number("moved_after", 1),
            dates=_read_dates(part.part("dates")),
            cap=_read_cap(part.part("items")),
            silent_after=part.duration("silent_after"),
            pasted_length=part.whole_number("pasted_length", 1),
            allow=allow,
        )


def _read_schedule(part: Part) -> Schedule:
    read = Schedule(
        every=part.duration("every"),
        said_at_most=part.duration("said_at_most"),
        failing_at_most=part.duration("failing_at_most"),
        spread=part.number("spread", -1e-9, 1.0),
        retry_after_at_most=part.duration("retry_after_at_most"),
    )
    for key in ("said_at_most", "failing_at_most", "retry_after_at_most"):
        if getattr(read, key) < read.every:
            part.refuse(key, f"is shorter than every ({part.content['every']})")
    if not read.every:
        part.refuse("every", "is 0; sources would be asked all the time")
    return read


def _read_dates(part: Part) -> DateWindow:
    year = part.whole_number("earliest_year", 1)
    if year > MAXYEAR:
        part.refuse("earliest_year", f"is {year}, which is no year")
    return DateWindow(datetime(year, 1, 1, tzinfo=UTC), part.duration("ahead"))


def _read_cap(part: Part) -> Cap:
    names = ("versions", "keys", "churn_at", "churn_again")
    return Cap(**{name: part.whole_number(name, 1) for name in names})
