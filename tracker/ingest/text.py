"""Words as they may be kept: plain text without markup, control characters or entities. Pure."""

import html
import re

import nh3

MAX_TEXT = 200_000
"""Characters of one item that are kept: more than the longest article seen in 262 captured feeds."""

TITLE_LENGTH = 300
"""Characters of the title of a page that somebody names, or of a text that they paste."""

_BLOCKS = r"/?(?:p|br|div|li|ul|ol|tr|table|h[1-6]|blockquote|section|article|pre|hr|dd|dt)\b"
_BLOCK = re.compile(rf"<(?={_BLOCKS})", re.IGNORECASE)
_WHOLE_BLOCK = re.compile(rf"""<{_BLOCKS}(?:[^<>"']|"[^"<]*"|'[^'<]*')*>""", re.IGNORECASE)
_TAG = re.compile(r"""</?(?!(?:script|style)\b)[a-z](?:[^<>"']|"[^"<]*"|'[^'<]*')*>""", re.IGNORECASE)
_TAGS_AT_MOST = 4000
"""More than any text has; over elements within elements nh3 takes quadratic time, so beyond it tags go first."""
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u200b\u202d\u202e\ufeff\ufdd0-\ufdef\ufffe\uffff]"
)
_SPACES = re.compile(r"[^\S\n]{2,}|[^\S\n ]")
_BREAKS = re.compile(r"\n[ \n]*")
_MARKUP = re.compile(r"[<&]")
_TAG_LIKE = re.compile(r"<(?=[a-zA-Z/!?])")
_ROUNDS = 5


def plain_text(markup: str, *, limit: int = MAX_TEXT) -> str:
    """Return HTML or plain text as plain text: tags gone, entities read, one line a paragraph.

    Markup that was escaped twice or more is taken off too, so that nothing that looks like a tag is kept.
    Reading its own result changes nothing.
    """
    text = _UNWANTED.sub("", markup)
    for _ in range(_ROUNDS):
        if not _MARKUP.search(text):
            break
        before, text = text, _without_markup(text)
        if text == before:
            break
    else:
        text = _TAG_LIKE.sub("", _MARKUP.sub(" ", text))
    return _tidy(text)[:limit].rstrip()


def one_line(markup: str, *, limit: int = 1000) -> str:
    """Return HTML or plain text as one line of plain text, such as a title."""
    return " ".join(plain_text(markup).split())[:limit].rstrip()


def _without_markup(text: str) -> str:
    if "<" in text:
        text = _BLOCK.sub("\n<", _flat(text) if text.count("<") > _TAGS_AT_MOST else text)
        text = nh3.clean(text, tags=set(), clean_content_tags={"script", "style"})
    return _UNWANTED.sub("", html.unescape(text))


def _flat(text: str) -> str:
    """Return a text of very many tags without them, those that no honest page writes too."""
    flat = _TAG.sub("", _WHOLE_BLOCK.sub("\n", text))
    return _TAG_LIKE.sub(" ", flat) if len(_TAG_LIKE.findall(flat)) > _TAGS_AT_MOST else flat


def _tidy(text: str) -> str:
    lines = _SPACES.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _BREAKS.sub("\n", lines.replace(" \n", "\n")).strip()
