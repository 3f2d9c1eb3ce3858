import asyncio
import logging
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from sqlalchemy import select

from tests.ingest.conftest import POLICY, Server
from tests.ingest.test_feed import FEEDS, item, rss
from tracker.domain.words import SourceState
from tracker.errors import ConfigError, NotFoundError
from tracker.ingest.files import import_feeds
from tracker.ingest.outcomes import PollSummary
from tracker.ingest.poll import poll
from tracker.ingest.sources import About, add_source
from tracker.store import Store
from tracker.store.tables import Item, ItemContent, ItemVersion, Source
from tracker.store.writes.sources import ListedSource, due_sources, list_sources


def run(store: Store, server: Server, at: datetime, *, everything: bool = True) -> PollSummary:
    return replace(poll(store, server.policy, now=lambda: at, everything=everything), seconds=0)


def listed(store: Store, at: datetime) -> dict[str, ListedSource]:
    with store.looking("test", at) as work:
        return {(source.url or "").rpartition("/")[2]: source for source in list_sources(work)}


def said(store: Store, at: datetime) -> set[tuple[str | None, ...]]:
    """Return guid, link, title and text of every stored item."""
    with store.looking("test", at) as work:
        rows = select(ItemContent.guid, ItemContent.url, ItemContent.title, ItemContent.text)
        return {tuple(row) for row in work.execute(rows)}


def test_a_source_is_polled_into_items_and_polling_again_adds_nothing(
    store: Store, server: Server, now: datetime
) -> None:
    add_source(store, server.says("rss.xml", (FEEDS / "rss.xml").read_bytes()), now)
    assert run(store, server, now) == PollSummary(sources=1, ok=1, items_new=2)
    assert run(store, server, now) == PollSummary(sources=1, not_modified=1)
    server.says("rss.xml", (FEEDS / "rss.xml").read_bytes() + b"<!-- touched -->")
    assert run(store, server, now) == PollSummary(sources=1, ok=1)
    source = listed(store, now)["rss.xml"]
    assert (source.state, source.reason, source.items, source.last_polled_at) == (
        SourceState.ACTIVE,
        None,
        2,
        now,
    )


