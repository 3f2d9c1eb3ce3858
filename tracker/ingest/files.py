"""Captured feed files → items, by the same path as polled feeds: one source a file, known by its name."""

import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tracker.domain.words import SourceKind
from tracker.ingest.documents import Document, Reading, Unreadable
from tracker.ingest.intake import ACTOR
from tracker.ingest.outcomes import Body, Outcome, Polled, PollSummary, Progress, sum_up, write_down
from tracker.ingest.parsers import Parsers
from tracker.ingest.policy import FetchPolicy
from tracker.store import Store
from tracker.store.writes.people import host_org
from tracker.store.writes.sources import (
    NewSource,
    PolledSource,
    body_digests,
    found_or_stored,
)

_NAME_LENGTH = 300


@dataclass(frozen=True)
class ImportSummary:
    """What an import came to; `reasons` are (file name, why it gave nothing or not all)."""

    polled: PollSummary
    reasons: tuple[tuple[str, str], ...]


def import_feeds(
    store: Store,
    policy: FetchPolicy,
    paths: Sequence[Path],
    now: datetime,
    *,
    progress: Progress | None = None,
) -> ImportSummary:
    """Take in captured feeds; importing a file again adds only what is new in it.

    Args:
        store: the database.
        policy: limits of what is read.
        paths: files, and folders whose files are meant.
        now: aware UTC; when the files are seen.
        progress: told (files done, files in all) after each.

    Raises:
        ConfigError: there is no host organisation yet.
    """
    began = time.monotonic()
    files = _files(paths)
    outcomes: list[Outcome] = []
    reasons: list[tuple[str, str]] = []
    with Parsers(policy.parsers, policy.parse_s, policy.parser_bytes) as parsers:
        for path, body, reading in _read_all(parsers, files, _digests(store, files, now), policy):
            title = reading.title if isinstance(reading, Document) else ""
            polled = Polled.of(_source(store, path, title, now), body, reading)
            (outcome,) = write_down(store, policy, now, [polled])
            outcomes.append(outcome)
            if outcome.reason:
                reasons.append((path.name, outcome.reason))
            if progress:
                progress(len(outcomes), len(files))
    return ImportSummary(sum_up(outcomes, time.monotonic() - began), tuple(reasons))


def _files(paths: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        found += sorted(inner for inner in path.iterdir() if inner.is_file()) if path.is_dir() else [path]
    return found


def _digests(store: Store, files: Sequence[Path], now: datetime) -> dict[str, str]:
    """Return the digests of the documents that these files held last time, by address."""
    with store.looking("import feeds", now) as work:
        return body_digests(work, {_url(path) for path in files})


def _url(path: Path) -> str:
    return f"file:{path.name}"


def _read_all(
    parsers: Parsers, files: Sequence[Path], last_time: Mapping[str, str], policy: FetchPolicy
) -> Iterator[tuple[Path, Body, Reading | None]]:
    """Read files in order, a few ahead, so that memory does not grow with their number.

    The reading is None where a file holds the document of last time.
    """
    waiting: deque[tuple[Path, Future[tuple[Body, Reading | None]]]] = deque()
    with ThreadPoolExecutor(policy.parsers, "reader") as readers:
        for path in files:
            waiting.append(
                (path, readers.submit(_read, parsers, path, last_time.get(_url(path)), policy.max_bytes))
            )
            if len(waiting) > 2 * policy.parsers:
                ahead, reading = waiting.popleft()
                yield ahead, *reading.result()
        for ahead, reading in waiting:
            yield ahead, *reading.result()


def _read(parsers: Parsers, path: Path, last_time: str | None, max_bytes: int) -> tuple[Body, Reading | None]:
    try:
        if path.stat().st_size > max_bytes:
            return Body(b""), Unreadable(f"too large: larger than {max_bytes / 1_000_000:g} MB")
        body = Body(path.read_bytes())
    except OSError as error:
        return Body(b""), Unreadable(f"the file cannot be read: {error.strerror}")
    return body, None if body.digest == last_time else parsers.read(body.bytes)


def _source(store: Store, path: Path, title: str, now: datetime) -> PolledSource:
    """Return the source of a file, added where it is new; it is never polled."""
    name = (title or path.name)[:_NAME_LENGTH]
    with store.acting(ACTOR, "import feeds", now) as work:
        return found_or_stored(work, NewSource(name, SourceKind.FEED, host_org(work), url=_url(path)))
