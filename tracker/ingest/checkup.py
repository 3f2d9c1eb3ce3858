"""Asks sources whether they answer with a feed, and stores nothing: for `tracker doctor --sources`."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from tracker.domain.wording import exact
from tracker.domain.words import Trouble
from tracker.ingest.documents import Unreadable
from tracker.ingest.failures import FetchFailed
from tracker.ingest.fetch import Fetched, Fetcher, FetchResult, LeftAlone, NotModified, Target
from tracker.ingest.mends import mend
from tracker.ingest.outcomes import Progress
from tracker.ingest.parsers import Parsers
from tracker.ingest.policy import FetchPolicy
from tracker.store import Store
from tracker.store.writes.sources import PolledSource, due_sources


@dataclass(frozen=True)
class Checked:
    """Whether a source answers with a feed; else why not, and what to do."""

    id: str
    name: str
    url: str
    answers: bool
    reason: str | None = None
    mend: str | None = None


def check_sources(store: Store, policy: FetchPolicy, now: datetime, progress: Progress) -> list[Checked]:
    """Ask every feed that is switched on, whether it is due or not, by name; a host that wants to be left alone is.

    Args:
        store: only looked at.
        policy: how to behave towards servers, and limits.
        now: aware UTC.
        progress: told (sources done, sources in all) after each.
    """
    with store.looking("doctor", now) as work:
        wanted = due_sources(work, everything=True, source_id=None)
    with (
        Parsers(policy.parsers, policy.parse_s, policy.parser_bytes) as parsers,
        ThreadPoolExecutor(policy.parsers, "reader") as readers,
    ):
        checked = asyncio.run(_Checkup(policy, parsers, readers, now).check(wanted, progress))
    return sorted(checked, key=lambda one: (one.name.lower(), one.id))


@dataclass(frozen=True)
class _Checkup:
    policy: FetchPolicy
    parsers: Parsers
    readers: ThreadPoolExecutor
    now: datetime

    async def check(self, wanted: list[PolledSource], progress: Progress) -> list[Checked]:
        slots, checked = asyncio.Semaphore(self.policy.at_once), list[Checked]()
        async with Fetcher(self.policy) as fetcher:
            for answer in asyncio.as_completed([self._ask(fetcher, slots, source) for source in wanted]):
                checked.append(await answer)
                progress(len(checked), len(wanted))
        return checked

    async def _ask(self, fetcher: Fetcher, slots: asyncio.Semaphore, source: PolledSource) -> Checked:
        if source.held_until is not None and source.held_until > self.now:
            asks = f"its host wants to be left alone until {exact(source.held_until)}; not asked"
            return _found(source, FetchFailed(asks, Trouble.TOO_OFTEN))
        url = source.url or ""
        async with fetcher.turn(url), slots:
            answer = await fetcher.fetch(Target(url), self.now)
        return _found(source, await self._fault(answer))

    async def _fault(self, answer: FetchResult) -> FetchFailed | None:
        match answer:
            case FetchFailed():
                return answer
            case LeftAlone():
                return FetchFailed("its host refused other sources just before; not asked", Trouble.TOO_OFTEN)
            case NotModified():
                return FetchFailed("says that nothing changed, to one who has nothing", Trouble.SERVER_FAULT)
            case Fetched():
                return await self._misread(answer)

    async def _misread(self, answer: Fetched) -> FetchFailed | None:
        read = partial(self.parsers.read, answer.body, answer.content_type)
        reading = await asyncio.get_running_loop().run_in_executor(self.readers, read)
        return FetchFailed(reading.reason, Trouble.NOT_A_FEED) if isinstance(reading, Unreadable) else None


def _found(source: PolledSource, fault: FetchFailed | None) -> Checked:
    url = source.url or ""
    if fault is None:
        return Checked(source.id, source.name, url, answers=True)
    return Checked(source.id, source.name, url, answers=False, reason=fault.reason, mend=mend(fault.trouble))
