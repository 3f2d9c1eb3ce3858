"""Adding sources: what is checked before a feed is polled for the first time."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from tracker.domain.countries import is_country
from tracker.domain.words import SourceKind
from tracker.errors import ConfigError
from tracker.ingest.urls import MAX_URL, primary_lang
from tracker.store import Store
from tracker.store.writes.people import host_org
from tracker.store.writes.sources import NewSource, source_by_url, store_source

NAME_LENGTH = 300
"""Letters of a name that are kept."""


@dataclass(frozen=True)
class About:
    """What is said of a source when it is added; `country` is its focus, ISO 3166-1 alpha-3."""

    name: str | None = None
    publisher: str | None = None
    lang: str | None = None
    country: str | None = None
    steward_id: str | None = None


@dataclass(frozen=True)
class SourceAdded:
    """A source's ULID; `was_there` where its address had one already, which is left as it is."""

    id: str
    was_there: bool


def add_source(
    store: Store, url: str, now: datetime, about: About = About(), *, actor: str = "operator"
) -> SourceAdded:
    """Add a feed; its first poll is due at once. Adding an address again changes nothing.

    Raises:
        ConfigError: not an http or https address, no such country or language, or no host organisation.
    """
    address = checked_url(url)
    lang, country = checked_lang(about.lang), checked_country(about.country)
    with store.acting(actor, "add source", now) as work:
        source_id = store_source(
            work,
            NewSource(
                name=name_of(about.name, address),
                kind=SourceKind.FEED,
                org_id=host_org(work),
                url=address,
                publisher=about.publisher[:NAME_LENGTH] if about.publisher else None,
                lang=lang,
                country=country,
                steward_id=about.steward_id,
            ),
        )
        known = source_by_url(work, address)
    assert known is not None
    return SourceAdded(known.id, was_there=source_id is None)


def name_of(told: str | None, address: str) -> str:
    """Return the name to show of a feed: the one told, else its host."""
    return (told or urlsplit(address).hostname or address)[:NAME_LENGTH]


def checked_url(url: str) -> str:
    """Return the address of a feed without the space around it; ConfigError where it is none."""
    address = url.strip()
    try:
        parts = urlsplit(address)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        names_somebody = good and "@" in parts.netloc
    except ValueError:
        good = names_somebody = False
    if names_somebody:
        raise ConfigError("The address holds a name or a password, and addresses are shown; use one without.")
    if not good or len(address) > MAX_URL or not address.isprintable() or " " in address:
        raise ConfigError(
            f"{address[:100]!r} is no address of a feed; write one such as https://example.org/feed.xml"
        )
    return address


def checked_country(code: str | None) -> str | None:
    """Return an ISO 3166-1 alpha-3 code in capitals; ConfigError where it is none."""
    if not code:
        return None
    if not is_country(code.upper()):
        raise ConfigError(f"No such country: {code}. Use ISO 3166-1 alpha-3, such as MLI.")
    return code.upper()


def checked_lang(lang: str | None) -> str | None:
    """Return the language of a tag, such as fr; ConfigError where it is none."""
    if not lang:
        return None
    primary = primary_lang(lang)
    if primary is None:
        raise ConfigError(f"No such language: {lang}. Use a tag such as fr.")
    return primary
