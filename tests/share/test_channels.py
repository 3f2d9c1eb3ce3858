"""Channels against a real server on loopback: what it is told, what it must not be, what its owner hears of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.share.house import CANARY, NOW, House, at
from tests.support.hook import Hook, running_hook
from tests.support.smtp import SmtpSink
from tracker.access.people import end_access
from tracker.access.sealing import CHANNEL_KEY_NAME
from tracker.domain.viewer import Viewer
from tracker.domain.words import ChannelState, Level, Occasion, OutboxState, Role, Stage
from tracker.errors import NotAllowedError, NotFoundError, SubmissionError
from tracker.respond.policy import policy_in_force
from tracker.respond.reminders import tell
from tracker.settings import Settings
from tracker.share.channels import (
    add_channel,
    change_level,
    reach,
    remove_channel,
    set_reach,
    try_channel,
)
from tracker.share.sender import SendSummary, send_due
from tracker.store.tables import AuditRow, Channel, Outbox, Reminder


@pytest.fixture
def hook() -> Iterator[Hook]:
    with running_hook() as hook:
        yield hook


@pytest.fixture
def inward(settings: Settings) -> Settings:
    """Settings under which loopback may be dialled."""
    return replace(settings, allow_networks=("127.0.0.1/32",))


@pytest.fixture
def ann(house: House) -> Viewer:
    return house.user("ann", Role.ANALYST)


def add(house: House, settings: Settings, viewer: Viewer, address: str, level: Level = Level.MEDIUM) -> str:
    return add_channel(house.store, settings, viewer, (address, level), NOW)


def late_alert(house: House, level: Level = Level.CRITICAL, country: str = "MLI") -> str:
    """Add an alert of Ann's that was opened yesterday at noon; a high one is to be decided today at noon."""
    due = {Level.CRITICAL: at("22 16:00"), Level.HIGH: at("23 12:00")}[level]
    owner = house.people["ann"]
    return house.alert(country, "unrest", level, at("22 12:00"), owner_id=owner, decide_due_at=due)


def told(house: House, now: timedelta = timedelta()) -> int:
    """Let the job tell; return to how many people."""
    return tell(house.store, policy_in_force(house.store, NOW), NOW + now)


def rows_by_channel(house: House) -> list[Outbox]:
    with house.store.looking("test", NOW) as work:
        return list(work.scalars(select(Outbox).where(Outbox.channel_id.is_not(None))))


def test_a_notice_goes_by_mail_and_channel_once_and_neither_says_what_it_is_about(
    house: House, inward: Settings, ann: Viewer, hook: Hook, smtp_sink: SmtpSink
) -> None:
    add(house, inward, ann, hook.address)
    late_alert(house)
    assert told(house) == 1
    assert told(house) == 0
    assert send_due(house.store, inward, NOW) == SendSummary(2, 0, 0, 0)
    assert send_due(house.store, inward, NOW) == SendSummary(0, 0, 0, 0)
    (said,) = hook.told
    assert (said["title"], said["message"]) == ("Early action", "1 critical alert waits. Sign in.")
    everything = f"{said} {hook.headers} {smtp_sink.messages[0].content}"
    assert not any(word in everything for word in ("MLI", "Mali", "unrest", CANARY, "MLI-0"))
    assert "early.example.org" not in f"{said} {hook.headers}"
    assert len(smtp_sink.messages) == 1
    (channel,) = reach(house.store, ann, NOW).channels
    assert (channel.state, channel.reason) == (ChannelState.WORKING, None)


def test_without_a_mail_server_channels_are_used_all_the_same(
    house: House, inward: Settings, ann: Viewer, hook: Hook
) -> None:
    add(house, inward, ann, hook.address)
    late_alert(house)
    told(house)
    assert send_due(house.store, replace(inward, smtp_url=None), NOW) == SendSummary(1, 0, 0, 1)
    assert len(hook.told) == 1


