from collections.abc import Iterator
from datetime import timedelta

import pytest
import yaml
from sqlalchemy import func, select

from tests.support.cli import REPOSITORY
from tests.support.house import House, house_at
from tracker.domain.words import Hidden, Role, Tlp
from tracker.ingest.receipts import withdraw
from tracker.ingest.reports import partner_source, submit
from tracker.ingest.submission import read_submission
from tracker.store.tables import FieldReport, History, Item, ItemContent
from tracker.store.writes.digest import taken_back
from tracker.store.writes.housekeeping import Retention, forget
from tracker.store.writes.log import Change, Label, record
from tracker.store.writes.people import host_org


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with house_at(database_url) as house:
        yield house


def keep() -> Retention:
    return Retention.read(
        yaml.safe_load((REPOSITORY / "config" / "retention.yaml").read_text(encoding="utf-8"))
    )


def test_the_words_of_an_old_report_are_erased_and_its_tombstone_stays(house: House) -> None:
    partner = house.viewer(Role.PARTNER)
    source = partner_source(house.store, partner.user_id, house.now)
    for number in range(2):
        said = read_submission({"what": f"People leave, {number}.", "country": "MLI"})
        submit(house.store, source, said, house.now + timedelta(days=400 * number))
    with house.store.acting("job:housekeeping", "forget", house.now + timedelta(days=731)) as work:
        assert forget(work, keep()) == 1
    with house.store.looking("test", house.now) as work:
        assert work.scalar(select(func.count()).select_from(ItemContent)) == 1
        assert work.scalar(select(func.count()).select_from(FieldReport)) == 2
        assert set(work.scalars(select(Item.hidden_because))) == {None, Hidden.ERASED}


def test_a_report_that_was_withdrawn_stays_withdrawn_since_then(house: House) -> None:
    partner = house.viewer(Role.PARTNER)
    source = partner_source(house.store, partner.user_id, house.now)
    withdrawn_at = house.now + timedelta(days=1)
    said = read_submission({"what": "People leave.", "country": "MLI", "tlp": "GREEN"})
    received = [submit(house.store, source, said, house.now) for _ in range(2)]
    assert received[0].code
    withdraw(house.store, received[0].code, withdrawn_at)
    at = house.now + timedelta(days=731)
    with house.store.acting("job:housekeeping", "forget", at) as work:
        assert forget(work, keep()) == 1
    with house.store.looking("test", house.now) as work:
        first, second = (work.get_one(Item, each.item_id) for each in received)
        assert (first.hidden_at, first.hidden_because) == (withdrawn_at, Hidden.WITHDRAWN)
        assert (second.hidden_at, second.hidden_because) == (at, Hidden.ERASED)
        (row,) = work.scalars(select(History).where(History.deed == "erased"))
        assert (row.subject, row.subject_id, row.actor) == ("item", second.id, "job:housekeeping")
        span = (at - timedelta(days=1), at + timedelta(days=1))
        assert taken_back(work, *span) == []
        assert len(taken_back(work, withdrawn_at, at)) == 1


def test_words_that_a_hidden_report_still_has_are_erased_once(house: House) -> None:
    partner = house.viewer(Role.PARTNER)
    source = partner_source(house.store, partner.user_id, house.now)
    submit(house.store, source, read_submission({"what": "People leave.", "country": "MLI"}), house.now)
    with house.store.acting("test", "hide", house.now) as work:
        item = work.scalars(select(Item)).one()
        item.hidden_at, item.hidden_because = house.now, Hidden.SUPERSEDED
    for expected in (1, 0):
        with house.store.acting("job:housekeeping", "forget", house.now + timedelta(days=731)) as work:
            assert forget(work, keep()) == expected
    with house.store.looking("test", house.now) as work:
        assert work.scalars(select(ItemContent)).all() == []
        assert set(work.scalars(select(Item.hidden_because))) == {Hidden.SUPERSEDED}


def test_forgetting_twice_forgets_nothing_more(house: House) -> None:
    forgotten = -1
    for _ in range(2):
        with house.store.acting("job:housekeeping", "forget", house.now + timedelta(days=5000)) as work:
            forgotten = forget(work, keep())
    assert forgotten == 0


def test_how_a_source_fared_is_forgotten_after_a_year_and_where_it_moved_is_not(house: House) -> None:
    with house.store.acting("job:ingest", "test", house.now) as work:
        label = Label(Tlp.CLEAR, host_org(work), None)
        for deed in ("failed", "recovered", "noted", "moved", "switched off"):
            record(work, Change(subject="source", subject_id="SOURCE", deed=deed, label=label))
    with house.store.acting("job:housekeeping", "forget", house.now + timedelta(days=366)) as work:
        assert forget(work, keep()) == 3
        assert set(work.scalars(select(History.deed))) == {"moved", "switched off"}
