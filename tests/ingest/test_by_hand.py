"""A link that somebody gives, or a text that they paste, becomes an item once; refusals are told plainly."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from tests.ingest.conftest import POLICY, Server
from tests.support.pauses import Step, paused_before, until_stuck_or_done
from tracker.access.people import NewPerson, create_user, viewer_of_email
from tracker.domain.viewer import Viewer
from tracker.domain.words import Hidden, ItemKind, Role, Tlp
from tracker.errors import SubmissionError
from tracker.ingest import by_hand
from tracker.ingest.by_hand import Added
from tracker.ingest.guard import read_allowed_networks
from tracker.ingest.sources import About, add_source
from tracker.store import Store
from tracker.store.reads.items import items_by_id
from tracker.store.tables import Item, ItemContent, Source
from tracker.store.writes.hiding import tighten_item, withdraw_item
from tracker.store.writes.items import store_new

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


@pytest.fixture
def ana(store: Store, now: datetime) -> Viewer:
    return person(store, now, "ana", Role.ANALYST)


def person(store: Store, now: datetime, name: str, role: Role, **limits: Any) -> Viewer:
    org = limits.pop("org", "Platform")
    email = f"{name}@example.org"
    create_user(store, NewPerson(email, role, org, name, **limits), now)
    return viewer_of_email(store, email, now)


def link(store: Store, viewer: Viewer, url: str, tlp: Tlp, now: datetime) -> Added:
    return by_hand.add_link(store, OPEN, viewer, url, tlp, now)


def text(store: Store, viewer: Viewer, said: str, tlp: Tlp, now: datetime, title: str = "") -> Added:
    return by_hand.add_text(store, OPEN, viewer, (title, said), tlp, now)


def kept(store: Store, now: datetime) -> list[tuple[Item, ItemContent, Source]]:
    with store.looking("test", now) as work:
        rows = work.execute(
            select(Item, ItemContent, Source)
            .join(ItemContent, ItemContent.version_id == Item.version_id)
            .join(Source, Source.id == Item.source_id)
        ).all()
        work.expunge_all()
    return [(item, content, source) for item, content, source in rows]


def test_a_page_becomes_an_item_with_its_own_words_alone(
    store: Store, now: datetime, server: Server, ana: Viewer
) -> None:
    url = server.says("story", PAGE, **HTML)
    added = link(store, ana, url, Tlp.GREEN, now)
    again = link(store, ana, f" {url} ", Tlp.GREEN, now)
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
    store: Store, now: datetime, server: Server, ana: Viewer
) -> None:
    about = About("Courier", "Sahel Courier", None, None)
    add_source(store, server.url("feed.xml"), now, about)
    link(store, ana, server.says("story", PAGE, **HTML), Tlp.CLEAR, now)
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
    store: Store, now: datetime, ana: Viewer, address: str, says: str
) -> None:
    with pytest.raises(SubmissionError, match=says):
        by_hand.add_link(store, POLICY, ana, address, Tlp.CLEAR, now)
    assert kept(store, now) == []


def test_what_is_no_text_or_too_large_is_refused_with_what_to_do(
    store: Store, now: datetime, server: Server, ana: Viewer
) -> None:
    small = replace(OPEN, max_bytes=1000)
    for policy, url, says in (
        (OPEN, server.says("a.pdf", b"%PDF-1.7", Content_Type="application/pdf"), "no page of text"),
        (OPEN, server.says("empty", "<html><body></body></html>", **HTML), "No text could be found"),
        (OPEN, server.says("gone", "", status=404), "there is nothing at this address"),
        (small, server.says("large", PAGE * 3, **HTML), "too large"),
    ):
        with pytest.raises(SubmissionError, match=says):
            by_hand.add_link(store, policy, ana, url, Tlp.CLEAR, now)
    assert kept(store, now) == []


def test_a_pasted_text_is_kept_once_without_markup(store: Store, now: datetime, ana: Viewer) -> None:
    first, again = (
        text(store, ana, "<script>x</script>They came.", Tlp.AMBER, now, "A <b>note</b>") for _ in range(2)
    )
    assert (first.was_there, again.was_there) == (False, True)
    [(item, content, source)] = kept(store, now)
    assert (content.title, content.text, item.tlp, source.name) == (
        "A note",
        "They came.",
        Tlp.AMBER,
        "Pasted texts",
    )
    for said in ("", " <p></p> ", "x" * (OPEN.pasted_length + 1)):
        with pytest.raises(SubmissionError, match="text"):
            text(store, ana, said, Tlp.AMBER, now)


def test_which_site_was_read_is_known_to_those_alone_who_may_see_what_was_read_there(
    store: Store, now: datetime, server: Server, ana: Viewer
) -> None:
    officer = person(store, now, "omar", Role.OFFICER, org="UN")
    link(store, ana, server.says("story", PAGE, **HTML), Tlp.AMBER_STRICT, now)
    assert link(store, ana, server.url("story"), Tlp.GREEN, now).was_there
    assert (names(store, ana), names(store, officer)) == ([server.host], [])
    link(store, ana, server.says("other", PAGE.replace("Friday", "Monday"), **HTML), Tlp.GREEN, now)
    assert (names(store, ana), names(store, officer)) == ([server.host, server.host], [server.host])
    for item, _, source in kept(store, now):
        assert (item.tlp, item.org_id) == (source.tlp, source.org_id)
        assert source.independence_group == server.host


def names(store: Store, viewer: Viewer) -> list[str]:
    with store.viewing(viewer) as view:
        return sorted(view.scalars(select(Source.name)))


def test_a_page_of_a_host_does_not_name_the_publisher_of_a_feed_that_its_readers_may_not_know_of(
    store: Store, now: datetime, server: Server, ana: Viewer
) -> None:
    feed = add_source(store, server.url("feed.xml"), now, About("Courier", "Sahel Courier", None, None)).id
    with store.acting("test", "test", now) as work:
        work.get_one(Source, feed).tlp = Tlp.AMBER
    link(store, ana, server.says("story", PAGE, **HTML), Tlp.GREEN, now)
    link(store, ana, server.says("other", PAGE.replace("Friday", "Monday"), **HTML), Tlp.AMBER, now)
    told = {source.tlp: (source.name, source.publisher) for _, _, source in kept(store, now)}
    assert told == {
        Tlp.GREEN: (server.host, None),
        Tlp.AMBER: ("Sahel Courier", "Sahel Courier"),
    }
    assert {source.independence_group for _, _, source in kept(store, now)} == {"Sahel Courier"}


def test_what_is_known_under_another_label_is_found_there_by_those_who_may_see_it(
    store: Store, now: datetime, server: Server, ana: Viewer
) -> None:
    url = server.says("story", PAGE, **HTML)
    first = link(store, ana, url, Tlp.AMBER, now)
    again = link(store, ana, url, Tlp.CLEAR, now)
    assert (again.was_there, again.item_id, again.tlp) == (True, first.item_id, Tlp.AMBER)


@pytest.mark.parametrize("of", ["link", "text"])
def test_what_somebody_may_not_see_is_to_them_as_if_it_were_not_there(
    store: Store, now: datetime, server: Server, ana: Viewer, of: str
) -> None:
    url = server.says("story", PAGE, **HTML)

    def put(viewer: Viewer, tlp: Tlp) -> Added:
        return (
            link(store, viewer, url, tlp, now)
            if of == "link"
            else text(store, viewer, "They came.", tlp, now)
        )

    uma = person(store, now, "uma", Role.ANALYST, org="UN")
    strict = put(ana, Tlp.AMBER_STRICT)
    for viewer, tlp in ((uma, Tlp.AMBER_STRICT), (uma, Tlp.AMBER), (ana, Tlp.GREEN)):
        first, again = put(viewer, tlp), put(viewer, tlp)
        assert first.was_there is (viewer is ana or tlp is Tlp.AMBER)
        assert (again.was_there, again.item_id) == (True, first.item_id)
        with store.viewing(viewer) as view:
            assert items_by_id(view, [first.item_id])
    assert put(ana, Tlp.AMBER_STRICT).item_id == strict.item_id
    assert len(kept(store, now)) == 2


def test_a_link_for_one_organisation_alone_is_not_found_among_what_another_holds(
    store: Store, now: datetime, server: Server, ana: Viewer
) -> None:
    url, uma = server.says("story", PAGE, **HTML), person(store, now, "uma", Role.ANALYST, org="UN")
    before = link(store, ana, url, Tlp.GREEN, now)
    first, again = (link(store, uma, url, Tlp.AMBER_STRICT, now) for _ in range(2))
    assert (first.was_there, again.was_there) == (False, True)
    assert first.item_id == again.item_id != before.item_id
    assert link(store, ana, url, Tlp.AMBER_STRICT, now).item_id == before.item_id
    assert {(item.id, item.org_id) for item, _, _ in kept(store, now)} == {
        (before.item_id, ana.org_id),
        (first.item_id, uma.org_id),
    }


@pytest.mark.parametrize("hide", ["withdrawn", "made RED"])
def test_what_was_hidden_becomes_an_item_of_its_own_once_more(
    store: Store, now: datetime, ana: Viewer, hide: str
) -> None:
    before = text(store, ana, "They came.", Tlp.AMBER, now)
    with store.acting("test", "test", now) as work:
        if hide == "withdrawn":
            withdraw_item(work, before.item_id, Hidden.WITHDRAWN)
        else:
            tighten_item(work, before.item_id, Tlp.RED, "Names a guard.")
    anew, again = (text(store, ana, "They came.", Tlp.AMBER, now) for _ in range(2))
    assert (anew.was_there, again.was_there) == (False, True)
    assert anew.item_id == again.item_id != before.item_id
    with store.viewing(ana) as view:
        assert set(items_by_id(view, [before.item_id, anew.item_id])) == {anew.item_id}


def test_what_somebody_adds_they_see_themselves_whatever_their_countries(store: Store, now: datetime) -> None:
    scoped = person(store, now, "sam", Role.ANALYST, countries=("MLI",))
    first = text(store, scoped, "Rain in Chad.", Tlp.AMBER, now)
    assert text(store, scoped, "Rain in Chad.", Tlp.AMBER, now).item_id == first.item_id


@pytest.mark.parametrize("known", [False, True], ids=["new source", "known source"])
@pytest.mark.parametrize("of", ["link", "text"])
def test_the_same_given_twice_at_once_is_kept_once(
    store: Store,
    now: datetime,
    server: Server,
    ana: Viewer,
    monkeypatch: pytest.MonkeyPatch,
    of: str,
    known: bool,
) -> None:
    url = server.says("story", PAGE.replace("Friday", "Monday"), **HTML)
    if known:
        link(store, ana, server.says("other", PAGE, **HTML), Tlp.AMBER, now)
        text(store, ana, "They went.", Tlp.AMBER, now)

    def put() -> Added:
        return (
            link(store, ana, url, Tlp.AMBER, now)
            if of == "link"
            else text(store, ana, "They came.", Tlp.AMBER, now)
        )

    with paused_before(monkeypatch, "tracker.ingest.by_hand.store_new") as pause:
        one = Step(put)
        pause.reached()
        monkeypatch.setattr(by_hand, "store_new", store_new)
        other = Step(put)
        until_stuck_or_done(store, other)
        pause.go()
        first, second = one.result(), other.result()
    assert first.item_id == second.item_id
    assert (first.was_there, second.was_there) == (False, True)
