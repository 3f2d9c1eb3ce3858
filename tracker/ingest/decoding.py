"""Bytes → characters, judged by the bytes first: headers and declarations of feeds are often wrong. Pure."""

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._-]+)""", re.IGNORECASE)
_SHIFTING = re.compile(rb"\x1b[$(]")  # escape sequences of the ISO 2022 encodings, which look like ASCII
_HEAD = 1024
_NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"})
"""Codecs of Python's that no document is written in, or that hide markup from whoever looks at its bytes."""


def decode(body: bytes, content_type: str = "") -> str:
    """Return a document's text.

    A byte order mark decides; then UTF-8 wherever the bytes are valid UTF-8, whatever is said; then the
    declaration, then the header. Single bytes that are wrong in a UTF-8 document are read as Windows-1252.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    said = _said(body, content_type)
    if body[:2] in (b"<\0", b"\0<"):
        return body.decode("utf-16-le" if body[1:2] == b"\0" else "utf-16-be", "replace")
    if not _SHIFTING.search(body):
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError:
            said = said or "utf-8"
    errors = _AS_WINDOWS if said == "utf-8" else "replace"
    return body.decode(said or "utf-8", errors)


def _said(body: bytes, content_type: str) -> str | None:
    declared = _DECLARED.search(body[:_HEAD])
    header = _CHARSET.search(content_type)
    names = (declared and declared[1].decode("ascii"), header and header[1])
    return next((known for known in map(_known, names) if known), None)


def _known(name: str | None) -> str | None:
    """Return the codec's own name; Latin-1 is read as Windows-1252, as browsers do (WHATWG Encoding)."""
    try:
        found = codecs.lookup(name) if name else None
    except LookupError:
        return None
    if found is None or not found._is_text_encoding or found.name in _NO_CHARSETS:
        return None
    return "cp1252" if found.name in ("iso8859-1", "ascii") else found.name


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", "replace"), error.end


_AS_WINDOWS = "tracker-as-windows-1252"
codecs.register_error(_AS_WINDOWS, _as_windows)