def test_a_channel_is_used_from_its_level_on(
    house: House, inward: Settings, ann: Viewer, hook: Hook, smtp_sink: SmtpSink
) -> None:
    channel_id = add(house, inward, ann, hook.address, Level.CRITICAL)
    late_alert(house, Level.HIGH)
    assert told(house, timedelta(hours=6)) == 1
    assert rows_by_channel(house) == []
    change_level(house.store, ann, channel_id, Level.HIGH, NOW)
    late_alert(house, Level.HIGH, "KEN")
    assert told(house, timedelta(hours=6)) == 1
    assert len(rows_by_channel(house)) == 1


def test_a_channel_that_fails_is_tried_for_an_hour_and_the_mail_says_so(
    house: House, inward: Settings, ann: Viewer, hook: Hook, smtp_sink: SmtpSink
) -> None:
    add(house, inward, ann, hook.address)
    hook.status = 503
    late_alert(house)
    told(house)
    assert send_due(house.store, inward, NOW) == SendSummary(1, 0, 0, 1)
    (channel,) = reach(house.store, ann, NOW).channels
    assert (channel.state, channel.reason) == (
        ChannelState.FAILING,
        "The service has trouble of its own (503).",
    )
    assert send_due(house.store, inward, NOW + timedelta(hours=2)) == SendSummary(0, 1, 0, 0)
    late_alert(house)
    told(house, timedelta(hours=2))
    send_due(house.store, inward, NOW + timedelta(hours=2))
    assert "/channels" in smtp_sink.messages[-1].content.get_content()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (200, "The service took it."),
        (401, "The service refused it: a token or password is not right (401)."),
        (404, "The service knows no such place: check room, topic or number (404)."),
        (302, "The address leads elsewhere; give the one that it leads to (302)."),
        (500, "The service has trouble of its own (500)."),
    ],
)
def test_a_test_says_this_is_a_test_and_what_came_back(
    house: House, inward: Settings, ann: Viewer, hook: Hook, status: int, words: str
) -> None:
    hook.status, hook.leads_to = status, "http://127.0.0.1:1/" if status == 302 else ""
    channel_id = add(house, inward, ann, hook.address)
    assert try_channel(house.store, inward, ann, channel_id, NOW).words == words
    assert [said["message"] for said in hook.told] == ["This is a test."]


@pytest.mark.parametrize(
    "address",
    [
        "json://127.0.0.1:{port}/x",
        "json://localhost:{port}/x",
        "json://[::1]:{port}/x",
        "json://2130706433:{port}/x",
        "ntfy://127.0.0.1:{port}/topic",
        "json://127.0.0.1:{port}/x?redirect=yes&verify=no",
    ],
)
def test_nobody_reaches_the_inner_network_through_a_channel(
    house: House, settings: Settings, ann: Viewer, hook: Hook, address: str
) -> None:
    channel_id = add(house, settings, ann, address.format(port=hook.port))
    came_back = try_channel(house.store, settings, ann, channel_id, NOW)
    assert not came_back.taken
    assert came_back.words.startswith(("This address is not a public one", "Nobody could be reached"))
    assert hook.told == []


def test_a_redirect_inward_is_not_followed(house: House, settings: Settings, ann: Viewer, hook: Hook) -> None:
    with running_hook() as outer:
        outer.status, outer.leads_to = 307, f"http://127.0.0.1:{hook.port}/"
        some = replace(settings, allow_networks=(f"127.0.0.1/32:{outer.port}",))
        channel_id = add(house, some, ann, f"{outer.address}?redirect=yes")
        assert not try_channel(house.store, some, ann, channel_id, NOW).taken
        assert len(outer.told) == 1
    assert hook.told == []


@pytest.mark.parametrize(
    "address",
    [
        "",
        "hello",
        "mailto://a:b@x.example",
        "file:///etc/passwd",
        "syslog://",
        "json://",
        "dbus://",
        "jsons://hooks.example.org/x?method=DELETE",
        "jsons://hooks.example.org/x?a=b&Method=DELETE",
        "json://hooks.example.org/x?+X-Token=secret",
        "json://hooks.example.org/x?%2BX-Token=secret",
        "json://hooks.example.org/x?-key=value",
        "json://hooks.example.org/x?:message=",
        "x" * 600,
    ],
)
def test_what_is_no_listed_service_is_refused_without_being_repeated(
    house: House, settings: Settings, ann: Viewer, address: str
) -> None:
    with pytest.raises(SubmissionError) as refused:
        add(house, settings, ann, address)
    assert refused.value.field == "address"
    assert len(address) < 6 or address not in str(refused.value)


