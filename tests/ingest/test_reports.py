import json
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from nacl.public import PrivateKey, SealedBox
from sqlalchemy import func, select

from tracker.access.people import NewPerson, create_user
from tracker.access.sealing import create_keys
from tracker.domain.viewer import DEFAULT_CLEARANCE, Viewer
from tracker.domain.words import Hidden, InboxState, Level, Reliability, Role, SourceKind, Subject, Tlp
from tracker.errors import NotFoundError
from tracker.ingest.receipts import ALPHABET, ReceiptStatus, code_hash, new_code, receipt, withdraw
from tracker.ingest.reports import OPEN_FORM, open_form_source, partner_source, submit
from tracker.ingest.submission import Submission, SubmissionErrors
from tracker.store import Store
from tracker.store.columns import new_id
from tracker.store.tables import (
    Base,
    DirtyWeek,
    FieldReport,
    Grant,
    History,
    Item,
    ItemContent,
    ItemCountry,
    ItemVersion,
    PartnerSource,
    Receipt,
    SealedIdentity,
    Signal,
    SignalEvidence,
    Source,
    Triage,
)
from tracker.store.writes.people import viewer as viewer_of
from tracker.store.writes.sources import partner_of

REPORT = Submission(what="Leaflets tell people to leave.", country="KEN", place="Molo", client_id="a1")


def count(store: Store, table: type[Base], now: datetime) -> int:
    with store.looking("test", now) as work:
        return work.scalar(select(func.count()).select_from(table)) or 0


def send(store: Store, submission: Submission, now: datetime) -> str:
    received = submit(store, open_form_source(store, now), submission, now)
    assert received.code is not None
    return received.code


def test_a_report_becomes_one_pending_item_with_all_that_belongs_to_it(store: Store, now: datetime) -> None:
    received = submit(store, open_form_source(store, now), replace(REPORT, killed=3), now)
    with store.looking("test", now) as work:
        item = work.get_one(Item, received.item_id)
        source = work.get_one(Source, item.source_id)
        content = work.get_one(ItemContent, item.version_id)
        codes = work.get_one(FieldReport, item.id)
        history = work.scalars(select(History)).one()
        country = work.scalars(select(ItemCountry)).one()
        stored = work.get_one(Receipt, item.id)
    assert (item.tlp, item.country, item.tagged_with, item.story_id) == (
        Tlp.AMBER_STRICT,
        "KEN",
        0,
        item.id,
    )
    assert (source.name, source.kind, source.reliability) == (OPEN_FORM, SourceKind.FORM, Reliability.F)
    assert (content.title, content.text, content.place) == ("", REPORT.what, "Molo")
    assert (codes.killed, codes.may_contact) == (3, False)
    assert (country.country, country.rank) == ("KEN", 0)
    assert (history.subject_id, history.deed, history.actor) == (item.id, "received", f"source:{source.id}")
    assert received.code is not None
    assert stored.code_hash == code_hash(received.code)


def test_the_same_client_id_again_changes_nothing_and_gives_no_second_code(
    store: Store, now: datetime
) -> None:
    source = open_form_source(store, now)
    first = submit(store, source, REPORT, now)
    again = submit(store, source, REPORT, now + timedelta(hours=1))
    assert (again.item_id, again.code, again.already_received) == (first.item_id, None, True)
    assert count(store, Item, now) == 1
    with pytest.raises(SubmissionErrors, match="client_id"):
        submit(store, source, replace(REPORT, what="Something else."), now)
    assert count(store, Item, now) == 1


def test_without_a_client_id_two_reports_are_two(store: Store, now: datetime) -> None:
    for _ in range(2):
        send(store, replace(REPORT, client_id=None), now)
    assert count(store, Item, now) == 2


def test_who_reported_is_refused_without_a_key_and_nothing_is_kept(store: Store, now: datetime) -> None:
    with pytest.raises(SubmissionErrors) as raised:
        send(store, replace(REPORT, reporter_name="Amina", reporter_contact="+254"), now)
    assert [error.field for error in raised.value.errors] == ["reporter_name", "reporter_contact"]
    assert "Amina" not in str(raised.value)
    assert count(store, Item, now) == 0


