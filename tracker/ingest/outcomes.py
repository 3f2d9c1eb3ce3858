"""What came of one source, and the one place that writes it down, for polled and imported feeds alike."""

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Self

from tracker.domain.wording import counted
from tracker.domain.words import SourceState, Trouble
from tracker.errors import NotTakenError, StoreError, kinds_of
from tracker.ingest.documents import Document, Reading, Unreadable
from tracker.ingest.failures import FetchFailed
from tracker.ingest.fetch import LeftAlone, Manner
from tracker.ingest.health import Added, Validators, failed, succeeded
from tracker.ingest.intake import ACTOR, take_in
from tracker.ingest.policy import FetchPolicy
from tracker.store import Store
from tracker.store.retries import until_free
from tracker.store.writes.polls import PollResult
from tracker.store.writes.sources import PolledSource, lock_sources, record_polls

_log = logging.getLogger(__name__)
Progress = Callable[[int, int], None]
"""Told how many sources are done, of how many."""


class Came(StrEnum):
    """What a poll came to."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    FAILED = "failed"
    HELD = "held"


@dataclass(frozen=True)
class Outcome:
    """What came of one source: what was added, and the reason where that is nothing or not all."""

    came: Came
    added: Added = field(default_factory=Added)
    reason: str | None = None


@dataclass(frozen=True)
class PollSummary:
    """What a run came to; `not_modified` are sources whose document is the one of last time.

    `sources` were asked; `held` were not, since their hosts want to be left alone.
    """

    sources: int = 0
    ok: int = 0
    not_modified: int = 0
    failed: int = 0
    items_new: int = 0
    items_updated: int = 0
    seconds: float = 0.0
    held: int = 0


@dataclass(frozen=True)
class Body:
    """A document's bytes with what is said about them; `digest` tells whether they are those of last time."""

    bytes: bytes
    content_type: str = ""
    cut_off: bool = False
    etag: str | None = None
    last_modified: str | None = None
    manner: Manner = field(default_factory=Manner)

    @property
    def digest(self) -> str:
        """BLAKE2b of the bytes, 32 hex digits."""
        return hashlib.blake2b(self.bytes, digest_size=16).hexdigest()


def sum_up(outcomes: list[Outcome], seconds: float, held: int = 0) -> PollSummary:
    """Count outcomes; `held` is how many sources were not even chosen."""
    came = Counter(outcome.came for outcome in outcomes)
    return PollSummary(
        sources=len(outcomes) - came[Came.HELD],
        ok=came[Came.OK],
        not_modified=came[Came.NOT_MODIFIED],
        failed=came[Came.FAILED],
        items_new=sum(outcome.added.items_new for outcome in outcomes),
        items_updated=sum(outcome.added.items_updated for outcome in outcomes),
        seconds=round(seconds, 3),
        held=held + came[Came.HELD],
    )


@dataclass(frozen=True)
class Polled:
    """What came of asking one source.

    `reading` is what was made of its document, or why there is none; None where it is that of last time.
    """

    source: PolledSource
    reading: Reading | FetchFailed | LeftAlone | None
    said: Validators = field(default_factory=Validators)

    @classmethod
    def of(cls, source: PolledSource, body: Body, reading: Reading | None) -> Self:
        """Return what came of a body; one that ended early is read again next time, whatever it is."""
        if isinstance(reading, Document) and reading.truncated:
            return cls(source, reading)
        says_every = reading.says_every if isinstance(reading, Document) else source.says_every
        said = Validators(body.etag, body.last_modified, body.digest, body.manner, says_every)
        return cls(source, reading, said)


