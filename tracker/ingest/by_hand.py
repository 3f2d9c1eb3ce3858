"""A link that somebody gives, or a text that they paste → an item, by the same guard and the same sanitiser.

A page counts as its publisher's: it joins the independence group of a feed from the same host, so that a link to what
a feed told already is no second voice. All pasted texts are one voice, since nobody knows where they come from.

Neither tells more than its label allows. The pages of a host have a source for each label, so that which site is read
is known to those alone who may see what was read there. What came in before is found again by those who may see it;
for anybody else it becomes an item of its own, and they are told nothing. So does what is given for one organisation
alone, where another holds what came in before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from tracker.domain.labels import tlp_rank, within
from tracker.domain.viewer import Viewer
from tracker.domain.words import KeyKind, SourceKind, Tlp
from tracker.errors import SubmissionError
from tracker.ingest.dates import read_date
from tracker.ingest.documents import RawItem, digest
from tracker.ingest.pages import read_page
from tracker.ingest.policy import FetchPolicy
from tracker.ingest.text import TITLE_LENGTH, one_line, plain_text
from tracker.ingest.urls import host_of
from tracker.store import Store, SystemSession
from tracker.store.writes.items import (
    Holding,
    ItemNow,
    ItemWords,
    Key,
    NewItem,
    item_now,
    known_keys,
    seen_by,
    store_new,
)
from tracker.store.writes.people import grant, host_org
from tracker.store.writes.sources import (
    HostFeed,
    NewSource,
    feeds_by_url,
    found_or_stored,
    lock_sources,
    source_by_url,
)

_PASTED = "pasted:texts"


@dataclass(frozen=True)
class Added:
    """The item that a link or a text became, with the label it has; `origin` is whose it is.

    `was_there` where it had come in before and the viewer may see it.
    """

    item_id: str
    was_there: bool
    origin: str
    tlp: Tlp


@dataclass(frozen=True)
class _Giving:
    """Who gives something, and the label that they give it."""

    viewer: Viewer
    tlp: Tlp

    def holder(self, work: SystemSession) -> str:
        """Return who holds it: what is for one organisation alone, the giver's own; all else the host."""
        return self.viewer.org_id if self.tlp is Tlp.AMBER_STRICT else host_org(work)

    def means(self, item: ItemNow) -> bool:
        """Return whether an item that they see can stand for it: what is for one organisation alone, theirs only."""
        return self.tlp is not Tlp.AMBER_STRICT or item.org_id == self.viewer.org_id


def add_link(store: Store, policy: FetchPolicy, viewer: Viewer, url: str, tlp: Tlp, now: datetime) -> Added:
    """Fetch a page and keep what it says as an item, once for all who may see it.

    Raises:
        SubmissionError: no such address, one that may not be asked, or no text that can be read; says why.
    """
    raw, final = read_page(policy, url, now)
    host, giving = _host(final), _Giving(viewer, tlp)
    with store.acting(viewer.actor, "add link", now) as work:
        known_as = [_page_url(host, label, viewer.org_id) for label in within(viewer.clearance)]
        return _keep(work, policy, giving, raw, (_source_of_page(work, host, giving), known_as))


def add_text(
    store: Store, policy: FetchPolicy, viewer: Viewer, said: tuple[str, str], tlp: Tlp, now: datetime
) -> Added:
    """Keep a pasted text, given as title and text, as an item, once for all who may see it.

    Raises:
        SubmissionError: there is no text, or too much.
    """
    heading, text = one_line(said[0], limit=TITLE_LENGTH), plain_text(said[1])
    if not text:
        raise SubmissionError("text", "Give a link, or paste the text here.")
    if len(text) > policy.pasted_length:
        raise SubmissionError("text", f"At most {policy.pasted_length} characters; this has {len(text)}.")
    raw = RawItem(guid=None, link=None, url=None, title=heading, text=text)
    with store.acting(viewer.actor, "add text", now) as work:
        source = NewSource("Pasted texts", SourceKind.FORM, host_org(work), url=_PASTED)
        return _keep(work, policy, _Giving(viewer, tlp), raw, (source, [_PASTED]))


