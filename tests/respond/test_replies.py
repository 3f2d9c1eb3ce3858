from collections.abc import Iterator

import pytest

from tests.support.house import House, house_at
from tracker.domain.words import Role
from tracker.errors import NotAllowedError, NotFoundError, SubmissionError
from tracker.ingest.receipts import receipt
from tracker.ingest.reports import open_form_source, submit
from tracker.ingest.submission import read_submission
from tracker.respond.replies import reply


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with house_at(database_url) as house:
        yield house


def test_a_reporter_reads_the_answer_with_their_code(house: House) -> None:
    analyst = house.viewer(Role.ANALYST)
    said = read_submission({"what": "People leave.", "country": "MLI"})
    received = submit(house.store, open_form_source(house.store, house.now), said, house.now)
    reply(house.store, analyst, received.item_id, " Thank you. Elders were told. ", house.later(hours=1))
    seen = receipt(house.store, str(received.code), house.now)
    assert (seen.reply, seen.replied_at) == ("Thank you. Elders were told.", house.now)


def test_only_who_works_on_alerts_answers_a_report_that_they_may_see(house: House) -> None:
    analyst, officer = house.viewer(Role.ANALYST), house.viewer(Role.OFFICER, "UN")
    said = read_submission({"what": "People leave.", "country": "MLI"})
    received = submit(house.store, open_form_source(house.store, house.now), said, house.now)
    with pytest.raises(NotAllowedError):
        reply(house.store, officer, received.item_id, "Hello.", house.now)
    with pytest.raises(NotFoundError):
        reply(house.store, house.viewer(Role.ANALYST, "Elsewhere"), received.item_id, "Hello.", house.now)
    with pytest.raises(SubmissionError):
        reply(house.store, analyst, received.item_id, "  ", house.now)
