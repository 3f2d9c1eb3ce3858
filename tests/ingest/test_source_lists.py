"""Lists of feeds go in row by row, come out again, and the one that came along is fit to be taken in."""

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from tests.support.cli import REPOSITORY
from tracker.access.people import NewPerson, create_user
from tracker.domain.words import Reliability, Role
from tracker.errors import ConfigError
from tracker.ingest.source_lists import SourcesImported, import_sources, read_list, to_opml, to_yaml
from tracker.store import Store
from tracker.store.writes.sources import FeedRow, due_sources, list_feeds

SHIPPED = REPOSITORY / "config" / "sources.yaml"
ONE_OF_EACH = """\
defaults: {steward: coordinator}
sources:
- {url: "https://a.example.org/rss", name: Alpha, publisher: Press, independence_group: press, lang: fr, country: MLI,
   reliability: B}
- {url: "https://b.example.org/rss", no_redistribute: true, steward: ana@example.org}
- {url: "https://c.example.org/rss", state: disabled, reason: answers 403}
"""


def _import(store: Store, path: Path, now: datetime) -> SourcesImported:
    return import_sources(store, read_list(path), now)


def _feeds(store: Store, now: datetime) -> list[FeedRow]:
    with store.looking("test", now) as work:
        return list_feeds(work)


def _people(store: Store, now: datetime) -> None:
    for email, role in (("ana@example.org", Role.ANALYST), ("cleo@example.org", Role.COORDINATOR)):
        create_user(store, NewPerson(email, role, "Desk"), now)


def test_all_that_a_list_says_of_a_feed_is_kept(store: Store, now: datetime, tmp_path: Path) -> None:
    _people(store, now)
    (tmp_path / "list.yaml").write_text(ONE_OF_EACH)
    assert _import(store, tmp_path / "list.yaml", now) == SourcesImported(3, 0, ())
    alpha, b, c = _feeds(store, now)
    assert alpha == FeedRow(
        "https://a.example.org/rss",
        "Alpha",
        "Press",
        "press",
        "fr",
        "MLI",
        Reliability.B,
        False,
        None,
        "cleo@example.org",
    )
    assert (b.name, b.reliability, b.no_redistribute, b.steward) == (
        "b.example.org",
        Reliability.F,
        True,
        "ana@example.org",
    )
    assert c.off == "answers 403"


def test_a_feed_that_is_switched_off_is_not_polled(store: Store, now: datetime, tmp_path: Path) -> None:
    _people(store, now)
    (tmp_path / "list.yaml").write_text(ONE_OF_EACH)
    _import(store, tmp_path / "list.yaml", now)
    with store.looking("test", now) as work:
        due = due_sources(work, everything=True, source_id=None)
    assert {source.url for source in due} == {"https://a.example.org/rss", "https://b.example.org/rss"}


def test_taking_a_list_in_again_changes_nothing(store: Store, now: datetime, tmp_path: Path) -> None:
    _people(store, now)
    path = tmp_path / "list.yaml"
    path.write_text(ONE_OF_EACH)
    _import(store, path, now)
    before = _feeds(store, now)
    path.write_text(ONE_OF_EACH.replace("Alpha", "Another name"))
    assert _import(store, path, now) == SourcesImported(0, 3, ())
    assert _feeds(store, now) == before


def test_what_is_written_out_can_be_taken_in(store: Store, now: datetime, tmp_path: Path) -> None:
    _people(store, now)
    (tmp_path / "list.yaml").write_text(ONE_OF_EACH)
    _import(store, tmp_path / "list.yaml", now)
    feeds = _feeds(store, now)
    written = yaml.safe_load(to_yaml(feeds))["sources"]
    assert [row["url"] for row in written] == [feed.url for feed in feeds]
    (tmp_path / "out.yaml").write_text(to_yaml(feeds).replace("example.org/rss", "example.org/again"))
    assert _import(store, tmp_path / "out.yaml", now).added == 3
    again = [feed for feed in _feeds(store, now) if feed.url.endswith("again")]
    assert [row[1:] for row in map(_values, again)] == [row[1:] for row in map(_values, feeds)]


