"""Which sources may be asked now: a host that wants to be left alone is, across runs (RFC 6585, 4). Pure."""

from collections.abc import Iterable
from datetime import datetime

from tracker.ingest.urls import host_of
from tracker.store.writes.sources import PolledSource


def askable(
    sources: Iterable[PolledSource], held: Iterable[tuple[str, datetime]], now: datetime, *, wished: bool
) -> list[PolledSource]:
    """Return the sources that may be asked, in their order.

    Args:
        sources: those that are to be polled.
        held: addresses that were refused, each with until when its host wants to be left alone, aware UTC.
        now: aware UTC.
        wished: somebody asks for these sources now; then only those that were refused themselves wait.
    """
    hosts = {host_of(url) for url, until in held if until > now}
    return [
        source
        for source in sources
        if not (source.held_until is not None and source.held_until > now)
        and (wished or host_of(source.url or "") not in hosts)
    ]
