"""Editors at a week's digest: who may, what two at once do, what an approval stands for, what each audience gets."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from tests.share.house import CANARY, NOW, WEEK, House
from tests.share.story import RELEASED_KEN, Story, tell
from tests.support.smtp import SmtpSink
from tracker.domain.viewer import Viewer
from tracker.domain.words import EditKind, ItemKind, OutboxKind, OutboxState, Role, Tlp
from tracker.errors import (
    NotAllowedError,
    NotFoundError,
    StaleError,
    SubmissionError,
    TransitionError,
)
from tracker.settings import Settings
from tracker.share.desk import Audience, Reader, desk, preview, weeks
from tracker.share.digest import compose
from tracker.share.digest_queue import open_draft, queue_digest, tell_who_approves
from tracker.share.editing import Placing, approve_digest, place, take_back, week_held, write_lead
from tracker.share.sender import send_due
from tracker.store.tables import AuditRow, DigestEdit, Outbox

FRIDAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
LEAD = "Threats in Kenya now carry a date; a word from both chiefs has worked there before."


@pytest.fixture
def story(house: House) -> Story:
    return tell(house)


@pytest.fixture
def ann(house: House, story: Story) -> Viewer:
    return house.viewer("analyst")


@pytest.fixture
def cleo(house: House, story: Story) -> Viewer:
    return house.viewer("coordinator")


def said(house: House, name: str) -> str:
    return str(compose(house.store, house.viewer(name), WEEK, NOW))


def edits(house: House) -> list[tuple[int, EditKind]]:
    with house.store.looking("test", NOW) as work:
        rows = select(DigestEdit.number, DigestEdit.kind).order_by(DigestEdit.number)
        return [(number, kind) for number, kind in work.execute(rows)]


def put(alert_id: str, kind: EditKind, seen: int | None = None) -> Placing:
    return Placing(alert_id, kind, seen)


def test_each_audience_gets_the_lead_that_it_may_read(house: House, ann: Viewer) -> None:
    write_lead(house.store, ann, WEEK, f"{LEAD}\r\nSecond line.\n", NOW)
    digest = compose(house.store, house.viewer("officer"), WEEK, NOW)
    assert digest.lead == f"{LEAD} Second line."
    assert digest.editor == "Editor: the analyst"
    for name in ("analyst", "coordinator", "officer", "partner"):
        assert LEAD in said(house, name)
    for name in ("kenya", "niger"):
        digest = compose(house.store, house.viewer(name), WEEK, NOW)
        assert (digest.lead, digest.editor) == ("", "")
    at = desk(house.store, ann, WEEK, NOW)
    assert (set(at.lead_countries), at.without_lead, at.inside, at.outside) == ({"KEN"}, 2, 3, 3)


def test_of_two_who_write_the_lead_at_once_neither_overwrites_the_other(
    house: House, ann: Viewer, cleo: Viewer
) -> None:
    write_lead(house.store, ann, WEEK, "Hers.", NOW, seen=0)
    with pytest.raises(StaleError, match="Somebody wrote the lead meanwhile"):
        write_lead(house.store, cleo, WEEK, "His.", NOW, seen=0)
    assert "Hers." in said(house, "analyst")
    write_lead(house.store, cleo, WEEK, "His, and hers.", NOW, seen=1)
    write_lead(house.store, cleo, WEEK, "His, and hers.", NOW, seen=2)
    assert edits(house) == [(1, EditKind.LEAD), (2, EditKind.LEAD)]
    assert "His, and hers." in said(house, "analyst")


def test_who_places_one_alert_is_in_nobodys_way_who_places_another(
    house: House, story: Story, ann: Viewer, cleo: Viewer
) -> None:
    place(house.store, ann, WEEK, put(story.late, EditKind.DROPPED, 0), NOW)
    place(house.store, cleo, WEEK, put(story.late_with_line, EditKind.PINNED, 0), NOW)
    with pytest.raises(StaleError):
        place(house.store, cleo, WEEK, put(story.late, EditKind.PINNED, 0), NOW)
    place(house.store, cleo, WEEK, put(story.late, EditKind.CLEARED, 1), NOW)
    gap = compose(house.store, ann, WEEK, NOW).sections[0]
    assert [entry.lead for entry in gap.entries] == ["Kenya", "Mali"], "the pinned one comes first"


def test_what_is_left_out_is_told_of_nowhere_and_still_counts(
    house: House, story: Story, ann: Viewer
) -> None:
    place(house.store, ann, WEEK, put(story.late_with_line, EditKind.DROPPED), NOW)
    inside = compose(house.store, ann, WEEK, NOW)
    assert inside.headline.startswith("3 alerts wait for a decision")
    assert "The editor left out 1 alert: sign in to see." in inside.above
    assert "Kenya" not in str(inside)
    for name in ("officer", "partner", "kenya"):
        assert "Markets near the lake" not in said(house, name)
        assert "left out" not in said(house, name)
    officer = compose(house.store, house.viewer("officer"), WEEK, NOW)
    assert officer.headline.startswith("2 alerts wait")
    assert officer.sections[0].entries[0].text.startswith("2 of them are not told of by mail")
    partner = compose(house.store, house.viewer("partner"), WEEK, NOW)
    assert partner.headline == "Nothing new to pass on"
    place(house.store, ann, WEEK, put(story.late_with_line, EditKind.CLEARED), NOW)
    assert "Markets near the lake" in said(house, "partner")


def test_only_what_the_week_holds_can_be_placed(house: House, story: Story, ann: Viewer) -> None:
    for alert_id in (story.late_strict, "01NOSUCHALERT"):
        with pytest.raises(NotFoundError):
            place(house.store, ann, WEEK, put(alert_id, EditKind.DROPPED), NOW)
    shown = [entry for each in week_held(house.store, ann, WEEK, NOW) for entry in each.entries]
    assert {"Mali", "Kenya", "Niger"} <= {entry.lead for entry in shown}
    assert CANARY not in str(shown)
    assert "Sudan" not in str(shown)


def test_a_line_of_an_alert_above_the_mails_label_can_be_left_out(
    house: House, story: Story, ann: Viewer
) -> None:
    house.line(story.late_strict, "SDN", "Talks go on in the capital.", NOW - timedelta(days=2))
    assert "Talks go on" in said(house, "partner")
    place(house.store, ann, WEEK, put(story.late_strict, EditKind.DROPPED), NOW)
    assert "Talks go on" not in said(house, "partner")


@pytest.mark.parametrize("role", [Role.PARTNER, Role.OFFICER, Role.MEMBER_STATE, Role.ADMIN])
def test_nobody_else_edits_looks_or_approves(house: House, story: Story, role: Role) -> None:
    other = house.user("other", role)
    settings = Settings.read({"TRACKER_DATA_DIR": "/nowhere"})
    for deed in (
        lambda: write_lead(house.store, other, WEEK, "Mine.", NOW),
        lambda: place(house.store, other, WEEK, put(story.late, EditKind.PINNED), NOW),
        lambda: approve_digest(house.store, other, WEEK, NOW),
        lambda: take_back(house.store, other, WEEK, NOW),
        lambda: desk(house.store, other, WEEK, NOW),
        lambda: weeks(house.store, other, NOW),
        lambda: preview(house.store, settings, other, WEEK, Reader(Audience.INSIDE), NOW),
    ):
        with pytest.raises(NotAllowedError):
            deed()
    assert edits(house) == []


def test_an_analyst_edits_and_does_not_approve_and_who_sees_only_part_does_neither(
    house: House, ann: Viewer, cleo: Viewer
) -> None:
    with pytest.raises(NotAllowedError):
        approve_digest(house.store, ann, WEEK, NOW)
    for part in (house.viewer("niger"), replace(ann, clearance=Tlp.CLEAR)):
        with pytest.raises(NotAllowedError, match="you see only some"):
            write_lead(house.store, part, WEEK, "Mine.", NOW)
    with pytest.raises(NotAllowedError):
        approve_digest(house.store, replace(cleo, scope=frozenset({"MLI"})), WEEK, NOW)


def test_an_approval_stands_for_what_was_seen_and_holds_it_as_it_is(
    house: House, story: Story, ann: Viewer, cleo: Viewer
) -> None:
    write_lead(house.store, ann, WEEK, LEAD, NOW)
    with pytest.raises(StaleError):
        approve_digest(house.store, cleo, WEEK, NOW, seen=0)
    assert approve_digest(house.store, cleo, WEEK, NOW, seen=1)
    with pytest.raises(TransitionError, match="take the approval back"):
        write_lead(house.store, ann, WEEK, "Another.", NOW)
    with pytest.raises(TransitionError, match="take the approval back"):
        place(house.store, ann, WEEK, put(story.late, EditKind.DROPPED), NOW)
    take_back(house.store, cleo, WEEK, NOW)
    write_lead(house.store, ann, WEEK, "Another.", NOW)
    with house.store.looking("test", NOW) as work:
        deeds = list(work.scalars(select(AuditRow.deed).order_by(AuditRow.id)))
    assert deeds == [
        "digest lead written",
        "digest approved",
        "digest approval taken back",
        "digest lead written",
    ]


def sent_to(sink: SmtpSink) -> list[str]:
    return sorted(message.recipients[0].partition("@")[0] for message in sink.messages)


def test_from_fridays_draft_to_mondays_mails(
    house: House, settings: Settings, smtp_sink: SmtpSink, story: Story, ann: Viewer, cleo: Viewer
) -> None:
    assert open_draft(house.store, WEEK, FRIDAY) == 3
    assert open_draft(house.store, WEEK, FRIDAY + timedelta(hours=1)) == 0
    send_due(house.store, settings, FRIDAY)
    assert sent_to(smtp_sink) == ["analyst", "coordinator", "stopped"], "not to who sees only part of it"
    told = smtp_sink.messages[0].content
    assert told["Subject"] == "[TLP:GREEN] The draft of week 47 is there"
    assert "https://early.example.org/digest\n" in told.get_content().replace("\r", "")
    smtp_sink.messages.clear()
    write_lead(house.store, ann, WEEK, LEAD, FRIDAY)
    approve_digest(house.store, cleo, WEEK, FRIDAY, send=True)
    assert send_due(house.store, settings, FRIDAY).sent == 0, "an approval sends nothing before its hour"
    assert queue_digest(house.store, WEEK, NOW) == 6
    assert tell_who_approves(house.store, WEEK, NOW) == 0
    send_due(house.store, settings, NOW)
    assert sent_to(smtp_sink) == ["analyst", "coordinator", "kenya", "niger", "officer", "partner"]
    with_lead = sorted(m.recipients[0] for m in smtp_sink.messages if "both chiefs has" in flat(m.content))
    assert [who.partition("@")[0] for who in with_lead] == ["analyst", "coordinator", "officer", "partner"]
    with pytest.raises(TransitionError, match="cannot be called back"):
        take_back(house.store, cleo, WEEK, NOW)


def plain(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def flat(mail: EmailMessage) -> str:
    return " ".join(plain(mail).split())


def test_not_approved_it_stays_inside_its_editors_are_told_and_an_approval_sends_it_to_the_others_once(
    house: House, settings: Settings, smtp_sink: SmtpSink, story: Story, ann: Viewer, cleo: Viewer
) -> None:
    open_draft(house.store, WEEK, FRIDAY)
    send_due(house.store, settings, FRIDAY)
    smtp_sink.messages.clear()
    assert queue_digest(house.store, WEEK, NOW) == 3
    assert tell_who_approves(house.store, WEEK, NOW) == 1
    assert tell_who_approves(house.store, WEEK, NOW) == 1, "asked again, it tells nobody twice"
    send_due(house.store, settings, NOW)
    assert sent_to(smtp_sink) == ["analyst", "coordinator", "coordinator", "niger"]
    notice = next(m.content for m in smtp_sink.messages if "not approved" in m.content["Subject"])
    assert notice["Subject"] == "[TLP:GREEN] The digest of week 47 was not approved"
    assert "3 readers wait" in notice.get_content()
    assert not any(word in notice.get_content() for word in (CANARY, "Mali", "Kenya"))
    smtp_sink.messages.clear()
    tuesday = NOW + timedelta(days=1)
    write_lead(house.store, ann, WEEK, LEAD, tuesday)
    approve_digest(house.store, cleo, WEEK, tuesday, send=True)
    assert not approve_digest(house.store, cleo, WEEK, tuesday, send=True)
    assert queue_digest(house.store, WEEK, tuesday) == 0
    send_due(house.store, settings, tuesday)
    assert sent_to(smtp_sink) == ["kenya", "officer", "partner"]
    past = weeks(house.store, cleo, tuesday)[0]
    assert (past.week.week, past.came[OutboxState.SENT]) == (WEEK, 6)


def test_nobody_is_told_of_the_week_before_the_first_draft(house: House, story: Story) -> None:
    queue_digest(house.store, WEEK, NOW)
    assert tell_who_approves(house.store, WEEK, NOW) == 0
    queue_digest(house.store, "2026-W48", NOW + timedelta(days=7))
    assert tell_who_approves(house.store, "2026-W48", NOW + timedelta(days=7)) == 1, (
        "a draft may have been missed"
    )


def test_a_notice_that_no_longer_holds_is_withheld(
    house: House, settings: Settings, smtp_sink: SmtpSink, story: Story, cleo: Viewer
) -> None:
    open_draft(house.store, WEEK, FRIDAY)
    queue_digest(house.store, WEEK, NOW)
    tell_who_approves(house.store, WEEK, NOW)
    approve_digest(house.store, cleo, WEEK, NOW)
    send_due(house.store, settings, NOW)
    with house.store.looking("test", NOW) as work:
        rows = work.execute(select(Outbox.kind, Outbox.state, Outbox.reason).where(Outbox.kind != "digest"))
        found = {tuple(row) for row in rows}
    assert found == {
        (kind, OutboxState.WITHHELD, "The digest was approved meanwhile.")
        for kind in (OutboxKind.DIGEST_DRAFT, OutboxKind.DIGEST_WAITS)
    }


@pytest.mark.parametrize(
    ("reader", "name"),
    [
        (Reader(Audience.INSIDE), "analyst"),
        (Reader(Audience.OFFICER), "officer"),
        (Reader(Audience.PARTNER), "partner"),
        (Reader(Audience.MEMBER_STATE, "KEN"), "kenya"),
    ],
)
def test_a_preview_is_the_mail_that_such_a_reader_gets(
    house: House,
    settings: Settings,
    smtp_sink: SmtpSink,
    ann: Viewer,
    cleo: Viewer,
    reader: Reader,
    name: str,
) -> None:
    write_lead(house.store, ann, WEEK, LEAD, NOW)
    approve_digest(house.store, cleo, WEEK, NOW)
    queue_digest(house.store, WEEK, NOW)
    send_due(house.store, settings, NOW)
    seen = preview(house.store, settings, ann, WEEK, reader, NOW)
    mail = next(m.content for m in smtp_sink.messages if m.recipients == (f"{name}@example.org",))
    assert seen.subject == mail["Subject"]
    text = plain(mail)
    ours = "\n1 brief waits for your answer: sign in to see.\n"
    stop = text.partition("/unsubscribe/")[2].split()[0]
    assert seen.text == text.replace(ours, "").replace(stop, "preview")
    assert ("both chiefs has" in " ".join(seen.html.split())) is (name != "kenya")


def test_a_preview_is_of_a_typical_reader_and_shows_no_persons_deliveries(
    house: House, settings: Settings, ann: Viewer
) -> None:
    seen = preview(house.store, settings, ann, WEEK, Reader(Audience.OFFICER), NOW)
    assert "brief waits for your answer" not in seen.text
    assert RELEASED_KEN[:20] in seen.text


def test_a_lead_is_refused_where_it_repeats_a_report_that_its_editor_may_read(
    house: House, ann: Viewer
) -> None:
    words = "They said the bridge would be blown up on market day."
    house.item(
        kind=ItemKind.REPORT, title="", text=words, tlp=Tlp.AMBER, published_at=NOW - timedelta(days=3)
    )
    with pytest.raises(SubmissionError, match="stands so in a field report"):
        write_lead(house.store, ann, WEEK, "We hear the bridge would be blown up on market day.", NOW)
    cleared = replace(ann, clearance=Tlp.GREEN)
    write_lead(house.store, cleared, WEEK, "We hear the bridge would be blown up on market day.", NOW)
