"""A letter's bytes → what it answers, who sent it when, and its text. Pure, within the bounds of what was read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from hashlib import sha256
from typing import Any

from lxml import etree, html

from tracker.ingest.decoding import decode
from tracker.ingest.text import plain_text

TEXT_READ = 20_000
"""Characters of a letter's text that are looked at."""

_HEADER_LENGTH, _PARTS = 4000, 50
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,200}>")
_NOT_BY_HAND = {"precedence": {"bulk", "list", "junk", "auto_reply"}}
_MARKS_OF_MACHINES = ("list-id", "x-autoreply", "x-autorespond", "x-autoresponder", "x-failed-recipients")
_POSTMASTERS = ("mailer-daemon", "postmaster")


@dataclass(frozen=True)
class Letter:
    """What a letter says of itself, none of which can be trusted. `sent_at` is aware UTC, None where it says none.

    `answers` are the Message-IDs it names, what it answers directly first. `is_automatic` is true of bounces, notes
    of absence, and lists.
    """

    fingerprint: str
    answers: tuple[str, ...]
    sender: str
    sent_at: datetime | None
    is_automatic: bool
    text: str


def fingerprint_of(*parts: str) -> str:
    """Return what a letter is known by when it comes again: a hash, so that nothing of it is kept."""
    return sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def read_letter(head: bytes) -> Letter:
    """Read the first bytes of a letter.

    Raises:
        Exception: of many kinds, where it was made to break its reader (thousands of parts within parts).
    """
    mail = message_from_bytes(head)
    text = _text(mail)
    sender = parseaddr(_header(mail, "from"))[1].lower()
    own_id = (_MESSAGE_ID.findall(_header(mail, "message-id")) or [""])[0]
    date = _header(mail, "date")
    answered = [*_ids(mail, "in-reply-to"), *reversed(_ids(mail, "references"))]
    return Letter(
        fingerprint=fingerprint_of(own_id, date, sender, text),
        answers=tuple(dict.fromkeys(answered)),
        sender=sender,
        sent_at=_instant(date),
        is_automatic=_is_automatic(mail, sender),
        text=text,
    )


def _header(mail: Message, name: str) -> str:
    value = mail.get(name)
    return "" if value is None else str(value)[:_HEADER_LENGTH]


def _ids(mail: Message, name: str) -> list[str]:
    """Return the Message-IDs of a header; of a very long one the newest, which stand at its end."""
    value = mail.get(name)
    return [] if value is None else _MESSAGE_ID.findall(str(value)[-_HEADER_LENGTH:])


def _instant(said: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(said)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _is_automatic(mail: Message, sender: str) -> bool:
    """Return whether no person wrote it for us (RFC 3834, RFC 3464, and what was usual before them)."""
    said = _header(mail, "auto-submitted").partition(";")[0].strip().lower()
    return (
        said not in ("", "no")
        or any(_header(mail, name).strip().lower() in values for name, values in _NOT_BY_HAND.items())
        or any(mail.get(name) is not None for name in _MARKS_OF_MACHINES)
        or mail.get_content_type() in ("multipart/report", "message/delivery-status")
        or _header(mail, "return-path").strip() == "<>"
        or sender.partition("@")[0] in _POSTMASTERS
    )


def _text(mail: Message) -> str:
    """Return the words of the first part that has some: plain where there is such a part, else out of HTML."""
    parts = list(_parts(mail))
    for kind in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() == kind and part.get_content_disposition() != "attachment":
                said = _decoded(part)
                text = said if kind == "text/plain" else _out_of_html(said)
                if text.strip():
                    return text[:TEXT_READ]
    return ""


def _parts(mail: Message) -> Iterator[Message]:
    """Give the first parts that are no container; a letter that is forwarded inside this one is not ours to read."""
    waiting = [mail]
    for _ in range(_PARTS):
        if not waiting:
            return
        part = waiting.pop(0)
        if part.get_content_maintype() == "multipart":
            inner = part.get_payload()
            waiting[:0] = (
                [each for each in inner[:_PARTS] if isinstance(each, Message)]
                if isinstance(inner, list)
                else []
            )
        elif part.get_content_maintype() != "message":
            yield part


def _decoded(part: Message) -> str:
    body = part.get_payload(decode=True)
    return decode(body, str(part.get("content-type", ""))) if isinstance(body, bytes) else ""


def _out_of_html(markup: str) -> str:
    """Return the text of an HTML letter without what it quotes."""
    if not markup.strip():
        return ""
    try:
        page: Any = html.fromstring(markup)
    except (etree.LxmlError, ValueError):
        return plain_text(markup, limit=TEXT_READ)
    for quoted in list(page.iter("blockquote")):
        quoted.drop_tree()
    return plain_text(html.tostring(page, encoding="unicode"), limit=TEXT_READ)
