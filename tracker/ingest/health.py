"""How a source is doing after a poll, and when it is asked again. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.domain.words import SourceState
from tracker.ingest.documents import digest
from tracker.ingest.fetch import FetchFailed
from tracker.ingest.policy import FetchPolicy, Schedule
from tracker.store.writes.sources import PolledSource, PollResult

MAX_REASON = 500
_ETAG_LENGTH, _DATE_LENGTH = 500, 200
_DOUBLINGS = 16


@dataclass(frozen=True)
class Validators:
    """What tells a document from its next version: the server's marks, and the digest of its bytes."""

    etag: str | None = None
    last_modified: str | None = None
    body_digest: str | None = None


@dataclass(frozen=True)
class Added:
    """What a document added to its source."""

    items_new: int = 0
    items_updated: int = 0
    guid_churns: bool = False


def jitter_of(source: PolledSource) -> float:
    """Return a share 0..1 that spreads sources over time; the same for the same source and failures."""
    return int(digest(source.id, str(source.failure_count))[:8], 16) / 0xFFFFFFFF


def wait_for(schedule: Schedule, failure_count: int, jitter: float) -> timedelta:
    """Return how long to leave a source alone: twice as long after each failure, up to a cap.

    Args:
        schedule: the interval of a source that answers, and the cap.
        failure_count: failures in a row.
        jitter: share 0..1 of the schedule's spread that is taken off.
    """
    wait: timedelta = schedule.every * 2 ** min(failure_count, _DOUBLINGS)
    return min(wait, schedule.failing_at_most) * (1 - schedule.spread * jitter)


def succeeded(
    source: PolledSource,
    policy: FetchPolicy,
    now: datetime,
    *,
    said: Validators,
    added: Added,
    note: str | None,
) -> PollResult:
    """Return the record of a poll that gave a document, or that nothing changed.

    `note` is what people should know although all went well, such as a feed without entries.
    """
    return PollResult(
        state=SourceState.ACTIVE,
        ok=True,
        failure_count=0,
        next_poll_at=now + wait_for(policy.schedule, 0, jitter_of(source)),
        reason=note,
        etag=_fitting(said.etag, _ETAG_LENGTH),
        last_modified=_fitting(said.last_modified, _DATE_LENGTH),
        body_digest=said.body_digest,
        guid_churns=added.guid_churns,
        items_new=added.items_new,
    )


def failed(source: PolledSource, policy: FetchPolicy, now: datetime, why: FetchFailed) -> PollResult:
    """Return the record of a poll that gave nothing; a source that is gone for good is disabled."""
    count = source.failure_count + 1
    again = now + wait_for(policy.schedule, count, jitter_of(source))
    if why.retry_at is not None:
        again = max(again, min(why.retry_at, now + policy.schedule.retry_after_at_most))
    return PollResult(
        state=SourceState.DISABLED if why.gone else SourceState.FAILING,
        ok=False,
        failure_count=count,
        next_poll_at=None if why.gone else again,
        reason=why.reason[:MAX_REASON],
    )


def _fitting(said: str | None, length: int) -> str | None:
    return said if said and len(said) <= length else None
