"""A delivery's mail is answered by mail, taken in from a real mailbox, and confirmed by an analyst."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from jobs import replies as job
from tests.support.house import House, house_at
from tests.support.mailboxes import USER, Postbox, imap_server, maildir
from tests.support.smtp import SmtpSink
from tracker.access.people import end_access
from tracker.domain.viewer import Viewer
from tracker.domain.words import (
    Answer,
    Confidence,
    DecisionKind,
    HowKnown,
    Likelihood,
    MailReplyState,
    MilestoneKind,
    OtherMailKind,
    OutboxKind,
    Role,
    Tlp,
)
from tracker.errors import (
    ConfigError,
    MailboxError,
    NotAllowedError,
    NotFoundError,
    StaleError,
    SubmissionError,
    TransitionError,
)
from tracker.ingest.mailbox import ASIDE, READ
from tracker.respond import alerts, briefs
from tracker.respond.briefs import AnswerGiven
from tracker.respond.labelling import Labelling
from tracker.respond.mail_replies import AnswerConfirmed, answers_by_mail, confirm, set_aside
from tracker.settings import Settings
from tracker.share.sender import send_due
from tracker.share.taking_in import TakenIn, take_in
from tracker.store.reads.alerts import AlertFile, alert_file
from tracker.store.reads.mail_replies import MailReplyRow, mail_replies_of, waiting_mail_replies
from tracker.store.tables import Base, History, MailReply, OtherMail, Outbox, User
from tracker.store.writes import outbox
from tracker.store.writes.housekeeping import Retention, forget
from tracker.store.writes.response import BriefText

LABEL = Labelling(Tlp.AMBER)


@dataclass
class Scene:
    """A platform with a mailbox: an alert whose brief was delivered to an officer by mail."""

    house: House
    box: Postbox
    sink: SmtpSink
    settings: Settings
    analyst: Viewer
    officer: Viewer
    alert_id: str = ""
    delivery_id: str = ""
    mail: EmailMessage = field(default_factory=EmailMessage)
    written: int = 0

    def deliver(self, country: str = "MLI", tlp: Tlp = Tlp.AMBER, by: Viewer | None = None) -> None:
        house, author = self.house, by or self.analyst
        self.alert_id = house.alert(author, country, tlp=tlp).id
        said = BriefText(
            headline="Leaflets tell people to leave",
            bottom_line="Organised threats carry a date.",
            why_now="Leaflets in three villages.",
            outlook=Likelihood.LIKELY,
            confidence=Confidence.MEDIUM,
            would_change_our_mind="A normal market day.",
            options=(("Call", "adviser", "today"), ("Elders", "local CSO", "Thursday")),
            decision_needed_by=house.now + timedelta(days=1),
        )
        brief_id = briefs.write_brief(house.store, author, self.alert_id, said, Labelling(tlp), house.now)
        self.delivery_id = briefs.deliver(house.store, author, brief_id, self.address, house.now)
        send_due(house.store, self.settings, house.later(minutes=1))
        self.mail = self.sink.messages[-1].content

    @property
    def address(self) -> str:
        return "omar.un@example.org"

    def write_back(self, text: str, sender: str = "", **headers: str) -> None:
        """Answer the mail as a mail program does."""
        mail = EmailMessage(policy=SMTP)
        self.written += 1
        mail["From"] = f"Somebody <{sender or self.address.upper()}>"
        mail["To"] = str(self.mail["Reply-To"])
        mail["Subject"] = f"Re: {self.mail['Subject']}"
        mail["Message-ID"] = f"<{self.written}@un.example>"
        mail["In-Reply-To"] = mail["References"] = str(self.mail["Message-ID"])
        mail["Date"] = format_datetime(self.house.now)
        for name, value in headers.items():
            del mail[name.replace("_", "-")]
            mail[name.replace("_", "-")] = value
        quoted = "".join(f"> {line}\n" for line in self.mail.get_content().splitlines())
        mail.set_content(f"{text}\n\nOn Wed, Early action <early-action@early.example> wrote:\n\n{quoted}")
        self.box.put(mail.as_bytes())

    def take_in(self) -> TakenIn:
        done = take_in(self.house.store, self.settings, self.house.later(hours=1))
        assert done is not None
        return done

    def replies(self, viewer: Viewer | None = None) -> list[MailReplyRow]:
        with self.house.store.viewing(viewer or self.analyst) as view:
            return mail_replies_of(view, self.alert_id)

    def reply(self) -> MailReplyRow:
        (reply,) = self.replies()
        return reply

    def file(self) -> AlertFile:
        with self.house.store.viewing(self.analyst) as view:
            return alert_file(view, self.alert_id)

    def rows(self, table: type[Base]) -> list[Any]:
        with self.house.store.looking("test", self.house.now) as work:
            return list(work.scalars(select(table)))

    def others(self) -> list[tuple[OtherMailKind, str | None]]:
        return sorted((row.kind, row.answers) for row in self.rows(OtherMail))

    def confirm(self, answer: Answer = Answer.ACT, reply_id: str = "", **more: Any) -> str | None:
        given = AnswerConfirmed(answer, **{"labelling": LABEL, **more})
        which = reply_id or self.reply().id
        return confirm(self.house.store, self.analyst, which, given, self.house.now)

    def doubts(self) -> str:
        (seen,) = answers_by_mail(
            self.house.store, self.analyst, self.alert_id, self.file().alert.state, self.house.now
        )
        return " ".join(seen.doubts)


@pytest.fixture(params=["maildir"])
def scene(
    request: pytest.FixtureRequest, database_url: str, tmp_path: Path, smtp_sink: SmtpSink
) -> Iterator[Scene]:
    with (
        house_at(database_url) as house,
        maildir(tmp_path / "box") if request.param == "maildir" else imap_server() as box,
    ):
        settings = Settings.read(
            {
                "TRACKER_DATA_DIR": str(tmp_path / "data"),
                "TRACKER_DATABASE_URL": database_url,
                "TRACKER_SMTP_URL": smtp_sink.url,
                "TRACKER_PUBLIC_URL": "https://early.example",
                "TRACKER_MAILBOX_URL": box.url,
            }
        )
        analyst, officer = (
            house.viewer(Role.ANALYST, name="Ana"),
            house.viewer(Role.OFFICER, "UN", name="Omar"),
        )
        scene = Scene(house, box, smtp_sink, settings, analyst, officer)
        scene.deliver()
        yield scene


@pytest.mark.parametrize("scene", ["maildir", "imap"], indirect=True)
def test_an_officer_answers_by_mail_and_an_analyst_makes_it_their_decision(scene: Scene) -> None:
    assert scene.mail["Reply-To"] == USER
    assert "replying with one line: ACT, WATCH until DATE" in scene.mail.get_content()
    written_at = scene.house.now
    scene.write_back("WATCH until 27 November because talks go on.")
    assert scene.take_in() == TakenIn(1, 0)
    assert (scene.box.count("INBOX"), scene.box.count(READ), scene.box.count(ASIDE)) == (0, 1, 0)
    reply = scene.reply()
    assert (reply.proposed, str(reply.review_on), reply.reason) == (Answer.WATCH, "2026-11-27", "talks go on")
    assert reply.text == "WATCH until 27 November because talks go on."
    assert (reply.from_recipient, reply.sent_at, reply.tlp) == (True, written_at, Tlp.AMBER_STRICT)
    assert scene.doubts() == ""
    assert scene.file().decisions == []
    scene.confirm(
        Answer.WATCH, review_on=reply.review_on, note=reply.reason, labelling=Labelling(Tlp.AMBER_STRICT)
    )
    (decision,) = scene.file().decisions
    assert (decision.kind, decision.how_known, decision.decided_at) == (
        DecisionKind.WATCH,
        HowKnown.BY_MAIL,
        written_at,
    )
    assert decision.decided_by == "officer, UN"
    (delivery,) = scene.file().deliveries
    assert (delivery.answer, delivery.answered_at, delivery.reason) == (
        Answer.WATCH,
        written_at,
        None,
    )
    assert (decision.note, decision.tlp) == ("talks go on", Tlp.AMBER_STRICT)
    assert delivery.review_on == reply.review_on
    assert scene.file().alert.chain.reached[MilestoneKind.DECIDED].how_known is HowKnown.BY_MAIL
    assert scene.reply().state is MailReplyState.CONFIRMED
    with scene.house.store.viewing(scene.analyst) as view:
        assert waiting_mail_replies(view) == []


def test_without_a_mailbox_nobody_reads_replies_and_the_mail_says_so(scene: Scene) -> None:
    scene.settings = replace(scene.settings, mailbox_url=None)
    scene.deliver("KEN")
    assert scene.mail["Reply-To"] is None
    assert "Nobody reads replies" in scene.mail.get_content()
    assert take_in(scene.house.store, scene.settings, scene.house.now) is None
    assert "no mailbox is named" in job.JOB.run(scene.house.store, scene.settings, scene.house.now)


def test_the_job_says_what_it_took_in(scene: Scene) -> None:
    scene.write_back("ACT")
    scene.write_back("out of office", Auto_Submitted="auto-replied")
    said = job.JOB.run(scene.house.store, scene.settings, scene.house.now)
    assert said == "1 answer taken in, 1 other mail put aside"


def test_another_address_is_said_and_neither_is_kept_or_logged(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    scene.write_back("ACT", sender="eve@elsewhere.example")
    scene.take_in()
    assert "another address than theirs" in scene.doubts()
    (row,) = scene.rows(MailReply)
    kept = repr({column.name: getattr(row, column.name) for column in MailReply.__table__.columns})
    for address in ("eve@", "omar.un@", "<1@un.example>"):
        assert address not in kept + caplog.text


def test_a_letter_that_comes_again_is_kept_once(scene: Scene) -> None:
    scene.write_back("ACT")
    scene.written = 0
    scene.write_back("ACT")
    assert scene.take_in() == TakenIn(2, 0)
    assert len(scene.replies()) == 1
    assert [row.deed for row in scene.rows(History) if row.subject == "mail reply"] == ["received"]


def test_a_letter_that_could_not_be_moved_is_kept_and_not_doubled_by_the_next_run(scene: Scene) -> None:
    assert scene.take_in() == TakenIn(0, 0)
    moved_into = Path(scene.box.url.removeprefix("maildir://").partition("?")[0]) / f".{READ}" / "cur"
    moved_into.rmdir()
    moved_into.write_text("in the way", encoding="utf-8")
    scene.write_back("ACT")
    scene.write_back("WATCH")
    with pytest.raises(MailboxError, match="could not be moved"):
        scene.take_in()
    assert (len(scene.replies()), scene.box.count("INBOX")) == (1, 2)
    moved_into.unlink()
    moved_into.mkdir()
    assert scene.take_in() == TakenIn(2, 0)
    assert len(scene.replies()) == 2


def test_a_second_answer_is_a_further_decision_and_the_first_stays(scene: Scene) -> None:
    scene.write_back("ACT")
    scene.take_in()
    scene.confirm()
    scene.write_back("NOT ACTING NOW because the mission already went.")
    scene.take_in()
    (second,) = [reply for reply in scene.replies() if reply.state is MailReplyState.WAITING]
    with pytest.raises(SubmissionError, match="reason"):
        scene.confirm(Answer.NOT_ACTING_NOW, second.id, review_on=scene.house.now.date())
    scene.confirm(Answer.NOT_ACTING_NOW, second.id, review_on=scene.house.now.date(), reason="R3")
    file = scene.file()
    assert [decision.kind for decision in file.decisions] == [DecisionKind.NOT_ACTING_NOW, DecisionKind.ACT]
    assert file.deliveries[0].answer == Answer.ACT


def test_a_second_answer_that_decides_nothing_is_only_set_aside(scene: Scene) -> None:
    briefs.answer(
        scene.house.store, scene.officer, scene.delivery_id, AnswerGiven(Answer.ACT), scene.house.now
    )
    scene.write_back("NOT FOR ME")
    scene.take_in()
    assert "They have answered before" in scene.doubts()
    with pytest.raises(StaleError, match="already"):
        scene.confirm(Answer.NOT_FOR_ME)
    set_aside(scene.house.store, scene.analyst, scene.reply().id, "told_before", scene.house.now)
    assert scene.reply().state is MailReplyState.SET_ASIDE


@pytest.mark.parametrize("answer", [Answer.RECEIVED, Answer.NOT_FOR_ME])
def test_an_answer_that_decides_nothing_is_the_delivery_s_alone(scene: Scene, answer: Answer) -> None:
    scene.write_back(answer.replace("_", " ").upper())
    scene.take_in()
    assert scene.reply().proposed is answer
    assert scene.confirm(answer) is None
    assert scene.file().deliveries[0].answer == answer
    assert scene.file().decisions == []


def test_words_of_a_letter_stay_under_its_label_unless_somebody_says_why(scene: Scene) -> None:
    scene.write_back("ACT\n\nThe prefect is on our side.")
    scene.take_in()
    with pytest.raises(SubmissionError, match=r"rests on TLP:AMBER\+STRICT"):
        scene.confirm(note="The prefect is on our side.")
    scene.confirm(
        note="The prefect is on our side.", labelling=Labelling(LABEL.tlp, "He says so in public himself.")
    )
    (decision,) = scene.file().decisions
    (delivery,) = scene.file().deliveries
    assert (decision.tlp, delivery.reason) == (LABEL.tlp, "The prefect is on our side.")


def test_words_of_an_answer_that_decides_nothing_stay_in_the_letter(scene: Scene) -> None:
    scene.write_back("NOT FOR ME")
    scene.take_in()
    scene.confirm(Answer.NOT_FOR_ME, note="Ask the governor's cousin.", labelling=Labelling())
    assert (scene.file().deliveries[0].answer, scene.file().deliveries[0].reason) == ("not_for_me", None)


def test_of_two_who_confirm_at_once_the_second_hears_of_the_first(scene: Scene) -> None:
    scene.write_back("ACT")
    scene.take_in()
    scene.confirm()
    with pytest.raises(StaleError, match="confirmed"):
        scene.confirm()
    with pytest.raises(StaleError, match="confirmed"):
        set_aside(scene.house.store, scene.analyst, scene.reply().id, "other", scene.house.now)
    assert len(scene.file().decisions) == 1


def test_what_says_nothing_clearly_proposes_nothing_and_is_confirmed_as_the_analyst_reads_it(
    scene: Scene,
) -> None:
    scene.write_back("We had better call the prefect, had we not?")
    scene.take_in()
    assert scene.reply().proposed is None
    scene.confirm(Answer.ACT)
    assert scene.file().decisions[0].kind is DecisionKind.ACT


def test_after_the_alert_was_closed_an_answer_changes_nothing_and_can_be_set_aside(scene: Scene) -> None:
    scene.write_back("ACT")
    alerts.dismiss(scene.house.store, scene.analyst, scene.alert_id, "too_small", scene.house.now)
    scene.take_in()
    assert "dismissed meanwhile" in scene.doubts()
    with pytest.raises(TransitionError):
        scene.confirm()
    set_aside(scene.house.store, scene.analyst, scene.reply().id, "too_late", scene.house.now)
    assert scene.file().decisions == []


def test_whoever_lost_their_access_answers_nothing(scene: Scene) -> None:
    scene.write_back("ACT")
    end_access(scene.house.store, scene.address, scene.house.now)
    scene.take_in()
    assert "access was ended" in scene.doubts()
    with pytest.raises(SubmissionError, match="access was ended"):
        scene.confirm()
    assert scene.file().decisions == []


def test_an_answer_follows_its_delivery_into_the_alert_that_it_was_merged_into(scene: Scene) -> None:
    scene.write_back("ACT")
    into = scene.house.alert(scene.analyst, "KEN").id
    alerts.merge(scene.house.store, scene.analyst, scene.alert_id, into, scene.house.now)
    scene.take_in()
    scene.alert_id = into
    scene.confirm()
    assert len(scene.file().decisions) == 1


def test_only_those_who_work_on_alerts_and_see_it_settle_an_answer(scene: Scene) -> None:
    scene.write_back("ACT")
    scene.take_in()
    store, reply_id, now = scene.house.store, scene.reply().id, scene.house.now
    assert scene.replies(scene.officer) == []
    with pytest.raises(NotAllowedError):
        confirm(store, scene.officer, reply_id, AnswerConfirmed(Answer.ACT), now)
    elsewhere = scene.house.viewer(Role.ANALYST, "Other house", name="Eve")
    with pytest.raises(NotFoundError):
        confirm(store, elsewhere, reply_id, AnswerConfirmed(Answer.ACT), now)
    with pytest.raises(NotFoundError):
        set_aside(store, elsewhere, reply_id, "other", now)


def test_a_reply_to_a_red_brief_is_as_red(scene: Scene) -> None:
    coordinator = scene.house.viewer(Role.COORDINATOR, name="Cleo")
    with scene.house.store.acting("operator", "clear", scene.house.now) as work:
        work.get_one(User, scene.officer.user_id).clearance = Tlp.RED
    scene.deliver("KEN", Tlp.RED, by=coordinator)
    scene.write_back("ACT")
    scene.take_in()
    assert scene.replies() == []
    (reply,) = scene.replies(coordinator)
    assert reply.tlp is Tlp.RED


def test_a_date_that_lies_is_held_between_delivery_and_receipt(scene: Scene) -> None:
    delivered_at = scene.file().deliveries[0].delivered_at
    scene.write_back("ACT", Date="Mon, 01 Jan 2001 00:00:00 +0000")
    scene.write_back("ACT", Date="Fri, 01 Jan 2049 00:00:00 +0000")
    scene.write_back("ACT", Date="not a date")
    scene.take_in()
    assert sorted(reply.sent_at for reply in scene.replies()) == [
        delivered_at,
        scene.house.now,
        scene.house.now,
    ]


def test_other_mail_is_counted_put_aside_and_not_lost(scene: Scene) -> None:
    with scene.house.store.acting("test", "queue", scene.house.now) as work:
        outbox.enqueue(work, OutboxKind.DIGEST, "2026-W47", [scene.officer.user_id])
    with scene.house.store.looking("test", scene.house.now) as work:
        digest = work.scalars(select(Outbox.message_id).where(Outbox.kind == OutboxKind.DIGEST)).one()
    scene.write_back("Thank you", In_Reply_To=digest, References=digest)
    scene.write_back("Hello", In_Reply_To="<none@of.ours>", References="<none@of.ours>")
    scene.write_back("Away", Auto_Submitted="auto-replied")
    scene.box.put(
        b"From: a@b.example\r\n"
        + b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (at, at) for at in range(5000)
        )
    )
    scene.write_back("ACT")
    done = scene.take_in()
    assert (done.replies, done.others) == (1, 4)
    kinds = [(str(kind), answers) for kind, answers in scene.others()]
    assert ("answers_another", "digest") in kinds
    assert ("answers_none", None) in kinds
    assert ("automatic", "delivery") in kinds
    assert len(kinds) == 4
    assert (scene.box.count("INBOX"), scene.box.count(ASIDE), scene.box.count(READ)) == (0, 4, 1)


def test_a_letter_that_the_database_cannot_keep_ends_no_run(scene: Scene) -> None:
    scene.write_back("ACT \x00\x07")
    scene.write_back("ACT")
    done = scene.take_in()
    assert done.replies + done.others == 2
    assert scene.box.count("INBOX") == 0


def test_words_are_erased_when_their_time_is_over_and_what_was_decided_stays(scene: Scene) -> None:
    scene.write_back("WATCH until 27 November because talks go on.")
    scene.write_back("Hello", In_Reply_To="<none@of.ours>", References="<none@of.ours>")
    scene.take_in()
    scene.confirm(Answer.WATCH, review_on=scene.reply().review_on)
    keep = Retention.read(scene.settings.read_config("retention"))
    with scene.house.store.acting("job", "forget", scene.house.later(days=91)) as work:
        forget(work, keep)
    assert (scene.reply().text is None, scene.rows(OtherMail)) == (False, [])
    with scene.house.store.acting("job", "forget", scene.house.later(days=730)) as work:
        forget(work, keep)
    reply = scene.reply()
    assert (reply.text, reply.reason, reply.state) == (None, None, MailReplyState.CONFIRMED)
    assert len(scene.file().decisions) == 1


def test_a_mailbox_that_cannot_be_named_stops_no_other_job(scene: Scene) -> None:
    wrong = replace(scene.settings, mailbox_url="imaps://nowhere")
    with pytest.raises(ConfigError, match="TRACKER_MAILBOX_URL"):
        take_in(scene.house.store, wrong, scene.house.now)
