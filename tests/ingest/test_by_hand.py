"""A link that somebody gives, or a text that they paste, becomes an item once; refusals are told plainly."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from tests.ingest.conftest import POLICY, Server
from tracker.domain.words import ItemKind, Tlp
from tracker.errors import SubmissionError
from tracker.ingest.by_hand import MOST_PASTED, add_link, add_text
from tracker.ingest.guard import read_allowed_networks
from tracker.ingest.sources import About, add_source
from tracker.store import Store
from tracker.store.tables import Item, ItemContent, Source

OPEN = replace(POLICY, allow=read_allowed_networks(["127.0.0.1/32"]))
SENTENCE = "Leaflets in three villages tell people to leave by Friday, and families have begun to go. "
PAGE = f"""<!doctype html><html lang="en"><head><title>Leaflets | Sahel Courier</title>
<meta property="og:title" content="Leaflets tell people to leave">
<meta property="article:published_time" content="2026-11-24T08:00:00Z"></head>
<body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<article><h1>Leaflets tell people to leave</h1><p>{SENTENCE * 3}</p><script>alert(1)</script>
<p>{SENTENCE * 2}</p></article>
<footer>All rights reserved</footer></body></html>"""
HTML: dict[str, Any] = {"Content_Type": "text/html; charset=utf-8"}


def kept(store: Store, now: datetime) -> list[tuple[Item, ItemContent, Source]]:
    with store.looking("test", now) as work:
        rows = work.execute(
            select(Item, ItemContent, Source)
            .join(ItemContent, ItemContent.version_id == Item.version_id)
            .join(Source, Source.id == Item.source_id)
        ).all()
        work.expunge_all()
    return [(item, content, source) for item, content, source in rows]


def test_a_page_becomes_an_item_with_its_own_words_alone(store: Store, now: datetime, server: Server) -> None:
    url = server.says("story", PAGE, **HTML)
    added = add_link(store, OPEN, url, Tlp.GREEN, now)
    again = add_link(store, OPEN, f" {url} ", Tlp.GREEN, now)
    assert (added.was_there, again.was_there, again.item_id) == (False, True, added.item_id)
    [(item, content, source)] = kept(store, now)
    assert (item.kind, item.tlp, item.published_at.date().isoformat()) == (
        ItemKind.NEWS,
        Tlp.GREEN,
        "2026-11-24",
    )
    assert content.title == "Leaflets tell people to leave"
    assert SENTENCE.strip() in content.text
    for foreign in ("Sport", "alert(1)", "All rights"):
        assert foreign not in content.text
    assert content.url == url
    assert source.next_poll_at is None


def test_a_page_of_a_host_whose_feed_we_read_is_the_same_voice(
    store: Store, now: datetime, server: Server
) -> None:
    about = About("Courier", "Sahel Courier", None, None)
    add_source(store, server.url("feed.xml"), now, about)
    add_link(store, OPEN, server.says("story", PAGE, **HTML), Tlp.CLEAR, now)
    [(_, _, source)] = kept(store, now)
    assert (source.name, source.independence_group) == ("Sahel Courier", "Sahel Courier")


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("ftp://example.org/x", "https://"),
        ("not an address", "https://"),
        ("", "https://"),
        ("http://127.0.0.1:9/x", "Nothing could be read there"),
        ("http://[::1]/x", "Nothing could be read there"),
        ("http://169.254.169.254/latest", "Nothing could be read there"),
    ],
)
def test_an_address_that_may_not_be_asked_is_refused(
    store: Store, now: datetime, address: str, says: str
) -> None:
    with pytest.raises(SubmissionError, match=says):
        add_link(store, POLICY, address, Tlp.CLEAR, now)
    assert kept(store, now) == []


def test_what_is_no_text_or_too_large_is_refused_with_what_to_do(
    store: Store, now: datetime, server: Server
) -> None:
    small = replace(OPEN, max_bytes=1000)
    for policy, url, says in (
        (OPEN, server.says("a.pdf", b"%PDF-1.7", Content_Type="application/pdf"), "no page of text"),
        (OPEN, server.says("empty", "<html><body></body></html>", **HTML), "No text could be found"),
        (OPEN, server.says("gone", "", status=404), "there is nothing at this address"),
        (small, server.says("large", PAGE * 3, **HTML), "too large"),
    ):
        with pytest.raises(SubmissionError, match=says):
            add_link(store, policy, url, Tlp.CLEAR, now)
    assert kept(store, now) == []


def test_a_pasted_text_is_kept_once_without_markup(store: Store, now: datetime) -> None:
    first, again = (
        add_text(store, OPEN, "A <b>note</b>", "<script>x</script>They came.", Tlp.AMBER, now)
        for _ in range(2)
    )
    assert (first.was_there, again.was_there) == (False, True)
    [(item, content, source)] = kept(store, now)
    assert (content.title, content.text, item.tlp, source.name) == (
        "A note",
        "They came.",
        Tlp.AMBER,
        "Pasted texts",
    )
    for text in ("", " <p></p> ", "x" * (MOST_PASTED + 1)):
        with pytest.raises(SubmissionError, match="text"):
            add_text(store, OPEN, "", text, Tlp.AMBER, now)
