"""A decision by mail: the officer replies, the job takes it in, the analyst confirms it in the browser."""

import re
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

from playwright.sync_api import Page

from tests.acceptance.program import FeedServer, Program
from tests.acceptance.world import Desk, Platform
from tests.support.house import House
from tests.support.mailboxes import maildir
from tests.support.smtp import SmtpSink
from tracker.domain.viewer import Viewer
from tracker.domain.words import Confidence, Likelihood, Role, Tlp
from tracker.respond import briefs
from tracker.respond.labelling import Labelling
from tracker.store.writes.response import BriefText

OFFICER, ANALYST = "omar.un@example.org", "ana.platform@example.org"


def delivered(house: House, analyst: Viewer) -> str:
    """Give the officer a brief; return its alert."""
    alert_id = house.alert(analyst).id
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
    brief_id = briefs.write_brief(house.store, analyst, alert_id, said, Labelling(Tlp.AMBER), house.now)
    briefs.deliver(house.store, analyst, brief_id, OFFICER, house.now)
    return alert_id


def reply_to(mail: EmailMessage, text: str) -> bytes:
    """Answer a mail as Outlook does: the original below, unmarked."""
    reply = EmailMessage()
    reply["From"], reply["To"] = f"Omar <{OFFICER}>", str(mail["Reply-To"])
    reply["Subject"], reply["Message-ID"] = "RE: a brief", "<outlook-1@un.example>"
    reply["In-Reply-To"] = str(mail["Message-ID"])
    original = (
        f"From: {mail['From']}\nSent: Wednesday\nTo: Omar\nSubject: {mail['Subject']}\n\n{mail.get_content()}"
    )
    reply.set_content(f"{text}\n\n________________________________\n{original}")
    return reply.as_bytes()


def deliveries(sink: SmtpSink) -> list[EmailMessage]:
    """Return the mails that hold the link to a brief; notices and the digest come as well."""
    mails = [mail.content for mail in sink.messages if not mail.content.is_multipart()]
    return [mail for mail in mails if "/brief/" in mail.get_content()]


def test_an_officer_replies_and_an_analyst_confirms(
    house: House, database_url: str, feeds: FeedServer, smtp_sink: SmtpSink, page: Page, tmp_path: Path
) -> None:
    analyst, _ = house.viewer(Role.ANALYST, name="Ana"), house.viewer(Role.OFFICER, "UN", name="Omar")
    alert_id = delivered(house, analyst)
    home = tmp_path / "home"
    home.mkdir()
    with maildir(home / "box") as box:
        env = {
            "TRACKER_DATABASE_URL": database_url,
            "TRACKER_SMTP_URL": smtp_sink.url,
            "TRACKER_MAILBOX_URL": box.url,
        }
        program = Program(home, env, house.now)
        with program.running() as jobs:
            jobs.wait_until(lambda: bool(deliveries(smtp_sink)))
            box.put(reply_to(deliveries(smtp_sink)[0], "NOT ACTING NOW because the mission already went."))
            program.later(minutes=4)
            jobs.wait_for("replies done: 1 answer taken in")
        assert OFFICER not in jobs.log
        program.tracker("doctor")
        program.env["TRACKER_MAILBOX_URL"] = "maildir:///nowhere?address=replies@early.example"
        assert "There is no Maildir" in program.tracker("doctor", code=1).stderr
        platform = Platform(program, feeds, smtp_sink)
        desk = Desk(page, platform, page.locator("body"))
        with platform.serving():
            desk.signs_in(ANALYST)
            desk.opens("/")
            desk.sees("1 answer by mail waits to be confirmed")
            desk.presses("Read it")
            desk.sees("NOT ACTING NOW because the mission already went.")
            desk.sees("Reads as: not acting now")
            desk.part = page.locator(".st-key-card-mail-replies")
            desk.waits()
            desk.chooses("Why", "Others already deal with it")
            desk.sends("Confirm", "Confirmed.")
            desk.part = page.locator(".st-key-card-answers")
            desk.sees(re.compile(r"Not acting now · officer, UN · by mail"))  # type: ignore[arg-type]
        (row,) = program.exported("alerts", "--as", ANALYST)
        assert row["id"] == alert_id
        assert row["decided_how_known"] == "by_mail"
