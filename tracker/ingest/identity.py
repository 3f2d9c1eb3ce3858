"""Which entries of a document are items we know, new ones, or one another. Pure (docs/decisions/0001).

An item is recognised by keys: its guid, its link, its content. A key that several entries of one document
carry identifies none of them, now or later. Across documents a guid decides, then the link, then the
content; what neither guid nor link can tell apart is told by both, title and date together (`spot`), so
that a clock in the text makes no new items, and in the last resort by all of that and its words (`whole`).
Every new item brings a key that was not known, so a source cannot grow without saying something new.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

from tracker.ingest.documents import Key, Keys, RawItem

_FIRST_NAMES = 2


class Verdict(StrEnum):
    """What an entry is, and why."""

    NEW = "new: none of its keys is known"
    CHANGED = "known, with other words"
    UNCHANGED = "known, with the same words"
    CAPPED = "known, with other words, but it has as many versions as are kept"
    WITHDRAWN = "known, and withdrawn: its words are not kept again"
    REPEATED = "the same as an earlier entry of this document"


@dataclass(frozen=True)
class Cap:
    """How far one item may grow: wordings that are kept, and guids and links that it is known by.

    A source's guids are no longer trusted once `churn_at` entries of one poll come back under a fresh guid, or
    one entry `churn_again` times.
    """

    versions: int
    keys: int
    churn_at: int
    churn_again: int


@dataclass(frozen=True)
class KnownItem:
    """What is already stored of an item that a document may speak of."""

    content: str
    version_count: int
    key_count: int
    hidden: bool = False


@dataclass(frozen=True)
class Known:
    """The keys of one source that a document's entries carry, and the items behind them.

    A key whose item is None is known to identify nothing.
    """

    keys: Mapping[Key, str | None] = field(default_factory=dict)
    items: Mapping[str, KnownItem] = field(default_factory=dict)
    guid_churns: bool = False


class Decision(NamedTuple):
    """What to do with one entry. `item_id` is None for a new item; `keys` are to be stored with it."""

    raw: RawItem
    verdict: Verdict
    item_id: str | None = None
    keys: tuple[Key, ...] = ()


@dataclass(frozen=True)
class Decisions:
    """What to do with a document: its entries in order, keys that identify nothing, whether guids churn."""

    entries: tuple[Decision, ...]
    void_keys: tuple[Key, ...]
    guid_churns: bool


def keys_of(raws: Sequence[RawItem], *, guid_churns: bool) -> set[Key]:
    """Return every key under which a document's entries may be known, to be looked up in one go."""
    return {key for raw in raws for key in _keys(raw, guid_churns=guid_churns).all}


def decide(raws: Sequence[RawItem], known: Known, cap: Cap) -> Decisions:
    """Decide what each entry of one document is.

    Args:
        raws: the document's entries, in its order.
        known: what the store knows of the keys that `keys_of` gave.
        cap: how far one item may grow.

    Returns:
        One decision an entry, in the same order; the same document twice gives nothing new.
    """
    keys = [_keys(raw, guid_churns=known.guid_churns) for raw in raws]
    distinct = _first_of_each(raws, keys)
    carried = Counter(key for at in distinct for key in keys[at].all)
    shared = {key for key, count in carried.items() if count > 1}
    void = shared | {key for key, item_id in known.keys.items() if item_id is None}
    found, renamed = _recognise([keys[at] for at in distinct], known, void)
    items = dict(zip(distinct, found, strict=True))
    entries = tuple(
        _decide_one(raw, keys[at], items[at], void, known, cap)
        if at in items
        else Decision(raw, Verdict.REPEATED)
        for at, raw in enumerate(raws)
    )
    return Decisions(entries, tuple(sorted(shared)), known.guid_churns or _churning(renamed, known, cap))


def _keys(raw: RawItem, *, guid_churns: bool) -> Keys:
    return replace(raw, guid=None).keys if guid_churns else raw.keys


def _first_of_each(raws: Sequence[RawItem], keys: Sequence[Keys]) -> list[int]:
    """Return where each entry stands that is not the same as an earlier one.

    With a guid or link, those and the title tell entries apart; without both, title and text do.
    """
    first: dict[tuple[Key | str | None, ...], int] = {}
    for at, (raw, key) in enumerate(zip(raws, keys, strict=True)):
        named = bool(key.guid or (key.link and raw.title))
        first.setdefault((key.guid, key.link, raw.title if named else key.content), at)
    return list(first.values())


def _recognise(keys: Sequence[Keys], known: Known, void: set[Key]) -> tuple[list[str | None], list[str]]:
    """Return the known item of each distinct entry, and the items that came back under a fresh guid.

    All guids are matched before any link, all links before any content, so that the order of the entries
    does not matter; no two entries are the same item.
    """
    found: list[str | None] = [None] * len(keys)
    taken: set[str] = set()
    renamed: list[str] = []
    for kind in ("guid", "link", "content", "spot", "whole"):
        for at, entry in enumerate(keys):
            key: Key | None = getattr(entry, kind)
            item_id = known.keys.get(key) if key and key not in void else None
            if found[at] is None and item_id and item_id not in taken:
                found[at] = item_id
                taken.add(item_id)
                if kind != "guid" and entry.guid and entry.guid not in known.keys:
                    renamed.append(item_id)
    return found, renamed


def _churning(renamed: Sequence[str], known: Known, cap: Cap) -> bool:
    """Return whether guids change too often: many items now, or one item again and again."""
    names = (known.items[item_id].key_count - known.items[item_id].version_count for item_id in renamed)
    return len(renamed) >= cap.churn_at or any(count >= _FIRST_NAMES + cap.churn_again - 1 for count in names)


def _decide_one(
    raw: RawItem, keys: Keys, item_id: str | None, void: set[Key], known: Known, cap: Cap
) -> Decision:
    names, content = _telling(keys, item_id, void, known)
    if item_id is None:
        added = _unknown((*names, *content), known)
        return Decision(raw, Verdict.NEW, None, added) if added else Decision(raw, Verdict.REPEATED)
    item = known.items[item_id]
    if item.hidden:
        return Decision(raw, Verdict.WITHDRAWN, item_id)
    added = _unknown(names if item.key_count < cap.keys else (), known)
    if item.content == raw.content:
        return Decision(raw, Verdict.UNCHANGED, item_id, added)
    if item.version_count >= cap.versions:
        return Decision(raw, Verdict.CAPPED, item_id, added)
    return Decision(raw, Verdict.CHANGED, item_id, added + _unknown(content, known))


def _telling(
    keys: Keys, item_id: str | None, void: set[Key], known: Known
) -> tuple[tuple[Key, ...], tuple[Key, ...]]:
    """Return the keys that tell this entry from all others: those that name it, and its content.

    The spot counts where neither guid nor link is its own, the whole where nothing else is left.
    """
    names = tuple(key for key in (keys.guid, keys.link) if key and key not in void)
    content = () if keys.content in void else (keys.content,)
    if not any(known.keys.get(key, item_id) == item_id for key in names):
        names += (keys.spot,) if keys.spot not in void else ()
        names += (keys.whole,) if keys.spot in void and not content else ()
    return names, content


def _unknown(keys: tuple[Key, ...], known: Known) -> tuple[Key, ...]:
    return tuple(key for key in keys if key not in known.keys)