def write_down(store: Store, policy: FetchPolicy, now: datetime, polled: Sequence[Polled]) -> list[Outcome]:
    """Store what sources say and how they are doing; return what came of each, in order.

    They are written together; what does not go together is written one by one, so that each bears its own blame.

    Args:
        store: the database.
        policy: when to ask again.
        now: aware UTC; when the documents were seen.
        polled: what came of sources, each at most once.

    Raises:
        StoreError: the database takes nothing of anybody, or is locked for good.
    """
    try:
        return until_free(partial(write_together, store, policy, now, polled))
    except Exception as error:
        if isinstance(error, StoreError) and not isinstance(error, NotTakenError):
            raise
        if len(polled) > 1:
            return [outcome for one in polled for outcome in write_down(store, policy, now, [one])]
        blamed = Polled(polled[0].source, _our_fault(polled[0].source, error))
        return until_free(partial(write_together, store, policy, now, [blamed]))


def _our_fault(source: PolledSource, error: Exception) -> FetchFailed:
    """Say what went wrong with what one source said, in no word of its own."""
    kind = kinds_of(error)  # its message and traceback may hold words of items
    _log.error("Source %s: unexpected %s", source.id, kind)
    code = error.detail if isinstance(error, NotTakenError) else None
    what = (
        f"the database takes nothing of what it says ({code})"
        if code
        else f"an error of the tracker's own ({kind})"
    )
    return FetchFailed(f"{what}; please report it", Trouble.OUR_FAULT)


def write_together(
    store: Store, policy: FetchPolicy, now: datetime, polled: Sequence[Polled]
) -> list[Outcome]:
    """Do what `write_down` does in one transaction, or nothing of it.

    Raises:
        StoreError: the database refused.
    """
    with store.acting(ACTOR, "ingest", now) as work:
        now_theirs = lock_sources(work, [one.source.id for one in polled])
        documents = [
            (now_theirs.get(one.source.id, one.source), one.reading)
            for one in polled
            if isinstance(one.reading, Document)
        ]
        added = dict(
            zip((source.id for source, _ in documents), take_in(work, documents, policy), strict=True)
        )
        outcomes = [_outcome(one, added.get(one.source.id, Added())) for one in polled]
        results = {
            one.source.id: _result(one, outcome, policy, now)
            for one, outcome in zip(polled, outcomes, strict=True)
            if outcome.came is not Came.HELD
        }
        record_polls(work, results)
    return outcomes


def _outcome(polled: Polled, added: Added) -> Outcome:
    match polled.reading:
        case None:
            return Outcome(Came.NOT_MODIFIED)
        case LeftAlone():
            return Outcome(Came.HELD)
        case Unreadable(reason) | FetchFailed(reason):
            return Outcome(Came.FAILED, reason=reason)
        case Document() as document:
            return Outcome(Came.OK, added, _note(document, churns=False))


def _result(polled: Polled, outcome: Outcome, policy: FetchPolicy, now: datetime) -> PollResult:
    source = polled.source
    match polled.reading:
        case FetchFailed() as why:
            return failed(source, policy, now, why)
        case Unreadable(reason):
            return failed(source, policy, now, FetchFailed(reason, Trouble.NOT_A_FEED))
        case Document() as document:
            note = _note(document, churns=outcome.added.guid_churns)
        case _:
            note = _note_of_unchanged(source, polled.said)
    return succeeded(source, policy, now, said=polled.said, added=outcome.added, note=note)


def _note_of_unchanged(source: PolledSource, said: Validators) -> str | None:
    """Return what holds of the document of last time; whoever was sent no mark of one cannot say that it stays."""
    if not (said.etag or said.last_modified or said.body_digest):
        return "says that nothing changed, to one who has read nothing of it"
    return source.reason if source.state is SourceState.ACTIVE else None


def _note(document: Document, *, churns: bool) -> str | None:
    """Say what people should know of a document that was read."""
    if document.truncated:
        whole = counted(len(document.items), "whole entry was", "whole entries were")
        return f"the document ended early; its {whole} kept"
    if not document.items:
        return "a feed without entries"
    if churns:
        return "its guids are fresh at every poll, so they are not trusted; links and contents are"
    return None
