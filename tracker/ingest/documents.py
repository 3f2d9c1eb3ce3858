"""A document as it arrived and as it was read: plain values that travel between processes."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import timedelta

_DIGEST_BYTES = 16


def digest(*parts: str) -> str:
    """Return a 128-bit BLAKE2b digest of texts, in order, as 32 hex digits."""
    sponge = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    for part in parts:
        said = part.encode("utf-8", "surrogatepass")
        sponge.update(len(said).to_bytes(8, "big") + said)
    return sponge.hexdigest()


@dataclass(frozen=True)
class RawItem:
    """One entry of a document. `title` and `text` are plain text; `guid` and `link` are as written.

    `url` is the link where it leads to http or https, None otherwise; `claimed` the date as written.
    The digests are what it may be recognised by, made here because an entry is made in a worker process:
    those of its guid and its link, of its wording (`content`), of what stands beside it (`spot`), of both (`whole`).
    """

    guid: str | None
    link: str | None
    url: str | None
    title: str
    text: str
    claimed: str | None = None
    lang: str | None = None
    guid_digest: str | None = field(init=False)
    link_digest: str | None = field(init=False)
    content: str = field(init=False)
    spot: str = field(init=False)
    whole: str = field(init=False)

    def __post_init__(self) -> None:
        content = digest(self.title, self.text)
        spot = digest("spot", self.guid or "", self.link or "", self.title, self.claimed or "")
        made = {
            "guid_digest": digest(self.guid) if self.guid else None,
            "link_digest": digest(self.link) if self.link else None,
            "content": content,
            "spot": spot,
            "whole": digest("whole", spot, content),
        }
        for name, value in made.items():
            object.__setattr__(self, name, value)

    def without_guid(self) -> "RawItem":
        """Return the entry as if its source gave it no guid."""
        return replace(self, guid=None)


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
