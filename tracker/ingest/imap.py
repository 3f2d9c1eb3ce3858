"""A mailbox on an IMAP server. Over plain imap:// the password is only said to a host that may be trusted with it."""

import imaplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderCreateError, MailboxLoginError

from tracker.errors import MailboxError
from tracker.ingest.guard import AllowedNetwork
from tracker.ingest.mailbox import ASIDE, BYTES_READ, READ, MailboxPlace, RawLetter

_TIMEOUT_S = 30
_FAULTS = (imaplib.IMAP4.error, ImapToolsError, OSError, ValueError)


@dataclass(frozen=True)
class OpenImap:
    """A mailbox in which we are signed in; `folders` are what READ and ASIDE are called on this server."""

    box: BaseMailBox
    folders: dict[str, str]

    def letters(self, at_most: int) -> Iterator[RawLetter]:
        """Give the letters that wait, oldest first; of each its first bytes, unread as it was.

        Raises:
            MailboxError: the server answers no more.
        """
        with _said_plainly():
            waiting = sorted(self.box.uids("UNDELETED"), key=int)[:at_most]
        for uid in waiting:
            with _said_plainly():
                _, answer = self.box.client.uid("FETCH", uid, f"(BODY.PEEK[]<0.{BYTES_READ}>)")
            head = _literal(answer)
            if head is not None:
                yield RawLetter(uid, head)

    def put_away(self, letter: RawLetter, folder: str) -> None:
        """Move a letter into a folder.

        Raises:
            MailboxError: the server refuses.
        """
        with _said_plainly():
            self.box.move(letter.key, self.folders[folder])


def _literal(answer: list[Any]) -> bytes | None:
    """Return the bytes in a FETCH answer; None where another reader moved the letter away."""
    found = [part[1] for part in answer if isinstance(part, tuple) and len(part) > 1]
    return bytes(found[0])[:BYTES_READ] if found else None


@contextmanager
def opened_imap(place: MailboxPlace) -> Iterator[OpenImap]:
    """Sign in, and make the folders that letters are put away into.

    Raises:
        MailboxError: the server is not there, refuses, or must not be told the password.
    """
    with _said_plainly():
        box = _connected(place)
    try:
        with _said_plainly():
            _sign_in(box, place)
            folders = {name: _folder(box, name, place.folder) for name in (READ, ASIDE)}
        yield OpenImap(box, folders)
    finally:
        with suppress(*_FAULTS):
            box.logout()


def _sign_in(box: BaseMailBox, place: MailboxPlace) -> None:
    plain = (place.user + place.password).isascii()
    try:
        (box.login if plain else box.login_utf8)(place.user, place.password, None)
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, MailboxLoginError):
        raise MailboxError(
            "The mailbox refuses user or password. Look at TRACKER_MAILBOX_URL; many servers want a password made "
            "for programs."
        ) from None
    box.folder.set(place.folder)


def _connected(place: MailboxPlace) -> BaseMailBox:
    if place.kind == "imaps":
        secure = ssl.create_default_context()
        return MailBox(place.host, place.port, timeout=_TIMEOUT_S, ssl_context=secure)
    box = MailBoxUnencrypted(place.host, place.port, timeout=_TIMEOUT_S)
    host, port, *_ = box.client.sock.getpeername()
    if not may_be_told(str(host), port, place.allow):
        with suppress(*_FAULTS):
            box.client.shutdown()
        raise MailboxError(
            "TRACKER_MAILBOX_URL would send the password over the net unencrypted. Write imaps://, "
            "or add the server's network to TRACKER_ALLOW_NETWORKS."
        )
    return box


def may_be_told(host: str, port: int, allow: Sequence[AllowedNetwork]) -> bool:
    """Return whether the server at an address may be told a password in the clear: it is here, or allowed."""
    peer = ip_address(host.partition("%")[0])
    return peer.is_loopback or any(network.covers(peer, port) for network in allow)


def _folder(box: BaseMailBox, name: str, inbox: str) -> str:
    """Return what a folder of ours is called here, made where it is missing; some servers want it in the inbox."""
    known = box.folder.list()
    delimiter = known[0].delim if known else "/"
    inside = f"{inbox}{delimiter}{name}"
    present = {folder.name for folder in known}
    for each in (name, inside):
        if each in present:
            return each
    try:
        box.folder.create(name)
    except MailboxFolderCreateError:
        box.folder.create(inside)
        return inside
    return name


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Turn what goes wrong with the server into words that hold neither address nor password."""
    try:
        yield
    except ssl.SSLCertVerificationError:
        raise MailboxError(
            "The certificate of the mailbox's server is not valid for its name. Mend it, or look at the host in "
            "TRACKER_MAILBOX_URL."
        ) from None
    except _FAULTS as error:
        raise MailboxError(
            f"The mailbox could not be used ({type(error).__name__}). Is the server of TRACKER_MAILBOX_URL there, "
            "and may we make folders in it? Nothing is lost; it is read again at the next run."
        ) from None
