from collections.abc import Callable

import pytest

from tests.ingest.conftest import NOW, Server
from tests.ingest.test_feed import item, rss
from tracker.access.people import NewPerson, create_user, viewer_of_email
from tracker.domain.viewer import Viewer
from tracker.domain.words import Reliability, Role
from tracker.errors import NotAllowedError, NotFoundError, SubmissionError
from tracker.ingest.sources import About, add_source
from tracker.ingest.stewardship import Keeping, ask_now, keep, switch_off, switch_on
from tracker.store import Store


def person(store: Store, role: Role, *countries: str) -> Viewer:
    new = NewPerson(f"{role}@example.org", role, "Platform", countries=countries)
    create_user(store, new, NOW)
    return viewer_of_email(store, new.email, NOW)


def test_asking_one_now_says_what_came_of_it(store: Store, server: Server) -> None:
    cora = person(store, Role.COORDINATOR)
    source_id = add_source(store, server.says("feed", rss(item("hello"))), NOW).id

    def said() -> str:
        return ask_now(store, cora, source_id, server.policy, lambda: NOW)

    assert said() == "It answers, with 1 new item."
    assert said() == "It answers, with nothing new."
    server.says("feed", "", status=429, Retry_After="3600")
    assert said() == "It was asked and gave nothing; the reason is shown."
    assert said() == "It was not asked: its host wants to be left alone for now."


def deeds(store: Store, server: Server, viewer: Viewer, source_id: str) -> list[Callable[[], object]]:
    return [
        lambda: ask_now(store, viewer, source_id, server.policy, lambda: NOW),
        lambda: switch_off(store, viewer, source_id, "closed down", NOW),
        lambda: switch_on(store, viewer, source_id, NOW),
        lambda: keep(store, viewer, source_id, Keeping(None, Reliability.A), NOW),
    ]


def test_neither_those_who_may_not_nor_those_who_do_not_see_it_change_a_source(
    store: Store, server: Server
) -> None:
    url = server.says("feed", rss(item("hello")))
    source_id = add_source(store, url, NOW, About(country="MLI")).id
    for deed in deeds(store, server, person(store, Role.ANALYST), source_id):
        with pytest.raises(NotAllowedError):
            deed()
    for deed in deeds(store, server, person(store, Role.COORDINATOR, "KEN"), source_id):
        with pytest.raises(NotFoundError):
            deed()
    assert server.requests == []


def test_what_is_on_or_off_already_is_told(store: Store) -> None:
    admin = person(store, Role.ADMIN)
    source_id = add_source(store, "https://x.test/", NOW).id
    with pytest.raises(SubmissionError, match="on already"):
        switch_on(store, admin, source_id, NOW)
    switch_off(store, admin, source_id, "closed down", NOW)
    with pytest.raises(SubmissionError, match="off already"):
        switch_off(store, admin, source_id, "closed down", NOW)
