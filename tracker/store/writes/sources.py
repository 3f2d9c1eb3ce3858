"""Sources and how they are doing. One function records whatever came of a poll."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import case, delete, func, or_, select

from tracker.domain.words import Reliability, SourceKind, SourceState, Tlp
from tracker.store.columns import new_id
from tracker.store.session import SystemSession
from tracker.store.tables import PartnerSource, Source, User
from tracker.store.upsert import inserted
from tracker.store.writes.polls import Move, PollResult, apply_poll, owner_of

_AT_ONCE = 5000


@dataclass(frozen=True)
class NewSource:
    """A source to be added. `country` is its focus, ISO 3166-1 alpha-3; `off` says why it is not polled yet."""

    name: str
    kind: SourceKind
    org_id: str
    url: str | None = None
    publisher: str | None = None
    independence_group: str | None = None
    lang: str | None = None
    country: str | None = None
    steward_id: str | None = None
    reliability: Reliability = Reliability.F
    default_tlp: Tlp = Tlp.CLEAR
    tlp: Tlp = Tlp.CLEAR
    polled: bool = True
    no_redistribute: bool = False
    off: str | None = None


@dataclass(frozen=True)
class PolledSource:
    """What polling and storing need to know of a source; times in UTC. `move` is what was seen of one so far."""

    id: str
    name: str
    kind: SourceKind
    url: str | None
    org_id: str
    default_tlp: Tlp
    lang: str | None
    state: SourceState
    reason: str | None
    failure_count: int
    guid_churns: bool
    etag: str | None
    last_modified: str | None
    body_digest: str | None
    held_until: datetime | None = None
    says_every: timedelta | None = None
    move: Move = field(default_factory=Move)
    state_since: datetime | None = None


@dataclass(frozen=True)
class ListedSource:
    """A source as the command line lists it."""

    id: str
    name: str
    url: str | None
    state: SourceState
    reason: str | None
    last_polled_at: datetime | None
    items: int


def store_source(work: SystemSession, new: NewSource) -> str | None:
    """Add a source and return its ULID; None where its address has one already, or had one before it moved."""
    if new.url is not None and owner_of(work, new.url) is not None:
        return None
    source_id = new_id(work.now)
    row = {
        "id": source_id,
        "org_id": new.org_id,
        "tlp": new.tlp,
        "country": new.country,
        "name": new.name,
        "kind": new.kind,
        "url": new.url,
        "publisher": new.publisher,
        "independence_group": new.independence_group or new.publisher or source_id,
        "lang": new.lang,
        "reliability": new.reliability,
        "default_tlp": new.default_tlp,
        "no_redistribute": new.no_redistribute,
        "steward_id": new.steward_id,
        "state": SourceState.DISABLED if new.off else SourceState.ACTIVE,
        "reason": new.off,
        "state_since": work.now,
        "guid_churns": False,
        "created_at": work.now,
        "next_poll_at": work.now if new.polled and not new.off else None,
        "failure_count": 0,
        "item_count": 0,
    }
    return source_id if inserted(work, Source, row) else None


def store_partner_source(work: SystemSession, user_id: str, new: NewSource) -> None:
    """Add the source under which a partner's reports arrive, unless they have one already."""
    source_id = store_source(work, new)
    row = {"source_id": source_id, "user_id": user_id}
    if not inserted(work, PartnerSource, row):
        work.execute(delete(Source).where(Source.id == source_id))


def partner_of(work: SystemSession, source_id: str) -> str | None:
    """Return the user whose reports arrive under a source; None where it is nobody's own."""
    return work.scalar(select(PartnerSource.user_id).where(PartnerSource.source_id == source_id))


def source_by_url(work: SystemSession, url: str) -> PolledSource | None:
    """Return the source that has this address, or had it before it moved."""
    return _polled(owner_of(work, url))


def found_or_stored(work: SystemSession, new: NewSource) -> PolledSource:
    """Return the source at the address of `new`, which is never polled; stored where there is none."""
    assert new.url is not None
    found = source_by_url(work, new.url)
    if found is None:
        store_source(work, replace(new, polled=False))
        found = source_by_url(work, new.url)
    assert found is not None
    return found


@dataclass(frozen=True)
class HostFeed:
    """Whose a feed is: what a page of the same host has in common with it. `tlp` and `org_id` say who may know."""

    tlp: Tlp
    org_id: str
    publisher: str | None
    independence_group: str
    no_redistribute: bool


def feeds_by_url(work: SystemSession) -> dict[str, HostFeed]:
    """Return the feeds with a web address, by that."""
    rows = select(
        Source.url,
        Source.tlp,
        Source.org_id,
        Source.publisher,
        Source.independence_group,
        Source.no_redistribute,
    ).where(Source.kind == SourceKind.FEED, Source.url.like("http%"), Source.hidden_at.is_(None))
    return {row[0]: HostFeed(*row[1:]) for row in work.execute(rows.order_by(Source.id)) if row[0]}


