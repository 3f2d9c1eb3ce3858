"""A document as it arrived and as it was read: plain values that travel between processes."""

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

from tracker.domain.words import KeyKind

Key = tuple[KeyKind, str]

_DIGEST_BYTES = 16


def digest(*parts: str) -> str:
    """Return a 128-bit BLAKE2b digest of texts, in order, as 32 hex digits."""
    sponge = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    for part in parts:
        said = part.encode("utf-8", "surrogatepass")
        sponge.update(len(said).to_bytes(8, "big") + said)
    return sponge.hexdigest()


class Keys(NamedTuple):
    """What an entry may be recognised by, in the order in which it is tried (identity.py).

    Its guid, its link, its wording (title and text), all that stands beside its wording, and all of that.
    """

    guid: Key | None
    link: Key | None
    content: Key
    spot: Key
    whole: Key

    @property
    def all(self) -> tuple[Key, ...]:
        """Those that it has."""
        return tuple(key for key in self if key)


@dataclass(frozen=True)
class RawItem:
    """One entry of a document. `title` and `text` are plain text; `guid` and `link` are as written.

    `url` is the link where it leads to http or https, None otherwise; `claimed` the date as written.
    The keys are made with the entry, which is where documents are read: in a worker process.
    """

    guid: str | None
    link: str | None
    url: str | None
    title: str
    text: str
    claimed: str | None = None
    lang: str | None = None
    keys: Keys = field(init=False)

    def __post_init__(self) -> None:
        content = digest(self.title, self.text)
        spot = digest("spot", self.guid or "", self.link or "", self.title, self.claimed or "")
        keys = Keys(
            (KeyKind.GUID, digest(self.guid)) if self.guid else None,
            (KeyKind.LINK, digest(self.link)) if self.link else None,
            (KeyKind.CONTENT, content),
            (KeyKind.CONTENT, spot),
            (KeyKind.CONTENT, digest("whole", spot, content)),
        )
        object.__setattr__(self, "keys", keys)

    @property
    def content(self) -> str:
        """The digest by which a change of wording is told."""
        return self.keys.content[1]


@dataclass(frozen=True)
class Document:
    """A feed that was read. `truncated` where it ends before its end; its whole entries are here.

    `says_every` is how long it says that it may be kept, None where it does not say.
    """

    title: str
    lang: str | None
    items: tuple[RawItem, ...]
    truncated: bool = False
    says_every: timedelta | None = None


@dataclass(frozen=True)
class Unreadable:
    """A body that gave no feed, and why."""

    reason: str


Reading = Document | Unreadable
