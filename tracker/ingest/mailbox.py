"""The mailbox of the Platform, which TRACKER_MAILBOX_URL names: IMAP, or a Maildir of a mail server of one's own.

What is read is bounded; a letter stays where it is until it is put away, which is done once its row is kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol, Self
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from tracker.errors import ConfigError
from tracker.ingest.guard import AllowedNetwork, read_allowed_networks
from tracker.settings import Settings

BYTES_READ = 256 * 1024
"""How much of a letter is read: its headers and its words come before whatever is attached to it."""

READ, ASIDE = "tracker-read", "tracker-aside"
"""The folders that letters are put away into: answers to a delivery, and everything else."""

_HOW = (
    "write imaps://user:password@host/INBOX, or maildir:///path?address=replies@example.org; "
    "write @ and / in a name or password as %40 and %2F"
)


@dataclass(frozen=True)
class RawLetter:
    """One letter in the mailbox: `key` is the mailbox's own name for it, `head` its first bytes."""

    key: str
    head: bytes


class Mailbox(Protocol):
    """A mailbox that is open."""

    def letters(self, at_most: int) -> Iterator[RawLetter]:
        """Give the letters that wait, oldest first."""

    def put_away(self, letter: RawLetter, folder: str) -> None:
        """Move a letter into READ or ASIDE; one that is gone already is no error."""


@dataclass(frozen=True)
class MailboxPlace:
    """Where the mailbox is. `address` is what people reply to."""

    kind: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    address: str
    allow: tuple[AllowedNetwork, ...] = ()

    @classmethod
    def of(cls, settings: Settings) -> Self | None:
        """Return the mailbox that the settings name; None where they name none.

        Raises:
            ConfigError: TRACKER_MAILBOX_URL cannot be used; says how to write it, and never what it holds.
        """
        if settings.mailbox_url is None:
            return None
        try:
            parts = urlsplit(settings.mailbox_url)
            port = parts.port or {"imaps": 993, "imap": 143}.get(parts.scheme, 0)
        except ValueError:
            raise _refused("is no address") from None
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if parts.scheme not in ("imaps", "imap", "maildir"):
            raise _refused("must begin with imaps://, imap:// or maildir://")
        is_imap = parts.scheme != "maildir"
        if is_imap and not (parts.hostname and user and password):
            raise _refused("lacks host, user or password")
        folder = unquote(parts.path.strip("/")) or "INBOX" if is_imap else unquote(parts.path)
        allow = read_allowed_networks(settings.allow_networks)
        host = parts.hostname or ""
        return cls(parts.scheme, host, port, user, password, folder, _address(parts, user), allow)


def _address(parts: SplitResult, user: str) -> str:
    said = parse_qs(parts.query).get("address", [""])[0].strip()
    address = said or (user if "@" in user else f"{user}@{parts.hostname}" if user else "")
    if address.count("@") != 1 or not address.isascii() or any(letter <= " " for letter in address):
        raise _refused("does not say which address people reply to: add ?address=replies@example.org")
    return address


def _refused(problem: str) -> ConfigError:
    return ConfigError(f"TRACKER_MAILBOX_URL {problem}; {_HOW}.")