def test_an_address_is_kept_sealed_shown_masked_and_stands_nowhere_else(
    house: House, inward: Settings, ann: Viewer, hook: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        channel_id = add(house, inward, ann, hook.address)
        try_channel(house.store, inward, ann, channel_id, NOW)
    (channel,) = reach(house.store, ann, NOW).channels
    assert channel.shown == "JSON to a web address · …xyz"
    with house.store.looking("test", NOW) as work:
        kept = work.get_one(Channel, channel_id)
        audited = [f"{row.deed} {row.subject} {row.reason}" for row in work.scalars(select(AuditRow))]
    assert b"secret" not in kept.address
    assert "secret" not in f"{audited} {caplog.text}"
    key = Path(inward.data_dir) / CHANNEL_KEY_NAME
    assert key.stat().st_mode & 0o077 == 0
    key.unlink()
    came_back = try_channel(house.store, inward, ann, channel_id, NOW)
    assert "Remove it and add it again" in came_back.words


def test_a_channel_is_its_owners_alone_and_goes_with_their_access(
    house: House, inward: Settings, ann: Viewer, hook: Hook, smtp_sink: SmtpSink
) -> None:
    ben, olga = house.user("ben", Role.ANALYST), house.user("olga", Role.OFFICER)
    channel_id = add(house, inward, ann, hook.address)
    for deed in (
        lambda: try_channel(house.store, inward, ben, channel_id, NOW),
        lambda: remove_channel(house.store, ben, channel_id, NOW),
        lambda: change_level(house.store, ben, channel_id, Level.HIGH, NOW),
    ):
        with pytest.raises(NotFoundError):
            deed()
    with pytest.raises(NotAllowedError):
        add(house, inward, olga, hook.address)
    late_alert(house)
    told(house)
    remove_channel(house.store, ann, channel_id, NOW)
    assert send_due(house.store, inward, NOW) == SendSummary(1, 0, 1, 0)
    assert rows_by_channel(house)[0].reason == "The channel was removed."
    add(house, inward, ann, hook.address)
    end_access(house.store, "ann@example.org", NOW)
    with house.store.looking("test", NOW) as work:
        assert list(work.scalars(select(Channel))) == []
    assert hook.told == []


def test_what_was_done_before_a_notice_leaves_is_told_by_no_channel(
    house: House, inward: Settings, ann: Viewer, hook: Hook, smtp_sink: SmtpSink
) -> None:
    add(house, inward, ann, hook.address)
    late_alert(house)
    told(house)
    with house.store.acting("test", "forget", NOW) as work:
        for row in work.scalars(select(Reminder)):
            row.occasion, row.stage = Occasion.REVIEW, Stage.DUE
    assert send_due(house.store, inward, NOW) == SendSummary(0, 0, 2, 0)
    assert hook.told == []
    assert {row.state for row in rows_by_channel(house)} == {OutboxState.WITHHELD}


def test_people_say_in_which_zone_they_are_and_whether_they_want_the_weekly_mail(
    house: House, ann: Viewer
) -> None:
    set_reach(house.store, ann, "Africa/Bamako", digest=False, now=NOW)
    now = reach(house.store, ann, NOW)
    assert (now.email, now.time_zone, now.gets_digest) == ("ann@example.org", "Africa/Bamako", False)
    set_reach(house.store, ann, "Africa/Bamako", digest=True, now=NOW)
    assert reach(house.store, ann, NOW).gets_digest
    with pytest.raises(SubmissionError):
        set_reach(house.store, ann, "Mars/Olympus", digest=True, now=NOW)