def test_each_failure_is_a_reason_on_its_source_and_the_others_go_on(
    store: Store, server: Server, now: datetime
) -> None:
    async def never(_request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(60)
        return web.Response()

    server.answers["slow"] = never
    page = "<html><title>Blocked</title></html>"
    urls = {
        "good": server.says("good", rss(item("hello"))),
        "bad": server.says("bad", "oops", status=500),
        "page": server.says("page", page),
        "big": server.says("big", "x" * 300_000),
        "gone": server.says("gone", "", status=410),
        "empty": server.says("empty", rss("")),
        "slow": server.url("slow"),
    }
    for url in urls.values():
        add_source(store, url, now)
    policy = replace(server.policy, deadline_s=1)
    summary = poll(store, policy, now=lambda: now, everything=True)
    assert (summary.sources, summary.ok, summary.failed, summary.items_new) == (7, 2, 5, 1)
    assert {name: (source.state.value, source.reason) for name, source in listed(store, now).items()} == {
        "good": ("active", None),
        "bad": ("failing", "answered 500"),
        "page": ("failing", "got an HTML page titled 'Blocked', not a feed"),
        "big": ("failing", "too large: larger than 0.2 MB"),
        "gone": ("disabled", "answered 410: gone for good"),
        "empty": ("active", "a feed without entries"),
        "slow": ("failing", "took longer than 1 s"),
    }
    assert poll(store, policy, now=lambda: now, everything=True).sources == 6


def test_a_failing_source_is_left_alone_longer_each_time_and_recovers(
    store: Store, server: Server, now: datetime
) -> None:
    add_source(store, server.says("feed", "", status=503), now)
    for failures in range(1, 4):
        run(store, server, now)
        with store.looking("test", now) as work:
            row = work.scalars(select(Source)).one()
            assert row.failure_count == failures
            assert row.next_poll_at is not None
            wait = row.next_poll_at - now
        assert timedelta(minutes=30) * 2**failures * 0.9 <= wait <= timedelta(minutes=30) * 2**failures
    assert run(store, server, now + timedelta(minutes=5), everything=False) == PollSummary()
    server.says("feed", rss(item("hello")))
    assert run(store, server, now + timedelta(days=1), everything=False).ok == 1
    assert listed(store, now)["feed"].state is SourceState.ACTIVE


def test_a_retry_time_that_a_server_names_is_kept(store: Store, server: Server, now: datetime) -> None:
    add_source(store, server.says("feed", "", status=429, Retry_After="864000"), now)
    run(store, server, now)
    with store.looking("test", now) as work:
        assert work.scalars(select(Source.next_poll_at)).one() == now + timedelta(days=10)


def test_validators_are_sent_next_time(store: Store, server: Server, now: datetime) -> None:
    add_source(store, server.says("feed", rss(item("hello")), ETag='"v1"'), now)
    run(store, server, now)
    server.says("feed", "", status=304)
    assert run(store, server, now) == PollSummary(sources=1, not_modified=1)
    run(store, server, now)
    assert [request.headers.get("If-None-Match") for request in server.requests] == [None, '"v1"', '"v1"']


def test_validators_in_no_charset_are_not_kept_and_the_document_is(
    store: Store, server: Server, now: datetime
) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        body = rss(item("hello")).encode()
        assert request.transport is not None
        head = b'HTTP/1.1 200 OK\r\nETag: "\xff\x01"\r\nLast-Modified: \xf0\x9f\x98\x80\r\nContent-Length: %d\r\n\r\n'
        request.transport.write(head % len(body) + body)
        request.transport.close()
        return web.Response()

    server.answers["feed"] = answer
    add_source(store, server.url("feed"), now)
    assert run(store, server, now).items_new == 1
    with store.looking("test", now) as work:
        assert work.execute(select(Source.etag, Source.last_modified)).one() == (None, None)


def test_a_document_that_ended_early_is_read_again_next_time(
    store: Store, server: Server, now: datetime
) -> None:
    whole = rss(item("one", "<guid>a</guid>") + "<item><title>two</title><guid>b</guid></item>")
    add_source(store, server.says("feed", whole[: whole.index("two")], ETag='"v1"'), now)
    assert run(store, server, now).items_new == 1
    assert "ended early; its 1 whole" in (listed(store, now)["feed"].reason or "")
    server.says("feed", whole, ETag='"v1"')
    assert run(store, server, now).items_new == 1
    assert "If-None-Match" not in server.requests[-1].headers


def test_a_correction_is_a_new_version_and_the_item_is_pending_again(
    store: Store, server: Server, now: datetime
) -> None:
    add_source(store, server.says("feed", rss(item("Two hurt"))), now)
    run(store, server, now)
    with store.acting("test", "test", now) as work:
        work.scalars(select(Item)).one().tagged_with = 7
    server.says("feed", rss(item("Two dead")))
    assert run(store, server, now).items_updated == 1
    with store.looking("test", now) as work:
        stored = work.scalars(select(Item)).one()
        titles = select(ItemVersion.number, ItemContent.title).join(
            ItemContent, ItemContent.version_id == ItemVersion.id
        )
        assert {number: title for number, title in work.execute(titles)} == {1: "Two hurt", 2: "Two dead"}
        assert (stored.version_count, stored.tagged_with) == (2, 0)
        current = work.get_one(ItemContent, stored.version_id)
        assert current.title == "Two dead"


REFUSALS = {
    "sqlite": "CREATE TRIGGER refuse BEFORE INSERT ON item_content WHEN substr(NEW.title, 1, 6) = 'SECRET' "
    "BEGIN SELECT RAISE(ABORT, 'refused'); END",
    "postgresql": "ALTER TABLE item_content ADD CONSTRAINT refuse CHECK (left(title, 6) <> 'SECRET')",
}


def test_an_unexpected_error_of_one_source_is_noted_without_its_words_and_the_run_goes_on(
    store: Store, server: Server, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    with store.writer.begin() as connection:
        connection.exec_driver_sql(REFUSALS[store.writer.dialect.name])
    add_source(store, server.says("good", rss(item("hello"))), now)
    add_source(store, server.says("bad", rss(item("SECRET WORDS"))), now)
    with caplog.at_level(logging.INFO):
        assert run(store, server, now) == PollSummary(sources=2, ok=1, failed=1, items_new=1)
    assert "SECRET" not in caplog.text
    assert (listed(store, now)["bad"].reason or "").startswith(("an error of the tracker", "the database"))


def test_files_and_the_same_files_polled_give_the_same_items(
    store: Store, server: Server, now: datetime, tmp_path: Path
) -> None:
    names = ["rss.xml", "atom.xml", "feed.json"]
    files = [FEEDS / name for name in names]
    imported = import_feeds(store, POLICY, files, now)
    assert (imported.polled.sources, imported.polled.items_new, imported.reasons) == (3, 6, ())
    from_files = said(store, now)
    assert {source.url for source in listed(store, now).values()} == {f"file:{name}" for name in names}
    for path in files:
        add_source(store, server.says(path.name, path.read_bytes()), now)
    assert run(store, server, now).items_new == 6
    assert said(store, now) == from_files


def test_importing_a_file_again_adds_nothing_and_every_useless_file_has_a_reason(
    store: Store, now: datetime, tmp_path: Path
) -> None:
    folder = tmp_path / "captured"
    folder.mkdir()
    (folder / "page.xml").write_text("<html><title>No</title></html>")
    (folder / "good.xml").write_bytes((FEEDS / "rss.xml").read_bytes())
    missing = folder / "missing.xml"
    first = import_feeds(store, POLICY, [folder, missing], now)
    assert (first.polled.ok, first.polled.failed, first.polled.items_new) == (1, 2, 2)
    assert first.reasons == (
        ("page.xml", "got an HTML page titled 'No', not a feed"),
        ("missing.xml", "the file cannot be read: No such file or directory"),
    )
    again = import_feeds(store, POLICY, [folder], now)
    assert (again.polled.not_modified, again.polled.items_new) == (1, 0)
    with store.looking("test", now) as work:
        assert due_sources(work, everything=True, source_id=None) == []


def test_an_address_is_added_once(store: Store, now: datetime) -> None:
    first = add_source(store, "https://example.org/feed.xml", now, About(name="Voices", country="mli"))
    assert add_source(store, " https://example.org/feed.xml ", now).id == first.id
    (source,) = listed(store, now).values()
    assert source.name == "Voices"


@pytest.mark.parametrize(
    ("url", "about", "what"),
    [
        ("ftp://example.org/", About(), "no address"),
        ("example.org", About(), "no address"),
        ("https://", About(), "no address"),
        ("https://ana:secret@x.test/feed", About(), "a name or a password"),
        ("https://x.test/", About(country="XYZ"), "No such country"),
        ("https://x.test/", About(lang="klingon"), "No such language"),
    ],
)
def test_a_source_that_cannot_be_is_refused(
    store: Store, now: datetime, url: str, about: About, what: str
) -> None:
    with pytest.raises(ConfigError, match=what):
        add_source(store, url, now, about)


def test_an_unknown_source_is_not_polled(store: Store, now: datetime) -> None:
    with pytest.raises(NotFoundError):
        poll(store, POLICY, now=lambda: now, everything=False, source_id="01H")
