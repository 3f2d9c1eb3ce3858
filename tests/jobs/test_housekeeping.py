from collections.abc import Iterator
from datetime import timedelta

import pytest
import yaml
from sqlalchemy import func, select

from tests.support.cli import REPOSITORY
from tests.support.house import House, house_at
from tracker.domain.words import Hidden, Role
from tracker.ingest.reports import partner_source, submit
from tracker.ingest.submission import read_submission
from tracker.store.tables import FieldReport, Item, ItemContent
from tracker.store.writes.housekeeping import Retention, forget


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


def test_forgetting_twice_forgets_nothing_more(house: House) -> None:
    forgotten = -1
    for _ in range(2):
        with house.store.acting("job:housekeeping", "forget", house.now + timedelta(days=5000)) as work:
            forgotten = forget(work, keep())
    assert forgotten == 0
