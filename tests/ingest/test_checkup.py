import pytest
from sqlalchemy import select

from tests.ingest.conftest import NOW, Server
from tests.ingest.test_feed import item, rss
from tracker.domain.words import Trouble
from tracker.ingest.checkup import Checked, check_sources
from tracker.ingest.mends import mend
from tracker.ingest.poll import poll
from tracker.ingest.sources import About, add_source
from tracker.store import Store
from tracker.store.tables import Item, Source


def check(store: Store, server: Server) -> dict[str, Checked]:
    told: list[tuple[int, int]] = []
    found = check_sources(store, server.policy, NOW, lambda done, of: told.append((done, of)))
    assert told == [(number + 1, len(found)) for number in range(len(found))]
    return {checked.name: checked for checked in found}


def test_each_source_that_is_on_is_asked_and_nothing_is_stored(store: Store, server: Server) -> None:
    addresses = {
        "good": server.says("good", rss(item("hello"))),
        "page": server.says("page", "<html><title>Welcome</title></html>"),
        "missing": server.url("missing"),
        "odd": server.says("odd", "", status=304),
        "gone": server.says("gone", "", status=410),
    }
    for name, url in addresses.items():
        add_source(store, url, NOW, About(name=name))
    found = check(store, server)
    assert {name: (checked.answers, checked.reason) for name, checked in found.items()} == {
        "good": (True, None),
        "page": (False, "got an HTML page titled 'Welcome', not a feed"),
        "missing": (False, "answered 404: there is nothing at this address"),
        "odd": (False, "says that nothing changed, to one who has nothing"),
        "gone": (False, "answered 410: gone for good"),
    }
    assert found["good"].mend is None
    assert "Find the feed's new address" in (found["missing"].mend or "")
    with store.looking("test", NOW) as work:
        assert work.scalars(select(Item)).all() == []
        assert set(work.scalars(select(Source.last_polled_at))) == {None}


def test_neither_a_source_that_is_off_nor_a_host_that_wants_to_be_left_alone_is_asked(
    store: Store, server: Server
) -> None:
    add_source(store, server.says("gone", "", status=410), NOW, About(name="gone"))
    add_source(store, server.says("busy", "", status=429, Retry_After="3600"), NOW, About(name="busy"))
    poll(store, server.policy, now=lambda: NOW, everything=True)
    server.requests.clear()
    assert check(store, server)["busy"].reason == (
        "its host wants to be left alone until Wednesday 25 November 2026, 10:40 UTC; not asked"
    )
    assert server.requests == []


@pytest.mark.parametrize("trouble", [*Trouble, None, "of a later program"])
def test_for_every_trouble_something_can_be_done(trouble: str | None) -> None:
    assert mend(trouble).endswith(".")
