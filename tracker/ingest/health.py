"""How a source is doing after a poll, and when it is asked again. Pure."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tracker.domain.wording import exact
from tracker.domain.words import SourceState, Trouble
from tracker.ingest.documents import digest
from tracker.ingest.failures import FetchFailed
from tracker.ingest.fetch import Manner
from tracker.ingest.policy import FetchPolicy
from tracker.ingest.schedule import after_failure, after_success
from tracker.ingest.urls import safe_url
from tracker.store.writes.polls import Move, PollResult
from tracker.store.writes.sources import PolledSource

MAX_REASON = 500
_ETAG_LENGTH, _DATE_LENGTH = 500, 200


@dataclass(frozen=True)
class Validators:
    """What tells a document from its next version, and when that is worth asking for.

    The server's marks, the digest of its bytes, how the server wants to be asked, and how long the document
    says that it may be kept.
    """

    etag: str | None = None
    last_modified: str | None = None
    body_digest: str | None = None
    manner: Manner = field(default_factory=Manner)
    says_every: timedelta | None = None


@dataclass(frozen=True)
class Added:
    """What a document added to its source."""

    items_new: int = 0
    items_updated: int = 0
    guid_churns: bool = False


def jitter_of(source: PolledSource) -> float:
    """Return a share 0..1 that spreads sources over time; the same for the same source and failures."""
    return int(digest(source.id, str(source.failure_count))[:8], 16) / 0xFFFFFFFF


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
    lengths = [said.manner.fresh_for, said.says_every]
    longest = max((length for length in lengths if length is not None), default=None)
    return PollResult(
        state=SourceState.ACTIVE,
        asked_in=(source.state, source.state_since),
        ok=True,
        failure_count=0,
        next_poll_at=now + after_success(policy.schedule, longest, jitter_of(source)),
        reason=note,
        etag=_fitting(said.etag, _ETAG_LENGTH),
        last_modified=_fitting(said.last_modified, _DATE_LENGTH),
        body_digest=said.body_digest,
        says_every=said.says_every,
        move=move_of(source, said.manner.moved_to, policy.moved_after),
        guid_churns=added.guid_churns,
        items_new=added.items_new,
    )


def move_of(source: PolledSource, moved_to: str | None, enough: int) -> Move:
    """Return what is known of a move for good, one poll later; it is followed once it was seen often enough.

    An address that no feed may have, or that would give up encryption, is never followed.
    """
    to = safe_url(moved_to)
    if to is None or to == source.url or (_is_encrypted(source.url) and not _is_encrypted(to)):
        return Move()
    seen = source.move.seen + 1 if to == source.move.to else 1
    return Move(to, seen, follow=seen >= enough)


def _is_encrypted(url: str | None) -> bool:
    return (url or "").lower().startswith("https:")


def failed(source: PolledSource, policy: FetchPolicy, now: datetime, why: FetchFailed) -> PollResult:
    """Return the record of a poll that gave nothing; a source that is gone for good is disabled."""
    count, gone = source.failure_count + 1, why.trouble is Trouble.GONE
    again = now + after_failure(policy.schedule, count, jitter_of(source))
    if why.retry_at is not None:
        again = max(again, min(why.retry_at, now + policy.schedule.retry_after_at_most))
    held = again if why.trouble is Trouble.TOO_OFTEN else None
    reason = f"{why.reason}; its host is left alone until {exact(held)}" if held else why.reason
    return PollResult(
        state=SourceState.DISABLED if gone else SourceState.FAILING,
        asked_in=(source.state, source.state_since),
        ok=False,
        failure_count=count,
        next_poll_at=None if gone else again,
        reason=reason[:MAX_REASON],
        trouble=why.trouble,
        held_until=held,
        move=source.move,
    )


def _fitting(said: str | None, length: int) -> str | None:
    """Return what can be kept and sent back; not the bytes of no charset that a header may hold."""
    return said if said and len(said) <= length and said.isascii() and said.isprintable() else None