def _keep(
    work: SystemSession,
    policy: FetchPolicy,
    giving: _Giving,
    raw: RawItem,
    at: tuple[NewSource, Sequence[str]],
) -> Added:
    """Find an item in a source that has one of these addresses, else keep it in the source named, made where new."""
    keys: tuple[Key, ...] = ((KeyKind.CONTENT, raw.content),)
    if raw.link:
        keys = ((KeyKind.LINK, digest(raw.link)), *keys)
    new_source, known_as = at
    there = _find(work, giving, known_as, keys)
    if there is not None:
        return there
    source = found_or_stored(work, new_source)
    lock_sources(work, [source.id])
    item, free = _look(work, giving, source.id, keys)
    if item is not None:
        return Added(item.id, was_there=True, origin=source.name, tlp=item.tlp)
    new = _new_item(Holding(source.id, giving.holder(work), giving.tlp), raw, free, policy, work.now)
    (item_id,) = store_new(work, [new])
    grant(work, giving.viewer.user_id, [item_id])
    return Added(item_id, was_there=False, origin=source.name, tlp=giving.tlp)


def _find(
    work: SystemSession, giving: _Giving, known_as: Sequence[str], keys: tuple[Key, ...]
) -> Added | None:
    """Return the item that sources at these addresses know and that stands for it, of several the strictest."""
    sources = [source for url in known_as if (source := source_by_url(work, url))]
    lock_sources(work, [source.id for source in sources])
    looked = [(source, _look(work, giving, source.id, keys)[0]) for source in sources]
    found = [Added(item.id, True, source.name, item.tlp) for source, item in looked if item is not None]
    return max(found, key=lambda added: tlp_rank(added.tlp), default=None)


def _look(
    work: SystemSession, giving: _Giving, source_id: str, keys: tuple[Key, ...]
) -> tuple[ItemNow | None, tuple[Key, ...]]:
    """Return the item that a source knows by these keys and that stands for what is given, and keys that are free.

    Each item that does not, or that the giver may not see, takes one turn of the keys.
    """
    for turn in count():
        turned = tuple((kind, digest(value, str(turn))) for kind, value in keys) if turn else keys
        known = known_keys(work, {source_id: turned})[source_id]
        seen = seen_by(work, giving.viewer, [item_id for item_id in known.values() if item_id])
        items = [item_now(work, item_id) for key in turned if (item_id := known.get(key)) in seen and item_id]
        found = next(filter(giving.means, items), None)
        if found or not known:
            return found, turned
    raise AssertionError


def _new_item(
    holding: Holding, raw: RawItem, keys: tuple[Key, ...], policy: FetchPolicy, now: datetime
) -> NewItem:
    date = read_date(raw.claimed, now, policy.dates)
    return NewItem(
        holding=holding,
        words=ItemWords(raw.title, raw.text, raw.url, raw.guid, raw.content),
        keys=keys,
        published_at=date.used,
        published_claimed=date.claimed,
        date_origin=date.origin,
        date_precision=date.precision,
        lang=raw.lang,
    )


def _source_of_page(work: SystemSession, host: str, giving: _Giving) -> NewSource:
    holder, tlp = giving.holder(work), giving.tlp
    feed = _feed_of(host, feeds_by_url(work))
    publisher = feed.publisher if feed and _may_tell(feed, tlp, holder) else None
    return NewSource(
        name=publisher or host,
        kind=SourceKind.FEED,
        org_id=holder,
        url=_page_url(host, tlp, holder),
        publisher=publisher,
        independence_group=feed.independence_group if feed else host,
        no_redistribute=feed.no_redistribute if feed else False,
        default_tlp=tlp,
        tlp=tlp,
    )


def _page_url(host: str, tlp: Tlp, holder: str) -> str:
    """Return the address under which the pages of a host have their source at a label."""
    if tlp is Tlp.CLEAR:
        return f"page:{host}"
    return f"page:{host}#{tlp}:{holder}" if tlp is Tlp.AMBER_STRICT else f"page:{host}#{tlp}"


def _may_tell(feed: HostFeed, tlp: Tlp, holder: str) -> bool:
    """Return whether all who may see this label may see the feed, so that it may be named to them."""
    if tlp_rank(feed.tlp) > tlp_rank(tlp):
        return False
    return feed.tlp is not Tlp.AMBER_STRICT or feed.org_id == holder


def _host(url: str) -> str:
    return host_of(url).removeprefix("www.")


def _feed_of(host: str, feeds: Mapping[str, HostFeed]) -> HostFeed | None:
    """Return a feed of the same host, else of a name under it or above it."""
    near = [feed for url, feed in feeds.items() if _host(url) == host]
    near += [
        feed
        for url, feed in feeds.items()
        if _host(url).endswith(f".{host}") or host.endswith(f".{_host(url)}")
    ]
    return next(iter(near), None)
