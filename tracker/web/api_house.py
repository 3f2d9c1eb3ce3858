"""The API for what is of the house and not of one alert: who is away, the weekly mail, answers by mail."""

from dataclasses import asdict
from datetime import date

from fastapi import APIRouter, Request
from pydantic import AwareDatetime

from tracker.access.permissions import Deed, require
from tracker.domain.words import Answer, EditKind
from tracker.respond import duty, mail_replies
from tracker.share import editing
from tracker.store.reads.mail_replies import waiting_mail_replies
from tracker.web.api import Rows
from tracker.web.api_words import FAULTS
from tracker.web.api_work import Body, Labelled, Made, Words
from tracker.web.parts import parts_of
from tracker.web.visitors import ByToken, Now

router = APIRouter(prefix="/api", responses=FAULTS)


class AwayBody(Body):
    """From when until when somebody cannot be reached."""

    since: AwareDatetime
    until: AwareDatetime


class PlaceBody(Body):
    """Where an alert goes in a week's digest: first, left out, or as it falls."""

    alert_id: str
    kind: EditKind


class ConfirmBody(Labelled):
    """What an analyst reads in an answer by mail; reason, note and day of review are of a decision."""

    answer: Answer
    reason: str | None = None
    note: Words | None = None
    review_on: date | None = None


@router.post("/duty/away", status_code=201)
def say_away(request: Request, now: Now, viewer: ByToken, said: AwayBody) -> Made:
    """Say that one cannot be reached; others are on duty then."""
    stretch = duty.Stretch(said.since, said.until)
    return {"id": duty.say_away(parts_of(request).store, viewer, stretch, now)}


@router.post("/digests/{week}/places", status_code=204)
def place(request: Request, now: Now, viewer: ByToken, week: str, said: PlaceBody) -> None:
    """Put an alert first in the digest of an ISO week, such as 2026-W47, or leave it out."""
    editing.place(parts_of(request).store, viewer, week, editing.Placing(said.alert_id, said.kind), now)


@router.post("/digests/{week}/approve", status_code=204)
def approve(request: Request, now: Now, viewer: ByToken, week: str) -> None:
    """Approve the digest of an ISO week for readers outside the Platform; of a week that was sent they get it now."""
    editing.approve_digest(parts_of(request).store, viewer, week, now, send=True)


@router.get("/mail-replies", response_description="The rows asked for")
def list_mail_replies(request: Request, viewer: ByToken) -> Rows:
    """List the answers by mail that wait for somebody to confirm them, the oldest first."""
    require(viewer, Deed.WORK)
    with parts_of(request).store.viewing(viewer) as view:
        return [asdict(row) for row in waiting_mail_replies(view)]


@router.post("/mail-replies/{reply_id}/confirm", status_code=201)
def confirm(
    request: Request, now: Now, viewer: ByToken, reply_id: str, said: ConfirmBody
) -> dict[str, str | None]:
    """Make an answer by mail the answer to its brief; the id is of the decision, null where it is none."""
    read = mail_replies.AnswerConfirmed(said.answer, said.review_on, said.reason, said.note, said.labelling())
    return {"id": mail_replies.confirm(parts_of(request).store, viewer, reply_id, read, now)}
