"""The captured feeds give all that feedparser finds in them, the same as files and polled over HTTP.

SQLite alone: what is compared is what fetching and reading make of real documents, which no database changes,
and tests/ingest/test_poll.py compares the two ways on both databases with its own small documents.
"""

import calendar
import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest

from tests.acceptance.program import FeedServer, Program
from tracker.ingest.sources import add_source
from tracker.store import Store

NOW = datetime(2026, 11, 25, 9, 40, tzinfo=UTC)

_ZONED = re.compile(r"(?:[+-]\d\d:?\d\d|Z|GMT|UTC|[ECMP][SD]T)\s*$")
_FIRST_YEAR = 1990
"""Earlier dates cannot be those of a feed; they are kept as claimed and not used."""

Said = dict[str, list[tuple[Any, ...]]]
"""File name → its items as (guid, address, title, text, published, language), sorted."""


@pytest.fixture
def captured(shared: Path) -> list[Path]:
    """The captured feed files."""
    return sorted((shared / "feeds" / "dev").glob("*.xml"))


def installation(folder: Path, **env: str) -> Program:
    folder.mkdir()
    program = Program(folder, env, NOW)
    program.tracker("init")
    return program


def what_each_file_said(program: Program) -> Said:
    """Read what an export holds, and the sources that said it."""
    said: Said = {}
    for row in program.exported("items"):
        name = row["source_url"].replace("file:", "").rpartition("/")[2]
        published = row["published_at"] if row["date_precision"] != "unknown" else "when it was first seen"
        words = (row["guid"], row["url"], row["title"], row["text"], published, row["lang"])
        said.setdefault(name, []).append(words)
    return {name: sorted(items, key=repr) for name, items in said.items()}


def add_sources(program: Program, addresses: list[str]) -> None:
    """Add them in one process: `tracker sources add` is a second each, and there are hundreds."""
    store = Store.open(f"sqlite:///{program.home / 'tracker.db'}")
    for address in addresses:
        add_source(store, address, NOW)
    store.close()


def states_of(program: Program) -> dict[str, tuple[str, str | None]]:
    with closing(sqlite3.connect(program.home / "tracker.db")) as database:
        rows = database.execute("SELECT url, state, reason FROM source WHERE url IS NOT NULL").fetchall()
    return {url.replace("file:", "").rpartition("/")[2]: (state, reason) for url, state, reason in rows}


def entries_of(path: Path) -> list[Any]:
    """Return what feedparser finds, distinct by id, link and title."""
    first: dict[tuple[Any, ...], Any] = {}
    for entry in feedparser.parse(path).entries:
        first.setdefault(tuple(entry.get(part) for part in ("id", "link", "title")), entry)
    return list(first.values())


def zoned_instant(entry: Any) -> datetime | None:
    """Return the date that feedparser reads, where it is written with a zone and lies in the years of feeds."""
    claimed = entry.get("published") or dict.get(entry, "updated") or ""
    parsed = entry.get("published_parsed") or dict.get(entry, "updated_parsed")
    if not parsed or not _ZONED.search(claimed) or parsed.tm_year < _FIRST_YEAR:
        return None
    return datetime.fromtimestamp(calendar.timegm(parsed), UTC)


@pytest.mark.timeout(300)
def test_no_entry_is_lost_and_every_zoned_date_is_right(captured: list[Path], tmp_path: Path) -> None:
    imported = installation(tmp_path / "imported")
    done = imported.tracker("import", "feeds", "--fetch-only", *map(str, captured))
    assert "Traceback" not in done.stderr
    said, states = what_each_file_said(imported), states_of(imported)
    assert {name for name, (_, reason) in states.items() if name not in said and not reason} == set()

    found = {path.name: entries_of(path) for path in captured}
    stored = sum(min(len(entries), len(said.get(name, ()))) for name, entries in found.items())
    assert stored >= 0.998 * sum(map(len, found.values()))

    dates = {(name, guid): published for name, items in said.items() for guid, _, _, _, published, _ in items}
    wanted = {
        (name, entry["id"]): at
        for name, entries in found.items()
        for entry in entries
        if entry.get("id") and (at := zoned_instant(entry)) and (name, entry["id"]) in dates
    }
    equal = sum(datetime.fromisoformat(dates[key]) == at for key, at in wanted.items())
    assert len(wanted) > 4000
    assert equal >= 0.999 * len(wanted)


@pytest.mark.timeout(300)
def test_the_captured_feeds_say_the_same_as_files_and_over_http(
    captured: list[Path], feeds: FeedServer, tmp_path: Path
) -> None:
    imported = installation(tmp_path / "imported")
    done = imported.tracker("import", "feeds", "--fetch-only", *map(str, captured))
    summary = json.loads(done.stdout.splitlines()[-1])
    assert (summary["sources"], summary["failed"]) == (len(captured), 0), done.stderr

    polled = installation(tmp_path / "polled", TRACKER_ALLOW_NETWORKS="127.0.0.1/32")
    add_sources(polled, [feeds.serves(path.name, path.read_bytes()) for path in captured])
    again = json.loads(polled.said("ingest", "--once", "--fetch-only", "--json"))
    assert (again["sources"], again["failed"]) == (len(captured), 0), states_of(polled)

    from_files, over_http = what_each_file_said(imported), what_each_file_said(polled)
    assert len(from_files) > 200
    assert sum(map(len, from_files.values())) == summary["items_new"]
    assert {name for name in from_files if from_files[name] != over_http.get(name)} == set()
    assert from_files == over_http