def source_of_partner(work: SystemSession, user_id: str) -> PolledSource | None:
    """Return the source under which a partner's reports arrive."""
    own = select(Source).join(PartnerSource, PartnerSource.source_id == Source.id)
    return _polled(work.scalars(own.where(PartnerSource.user_id == user_id)).first())


def body_digests(work: SystemSession, urls: Collection[str]) -> dict[str, str]:
    """Return the digests of the documents that sources held last time, by address."""
    found, wanted = {}, iter(urls)
    while some := list(islice(wanted, _AT_ONCE)):
        rows = select(Source.url, Source.body_digest).where(Source.url.in_(some))
        found.update({url: last for url, last in work.execute(rows) if url and last})
    return found


def lock_sources(work: SystemSession, source_ids: Collection[str]) -> dict[str, PolledSource]:
    """Return sources by id, and keep others from storing under them until this transaction ends."""
    locked = select(Source).where(Source.id.in_(source_ids)).order_by(Source.id).with_for_update()
    rows = work.scalars(locked.execution_options(populate_existing=True))
    return {row.id: polled for row in rows if (polled := _polled(row))}


def due_sources(work: SystemSession, *, everything: bool, source_id: str | None) -> list[PolledSource]:
    """Return the feeds to poll, those that answered last time first.

    Args:
        work: a system session; its `now` decides what is due.
        everything: all that are not disabled, due or not.
        source_id: this one alone, due or not, disabled or not.
    """
    wanted = select(Source).where(
        Source.kind == SourceKind.FEED, Source.hidden_at.is_(None), Source.url.like("http%")
    )
    if source_id is not None:
        wanted = wanted.where(Source.id == source_id)
    else:
        wanted = wanted.where(Source.state != SourceState.DISABLED)
        if not everything:
            wanted = wanted.where(or_(Source.next_poll_at.is_(None), Source.next_poll_at <= work.now))
    rows = work.scalars(wanted.order_by(Source.failure_count, Source.next_poll_at, Source.id))
    return [polled for row in rows if (polled := _polled(row))]


def held_hosts(work: SystemSession) -> list[tuple[str, datetime]]:
    """Return the addresses whose hosts want to be left alone, each with until when."""
    rows = select(Source.url, Source.held_until).where(
        Source.held_until > work.now, Source.url.is_not(None), Source.hidden_at.is_(None)
    )
    return [(url, until) for url, until in work.execute(rows) if url and until]


def record_polls(work: SystemSession, results: Mapping[str, PollResult]) -> None:
    """Write down what came of polls, by source: the one exit of every success and failure.

    To be called with the sources locked (`lock_sources`), so that nothing that a person did meanwhile is undone.
    """
    for row in work.scalars(select(Source).where(Source.id.in_(results)).order_by(Source.id)):
        apply_poll(work, row, results[row.id])


def count_reports(work: SystemSession, source_id: str, count: int) -> None:
    """Note that so many reports arrived under a partner's or form's source."""
    row = work.get_one(Source, source_id)
    row.last_ok_at = row.last_new_at = work.now
    row.item_count = row.item_count + count


def list_sources(work: SystemSession) -> Sequence[ListedSource]:
    """Return all sources that are not hidden, by name."""
    rows = select(
        Source.id,
        Source.name,
        Source.url,
        Source.state,
        Source.reason,
        Source.last_polled_at,
        Source.item_count,
    ).where(Source.hidden_at.is_(None))
    return [ListedSource(*row) for row in work.execute(rows.order_by(func.lower(Source.name), Source.id))]


@dataclass(frozen=True)
class FeedRow:
    """A feed as a list of sources tells of it; `steward` is an e-mail address, `off` why it is not polled."""

    url: str
    name: str
    publisher: str | None
    independence_group: str
    lang: str | None
    country: str | None
    reliability: Reliability
    no_redistribute: bool
    off: str | None
    steward: str | None


def list_feeds(work: SystemSession) -> list[FeedRow]:
    """Return the feeds that are polled, or would be if they were not switched off, by name."""
    switched_off = case((Source.state == SourceState.DISABLED, func.coalesce(Source.reason, "")))
    rows = (
        select(
            Source.url,
            Source.name,
            Source.publisher,
            Source.independence_group,
            Source.lang,
            Source.country,
            Source.reliability,
            Source.no_redistribute,
            switched_off,
            User.email,
        )
        .outerjoin(User, User.id == Source.steward_id)
        .where(Source.hidden_at.is_(None), Source.kind == SourceKind.FEED, Source.url.like("http%"))
    )
    return [FeedRow(*row) for row in work.execute(rows.order_by(func.lower(Source.name), Source.id))]


def _polled(row: Source | None) -> PolledSource | None:
    if row is None:
        return None
    return PolledSource(
        row.id,
        row.name,
        row.kind,
        row.url,
        row.org_id,
        row.default_tlp,
        row.lang,
        row.state,
        row.reason,
        row.failure_count,
        row.guid_churns,
        row.etag,
        row.last_modified,
        row.body_digest,
        row.held_until,
        timedelta(seconds=row.says_every) if row.says_every else None,
        Move(row.moved_to, row.moved_count),
        row.state_since,
    )
