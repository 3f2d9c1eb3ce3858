"""Who gets a week's digest, and what would be sent."""

from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.share.house import NOW, WEEK, House
from tests.share.story import tell
from tracker.domain.words import Role
from tracker.errors import NotAllowedError, SubmissionError
from tracker.settings import Settings
from tracker.share.digest_queue import dry_run, queue_digest
from tracker.share.editing import approve_digest
from tracker.share.unsubscribe import signing_key, stop
from tracker.store.tables import AuditRow, Outbox, Secret


def counts(house: House) -> list[int | None]:
    with house.store.looking("test", NOW) as work:
        return [work.scalar(select(func.count()).select_from(table)) for table in (Outbox, AuditRow, Secret)]


def test_a_dry_run_writes_what_would_be_sent_and_stores_nothing(
    house: House, settings: Settings, tmp_path: Path
) -> None:
    tell(house)
    before = counts(house)
    written = dry_run(house.store, settings, WEEK, tmp_path / "out", NOW)
    mails = [message_from_bytes(path.read_bytes(), policy=default) for path in written]
    readers = ["analyst@example.org", "coordinator@example.org", "niger@example.org"]
    assert sorted(str(mail["To"]) for mail in mails) == readers
    assert counts(house) == before
    signing_key(house.store, NOW)
    token = str(mails[0]["List-Unsubscribe"]).strip("<>").rpartition("/")[2]
    assert not stop(house.store, token, NOW), "a file left lying about stops nobody's mail"


def test_only_who_may_approves_and_it_is_audited(house: House) -> None:
    house.user("ann", Role.ANALYST)
    house.user("ben", Role.COORDINATOR)
    with pytest.raises(NotAllowedError):
        approve_digest(house.store, house.viewer("ann"), WEEK, NOW)
    assert approve_digest(house.store, house.viewer("ben"), WEEK, NOW)
    with house.store.looking("test", NOW) as work:
        row = work.scalars(select(AuditRow).where(AuditRow.deed == "digest approved")).one()
    assert (row.subject, row.actor) == (WEEK, f"user:{house.people['ben']}")


@pytest.mark.parametrize("week", ["2026-W54", "2026-W48'", "2027-W10"])
def test_no_other_week_is_queued(house: House, week: str) -> None:
    with pytest.raises(SubmissionError):
        queue_digest(house.store, week, NOW)