def test_who_reported_is_in_the_sealed_box_and_nowhere_else(
    store: Store, now: datetime, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    private = create_keys(store, tmp_path / "keys", now)
    with caplog.at_level(logging.DEBUG):
        send(store, replace(REPORT, reporter_name="Amina Q.", reporter_contact="+254 700"), now)
    key = PrivateKey(bytes.fromhex(private.read_text()))
    with store.looking("test", now) as work:
        box = work.scalars(select(SealedIdentity)).one().box
        everything = [
            str(row)
            for mapper in Base.registry.mappers
            for row in work.execute(select(*mapper.local_table.columns)).all()
        ]
    assert json.loads(SealedBox(key).decrypt(box)) == {"name": "Amina Q.", "contact": "+254 700"}
    assert not any("Amina" in row or "+254" in row for row in everything)
    assert REPORT.what not in caplog.text
    assert "Amina" not in caplog.text


def test_a_partner_sees_their_own_report_and_another_partner_does_not(store: Store, now: datetime) -> None:
    users = [create_user(store, NewPerson(f"{n}@x.test", Role.PARTNER, f"Org {n}"), now) for n in "ab"]
    source = partner_source(store, users[0], now)
    assert partner_source(store, users[0], now) == source
    submit(store, source, REPORT, now)
    with store.looking("test", now) as work:
        orgs = {user: work.scalars(select(Grant.user_id)).all() for user in users}
        group = work.get_one(Source, source.id).independence_group
    assert orgs[users[0]] == [users[0]]
    seen = []
    for user_id in users:
        viewer = Viewer(user_id, "n", Role.PARTNER, DEFAULT_CLEARANCE[Role.PARTNER], group)
        with store.viewing(viewer) as view:
            seen.append(len(view.scalars(select(Item)).all()))
    assert seen == [1, 0]


def test_two_who_come_at_once_make_one_source_for_a_partner(store: Store, now: datetime) -> None:
    user_id = create_user(store, NewPerson("p@x.test", Role.PARTNER, "Org"), now)
    with ThreadPoolExecutor(4) as pool:
        made = {each.id for each in pool.map(lambda _: partner_source(store, user_id, now), range(4))}
    assert len(made) == 1
    assert count(store, Source, now) == count(store, PartnerSource, now) == 1


def test_whose_reports_arrive_under_a_source_no_viewer_can_read(store: Store, now: datetime) -> None:
    user_id = create_user(store, NewPerson("p@x.test", Role.PARTNER, "Org"), now)
    source = partner_source(store, user_id, now)
    assert "partner_id" not in Source.__table__.columns
    coordinator = create_user(store, NewPerson("c@x.test", Role.COORDINATOR, "Platform"), now)
    with store.looking("test", now) as work:
        assert partner_of(work, source.id) == user_id
        viewer = viewer_of(work, coordinator)
    assert viewer is not None
    with store.viewing(viewer) as view:
        assert view.scalars(select(PartnerSource)).all() == []


def test_a_red_report_is_granted_to_the_coordinators_of_the_host(store: Store, now: datetime) -> None:
    coordinator = create_user(store, NewPerson("c@x.test", Role.COORDINATOR, "Platform"), now)
    create_user(store, NewPerson("d@x.test", Role.COORDINATOR, "Elsewhere"), now)
    received = submit(store, open_form_source(store, now), replace(REPORT, tlp=Tlp.RED), now)
    with store.looking("test", now) as work:
        granted = select(Grant.user_id).where(Grant.row_id == received.item_id)
        assert work.scalars(granted).all() == [coordinator]
        assert set(work.scalars(select(Grant.user_id))) == {coordinator}


def a_signal_on(store: Store, item_id: str, now: datetime) -> str:
    with store.acting("test", "test", now) as work:
        item = work.get_one(Item, item_id)
        signal = Signal(
            id=new_id(now), org_id=item.org_id, tlp=item.tlp, country="KEN", key="k", rule="grave",
            rule_version=1, theme="violence", subject=Subject.ITEM, subject_value=item_id,
            level=Level.CRITICAL, source_count=1, sentence="s", emerged_at=now, flagged_at=now,
            inbox_state=InboxState.WAITING, inbox_due_at=now,
        )  # fmt: skip
        work.add(signal)
        work.flush()
        work.add(SignalEvidence(signal_id=signal.id, version_id=item.version_id, item_id=item_id))
        return signal.id


def test_the_receipt_tells_how_far_a_report_has_come(store: Store, now: datetime) -> None:
    code = send(store, REPORT, now)
    other = send(store, replace(REPORT, client_id="b2"), now)
    assert receipt(store, code.lower().replace("-", " "), now).status is ReceiptStatus.RECEIVED
    with store.looking("test", now) as work:
        item_id = work.scalars(select(Receipt.item_id).where(Receipt.code_hash == code_hash(code))).one()
        org_id = work.get_one(Item, item_id).org_id
    signal_id = a_signal_on(store, item_id, now)
    with store.acting("test", "test", now) as work:
        work.add(
            Triage(
                id=new_id(now), org_id=org_id, tlp=Tlp.GREEN, signal_id=signal_id,
                state=InboxState.DISMISSED, actor="user:x", done_at=now,
            )
        )  # fmt: skip
    assert receipt(store, code, now).status is ReceiptStatus.READ
    assert receipt(store, other, now).status is ReceiptStatus.RECEIVED


def test_withdrawing_hides_the_report_and_its_signals_and_erases_words_and_sender(
    store: Store, now: datetime, tmp_path: Path
) -> None:
    create_keys(store, tmp_path / "keys", now)
    code = send(store, replace(REPORT, reporter_name="Amina"), now)
    other = send(store, replace(REPORT, client_id="b2"), now)
    with store.looking("test", now) as work:
        item_id = work.scalars(select(Receipt.item_id).where(Receipt.code_hash == code_hash(code))).one()
    signal_id = a_signal_on(store, item_id, now)
    later = now + timedelta(hours=2)
    assert withdraw(store, code, later).status is ReceiptStatus.WITHDRAWN
    with store.looking("test", now) as work:
        item, signal = work.get_one(Item, item_id), work.get_one(Signal, signal_id)
        assert (item.hidden_at, item.hidden_because) == (later, Hidden.WITHDRAWN)
        assert signal.hidden_at == later
        assert work.get(ItemContent, item.version_id) is None
        assert len(work.scalars(select(ItemVersion).where(ItemVersion.item_id == item_id)).all()) == 1
        assert work.scalars(select(SealedIdentity)).all() == []
        dirty = work.scalars(select(DirtyWeek)).one()
        assert (dirty.country, dirty.week, dirty.marked_at) == ("KEN", "2026-W48", later)
        deeds = [row.deed for row in work.scalars(select(History).where(History.subject_id == item_id))]
    assert sorted(deeds) == ["received", "withdrawn"]
    withdraw(store, code, later)
    assert count(store, History, now) == 4
    assert receipt(store, other, now).status is ReceiptStatus.RECEIVED
    assert submit(store, open_form_source(store, now), REPORT, later).already_received


def test_a_code_that_nobody_has_finds_nothing_and_is_not_repeated(store: Store, now: datetime) -> None:
    for ask in (receipt, withdraw):
        with pytest.raises(NotFoundError) as raised:
            ask(store, "K7F2Q-9XMPT", now)
        assert "K7F2Q" not in str(raised.value)


def test_codes_are_easy_to_read_out_and_never_the_same() -> None:
    codes = {new_code() for _ in range(2000)}
    assert len(codes) == 2000
    assert all(re.fullmatch(rf"[{ALPHABET}]{{5}}-[{ALPHABET}]{{5}}", code) for code in codes)
    assert not set("0O1IL") & set(ALPHABET)
    assert len(ALPHABET) ** 10 > 2**49
