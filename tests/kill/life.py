"""The thread as steps that a person, a partner's phone or a job would take again if the program died under them.

Every step looks first at what is there, as people do who find a page half-way: a step that was done does nothing.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from sqlalchemy import select

from tracker.access.audit import seal_audit
from tracker.access.people import viewer_of_email
from tracker.access.signin import make_token
from tracker.domain.viewer import Viewer
from tracker.domain.words import (
    ActionStatus,
    Answer,
    Confidence,
    HowKnown,
    Likelihood,
    OutboxKind,
    OutcomeResult,
    Tlp,
)
from tracker.ingest.mailbox import MailboxPlace
from tracker.ingest.policy import FetchPolicy
from tracker.ingest.poll import poll
from tracker.pipeline import work_through
from tracker.respond import actions, alerts, briefs, inbox, release
from tracker.respond.deadlines import remind
from tracker.respond.labelling import Labelling
from tracker.respond.mail_replies import AnswerConfirmed, confirm
from tracker.settings import Settings
from tracker.share.digest_queue import queue_digest
from tracker.share.editing import approve_digest
from tracker.share.sender import send_due
from tracker.share.taking_in import take_in
from tracker.store import Store
from tracker.store.reads.actions import actions_of
from tracker.store.reads.alerts import AlertFile, AlertFilter, alert_file
from tracker.store.reads.alerts import alerts as list_alerts
from tracker.store.reads.briefs import my_deliveries
from tracker.store.reads.inbox import waiting_signals
from tracker.store.reads.mail_replies import waiting_mail_replies
from tracker.store.tables import Outbox
from tracker.store.writes.response import BriefText
from tracker.web.app import create_app

ANALYST, OFFICER, PARTNER = "ana@x.example", "omar@un.example", "pat@cso.example"
COORDINATOR = "cleo@x.example"
REPORT = {
    "what": "Leaflets tell one group to leave by Friday. Houses were marked at night.",
    "country": "KEN",
    "kind": "threat",
    "when": "today",
    "how_known": "saw_it",
    "client_id": "phone-1",
}


@dataclass(frozen=True)
class Scene:
    """Where a step plays: the store, what the environment says, the instant."""

    store: Store
    settings: Settings
    now: datetime

    def viewer(self, email: str) -> Viewer:
        return viewer_of_email(self.store, email, self.now)

    def alert_of(self, country: str) -> AlertFile | None:
        with self.store.viewing(self.viewer(ANALYST)) as view:
            found = list_alerts(view, AlertFilter(open_only=False, country=country))
            return alert_file(view, found[0].id) if found else None

    def the_alert(self) -> AlertFile:
        found = self.alert_of("MLI")
        assert found is not None, "the news did not become an alert"
        return found


def poll_feed(scene: Scene) -> None:
    policy = replace(FetchPolicy.of(scene.settings), parsers=1)
    poll(scene.store, policy, now=lambda: scene.now, everything=True)


def post_report(scene: Scene) -> None:
    """A phone sends the same report again until it has an answer."""
    token = make_token(scene.store, scene.viewer(PARTNER).user_id, "phone", scene.now)
    sent = asyncio.run(_post(scene, {"Authorization": f"Bearer {token}"}))
    assert sent.status_code in (200, 201), sent.text


async def _post(scene: Scene, headers: dict[str, str]) -> httpx.Response:
    transport = httpx.ASGITransport(create_app(scene.store, scene.settings))
    async with httpx.AsyncClient(transport=transport, base_url="http://early.example") as phone:
        return await phone.post("/api/reports", json=REPORT, headers=headers)


def work(scene: Scene) -> None:
    work_through(scene.store, scene.now)


def promote(scene: Scene) -> None:
    analyst = scene.viewer(ANALYST)
    with scene.store.viewing(analyst) as view:
        waiting = [row.id for row in waiting_signals(view) if row.country == "MLI"]
    for signal_id in waiting:
        inbox.promote(scene.store, analyst, signal_id, scene.now)


def take(scene: Scene) -> None:
    file = scene.the_alert()
    if file.alert.owner_id is None:
        alerts.take(scene.store, scene.viewer(ANALYST), file.alert.id, scene.now)


def write_brief(scene: Scene) -> None:
    file = scene.the_alert()
    if file.briefs:
        return
    said = BriefText(
        headline="Attacks grow",
        bottom_line="More attacks are likely.",
        why_now="Twelve reports this week.",
        outlook=Likelihood.LIKELY,
        confidence=Confidence.MEDIUM,
        would_change_our_mind="Two calm weeks.",
        options=(("Talk", "elders", "today"), ("Call", "adviser", "today")),
        decision_needed_by=scene.now + timedelta(days=1),
    )
    labelling = Labelling(Tlp.AMBER)
    briefs.write_brief(scene.store, scene.viewer(ANALYST), file.alert.id, said, labelling, scene.now)


def deliver(scene: Scene) -> None:
    file = scene.the_alert()
    if not file.deliveries:
        briefs.deliver(scene.store, scene.viewer(ANALYST), file.briefs[0].id, OFFICER, scene.now)


def answer(scene: Scene) -> None:
    officer = scene.viewer(OFFICER)
    with scene.store.viewing(officer) as view:
        delivery = my_deliveries(view)[0]
    given = briefs.AnswerGiven(Answer.ACT, 1)
    briefs.answer(scene.store, officer, delivery.id, given, scene.now)


def write_back(scene: Scene) -> None:
    """The officer answers the mail too; a mail server delivers a letter by renaming it into place, once."""
    with scene.store.looking("test", scene.now) as session:
        message_id = session.scalars(
            select(Outbox.message_id).where(Outbox.kind == OutboxKind.DELIVERY)
        ).one()
    headers = f"From: {OFFICER}\nMessage-ID: <reply@un.example>\nIn-Reply-To: {message_id}\n\n"
    for name, text in (("1.reply", "ACT"), ("2.spam", "Buy now")):
        letter = headers if name == "1.reply" else "From: a@b.example\n\n"
        if not any(mailbox(scene).rglob(f"{name}*")):
            (mailbox(scene) / "tmp" / name).write_text(letter + text, encoding="utf-8")
            (mailbox(scene) / "tmp" / name).rename(mailbox(scene) / "new" / name)


def mailbox(scene: Scene) -> Path:
    """Return the folder of this life's Maildir."""
    place = MailboxPlace.of(scene.settings)
    assert place is not None
    return Path(place.folder)


