"""How far a source can be trusted to tell: whether it fails, is silent, is off, or is fine. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from tracker.domain.words import SourceState
from tracker.ingest.urls import host_of
from tracker.store.reads.sources import SourceRow


class Standing(StrEnum):
    """How a source stands; the first ones need somebody to look."""

    FAILING = "failing"
    SILENT = "silent"
    OFF = "off"
    FINE = "fine"


def standing(source: SourceRow, now: datetime, silent_after: timedelta) -> Standing:
    """Return how a source stands; one that is not asked cannot be silent.

    Args:
        source: its row.
        now: aware UTC.
        silent_after: how long a source that answers may give nothing new.
    """
    match source.state:
        case SourceState.FAILING:
            return Standing.FAILING
        case SourceState.DISABLED:
            return Standing.OFF
        case SourceState.ACTIVE:
            is_quiet = source.next_poll_at is not None and now - last_news(source) >= silent_after
            return Standing.SILENT if is_quiet else Standing.FINE


def last_news(source: SourceRow) -> datetime:
    """Return when a source last gave something new, or since when we wait for it."""
    return source.last_new_at or source.created_at


def trouble_since(source: SourceRow) -> datetime | None:
    """Return since when nothing came of a source: it last answered, was added, or was switched off."""
    if source.state is SourceState.DISABLED:
        return source.state_since
    return source.last_ok_at or source.created_at


def weekly(source: SourceRow, now: datetime) -> float:
    """Return how many items a source gave in a week since it was added, on average; its first week is a whole one."""
    return source.item_count / max((now - source.created_at) / timedelta(weeks=1), 1.0)


def held_hosts(sources: Iterable[SourceRow], now: datetime) -> Mapping[str, datetime]:
    """Return until when hosts want to be left alone."""
    held: dict[str, datetime] = {}
    for source in sources:
        if source.url and source.held_until and source.held_until > now:
            host = host_of(source.url)
            held[host] = max(source.held_until, held.get(host, source.held_until))
    return held


def next_look(source: SourceRow, held: Mapping[str, datetime]) -> datetime | None:
    """Return when a source is asked again at the earliest; None where it is not."""
    if source.next_poll_at is None:
        return None
    return max(source.next_poll_at, held.get(host_of(source.url or ""), source.next_poll_at))
