"""How sources stand over several polls: moves for good, hosts that want to be left alone, history, stewards."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import select

from tests.ingest.conftest import NOW, Server
from tests.ingest.test_feed import item, rss
from tracker.access.people import NewPerson, create_user
from tracker.domain.words import OutboxKind, Role, SourceState
from tracker.ingest.outcomes import PollSummary
from tracker.ingest.poll import poll
from tracker.ingest.source_lists import import_sources, read_list
from tracker.ingest.sources import About, add_source
from tracker.store import Store
from tracker.store.tables import History, Outbox, Signal, Source

DAY = timedelta(days=1)


def run(store: Store, server: Server, at: datetime = NOW, *, everything: bool = True) -> PollSummary:
    return poll(store, server.policy, now=lambda: at, everything=everything)


def source_of(store: Store, source_id: str) -> Source:
    with store.looking("test", NOW) as work:
        return work.get_one(Source, source_id)


def history(store: Store, source_id: str) -> list[tuple[str, str | None]]:
    """Return what became of a source, oldest first, as (deed, what is said of it)."""
    with store.looking("test", NOW) as work:
        rows = select(History).where(History.subject_id == source_id).order_by(History.id)
        return [(row.deed, row.note) for row in work.scalars(rows)]


def asked(server: Server, name: str) -> int:
    return sum(request.path == f"/{name}" for request in server.requests)


@pytest.fixture
def moved(store: Store, server: Server) -> str:
    """A source whose address moved for good to `new`."""
    server.says("new", rss(item("hello")))
    return add_source(store, server.says("old", "", status=301, Location="/new"), NOW).id


@pytest.mark.parametrize("status", [301, 308])
def test_an_address_that_moved_for_good_is_rewritten_once_that_was_seen_often_enough(
    store: Store, server: Server, moved: str, status: int
) -> None:
    server.says("old", "", status=status, Location="/new")
    for _ in range(server.policy.moved_after):
        assert source_of(store, moved).url == server.url("old")
        run(store, server)
    assert source_of(store, moved).url == server.url("new")
    assert history(store, moved) == [("moved", f"{server.url('old')} → {server.url('new')}")]
    assert run(store, server).not_modified == 1
    assert asked(server, "old") == server.policy.moved_after


def test_a_move_that_is_taken_back_is_counted_anew(store: Store, server: Server, moved: str) -> None:
    run(store, server)
    run(store, server)
    server.says("old", rss(item("hello")))
    run(store, server)
    server.says("old", "", status=301, Location="/new")
    run(store, server)
    assert source_of(store, moved).url == server.url("old")


def test_a_failure_between_does_not_take_a_move_back(store: Store, server: Server, moved: str) -> None:
    run(store, server)
    server.says("old", "", status=500)
    run(store, server)
    server.says("old", "", status=301, Location="/new")
    run(store, server)
    run(store, server)
    assert source_of(store, moved).url == server.url("new")


def test_a_move_to_another_sources_address_is_told_and_not_followed(
    store: Store, server: Server, moved: str
) -> None:
    add_source(store, server.url("new"), NOW, About(name="Voices"))
    for _ in range(server.policy.moved_after + 1):
        run(store, server)
    present = source_of(store, moved)
    assert (present.url, present.state) == (server.url("old"), SourceState.ACTIVE)
    assert present.reason == "moved for good to an address of another source; switch one of the two off"
    assert not any("Voices" in (note or "") for _, note in history(store, moved))
    assert [deed for deed, _ in history(store, moved)] == ["noted"]


def test_the_old_address_of_a_source_brings_no_second_one(
    store: Store, server: Server, moved: str, tmp_path: Path
) -> None:
    for _ in range(server.policy.moved_after):
        run(store, server)
    assert add_source(store, server.url("old"), NOW).id == moved
    listed = tmp_path / "list.yaml"
    listed.write_text(f"sources:\n- url: {server.url('old')}\n- url: {server.url('new')}\n")
    assert import_sources(store, read_list(listed), NOW).added == 0
    with store.looking("test", NOW) as work:
        assert work.scalars(select(Source.id)).all() == [moved]


def test_a_source_may_move_back(store: Store, server: Server, moved: str) -> None:
    for _ in range(server.policy.moved_after):
        run(store, server)
    server.says("old", rss(item("hello")))
    server.says("new", "", status=308, Location="/old")
    for _ in range(server.policy.moved_after):
        run(store, server)
    assert source_of(store, moved).url == server.url("old")
    assert add_source(store, server.url("new"), NOW).id == moved


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_wants_to_be_left_alone_is_across_runs_for_all_its_sources(
    store: Store, server: Server, status: int
) -> None:
    busy = add_source(store, server.says("busy", "", status=status, Retry_After="86400"), NOW).id
    add_source(store, server.says("good", rss(item("hello"))), NOW)
    assert (run(store, server).ok, asked(server, "busy"), asked(server, "good")) == (1, 1, 1)
    later = NOW + timedelta(hours=5)
    assert run(store, server, later, everything=False) == replace(PollSummary(), held=1)
    present = source_of(store, busy)
    assert present.next_poll_at == present.held_until == NOW + DAY
    assert "left alone until Thursday 26 November 2026, 09:40 UTC" in (present.reason or "")
    server.says("busy", rss(item("hello")))
    assert run(store, server, NOW + DAY, everything=False).ok + asked(server, "good") == 3
    assert source_of(store, busy).held_until is None


def test_who_asks_for_all_sources_now_gets_all_but_those_that_were_refused_themselves(
    store: Store, server: Server
) -> None:
    busy = add_source(store, server.says("busy", "", status=429, Retry_After="86400"), NOW).id
    add_source(store, server.says("good", rss(item("hello"))), NOW)
    run(store, server)
    second = run(store, server, NOW + timedelta(hours=5))
    assert (second.sources, second.held) == (1, 1)
    assert poll(store, server.policy, now=lambda: NOW, everything=False, source_id=busy).held == 1
    assert (asked(server, "busy"), asked(server, "good")) == (1, 2)


def test_another_host_is_asked_meanwhile(store: Store, server: Server) -> None:
    add_source(store, server.says("busy", "", status=429, Retry_After="86400"), NOW)
    run(store, server)
    other = f"http://localhost:{server.port}/good"
    server.says("good", rss(item("hello")))
    add_source(store, other, NOW)
    assert run(store, server, everything=False).sources == 1


def test_a_host_that_refuses_several_sources_of_one_run_is_asked_no_more_in_it(
    store: Store, server: Server
) -> None:
    for number in range(8):
        add_source(store, server.says(f"busy{number}", "", status=429), NOW)
    policy = replace(server.policy, per_host=1, refusals_of_host=2)
    summary = poll(store, policy, now=lambda: NOW, everything=True)
    assert (summary.sources, summary.failed, summary.held) == (2, 2, 6)
    assert len(server.requests) == 2


def test_without_a_time_a_refusal_counts_for_the_host_as_long_as_for_its_source(
    store: Store, server: Server
) -> None:
    busy = add_source(store, server.says("busy", "", status=429), NOW).id
    run(store, server)
    present = source_of(store, busy)
    assert present.held_until == present.next_poll_at
    assert present.held_until is not None
    assert present.held_until > NOW + server.policy.schedule.every


def test_a_retry_time_beyond_all_measure_is_cut(store: Store, server: Server) -> None:
    busy = add_source(store, server.says("busy", "", status=429, Retry_After="9" * 9), NOW).id
    run(store, server)
    assert source_of(store, busy).next_poll_at == NOW + server.policy.schedule.retry_after_at_most


@pytest.mark.parametrize(
    ("headers", "head", "hours"),
    [
        ({"Cache_Control": "max-age=7200"}, "", 2),
        ({}, "<ttl>180</ttl>", 3),
        ({"Cache_Control": "max-age=3600"}, "<ttl>180</ttl>", 3),
        ({"Cache_Control": "max-age=604800"}, "", 4),
    ],
)
def test_a_source_is_asked_as_seldom_as_it_says_up_to_the_cap_and_when_nothing_changed_too(
    store: Store, server: Server, headers: Any, head: str, hours: int
) -> None:
    feed = rss(head + item("hello"))
    source_id = add_source(store, server.says("feed", feed, ETag='"1"', **headers), NOW).id
    cap, spread = server.policy.schedule.said_at_most, server.policy.schedule.spread
    for status in (200, 200, 304):
        server.says("feed", feed, status=status, ETag='"1"', **headers)
        run(store, server)
        due = source_of(store, source_id).next_poll_at
        assert due is not None
        assert timedelta(hours=hours) <= due - NOW <= min(timedelta(hours=hours) * (1 + spread), cap)


def test_history_keeps_what_changed_and_not_every_quiet_poll(store: Store, server: Server) -> None:
    source_id = add_source(store, server.says("feed", rss(item("hello"))), NOW).id
    for status in (200, 200, 500, 500, 404, 200, 200):
        server.says("feed", rss(item("hello")), status=status)
        run(store, server)
    assert history(store, source_id) == [
        ("failed", "answered 500"),
        ("failed", "answered 404: there is nothing at this address"),
        ("recovered", None),
    ]
    present = source_of(store, source_id)
    assert (present.state_since, present.trouble) == (NOW, None)


def person(store: Store, role: Role) -> str:
    return create_user(store, NewPerson(f"{role}@example.org", role, "Platform"), NOW)


def told(store: Store) -> list[tuple[OutboxKind, str]]:
    with store.looking("test", NOW) as work:
        return [(row.kind, row.recipient_id) for row in work.scalars(select(Outbox))]


def test_a_source_that_is_gone_is_switched_off_and_its_steward_told_once(
    store: Store, server: Server
) -> None:
    steward, _ = person(store, Role.ANALYST), person(store, Role.COORDINATOR)
    url = server.says("gone", rss(item("hello")))
    source_id = add_source(store, url, NOW, About(steward_id=steward)).id
    run(store, server)
    server.says("gone", "", status=410)
    run(store, server)
    run(store, server)
    present = source_of(store, source_id)
    assert (present.state, present.next_poll_at, present.item_count) == (SourceState.DISABLED, None, 1)
    assert history(store, source_id) == [("switched off", "answered 410: gone for good")]
    assert told(store) == [(OutboxKind.SOURCE_OFF, steward)]
    assert asked(server, "gone") == 2


def test_a_source_without_a_steward_is_told_of_to_the_coordinators(store: Store, server: Server) -> None:
    person(store, Role.ANALYST)
    coordinator = person(store, Role.COORDINATOR)
    add_source(store, server.says("gone", "", status=410), NOW)
    run(store, server)
    assert told(store) == [(OutboxKind.SOURCE_OFF, coordinator)]


def test_a_source_that_a_person_switched_off_meanwhile_stays_off(store: Store, server: Server) -> None:
    source_id = add_source(store, server.url("feed"), NOW).id

    async def switched_off_before_it_answers(_request: web.Request) -> web.StreamResponse:
        with store.acting("user:01", "test", NOW) as work:
            work.get_one(Source, source_id).state = SourceState.DISABLED
        return web.Response(text=rss(item("hello")))

    server.answers["feed"] = switched_off_before_it_answers
    run(store, server)
    present = source_of(store, source_id)
    assert (present.state, present.item_count) == (SourceState.DISABLED, 1)


def test_a_failing_feed_never_reaches_the_inbox(store: Store, server: Server) -> None:
    for name, status in (("bad", 500), ("gone", 410), ("busy", 429)):
        add_source(store, server.says(name, "", status=status), NOW)
    for days in range(20):
        run(store, server, NOW + days * DAY)
    with store.looking("test", NOW) as work:
        assert work.scalars(select(Signal)).all() == []