def _values(feed: FeedRow) -> list[object]:
    return list(vars(feed).values())


def test_lists_of_feed_readers_go_in_and_come_out(store: Store, now: datetime, tmp_path: Path) -> None:
    (tmp_path / "feeds.opml").write_text(
        '<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY local SYSTEM "file:///etc/hostname">]>'
        '<opml version="2.0"><body><outline text="Africa">'
        '<outline type="rss" text="Élection &amp; paix &local;" xmlUrl="https://a.example.org/rss"/>'
        "</outline></body></opml>"
    )
    assert _import(store, tmp_path / "feeds.opml", now).added == 1
    assert _feeds(store, now)[0].name == "Élection & paix &local;"
    (tmp_path / "out.opml").write_text(to_opml(_feeds(store, now)))
    assert read_list(tmp_path / "out.opml").rows[0][1]["url"] == "https://a.example.org/rss"


def test_other_readers_are_not_told_of_feeds_that_are_switched_off(
    store: Store, now: datetime, tmp_path: Path
) -> None:
    _people(store, now)
    (tmp_path / "list.yaml").write_text(ONE_OF_EACH)
    _import(store, tmp_path / "list.yaml", now)
    written = to_opml(_feeds(store, now))
    assert "b.example.org" in written
    assert "c.example.org" not in written


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{name: no address}", "at least its `url`"),
        ("just words", "at least its `url`"),
        ("{url: 'ftp://example.org/x'}", "no address of a feed"),
        ("{url: 'https://example.org/x', country: Mali}", "No such country"),
        ("{url: 'https://example.org/x', lang: '?'}", "No such language"),
        ("{url: 'https://example.org/x', reliability: Z}", "a letter from A to F"),
        ("{url: 'https://example.org/x', state: failing}", "active or disabled"),
        ("{url: 'https://example.org/x', no_redistribute: 'true'}", "true or false, without quotes"),
        ("{url: 'https://example.org/x', langage: fr}", "no such key: langage"),
        ("{url: 'https://example.org/x', steward: nobody@example.org}", "no user has the address"),
    ],
)
def test_a_bad_row_is_named_and_the_others_go_in(
    store: Store, now: datetime, tmp_path: Path, row: str, said: str
) -> None:
    path = tmp_path / "list.yaml"
    path.write_text(f"sources:\n- {row}\n- {{url: 'https://good.example.org/rss'}}\n")
    imported = _import(store, path, now)
    assert imported.added == 1
    [(place, why)] = imported.faults
    assert place == "list.yaml, source 1"
    assert said in why
    assert "nobody@" not in why


@pytest.mark.parametrize("said", ["", "sources: 3", "- a", "{", "<opml version='2.0'><body/></opml>"])
def test_a_file_that_is_no_list_is_refused(tmp_path: Path, said: str) -> None:
    (tmp_path / "list").write_text(said)
    with pytest.raises(ConfigError):
        read_list(tmp_path / "list")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_list(tmp_path / "nowhere")


def test_the_list_that_came_along_goes_in_whole(store: Store, now: datetime) -> None:
    imported = _import(store, SHIPPED, now)
    assert imported.faults == ()
    feeds = _feeds(store, now)
    assert imported.added == len(feeds) >= 80
    polled = [feed for feed in feeds if feed.off is None]
    assert len({feed.lang for feed in polled}) >= 12
    assert all(feed.publisher and feed.lang and feed.reliability is not Reliability.F for feed in feeds)
    assert len({feed.name for feed in feeds}) == len(feeds)


def test_each_feed_that_came_along_says_where_its_address_was_read() -> None:
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    places = [number for number, line in enumerate(lines) if line.startswith("- url:")]
    assert places
    assert all(lines[number - 1].startswith("# Read in ") for number in places)
    assert all(urlsplit(lines[number].split('"')[1]).hostname for number in places)