def read_mailbox(scene: Scene) -> None:
    take_in(scene.store, scene.settings, scene.now)
    assert [path.name for path in (mailbox(scene) / "new").iterdir()] == []


def confirm_reply(scene: Scene) -> None:
    analyst = scene.viewer(ANALYST)
    with scene.store.viewing(analyst) as view:
        waiting = [reply.id for reply in waiting_mail_replies(view)]
    for reply_id in waiting:
        said = AnswerConfirmed(Answer.ACT, labelling=Labelling(Tlp.AMBER))
        confirm(scene.store, analyst, reply_id, said, scene.now)


def act(scene: Scene) -> None:
    analyst, alert_id = scene.viewer(ANALYST), scene.the_alert().alert.id
    with scene.store.viewing(analyst) as view:
        present = actions_of(view, alert_id)
    if not present:
        due = (scene.now + timedelta(days=5)).date()
        planned = actions.ActionPlanned(
            "DIALOGUE", "Bring both together", "elders", due, Labelling(Tlp.AMBER)
        )
        actions.add_action(scene.store, analyst, alert_id, planned, scene.now)


def start_and_finish(scene: Scene) -> None:
    analyst = scene.viewer(ANALYST)
    for name, before in (("start", ActionStatus.PROPOSED), ("finish", ActionStatus.UNDER_WAY)):
        with scene.store.viewing(analyst) as view:
            action = actions_of(view, scene.the_alert().alert.id)[0]
        if action.status is before:
            actions.move_action(scene.store, analyst, action.id, actions.Move(name, scene.now), scene.now)


def record_outcome(scene: Scene) -> None:
    analyst, file = scene.viewer(ANALYST), scene.the_alert()
    if file.outcomes:
        return
    with scene.store.viewing(analyst) as view:
        action = actions_of(view, file.alert.id)[0]
    known = HowKnown.TOLD_IN_A_CALL
    told = actions.OutcomeTold(
        OutcomeResult.EASED, "Calm.", "elders", known, scene.now, Labelling(Tlp.AMBER), "Go early."
    )
    actions.record_outcome(scene.store, analyst, action.id, told, scene.now)


def approve_line(scene: Scene) -> None:
    file = scene.the_alert()
    if not file.lines:
        said = release.LineSaid("Attacks have eased after mediation.", "Elders agreed.")
        release.approve_release_line(scene.store, scene.viewer(ANALYST), file.alert.id, said, scene.now)


def close(scene: Scene) -> None:
    file = scene.the_alert()
    if file.alert.closed_at is None:
        alerts.close(scene.store, scene.viewer(ANALYST), file.alert.id, scene.now)


def remind_owners(scene: Scene) -> None:
    remind(scene.store, scene.now)


def digest(scene: Scene) -> None:
    week = "2026-W47"
    queue_digest(scene.store, week, scene.now)
    approve_digest(scene.store, scene.viewer(COORDINATOR), week, scene.now)
    queue_digest(scene.store, week, scene.now)


def send(scene: Scene) -> None:
    send_due(scene.store, scene.settings, scene.now)


def seal(scene: Scene) -> None:
    while True:
        with scene.store.acting("job:housekeeping", "seal", scene.now) as session:
            if not seal_audit(session):
                return


STEPS: dict[str, Callable[[Scene], None]] = {
    "poll": poll_feed,
    "report": post_report,
    "work": work,
    "promote": promote,
    "take": take,
    "brief": write_brief,
    "deliver": deliver,
    "send brief": send,
    "answer": answer,
    "write back": write_back,
    "read mailbox": read_mailbox,
    "confirm reply": confirm_reply,
    "act": act,
    "start and finish": start_and_finish,
    "outcome": record_outcome,
    "release": approve_line,
    "close": close,
    "remind": remind_owners,
    "digest": digest,
    "send digest": send,
    "seal": seal,
}
"""In the order in which a life goes through them."""


def scene_at(url: str, now: datetime, environment: dict[str, str], data_dir: Path) -> Scene:
    """Open the store and stand in the scene."""
    settings = Settings.read(environment | {"TRACKER_DATABASE_URL": url, "TRACKER_DATA_DIR": str(data_dir)})
    return Scene(Store.open(url), settings, now)
