"""Links and language tags as they may be kept. Pure."""

import re
from urllib.parse import urljoin, urlsplit

MAX_URL = 2000
"""Characters of a link that are kept: what browsers and the database take without trouble."""

_PORTS = {"http": 80, "https": 443}
_LANG = re.compile(r"[a-z]{2,3}(?=$|[-_])", re.IGNORECASE)


def safe_url(link: str | None, base: str = "") -> str | None:
    """Return an absolute http or https address; None for any other, one with a password, or too long to keep."""
    try:
        url = urljoin(base, link.strip()) if link else ""
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    fits = (
        parts.scheme in ("http", "https") and bool(host) and "@" not in parts.netloc and len(url) <= MAX_URL
    )
    return url if fits and url.isprintable() else None


def host_of(url: str) -> str:
    """Return the host of an address, with its port where that is not the scheme's own; "" where it names none."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    return host if port in (None, _PORTS.get(parts.scheme)) else f"{host}:{port}"


def primary_lang(said: str | None) -> str | None:
    """Return the language of a tag such as `pt-BR`, in lower case; None for what is no language tag."""
    found = _LANG.match(said.strip()) if said else None
    return found[0].lower() if found else None
