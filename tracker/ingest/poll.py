"""The sources that are due → their items. Fetches many at once, reads in processes, stores as they arrive.

Whatever happens to one source is written on that source, and the run goes on.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from tracker.errors import NotFoundError, StoreError
from tracker.ingest.documents import Reading
from tracker.ingest.fetch import Fetched, Fetcher, FetchFailed, FetchResult, NotModified, Target
from tracker.ingest.health import Validators
from tracker.ingest.outcomes import Body, Desk, Outcome, PollSummary, Progress, sum_up
from tracker.ingest.parsers import Parsers
from tracker.ingest.policy import FetchPolicy
from tracker.store import Store
from tracker.store.writes.sources import PolledSource, due_sources

_log = logging.getLogger(__name__)


def poll(
    store: Store,
    policy: FetchPolicy,
    *,
    now: Callable[[], datetime],
    everything: bool,
    source_id: str | None = None,
    progress: Progress | None = None,
) -> PollSummary:
    """Poll sources and store what they say anew.

    Args:
        store: the database.
        policy: how to behave towards servers, and limits.
        now: gives aware UTC; asked when each source is polled.
        everything: every source that is not disabled, due or not.
        source_id: this source alone, due or not.
        progress: told (sources done, sources in all) after each.

    Raises:
        NotFoundError: no feed with `source_id`.
        StoreError: the database refuses even to note a reason.
    """
    began = time.monotonic()
    with store.looking("poll", now()) as work:
        due = due_sources(work, everything=everything, source_id=source_id)
    if source_id is not None and not due:
        raise NotFoundError("feed", source_id)
    if not due:
        return PollSummary()
    with _workshop(store, policy, now) as shop:
        outcomes = asyncio.run(_poll_all(shop, due, progress or _silent))
    return sum_up(outcomes, time.monotonic() - began)


@dataclass(frozen=True)
class Workshop:
    """What a run works with. `read` may be called from many threads, `store_one` from one at a time."""

    store: Store
    policy: FetchPolicy
    parsers: Parsers
    readers: ThreadPoolExecutor
    writer: ThreadPoolExecutor
    now: Callable[[], datetime]


@contextmanager
def _workshop(store: Store, policy: FetchPolicy, now: Callable[[], datetime]) -> Iterator[Workshop]:
    with (
        Parsers(policy.parsers, policy.parse_s, policy.parser_bytes) as parsers,
        ThreadPoolExecutor(policy.parsers, "reader") as readers,
        ThreadPoolExecutor(1, "writer") as writer,
    ):
        yield Workshop(store, policy, parsers, readers, writer, now)


async def _poll_all(shop: Workshop, due: list[PolledSource], progress: Progress) -> list[Outcome]:
    slots = asyncio.Semaphore(shop.policy.at_once)
    outcomes: list[Outcome] = []

    async def one(source: PolledSource) -> None:
        outcomes.append(await _poll_one(shop, fetcher, slots, source))
        progress(len(outcomes), len(due))

    async with Fetcher(shop.policy) as fetcher:
        await asyncio.gather(*(one(source) for source in due))
    return outcomes


async def _poll_one(
    shop: Workshop, fetcher: Fetcher, slots: asyncio.Semaphore, source: PolledSource
) -> Outcome:
    """Fetch in the host's turn; what follows needs a slot alone, so that a host is free again at once."""
    loop = asyncio.get_running_loop()
    target = Target(source.url or "", source.etag, source.last_modified)
    async with fetcher.turn(target.url):
        await slots.acquire()
        try:
            answer = await fetcher.fetch(target, shop.now())
        except BaseException:
            slots.release()
            raise
    try:
        reading = None
        if isinstance(answer, Fetched) and (body := _body(answer)).digest != source.body_digest:
            read = partial(shop.parsers.read, body.bytes, body.content_type, cut_off=body.cut_off)
            reading = await loop.run_in_executor(shop.readers, read)
        return await loop.run_in_executor(shop.writer, _store_one, shop, source, answer, reading)
    finally:
        slots.release()


def _body(answer: Fetched) -> Body:
    return Body(answer.body, answer.content_type, answer.truncated, answer.etag, answer.last_modified)


def _store_one(shop: Workshop, source: PolledSource, answer: FetchResult, reading: Reading | None) -> Outcome:
    desk = Desk(shop.store, shop.policy, shop.now())
    try:
        match answer:
            case FetchFailed():
                return desk.failed(source, answer)
            case NotModified():
                said = Validators(source.etag, source.last_modified, source.body_digest)
                return desk.unchanged(source, said)
            case Fetched():
                return desk.read(source, _body(answer), reading)
    except StoreError:
        raise  # no source's trouble: a database that takes nothing ends the run, and says so
    except Exception as error:  # noqa: BLE001 - one source's trouble is noted on it, and the run goes on
        kind = type(error).__name__  # its message and traceback may hold words of items
        _log.error("Source %s: unexpected %s", source.id, kind)
        ours = f"an error of the tracker's own ({kind}); please report it"
        refused = "the database did not take what it says; it is tried again"
        return desk.failed(source, FetchFailed(refused if isinstance(error, StoreError) else ours))


def _silent(_done: int, _of: int) -> None:
    pass
