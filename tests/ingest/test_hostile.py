"""Every kind of bad input in one run: each source has what it could give or a reason, and no other one suffers.

The run is made once, with small limits, on SQLite; then each row of what is wanted is looked up in the store.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.ingest.conftest import NOW, POLICY
from tests.ingest.hostile import READABLE, Hostile, hostile_server
from tests.support import databases
from tracker.domain.words import DateOrigin, SourceState
from tracker.ingest.guard import read_allowed_networks
from tracker.ingest.outcomes import PollSummary
from tracker.ingest.policy import FetchPolicy
from tracker.ingest.poll import poll
from tracker.ingest.sources import About, add_source
from tracker.store import Store
from tracker.store.tables import Item, ItemContent, Outbox, Signal, Source
from tracker.store.writes.people import ensure_host

POLLS = 4
DEADLINE_S = 3.0


@dataclass
class Run:
    """What stands in the store after one run, and after several."""

    store: Store
    server: Hostile
    policy: FetchPolicy
    summaries: list[PollSummary] = field(default_factory=list)
    seconds: float = 0.0
    first: dict[str, Source] = field(default_factory=dict)
    first_titles: dict[str, list[str]] = field(default_factory=dict)

    def sources(self) -> dict[str, Source]:
        """Return the sources by the names of their cases."""
        with self.store.looking("test", NOW) as work:
            return {row.name: row for row in work.scalars(select(Source))}

    def titles(self) -> dict[str, list[str]]:
        """Return the titles that each case gave, in order."""
        with self.store.looking("test", NOW) as work:
            rows = (
                select(Source.name, ItemContent.title)
                .join(Item, Item.source_id == Source.id)
                .join(ItemContent, ItemContent.version_id == Item.version_id)
                .order_by(Item.id)
            )
            found: dict[str, list[str]] = {}
            for name, title in work.execute(rows):
                found.setdefault(name, []).append(title)
            return found

    def items(self, name: str) -> list[Item]:
        """Return the items of a case."""
        with self.store.looking("test", NOW) as work:
            return list(
                work.scalars(
                    select(Item)
                    .join(Source, Source.id == Item.source_id)
                    .where(Source.name == name)
                    .order_by(Item.id)
                )
            )


@pytest.fixture(scope="module")
def run(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    url = databases.copy_sqlite(_sqlite_template, tmp_path_factory.mktemp("hostile") / "tracker.db")
    store = Store.open(url)
    with store.acting("operator", "init", NOW) as work:
        ensure_host(work, "Platform")
    with hostile_server() as server:
        allow = read_allowed_networks([f"127.0.0.1/32:{server.port}"])
        policy = replace(POLICY, allow=allow, deadline_s=DEADLINE_S, max_bytes=1_000_000)
        for name in server.cases:
            add_source(store, f"http://127.0.0.1:{server.port}/{name}", NOW, About(name=name))
        run = Run(store, server, policy)
        began = time.monotonic()
        for number in range(POLLS):
            now = NOW + timedelta(minutes=number)
            run.summaries.append(poll(store, policy, now=partial(_same, now), everything=True))
            if number == 0:
                run.seconds = time.monotonic() - began
                run.first, run.first_titles = run.sources(), run.titles()
        yield run
    store.close()


def _same(at: datetime) -> datetime:
    return at


def test_the_run_ends_soon_and_every_source_has_items_or_a_reason(run: Run) -> None:
    assert run.seconds < 30
    assert run.summaries[0].sources == len(run.server.cases)
    assert [name for name, row in run.first.items() if not row.reason and not row.item_count] == []


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("good", READABLE),
        ("octet", READABLE),
        ("leadspace", READABLE),
        ("utf16", READABLE),
        ("amp", "Q&A: floods & famine"),
        ("nbsp", "a b é"),
        ("charset_hdr", READABLE),
        ("charset_decl", "Выборы в Молдове"),
        ("perm301", "hello"),
        ("perm308", "hello"),
        ("ctrl", "badcharhere"),
        ("deep", "hello"),
    ],
)
def test_what_is_odd_but_readable_is_read(run: Run, name: str, title: str) -> None:
    assert run.first_titles[name] == [title]
    assert (run.first[name].state, run.first[name].reason) == (SourceState.ACTIVE, None)


@pytest.mark.parametrize(("name", "titles"), [("trunc_xml", ["n0", "n1", "n2"]), ("badlen", ["hello"])])
def test_the_whole_entries_of_a_document_that_ends_early_are_kept_and_it_is_read_again(
    run: Run, name: str, titles: list[str]
) -> None:
    source = run.first[name]
    assert f"ended early; its {len(run.first_titles[name])} whole" in (source.reason or "")
    assert (source.state, source.body_digest) == (SourceState.ACTIVE, None)
    assert run.first_titles[name][:3] == titles


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("billion", "defines entities of its own"),
        ("quadratic", "defines entities of its own"),
        ("xxe", "defines entities of its own"),
        ("xxe_http", "defines entities of its own"),
        ("gz", "too large: larger than 1 MB"),
        ("big", "too large: larger than 1 MB"),
        ("bigitem", "too large: larger than 1 MB"),
        ("infinite", "too large: larger than 1 MB"),
        ("loris", "took longer than 3 s"),
        ("hdrloris", "took longer than 3 s"),
        ("loop", "redirected more than 5 times"),
        ("to_file", "leads to file: which is neither http nor https"),
        ("to_ftp", "leads to ftp: which is neither http nor https"),
        ("to_private", "address 10.0.0.1 is not public"),
        ("to_link_local", "address 169.254.169.254 is not public"),
        ("to_link_local_6", "address fe80::1 is not public"),
        ("to_a_name", "is not public"),
        ("e500", "answered 500"),
        ("r429", "we ask too often; its host is left alone until Thursday 26 November 2026, 09:40 UTC"),
        ("html", "got an HTML page titled 'Blocked', not a feed"),
        ("empty", "the answer was empty"),
    ],
)
def test_what_cannot_be_read_has_a_reason_that_a_person_understands(run: Run, name: str, reason: str) -> None:
    source = run.first[name]
    assert source.state is SourceState.FAILING
    assert reason in (source.reason or "")
    assert name not in run.titles()


def test_no_entity_brought_what_it_points_at(run: Run) -> None:
    assert run.server.asked["secret"] == 0
    assert not any(
        "SECRET" in title or "root:" in title for titles in run.titles().values() for title in titles
    )


@pytest.mark.parametrize("name", ["perm301", "perm308"])
def test_an_address_that_moved_for_good_is_rewritten_and_brings_no_second_source(run: Run, name: str) -> None:
    assert (run.first[name].url or "").endswith(f"/{name}")
    moved = run.sources()[name]
    assert (moved.url or "").endswith("/moved" if name == "perm301" else "/moved308")
    assert moved.item_count == 1
    assert run.server.asked[name] == run.policy.moved_after
    again = add_source(run.store, f"http://127.0.0.1:{run.server.port}/{name}", NOW)
    assert (again.id, again.was_there) == (moved.id, True)


def test_what_is_gone_is_switched_off_and_not_asked_again(run: Run) -> None:
    gone = run.sources()["gone"]
    assert (gone.state, gone.reason, gone.next_poll_at) == (
        SourceState.DISABLED,
        "answered 410: gone for good",
        None,
    )
    assert run.server.asked["gone"] == 1


def test_a_host_that_names_a_time_is_not_asked_before_it(run: Run) -> None:
    assert run.server.asked["r429"] == 1
    assert run.sources()["r429"].next_poll_at == NOW + timedelta(days=1)
    assert [summary.held for summary in run.summaries] == [0] + [1] * (POLLS - 1)
    later = poll(run.store, run.policy, now=lambda: NOW + timedelta(hours=23), everything=False)
    assert (later.sources, later.held > 0) == (0, True)


def test_what_always_fails_is_asked_ever_less_often_and_never_given_up(run: Run) -> None:
    failing = run.sources()["e500"]
    assert failing.failure_count == POLLS
    assert failing.next_poll_at is not None
    assert failing.next_poll_at - NOW > run.policy.schedule.every * 2 ** (POLLS - 1)


def test_nothing_changed_said_to_one_who_knows_nothing_is_told(run: Run) -> None:
    assert "nothing changed" in (run.first["always304"].reason or "")
    assert run.server.asked["always304"] == POLLS


@pytest.mark.parametrize("name", ["clock", "guidrand"])
def test_what_looks_new_at_every_poll_is_one_item(run: Run, name: str) -> None:
    (item,) = run.items(name)
    assert item.version_count == (POLLS if name == "clock" else 1)


def test_ids_that_are_fresh_at_every_poll_are_reported(run: Run) -> None:
    assert "guids are fresh at every poll" in (run.sources()["guidrand"].reason or "")


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("dupguid", ["one", "two", "three"]),
        ("noid", ["hello", "b"]),
        ("nolinkguid_one", ["hello", "b"]),
    ],
)
def test_entries_that_ids_do_not_tell_apart_are_stored_once_each(
    run: Run, name: str, titles: list[str]
) -> None:
    assert run.first_titles[name] == titles
    assert run.titles()[name] == titles


def test_a_date_that_cannot_be_is_kept_as_claimed_and_not_used(run: Run) -> None:
    (item,) = run.items("future")
    assert (item.published_claimed, item.published_at, item.date_origin) == (
        "Mon, 02 Nov 2093 10:00:00 GMT",
        NOW,
        DateOrigin.FIRST_SEEN,
    )


def test_dates_without_a_zone_or_in_words_are_guessed_or_read(run: Run) -> None:
    ten = datetime(2026, 11, 2, 10, tzinfo=UTC)
    assert {item.published_claimed: (item.published_at, item.date_origin) for item in run.items("dates")} == {
        "Mon, 02 Nov 2026 10:00:00": (ten, DateOrigin.GUESSED),
        "02/11/2026 10:00": (ten, DateOrigin.GUESSED),
        "hier à 10h": (NOW, DateOrigin.FIRST_SEEN),
        "lun., 02 nov. 2026 10:00:00 +0100": (ten - timedelta(hours=1), DateOrigin.CLAIMED),
        "Mon, 02 Nov 2026 10:00:00 EAT": (ten - timedelta(hours=3), DateOrigin.CLAIMED),
    }


def test_active_content_is_stored_nowhere(run: Run) -> None:
    (item,) = run.items("xss")
    with run.store.looking("test", NOW) as work:
        stored = work.get_one(ItemContent, item.version_id)
    assert (stored.title, stored.text, stored.url) == ("T", "k", None)


def test_no_trouble_of_a_feed_reaches_the_inbox(run: Run) -> None:
    with run.store.looking("test", NOW) as work:
        assert work.scalars(select(Signal)).all() == []
        assert work.scalars(select(Outbox)).all() == []  # nobody is here to be told of the one that is gone
