"""What came of one source, and the one place that writes it down, for polled and imported feeds alike."""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tracker.domain.words import SourceState
from tracker.ingest.documents import Document, Reading, Unreadable
from tracker.ingest.fetch import FetchFailed
from tracker.ingest.health import Added, Validators, failed, succeeded
from tracker.ingest.intake import ACTOR, take_in
from tracker.ingest.policy import FetchPolicy
from tracker.store import Store
from tracker.store.writes.sources import PolledSource, PollResult, record_poll

Progress = Callable[[int, int], None]
"""Told how many sources are done, of how many."""


class Came(StrEnum):
    """What a poll came to."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    FAILED = "failed"


@dataclass(frozen=True)
class Outcome:
    """What came of one source: what was added, and the reason where that is nothing or not all."""

    came: Came
    added: Added = field(default_factory=Added)
    reason: str | None = None


@dataclass(frozen=True)
class PollSummary:
    """What a run came to; `not_modified` are sources whose document is the one of last time."""

    sources: int = 0
    ok: int = 0
    not_modified: int = 0
    failed: int = 0
    items_new: int = 0
    items_updated: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Body:
    """A document's bytes with what is said about them; `digest` tells whether they are those of last time."""

    bytes: bytes
    content_type: str = ""
    cut_off: bool = False
    etag: str | None = None
    last_modified: str | None = None

    @property
    def digest(self) -> str:
        """BLAKE2b of the bytes, 32 hex digits."""
        return hashlib.blake2b(self.bytes, digest_size=16).hexdigest()


def sum_up(outcomes: list[Outcome], seconds: float) -> PollSummary:
    """Count outcomes."""
    came = Counter(outcome.came for outcome in outcomes)
    return PollSummary(
        sources=len(outcomes),
        ok=came[Came.OK],
        not_modified=came[Came.NOT_MODIFIED],
        failed=came[Came.FAILED],
        items_new=sum(outcome.added.items_new for outcome in outcomes),
        items_updated=sum(outcome.added.items_updated for outcome in outcomes),
        seconds=round(seconds, 3),
    )


@dataclass(frozen=True)
class Desk:
    """Where results are written down: the database, the limits, and the time."""

    store: Store
    policy: FetchPolicy
    now: datetime

    def failed(self, source: PolledSource, why: FetchFailed) -> Outcome:
        """Write down that a source gave nothing, and why."""
        self._record(source, failed(source, self.policy, self.now, why))
        return Outcome(Came.FAILED, reason=why.reason)

    def unchanged(self, source: PolledSource, said: Validators) -> Outcome:
        """Write down that a source's document is the one of last time."""
        note = source.reason if source.state is SourceState.ACTIVE else None
        self._record(source, succeeded(source, self.policy, self.now, said=said, added=Added(), note=note))
        return Outcome(Came.NOT_MODIFIED)

    def read(self, source: PolledSource, body: Body, reading: Reading | None) -> Outcome:
        """Store what a document says; None as reading where its bytes are those of last time."""
        match reading:
            case None:
                return self.unchanged(source, Validators(body.etag, body.last_modified, body.digest))
            case Unreadable(reason):
                return self.failed(source, FetchFailed(reason))
            case Document():
                return self._take_in(source, body, reading)

    def _take_in(self, source: PolledSource, body: Body, document: Document) -> Outcome:
        again = document.truncated
        said = Validators() if again else Validators(body.etag, body.last_modified, body.digest)

        def result(added: Added) -> PollResult:
            note = _note(document, churns=added.guid_churns)
            return succeeded(source, self.policy, self.now, said=said, added=added, note=note)

        added = take_in(self.store, source, document, self.now, self.policy, result)
        return Outcome(Came.OK, added, _note(document, churns=False))

    def _record(self, source: PolledSource, result: PollResult) -> None:
        with self.store.acting(ACTOR, "ingest", self.now) as work:
            record_poll(work, source.id, result)


def _note(document: Document, *, churns: bool) -> str | None:
    """Say what people should know of a document that was read."""
    if document.truncated:
        return f"the document ended early; its {len(document.items)} whole entries were kept"
    if not document.items:
        return "a feed without entries"
    if churns:
        return "its guids are fresh at every poll, so they are not trusted; links and contents are"
    return None
