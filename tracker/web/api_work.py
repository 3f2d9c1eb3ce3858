"""The API for those who work on alerts: each address is one use case of respond, as a page's button is."""

from dataclasses import asdict, replace
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from tracker.domain.words import (
    Confidence,
    Credibility,
    DecisionKind,
    HowKnown,
    Level,
    Likelihood,
    OutcomeResult,
    Tlp,
    Verification,
)
from tracker.respond import actions, alerts, briefs, decisions, inbox, labels, release, replies
from tracker.respond.labelling import Labelling
from tracker.store.writes.response import BriefText
from tracker.web.api_words import FAULTS
from tracker.web.parts import parts_of
from tracker.web.visitors import ByToken, Now

router = APIRouter(prefix="/api", responses=FAULTS)

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
Made = dict[str, str]
"""What was made: its id."""


class Body(BaseModel):
    """What a program sends: known fields only."""

    model_config = ConfigDict(extra="forbid")


class Why(Body):
    """A reason of the vocabulary, and a note."""

    reason: str
    note: Words | None = None


class Attach(Body):
    """The alert that a signal goes under."""

    alert_id: str


class Snooze(Body):
    """When a signal comes back."""

    until: AwareDatetime


class Owner(Body):
    """Who is to own an alert."""

    email: str


class Merge(Body):
    """The open alert that another is folded into."""

    into: str


class Hand(Body):
    """An alert raised by hand."""

    country: str
    theme: str
    level: Level
    ground: Words
    tlp: Tlp
    emerged_at: AwareDatetime


class Labelled(Body):
    """A label, and why where it is looser than what the text rests on; without one, the strictest of that."""

    tlp: Tlp | None = None
    label_reason: Words | None = None

    def labelling(self) -> Labelling:
        """Return the author's choice."""
        return Labelling(self.tlp, self.label_reason)


class Check(Labelled):
    """What an attempt to verify found."""

    verification: Verification
    credibility: Credibility
    method: Words
    note: Words | None = None


class Option(Body):
    """One thing that could be done: what, by whom, by when."""

    what: Words
    owner: Words
    by: Words


class Claim(Body):
    """What one side says where sources disagree; the grade is Admiralty's, such as B3."""

    what: Words
    who: Words
    grade: str


class BriefBody(Labelled):
    """The one-page warning."""

    headline: Words
    bottom_line: Words
    why_now: Words
    outlook: Likelihood
    confidence: Confidence
    would_change_our_mind: Words
    options: list[Option]
    claims: list[Claim] = []
    decision_needed_by: AwareDatetime
    seen: int | None = None


class Recipient(Body):
    """To whom a brief is given."""

    email: str
    seen: int | None = None


class DecisionBody(Labelled):
    """A decision that somebody told us of."""

    kind: DecisionKind
    decided_by: Words
    how_known: HowKnown
    decided_at: AwareDatetime
    reason: str | None = None
    note: Words | None = None
    review_on: date | None = None


class ActionBody(Labelled):
    """Who does what by when."""

    kind: str
    title: Words
    owner: Words
    owner_org: Words | None = None
    has_started: bool = False
    due_on: date
    decision_id: str | None = None


class MoveBody(Body):
    """A move of an action: agree, start, finish, block or cancel."""

    move: str
    happened_at: AwareDatetime
    note: Words | None = None
    seen: int | None = None


class OutcomeBody(Labelled):
    """What came of an action."""

    result: OutcomeResult
    note: Words
    claimed_by: Words
    how_known: HowKnown
    happened_at: AwareDatetime
    lesson: Words | None = None
    is_done: bool = False


class LabelBody(Body):
    """A stricter label for an item, and why."""

    tlp: Tlp
    reason: Words


class ReplyBody(Body):
    """What a reporter will read when they come back with their code."""

    words: Words


class LineBody(Body):
    """A line that is safe to pass on."""

    line: Words
    consent: Words
    tlp: Tlp = Tlp.GREEN
    rests_on_others: bool = False


def _fields(said: Labelled) -> dict[str, Any]:
    return said.model_dump(exclude=set(Labelled.model_fields))


