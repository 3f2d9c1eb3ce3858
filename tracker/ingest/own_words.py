"""The words that somebody wrote themselves in a letter that answers ours: without what they quote. Pure.

Our own mail is recognised by its sender's name or address, whatever the language of the mail program that quotes it
("On … wrote:", "De : …", "من: …"); mail-parser-reply knows signatures and how English, French and Spanish programs
quote others. It takes more than linear time over text made for that, so it is given little.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mailparser_reply import EmailReplyParser

from tracker.ingest.text import plain_text

WORDS_KEPT = 4000
"""Characters of somebody's own words that are kept: an answer has a line or a page."""

_WITHOUT_SIGNATURE = 3000
_HEADER_LINES = 8
_QUOTED = (">", "|")
_RULE = re.compile(r"[-_*=]{3,}.*")
_BLANK_LINES = re.compile(r"\n{3,}")
_MARKS = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_PARSER = EmailReplyParser(languages=["en", "fr", "es"])


@dataclass(frozen=True)
class OurMail:
    """How our own mails call their sender: a name, and the addresses that programs may quote."""

    name: str
    addresses: tuple[str, ...]

    def is_named_in(self, line: str, following: str) -> bool:
        """Return whether a line begins the quotation of a mail of ours."""
        low = line.lower()
        if any(address.lower() in low for address in self.addresses):
            return True
        if self.name.lower() not in low:
            return False
        from_us = re.match(rf"\W*[^\s:]+\s?:\W*{re.escape(self.name)}\W*$", line, re.IGNORECASE)
        wrapped = any(address.lower() in following.lower() for address in self.addresses)
        return bool(from_us) or wrapped or line.rstrip().endswith(":")


def own_words(text: str, ours: OurMail) -> str:
    """Return what somebody wrote themselves, above, below or between what they quote."""
    lines = [line.strip() for line in _MARKS.sub("", text).splitlines()]
    kept: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.startswith(_QUOTED):
            at += 1
        elif ours.is_named_in(line, lines[at + 1] if at + 1 < len(lines) else ""):
            end = _end_of_header(lines, at)
            if not _next_is_quoted(lines, end):
                break
            at = end
        else:
            kept.append(line)
            at += 1
    while kept and (not kept[-1] or _RULE.fullmatch(kept[-1])):
        kept.pop()
    return plain_text("\n".join(kept), limit=WORDS_KEPT)


def _end_of_header(lines: Sequence[str], at: int) -> int:
    """Return where the lines end that say whose mail is quoted: "On …, / Early action wrote:", or From to Subject."""
    end = at + 1
    while end < min(len(lines), at + _HEADER_LINES) and lines[end] and not lines[end].startswith(_QUOTED):
        end += 1
    return end


def _next_is_quoted(lines: Sequence[str], at: int) -> bool:
    following = next((line for line in lines[at:] if line), "")
    return following.startswith(_QUOTED)


def without_signature(words: str) -> str:
    """Return somebody's own words without signature, disclaimer, or another's mail that they quote unmarked."""
    short = _BLANK_LINES.sub("\n\n", words[:_WITHOUT_SIGNATURE])
    replies = _PARSER.read(short).replies
    return replies[0].body if replies else short
