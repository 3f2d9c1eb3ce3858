"""The sources that are due → their items. Fetches many at once, reads in processes, stores as they arrive.

Whatever happens to one source is written on that source, and the run goes on.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from tracker.errors import NotFoundError, StoreError
from tracker.ingest.documents import Reading
from tracker.ingest.failures import FetchFailed
from tracker.ingest.fetch import Fetched, Fetcher, FetchResult, LeftAlone, NotModified, Target
from tracker.ingest.health import Validators
from tracker.ingest.holds import askable
from tracker.ingest.outcomes import Body, Outcome, Polled, PollSummary, Progress, sum_up, write_down
from tracker.ingest.parsers import Parsers
from tracker.ingest.policy import FetchPolicy
from tracker.store import Store
from tracker.store.writes.sources import PolledSource, due_sources, held_hosts


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
        source_id: this source alone, due or not. Neither asks a source before its host wants it.
        progress: told (sources done, sources in all) after each.

    Raises:
        NotFoundError: no feed with `source_id`.
        StoreError: the database takes nothing of anybody, or is locked for good; what was written stays.
    """
    began = time.monotonic()
    with store.looking("poll", now()) as work:
        wanted = due_sources(work, everything=everything, source_id=source_id)
        held = held_hosts(work)
    if source_id is not None and not wanted:
        raise NotFoundError("feed", source_id)
    wished = everything or source_id is not None
    due = askable(wanted, held, now(), wished=wished)
    if not due:
        return PollSummary(held=len(wanted))
    with _workshop(store, policy, now) as shop:
        outcomes = _run(_poll_all(shop, due, progress or _silent))
    return sum_up(outcomes, time.monotonic() - began, held=len(wanted) - len(due))


def _run(polling: Coroutine[None, None, list[Outcome]]) -> list[Outcome]:
    """Run to the end; a refusal of the database comes out as it is, not in the group of what ended with it."""
    try:
        return asyncio.run(polling)
    except ExceptionGroup as ended:
        for error in ended.exceptions:
            if isinstance(error, StoreError):
                raise error from ended
        raise


@dataclass(frozen=True)
class Workshop:
    """What a run works with. `read` may be called from many threads, `write` from one at a time."""

    store: Store
    policy: FetchPolicy
    parsers: Parsers
    readers: ThreadPoolExecutor
    writer: ThreadPoolExecutor
    now: Callable[[], datetime]

    async def read(self, answer: Fetched, last_time: str | None) -> tuple[Body, Reading | None]:
        """Return a body with what it says; None where it is that of last time."""
        marks = answer.etag, answer.last_modified, answer.manner
        body = Body(answer.body, answer.content_type, answer.truncated, *marks)
        if body.digest == last_time:
            return body, None
        read = partial(self.parsers.read, body.bytes, body.content_type, cut_off=body.cut_off)
        return body, await asyncio.get_running_loop().run_in_executor(self.readers, read)

    async def write(self, polled: Sequence[Polled]) -> list[Outcome]:
        """Write down what came of sources, as many as have come meanwhile."""
        wrote = partial(write_down, self.store, self.policy, self.now(), polled)
        return await asyncio.get_running_loop().run_in_executor(self.writer, wrote)


@contextmanager
def _workshop(store: Store, policy: FetchPolicy, now: Callable[[], datetime]) -> Iterator[Workshop]:
    with (
        Parsers(policy.parsers, policy.parse_s, policy.parser_bytes) as parsers,
        ThreadPoolExecutor(policy.parsers, "reader") as readers,
        ThreadPoolExecutor(1, "writer") as writer,
    ):
        yield Workshop(store, policy, parsers, readers, writer, now)


async def _poll_all(shop: Workshop, due: list[PolledSource], progress: Progress) -> list[Outcome]:
    """Ask every source; what has come while the writer was busy is written down together."""
    slots = asyncio.Semaphore(shop.policy.at_once)
    came: asyncio.Queue[Polled] = asyncio.Queue()
    outcomes: list[Outcome] = []
    async with Fetcher(shop.policy) as fetcher, asyncio.TaskGroup() as asking:
        for source in due:
            asking.create_task(_ask(shop, fetcher, slots, source, came))
        while len(outcomes) < len(due):
            polled = [await came.get(), *(came.get_nowait() for _ in range(came.qsize()))]
            outcomes += await shop.write(polled)
            for _ in polled:
                slots.release()
            progress(len(outcomes), len(due))
    return outcomes


async def _ask(
    shop: Workshop,
    fetcher: Fetcher,
    slots: asyncio.Semaphore,
    source: PolledSource,
    came: asyncio.Queue[Polled],
) -> None:
    """Fetch in the host's turn, which ends with the answer; the slot is kept until it is written down."""
    target = Target(source.url or "", source.etag, source.last_modified)
    async with fetcher.turn(target.url):
        await slots.acquire()
        answer = await fetcher.fetch(target, shop.now())
    came.put_nowait(await _made_of(shop, source, answer))


async def _made_of(shop: Workshop, source: PolledSource, answer: FetchResult) -> Polled:
    match answer:
        case FetchFailed() | LeftAlone():
            return Polled(source, answer)
        case NotModified(manner):
            marks = source.etag, source.last_modified, source.body_digest
            return Polled(source, None, Validators(*marks, manner, source.says_every))
        case Fetched():
            return Polled.of(source, *await shop.read(answer, source.body_digest))


def _silent(_done: int, _of: int) -> None:
    pass