@router.post("/signals/{signal_id}/promote", status_code=201)
def promote(request: Request, now: Now, viewer: ByToken, signal_id: str) -> dict[str, str | bool]:
    """Make an alert of a signal, or put it under the open one of its country and theme."""
    return asdict(inbox.promote(parts_of(request).store, viewer, signal_id, now))


@router.post("/signals/{signal_id}/dismiss", status_code=204)
def dismiss_signal(request: Request, now: Now, viewer: ByToken, signal_id: str, why: Why) -> None:
    """Say that a signal is not worth an alert."""
    inbox.dismiss(parts_of(request).store, viewer, signal_id, why.reason, now, why.note)


@router.post("/signals/{signal_id}/attach", status_code=201)
def attach(request: Request, now: Now, viewer: ByToken, signal_id: str, to: Attach) -> dict[str, str | bool]:
    """Put a signal under an open alert, whatever its country and theme."""
    return asdict(inbox.attach(parts_of(request).store, viewer, signal_id, to.alert_id, now))


@router.post("/signals/{signal_id}/snooze", status_code=204)
def snooze(request: Request, now: Now, viewer: ByToken, signal_id: str, said: Snooze) -> None:
    """Put a signal aside; it comes back by itself."""
    inbox.snooze(parts_of(request).store, viewer, signal_id, said.until, now)


@router.post("/items/{item_id}/label", status_code=204)
def tighten(request: Request, now: Now, viewer: ByToken, item_id: str, said: LabelBody) -> None:
    """Give an item a stricter label; what may no longer hold it is hidden at once."""
    labels.tighten(parts_of(request).store, viewer, item_id, said.tlp, said.reason, now)


@router.post("/items/{item_id}/reply", status_code=204)
def reply(request: Request, now: Now, viewer: ByToken, item_id: str, said: ReplyBody) -> None:
    """Answer the one who reported; they read it with their receipt code."""
    replies.reply(parts_of(request).store, viewer, item_id, said.words, now)


@router.post("/alerts", status_code=201)
def raise_by_hand(request: Request, now: Now, viewer: ByToken, said: Hand) -> dict[str, str | bool]:
    """Raise an alert by hand."""
    hand = inbox.ByHand(said.country, said.theme, said.level, said.ground, said.tlp, said.emerged_at)
    return asdict(inbox.raise_by_hand(parts_of(request).store, viewer, hand, now))


@router.post("/alerts/{alert_id}/take", status_code=204)
def take(request: Request, now: Now, viewer: ByToken, alert_id: str) -> None:
    """Become the owner of an alert."""
    alerts.take(parts_of(request).store, viewer, alert_id, now)


@router.post("/alerts/{alert_id}/hand-over", status_code=204)
def hand_over(request: Request, now: Now, viewer: ByToken, alert_id: str, to: Owner) -> None:
    """Make somebody else the owner."""
    alerts.hand_over(parts_of(request).store, viewer, alert_id, to.email, now)


@router.post("/alerts/{alert_id}/verify", status_code=204)
def verify(request: Request, now: Now, viewer: ByToken, alert_id: str, said: Check) -> None:
    """Write down an attempt to verify."""
    verdict = alerts.Verdict(said.verification, said.credibility, said.method, said.note, said.labelling())
    alerts.verify(parts_of(request).store, viewer, alert_id, verdict, now)


@router.post("/alerts/{alert_id}/brief", status_code=201)
def write_brief(request: Request, now: Now, viewer: ByToken, alert_id: str, said: BriefBody) -> Made:
    """Write the draft of the brief."""
    text = BriefText(
        headline=said.headline,
        bottom_line=said.bottom_line,
        why_now=said.why_now,
        outlook=said.outlook,
        confidence=said.confidence,
        would_change_our_mind=said.would_change_our_mind,
        options=tuple((option.what, option.owner, option.by) for option in said.options),
        decision_needed_by=said.decision_needed_by,
        claims=tuple((claim.what, claim.who, claim.grade) for claim in said.claims),
    )
    labelling = replace(said.labelling(), seen=said.seen)
    return {"id": briefs.write_brief(parts_of(request).store, viewer, alert_id, text, labelling, now)}


