from collections.abc import Iterator

import pytest
from sqlalchemy import update

from tests.support.house import House, house_at
from tracker.access.audit import broken_audit_row, seal_audit
from tracker.store.tables import AuditRow
from tracker.store.writes import log


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with house_at(database_url) as house:
        yield house


def write_rows(house: House, count: int) -> None:
    for number in range(count):
        with house.store.acting("operator", "test", house.later(seconds=1)) as work:
            log.audit(work, "export", f"items {number}")


def seal(house: House) -> int:
    with house.store.acting("job:housekeeping", "seal", house.now) as work:
        return seal_audit(work)


def broken(house: House) -> int | None:
    with house.store.looking("doctor", house.now) as work:
        return broken_audit_row(work)


def test_a_chain_sealed_in_parts_is_whole(house: House) -> None:
    write_rows(house, 3)
    assert seal(house) == 3
    write_rows(house, 2)
    assert (seal(house), seal(house)) == (2, 0)
    assert broken(house) is None


@pytest.mark.parametrize("change", [{"deed": "nothing"}, {"subject": "items 9"}, {"actor": "user:x"}])
def test_a_row_that_was_altered_is_found(house: House, change: dict[str, str]) -> None:
    write_rows(house, 4)
    seal(house)
    with house.store.acting("attacker", "test", house.now) as work:
        work.execute(update(AuditRow).where(AuditRow.number == 2).values(**change))
    assert broken(house) == 2


def test_a_row_that_was_taken_out_is_found(house: House) -> None:
    write_rows(house, 4)
    seal(house)
    with house.store.acting("attacker", "test", house.now) as work:
        work.execute(update(AuditRow).where(AuditRow.number == 3).values(number=99))
    assert broken(house) == 3
