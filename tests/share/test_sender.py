"""The outbox sender against real mail servers: once each, kept when the server is down, withheld when it must be."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select, update

from tests.share.house import CANARY, NOW, WEEK, House, at
from tests.share.story import RELEASED, RELEASED_KEN, tell
from tests.support.ports import free_port
from tests.support.smtp import SmtpSink
from tracker.access.people import end_access
from tracker.domain.words import (
    AlertState,
    Level,
    MilestoneKind,
    Occasion,
    OutboxKind,
    OutboxState,
    Role,
    SourceState,
    Stage,
)
from tracker.settings import Settings
from tracker.share.digest_queue import queue_digest
from tracker.share.editing import approve_digest
from tracker.share.sender import STUCK_AFTER, SendSummary, send_due
from tracker.share.unsubscribe import signing_key, stop, stop_token
from tracker.store.tables import Delivery, History, Outbox, Reminder, Source, User
from tracker.store.writes import outbox, reminders
from tracker.store.writes.outbox import Outgoing
from tracker.store.writes.reminders import Note

LATER = timedelta(minutes=2)


@dataclass
class Refusing:
    """A mail server that answers some recipients with a code."""

    codes: dict[str, int]
    seen: list[str] = field(default_factory=list)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802 - the library's name
        if address in self.codes:
            return f"{self.codes[address]} no {address}"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - the library's name
        self.seen.extend(envelope.rcpt_tos)
        return "250 OK"


@contextmanager
def refusing(codes: dict[str, int]) -> Iterator[tuple[str, Refusing]]:
    port, server = free_port(), Refusing(codes)
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}", server
    finally:
        controller.stop()


def outbox_rows(house: House) -> dict[str, Outbox]:
    names = {user_id: name for name, user_id in house.people.items()}
    with house.store.looking("test", NOW) as work:
        return {names[row.recipient_id]: row for row in work.scalars(select(Outbox))}


def readers(house: House) -> None:
    house.user("ann", Role.ANALYST)
    house.user("ben", Role.COORDINATOR)
    house.user("olga", Role.OFFICER)


def test_each_reader_inside_gets_the_week_once_and_the_others_after_approval(
    house: House, settings: Settings, smtp_sink: SmtpSink
) -> None:
    readers(house)
    assert queue_digest(house.store, WEEK, NOW) == 2
    assert queue_digest(house.store, WEEK, NOW) == 0
    assert send_due(house.store, settings, NOW) == SendSummary(2, 0, 0, 0)
    assert approve_digest(house.store, house.viewer("ben"), WEEK, NOW)
    assert not approve_digest(house.store, house.viewer("ben"), WEEK, NOW)
    assert queue_digest(house.store, WEEK, NOW + LATER) == 1
    assert send_due(house.store, settings, NOW + LATER) == SendSummary(1, 0, 0, 0)
    assert send_due(house.store, settings, NOW + LATER) == SendSummary(0, 0, 0, 0)
    sent = [message.recipients for message in smtp_sink.messages]
    assert sorted(sent) == [("ann@example.org",), ("ben@example.org",), ("olga@example.org",)]


def test_two_senders_at_once_send_each_mail_once(
    house: House, settings: Settings, smtp_sink: SmtpSink
) -> None:
    for number in range(12):
        house.user(f"reader{number}", Role.ANALYST)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: queue_digest(house.store, WEEK, NOW), range(3)))
        done = list(pool.map(lambda _: send_due(house.store, settings, NOW), range(3)))
    assert sum(each.sent for each in done) == 12
    ids = [message.content["Message-ID"] for message in smtp_sink.messages]
    assert len(ids) == len(set(ids)) == 12
    assert len({message.recipients for message in smtp_sink.messages}) == 12


def test_a_server_that_is_down_keeps_the_mail_and_is_tried_again_later(
    house: House, settings: Settings, smtp_sink: SmtpSink
) -> None:
    readers(house)
    queue_digest(house.store, WEEK, NOW)
    down = replace(settings, smtp_url=f"smtp://127.0.0.1:{free_port()}")
    assert send_due(house.store, down, NOW) == SendSummary(0, 0, 0, 2)
    tried = next(row for row in outbox_rows(house).values() if row.try_count)
    assert (tried.state, tried.reason) == (
        OutboxState.QUEUED,
        "The mail server could not be used (ConnectionRefusedError).",
    )
    assert NOW + timedelta(minutes=1) <= tried.next_try_at < NOW + LATER
    assert send_due(house.store, settings, NOW + LATER) == SendSummary(2, 0, 0, 0)
    assert len(smtp_sink.messages) == 2


def test_a_refused_recipient_fails_and_the_others_go_on(house: House, settings: Settings) -> None:
    readers(house)
    house.user("carl", Role.ANALYST)
    queue_digest(house.store, WEEK, NOW)
    with refusing({"ann@example.org": 550, "ben@example.org": 451}) as (url, server):
        assert send_due(house.store, replace(settings, smtp_url=url), NOW) == SendSummary(1, 1, 0, 1)
    rows = outbox_rows(house)
    assert server.seen == ["carl@example.org"]
    assert (rows["ann"].state, rows["ann"].reason) == (
        OutboxState.FAILED,
        "The mail server refused the recipient (550).",
    )
    assert rows["ben"].state is OutboxState.QUEUED


def test_without_a_mail_server_nothing_is_claimed(house: House, settings: Settings) -> None:
    readers(house)
    queue_digest(house.store, WEEK, NOW)
    assert send_due(house.store, replace(settings, smtp_url=None), NOW) == SendSummary(0, 0, 0, 2)
    assert {row.state for row in outbox_rows(house).values()} == {OutboxState.QUEUED}


def test_a_row_whose_sender_died_goes_out_after_ten_minutes_with_its_message_id(
    house: House, settings: Settings, smtp_sink: SmtpSink
) -> None:
    house.user("ann", Role.ANALYST)
    queue_digest(house.store, WEEK, NOW)
    with house.store.acting("job:mail", "claim mail", NOW) as work:
        claimed = outbox.claim_next(work, NOW)
    assert claimed is not None
    assert send_due(house.store, settings, NOW + STUCK_AFTER - LATER).sent == 0
    assert send_due(house.store, settings, NOW + STUCK_AFTER + LATER).sent == 1
    assert smtp_sink.messages[0].content["Message-ID"] == claimed.message_id


def change(house: House, name: str, **values: Any) -> None:
    with house.store.acting("test", "change", NOW) as work:
        work.execute(update(User).where(User.id == house.people[name]).values(**values))


def test_what_a_recipient_may_no_longer_get_is_withheld_with_its_reason(
    house: House, settings: Settings, smtp_sink: SmtpSink
) -> None:
    readers(house)
    queue_digest(house.store, WEEK, NOW)
    change(house, "ann", digest_stopped_at=NOW)
    change(house, "ben", role=Role.PARTNER)
    assert send_due(house.store, settings, NOW) == SendSummary(0, 0, 2, 0)
    reasons = {name: row.reason for name, row in outbox_rows(house).items()}
    assert reasons["ann"] == "They stopped the digest."
    assert reasons["ben"] == "This week's digest is not approved for readers outside the Platform."
    assert smtp_sink.messages == []


def test_a_mail_that_cannot_be_written_fails_alone(
    house: House, settings: Settings, smtp_sink: SmtpSink, caplog: pytest.LogCaptureFixture
) -> None:
    readers(house)
    enqueue(house, OutboxKind.DIGEST, "2026-W99", "ann")
    enqueue(house, OutboxKind.DIGEST, WEEK, "ben")
    assert send_due(house.store, settings, NOW) == SendSummary(1, 1, 0, 0)
    failed = outbox_rows(house)["ann"]
    assert (failed.state, failed.reason) == (
        OutboxState.FAILED,
        "It could not be written (SubmissionError from ValueError).",
    )
    assert "W99" not in caplog.text


def test_a_server_that_refuses_for_now_is_asked_for_five_days_and_no_longer(
    house: House, settings: Settings
) -> None:
    readers(house)
    queue_digest(house.store, WEEK, NOW)
    states = []
    with refusing({"ben@example.org": 451}) as (url, _):
        for day in range(7):
            send_due(house.store, replace(settings, smtp_url=url), NOW + timedelta(days=day))
            states.append(outbox_rows(house)["ben"].state)
    assert states == [OutboxState.QUEUED] * 5 + [OutboxState.FAILED] * 2
    assert outbox_rows(house)["ben"].reason == "The mail server refused the recipient (451)."


def test_a_server_that_is_not_there_keeps_the_mail_for_as_long_as_it_takes(
    house: House, settings: Settings, smtp_sink: SmtpSink
) -> None:
    house.user("ann", Role.ANALYST)
    queue_digest(house.store, WEEK, NOW)
    down = replace(settings, smtp_url=f"smtp://127.0.0.1:{free_port()}")
    for day in range(9):
        assert send_due(house.store, down, NOW + timedelta(days=day)).waiting == 1
    assert send_due(house.store, settings, NOW + timedelta(days=9)).sent == 1


def claim(house: House, now: datetime) -> Outgoing:
    with house.store.acting("job:mail", "claim mail", now) as work:
        claimed = outbox.claim_next(work, now - STUCK_AFTER)
    assert claimed is not None
    return claimed


def settle(house: House, row: Outgoing, state: OutboxState) -> OutboxState:
    with house.store.acting("job:mail", "settle mail", NOW) as work:
        outbox.settle(work, row, state)
    return outbox_rows(house)["ann"].state


def test_a_claim_that_another_sender_took_over_writes_nothing_but_that_the_mail_was_accepted(
    house: House,
) -> None:
    house.user("ann", Role.ANALYST)
    queue_digest(house.store, WEEK, NOW)
    first = claim(house, NOW)
    second = claim(house, NOW + STUCK_AFTER + LATER)
    assert settle(house, first, OutboxState.FAILED) is OutboxState.IN_FLIGHT
    assert settle(house, second, OutboxState.QUEUED) is OutboxState.QUEUED
    assert settle(house, second, OutboxState.WITHHELD) is OutboxState.QUEUED
    assert settle(house, first, OutboxState.SENT) is OutboxState.SENT
    assert settle(house, second, OutboxState.FAILED) is OutboxState.SENT


def test_one_weeks_digest_is_sent_and_counted_by_itself(
    house: House, settings: Settings, smtp_sink: SmtpSink
) -> None:
    readers(house)
    enqueue(house, OutboxKind.DIGEST, "2026-W99", "ann")
    queue_digest(house.store, WEEK, NOW)
    this_week = outbox.Matter(OutboxKind.DIGEST, WEEK)
    assert send_due(house.store, settings, NOW, this_week) == SendSummary(2, 0, 0, 0)
    assert send_due(house.store, settings, NOW) == SendSummary(0, 1, 0, 0)


def test_nothing_is_sent_to_somebody_whose_access_was_ended(
    house: House, settings: Settings, smtp_sink: SmtpSink
) -> None:
    readers(house)
    queue_digest(house.store, WEEK, NOW)
    end_access(house.store, "ann@example.org", NOW)
    assert send_due(house.store, settings, NOW) == SendSummary(1, 0, 1, 0)
    assert outbox_rows(house)["ann"].reason == "Their access was ended."
    assert queue_digest(house.store, "2026-W46", NOW) == 1


def enqueue(house: House, kind: OutboxKind, subject_id: str, name: str) -> None:
    with house.store.acting("test", "enqueue", NOW) as work:
        outbox.enqueue(work, kind, subject_id, [house.people[name]])


def test_a_delivery_mail_goes_out_with_its_link_unless_the_brief_was_taken_back(
    house: House, settings: Settings, smtp_sink: SmtpSink
) -> None:
    delivery_id = tell(house).delivery
    enqueue(house, OutboxKind.DELIVERY, delivery_id, "officer")
    enqueue(house, OutboxKind.DELIVERY, delivery_id, "analyst")
    assert send_due(house.store, settings, NOW) == SendSummary(1, 0, 1, 0)
    (mail,) = smtp_sink.messages
    assert f"https://early.example.org/brief/{delivery_id}" in mail.content.get_content()
    assert not any(word in str(mail.content) for word in ("Mali", "MLI", CANARY))
    house.user("second", Role.OFFICER)
    with house.store.acting("test", "hide", NOW) as work:
        work.execute(update(Delivery).values(hidden_at=NOW, recipient_id=house.people["second"]))
    enqueue(house, OutboxKind.DELIVERY, delivery_id, "second")
    assert send_due(house.store, settings, NOW).withheld == 1


def notice(house: House, name: str, *alert_ids: str) -> str:
    """Queue one notice that decisions about these alerts are due; return its ULID."""
    notes = [Note(alert_id, Occasion.DECIDE, alert_id, Stage.DUE) for alert_id in alert_ids]
    with house.store.acting("test", "notice", NOW) as work:
        notice_id = reminders.note(work, house.people[name], notes)
        assert notice_id is not None
        outbox.enqueue(work, OutboxKind.NOTICE, notice_id, [house.people[name]])
    return notice_id


def test_a_notice_counts_what_is_due_as_its_reader_sees_it_and_leaves_the_rest_for_its_time(
    house: House, settings: Settings, smtp_sink: SmtpSink
) -> None:
    house.user("ann", Role.ANALYST)
    owner = house.people["ann"]
    late = house.alert("MLI", "unrest", Level.CRITICAL, at("20 12:00"), owner_id=owner)
    also_late = house.alert("KEN", "unrest", Level.HIGH, at("20 12:00"))
    not_yet = house.alert("MLI", "flight", Level.MEDIUM, at("22 12:00"), owner_id=owner)
    decided = house.alert("MLI", "power", Level.HIGH, at("20 12:00"), owner_id=owner)
    house.milestone(decided, MilestoneKind.DECIDED, at("21 12:00"), country="MLI")
    notice_id = notice(house, "ann", late, also_late, not_yet, decided)
    assert send_due(house.store, settings, NOW) == SendSummary(1, 0, 0, 0)
    (mail,) = smtp_sink.messages
    assert mail.content["Subject"] == "[TLP:GREEN] 1 critical alert and 1 other alert wait"
    assert not any(word in str(mail.content) for word in ("MLI", "Mali", "unrest", CANARY))
    with house.store.looking("test", NOW) as work:
        assert not_yet not in {each.thing_id for each in reminders.notes_of(work, notice_id)}


def test_a_notice_and_a_delivery_leave_before_the_digest(house: House, settings: Settings) -> None:
    readers(house)
    queue_digest(house.store, WEEK, NOW - LATER)
    notice(house, "ann", house.alert("MLI", "unrest", Level.CRITICAL, at("20 12:00")))
    enqueue(house, OutboxKind.DELIVERY, house.people["olga"], "olga")
    kinds = [claim(house, NOW).kind for _ in range(4)]
    assert kinds == [OutboxKind.NOTICE, OutboxKind.DELIVERY, OutboxKind.DIGEST, OutboxKind.DIGEST]


def test_a_mailbox_that_cannot_be_used_holds_up_no_notice(
    house: House, settings: Settings, smtp_sink: SmtpSink
) -> None:
    house.user("ann", Role.ANALYST)
    notice(house, "ann", house.alert("MLI", "unrest", Level.CRITICAL, at("20 12:00")))
    wrong = replace(settings, mailbox_url="imaps://nowhere")
    assert send_due(house.store, wrong, NOW) == SendSummary(1, 0, 0, 0)


def lost_notices(house: House) -> set[str]:
    with house.store.looking("test", NOW) as work:
        return set(work.scalars(select(Reminder.notice_id).where(Reminder.lost_at.is_not(None))))


def test_a_notice_that_never_arrives_counts_as_lost_and_one_that_may_or_need_not_does_not(
    house: House, settings: Settings
) -> None:
    due = house.alert("MLI", "unrest", Level.CRITICAL, at("20 12:00"))
    done = house.alert("KEN", "unrest", Level.HIGH, at("20 12:00"), state=AlertState.CLOSED)
    notices = {}
    for name in ("refused", "reached", "later", "ended", "by channel"):
        house.user(name.replace(" ", ""), Role.ANALYST)
        notices[name] = notice(house, name.replace(" ", ""), due)
    house.user("idle", Role.ANALYST)
    notice(house, "idle", done)
    with house.store.acting("test", "channel", NOW) as work:
        reader = house.people["bychannel"]
        outbox.enqueue_by(work, OutboxKind.NOTICE, notices["by channel"], reader, reader)
        work.execute(
            update(Outbox).where(Outbox.channel_id.is_not(None)).values(state=OutboxState.SENT, sent_at=NOW)
        )
    end_access(house.store, "ended@example.org", NOW)
    codes = {"refused@example.org": 550, "bychannel@example.org": 550, "later@example.org": 451}
    with refusing(codes) as (url, _):
        assert send_due(house.store, replace(settings, smtp_url=url), NOW) == SendSummary(1, 2, 2, 1)
    assert lost_notices(house) == {notices["refused"], notices["ended"]}


def test_a_notice_is_withheld_where_nothing_waits_for_its_reader(
    house: House, settings: Settings, smtp_sink: SmtpSink
) -> None:
    house.user("ann", Role.ANALYST, scope=["KEN"])
    house.user("ben", Role.ANALYST)
    hidden = house.alert("MLI", "unrest", Level.HIGH, at("20 12:00"))
    taken = house.alert("KEN", "unrest", Level.HIGH, at("20 12:00"), owner_id=house.people["ben"])
    closed = house.alert("KEN", "power", Level.HIGH, at("20 12:00"), state=AlertState.CLOSED)
    notice(house, "ann", hidden, taken, closed)
    assert send_due(house.store, settings, NOW) == SendSummary(0, 0, 1, 0)
    assert outbox_rows(house)["ann"].reason == "Nothing waits for them any more."
    assert smtp_sink.messages == []


def test_no_word_of_the_inside_is_in_any_mail_and_none_is_logged(
    house: House, settings: Settings, smtp_sink: SmtpSink, caplog: pytest.LogCaptureFixture
) -> None:
    tell(house)
    approve_digest(house.store, house.viewer("coordinator"), WEEK, NOW)
    queue_digest(house.store, WEEK, NOW)
    with caplog.at_level("DEBUG"):
        assert send_due(house.store, settings, NOW).sent == 6
    for message in smtp_sink.messages:
        parts = [part.get_content() for part in message.content.walk() if not part.is_multipart()]
        for text in [*parts, *map(str, message.content.values())]:
            assert CANARY not in text
            assert "Sudan" not in text
    assert "example.org" not in "".join(
        r.getMessage() for r in caplog.records if not r.name.startswith("mail.")
    )
    officer = next(m for m in smtp_sink.messages if m.recipients == ("officer@example.org",))
    assert RELEASED_KEN[:30] in str(officer.content)
    partner = next(m for m in smtp_sink.messages if m.recipients == ("partner@example.org",))
    assert RELEASED not in str(partner.content), "it was released the week before"


def test_one_click_stops_the_digest_and_a_forged_token_does_nothing(
    house: House, settings: Settings, smtp_sink: SmtpSink
) -> None:
    readers(house)
    key = signing_key(house.store, NOW)
    assert signing_key(house.store, NOW) == key
    queue_digest(house.store, WEEK, NOW)
    send_due(house.store, settings, NOW)
    mail = next(m for m in smtp_sink.messages if m.recipients == ("ann@example.org",))
    token = str(mail.content["List-Unsubscribe"]).strip("<>").rpartition("/")[2]
    assert stop(house.store, token, NOW)
    assert stop(house.store, token, NOW)
    for forged in ("", "x", token[:-1], stop_token(b"other", house.people["ben"]), stop_token(key, "nobody")):
        assert not stop(house.store, forged, NOW)
    assert queue_digest(house.store, "2026-W46", NOW) == 1


def switched_off(house: House, steward_id: str, **given: Any) -> Source:
    """Add a source that its server called gone for good, with the mail to its steward."""
    source = house.add(Source, state=SourceState.DISABLED, steward_id=steward_id, **given)
    label = {"tlp": source.tlp, "country": source.country}
    told = house.add(History, subject="source", subject_id=source.id, deed="switched off", **label)
    with house.store.acting("job:ingest", "test", NOW) as work:
        outbox.enqueue(work, OutboxKind.SOURCE_OFF, told.id, [steward_id])
    return source


def test_a_steward_is_told_that_a_source_was_switched_off_and_not_which(
    house: House, settings: Settings, smtp_sink: SmtpSink
) -> None:
    ann = house.user("ann", Role.ANALYST)
    switched_off(house, ann.user_id, country=None)
    assert send_due(house.store, settings, NOW) == SendSummary(1, 0, 0, 0)
    (mail,) = smtp_sink.messages
    assert mail.recipients == ("ann@example.org",)
    assert CANARY not in str(mail.content)


def test_a_steward_is_not_told_of_a_source_that_is_on_again_or_that_they_may_not_see(
    house: House, settings: Settings, smtp_sink: SmtpSink
) -> None:
    ann = house.user("ann", Role.ANALYST, scope=["MLI"])
    on_again = switched_off(house, ann.user_id, country="MLI")
    with house.store.acting("test", "test", NOW) as work:
        work.get_one(Source, on_again.id).state = SourceState.ACTIVE
    switched_off(house, ann.user_id, country="KEN")
    assert send_due(house.store, settings, NOW) == SendSummary(0, 0, 2, 0)
    assert smtp_sink.messages == []