@router.post("/briefs/{brief_id}/deliver", status_code=201)
def deliver(request: Request, now: Now, viewer: ByToken, brief_id: str, to: Recipient) -> Made:
    """Freeze a brief and give it to a named person."""
    return {"id": briefs.deliver(parts_of(request).store, viewer, brief_id, to.email, now, to.seen)}


@router.post("/alerts/{alert_id}/decisions", status_code=201)
def record_decision(request: Request, now: Now, viewer: ByToken, alert_id: str, said: DecisionBody) -> Made:
    """Record a decision that was made outside the tool."""
    told = decisions.DecisionTold(**_fields(said), labelling=said.labelling())
    return {"id": decisions.record_decision(parts_of(request).store, viewer, alert_id, told, now)}


@router.post("/alerts/{alert_id}/decisions/{decision_id}/reviewed", status_code=204)
def keep_review(request: Request, now: Now, viewer: ByToken, alert_id: str, decision_id: str) -> None:
    """Say that a decision was looked at again, and stands."""
    decisions.keep_review(parts_of(request).store, viewer, alert_id, decision_id, now)


@router.post("/alerts/{alert_id}/actions", status_code=201)
def add_action(request: Request, now: Now, viewer: ByToken, alert_id: str, said: ActionBody) -> Made:
    """Add an action."""
    planned = actions.ActionPlanned(**_fields(said), labelling=said.labelling())
    return {"id": actions.add_action(parts_of(request).store, viewer, alert_id, planned, now)}


@router.post("/actions/{action_id}/moves", status_code=201)
def move_action(request: Request, now: Now, viewer: ByToken, action_id: str, said: MoveBody) -> Made:
    """Move an action on."""
    move = actions.Move(said.move, said.happened_at, said.note, said.seen)
    return {"status": actions.move_action(parts_of(request).store, viewer, action_id, move, now)}


@router.post("/actions/{action_id}/outcomes", status_code=201)
def record_outcome(request: Request, now: Now, viewer: ByToken, action_id: str, said: OutcomeBody) -> Made:
    """Record what came of an action, and what to remember."""
    told = actions.OutcomeTold(**_fields(said), labelling=said.labelling())
    return {"id": actions.record_outcome(parts_of(request).store, viewer, action_id, told, now)}


@router.post("/alerts/{alert_id}/release", status_code=201)
def approve_line(request: Request, now: Now, viewer: ByToken, alert_id: str, said: LineBody) -> Made:
    """Approve a line as safe to pass on."""
    line = release.LineSaid(**said.model_dump())
    return {"id": release.approve_release_line(parts_of(request).store, viewer, alert_id, line, now)}


@router.post("/alerts/{alert_id}/close", status_code=204)
def close(request: Request, now: Now, viewer: ByToken, alert_id: str, why: Why | None = None) -> None:
    """Close an alert."""
    said = (why.reason, why.note) if why else (None, None)
    alerts.close(parts_of(request).store, viewer, alert_id, now, said)


@router.post("/alerts/{alert_id}/dismiss", status_code=204)
def dismiss_alert(request: Request, now: Now, viewer: ByToken, alert_id: str, why: Why) -> None:
    """Say that an alert was none."""
    alerts.dismiss(parts_of(request).store, viewer, alert_id, why.reason, now, why.note)


@router.post("/alerts/{alert_id}/merge", status_code=204)
def merge(request: Request, now: Now, viewer: ByToken, alert_id: str, said: Merge) -> None:
    """Fold an alert into another open one."""
    alerts.merge(parts_of(request).store, viewer, alert_id, said.into, now)


@router.post("/alerts/{alert_id}/reopen", status_code=201)
def reopen(request: Request, now: Now, viewer: ByToken, alert_id: str) -> Made:
    """Open an alert again; the id is of the open one that it went into where there is one."""
    return {"id": alerts.reopen(parts_of(request).store, viewer, alert_id, now)}
