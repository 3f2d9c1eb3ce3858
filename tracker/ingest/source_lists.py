"""Lists of feeds, in YAML or OPML: read and checked row by row, taken in as one, and written out again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import listparser
import yaml

from tracker.domain.words import Reliability, Role, SourceKind, SourceState
from tracker.errors import ConfigError
from tracker.ingest.health import MAX_REASON
from tracker.ingest.sources import NAME_LENGTH, checked_country, checked_lang, checked_url, name_of
from tracker.store import Store
from tracker.store.writes.people import Person, host_org, people
from tracker.store.writes.sources import FeedRow, NewSource, store_source

Row = Mapping[str, Any]
_KEYS = frozenset(
    [
        "url", "name", "publisher", "independence_group", "lang", "country", "reliability", "no_redistribute",
        "state", "reason", "steward",
    ]
)  # fmt: skip


@dataclass(frozen=True)
class SourceList:
    """The rows of a list with their places in it; `steward` is whose the rows are that name nobody."""

    rows: tuple[tuple[str, Row], ...]
    steward: str | None = None


@dataclass(frozen=True)
class SourcesImported:
    """What came of a list; `faults` are (place, why) of the rows that were left out."""

    added: int
    were_there: int
    faults: tuple[tuple[str, str], ...]


def read_list(path: Path) -> SourceList:
    """Read a list of feeds: OPML where it is XML, else YAML with a list under `sources`.

    Raises:
        ConfigError: the file cannot be read, or is no such list.
    """
    try:
        said = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is no UTF-8'}"
        ) from error
    return _read_opml(said, path) if said.lstrip().startswith("<") else _read_yaml(said, path)


def _read_opml(said: str, path: Path) -> SourceList:
    feeds = listparser.parse(said).feeds
    if not feeds:
        raise ConfigError(f"{path} names no feed; OPML has outlines with an xmlUrl.")
    rows = ({"url": feed.url, "name": feed.title} for feed in feeds)
    return SourceList(tuple((f"{path.name}, feed {place}", row) for place, row in enumerate(rows, 1)))


def _read_yaml(said: str, path: Path) -> SourceList:
    try:
        content = yaml.safe_load(said)
    except yaml.YAMLError as error:
        raise ConfigError(f"{path} is no YAML: {error}") from error
    rows = content.get("sources") if isinstance(content, Mapping) else None
    if not isinstance(rows, list):
        raise ConfigError(f"{path} must hold a list of feeds under `sources`.")
    defaults = content.get("defaults") or {}
    return SourceList(
        tuple((f"{path.name}, source {place}", row) for place, row in enumerate(rows, 1)),
        defaults.get("steward") if isinstance(defaults, Mapping) else None,
    )


def import_sources(
    store: Store, listed: SourceList, now: datetime, *, actor: str = "operator"
) -> SourcesImported:
    """Add the feeds of a list, all good rows in one transaction; a steward is a role or an e-mail address.

    Raises:
        ConfigError: there is no host organisation yet.
    """
    added, faults = 0, list[tuple[str, str]]()
    with store.acting(actor, "import sources", now) as work:
        org_id, team = host_org(work), people(work)
        for place, row in listed.rows:
            try:
                new = _new_source(row, org_id, team, listed.steward)
            except ConfigError as error:
                faults.append((place, str(error)))
                continue
            added += store_source(work, new) is not None
    return SourcesImported(added, len(listed.rows) - added - len(faults), tuple(faults))


def _new_source(row: object, org_id: str, team: Sequence[Person], steward: str | None) -> NewSource:
    if not isinstance(row, Mapping) or not row.get("url"):
        raise ConfigError("a source needs at least its `url`")
    if unknown := sorted(set(map(str, row)) - _KEYS):
        raise ConfigError(f"no such key: {unknown[0]}. There are: {', '.join(sorted(_KEYS))}.")
    url = checked_url(str(row["url"]))
    return NewSource(
        name=name_of(_text(row, "name"), url),
        kind=SourceKind.FEED,
        org_id=org_id,
        url=url,
        publisher=_text(row, "publisher"),
        independence_group=_text(row, "independence_group"),
        lang=checked_lang(_text(row, "lang")),
        country=checked_country(_text(row, "country")),
        steward_id=_steward(_text(row, "steward") or steward, team),
        reliability=_reliability(_text(row, "reliability")),
        no_redistribute=_no_redistribute(row),
        off=_off(row),
    )


def _text(row: Row, key: str) -> str | None:
    said = row.get(key)
    return str(said).strip()[:NAME_LENGTH] or None if said is not None else None


def _reliability(said: str | None) -> Reliability:
    try:
        return Reliability(said or Reliability.F)
    except ValueError:
        raise ConfigError(f"reliability is {said!r}; write a letter from A to F") from None


def _no_redistribute(row: Row) -> bool:
    said = row.get("no_redistribute", False)
    if not isinstance(said, bool):
        raise ConfigError(f"no_redistribute is {said!r}; write true or false, without quotes")
    return said


def _off(row: Row) -> str | None:
    state = row.get("state", SourceState.ACTIVE)
    if state not in (SourceState.ACTIVE, SourceState.DISABLED):
        raise ConfigError(f"state is {state!r}; write active or disabled")
    if state == SourceState.ACTIVE:
        return None
    return str(row.get("reason") or "switched off in the list it came from")[:MAX_REASON]


def _steward(said: str | None, team: Sequence[Person]) -> str | None:
    """Return the person with this address, or the first of this role; an address must be somebody's."""
    if said is None:
        return None
    if said in set(Role):
        return next((person.id for person in team if person.role == said), None)
    found = next((person.id for person in team if person.email == said.lower()), None)
    if found is None:
        raise ConfigError(
            f"no user has the address of this source's steward; add the user first, or name a role: "
            f"{', '.join(Role)}"
        )
    return found


def to_yaml(feeds: Iterable[FeedRow]) -> str:
    """Write feeds as the YAML that `read_list` reads, with all that is known of them."""
    rows = []
    for feed in feeds:
        off = {"state": str(SourceState.DISABLED), "reason": feed.off} if feed.off is not None else {}
        told = {
            "url": feed.url,
            "name": feed.name,
            "publisher": feed.publisher,
            "independence_group": feed.independence_group,
            "lang": feed.lang,
            "country": feed.country,
            "reliability": str(feed.reliability),
            "no_redistribute": feed.no_redistribute or None,
            "steward": feed.steward,
        }
        rows.append({key: value for key, value in (told | off).items() if value is not None})
    return str(yaml.safe_dump({"sources": rows}, allow_unicode=True, sort_keys=False, width=110))


def to_opml(feeds: Iterable[FeedRow]) -> str:
    """Write the feeds that are polled as OPML 2.0, which knows their addresses, names and languages alone.

    Those that are switched off stay out: whoever took them in again would poll them.
    """
    opml = Element("opml", version="2.0")
    SubElement(SubElement(opml, "head"), "title").text = "Sources"
    body = SubElement(opml, "body")
    for feed in (each for each in feeds if each.off is None):
        said = {"type": "rss", "text": feed.name, "xmlUrl": feed.url, "language": feed.lang}
        SubElement(body, "outline", {key: value for key, value in said.items() if value})
    indent(opml)
    return tostring(opml, encoding="unicode", xml_declaration=True)
