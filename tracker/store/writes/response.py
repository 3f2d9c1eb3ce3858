"""Briefs, deliveries, decisions, actions, outcomes, lessons, release lines: read under lock, written, changed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import and_, func, or_, select, update

from tracker.domain.viewer import Viewer
from tracker.domain.words import (
    ActionStatus,
    Answer,
    BriefState,
    Confidence,
    DecisionKind,
    Hidden,
    HowKnown,
    ItemKind,
    Likelihood,
    OutcomeResult,
)
from tracker.errors import NotFoundError, StaleError
from tracker.store.columns import new_id
from tracker.store.session import SystemSession
from tracker.store.tables import (
    Action,
    AlertSignal,
    Brief,
    Decision,
    Delivery,
    Item,
    Lesson,
    Outcome,
    ReleaseLine,
    SignalEvidence,
)
from tracker.store.visibility import granted, holder, scope, within_clearance
from tracker.store.writes.log import Label, append, share_red

_Held = TypeVar("_Held", Brief, Delivery, Action)


@dataclass(frozen=True)
class BriefText:
    """What a brief says. `options` are (what, by whom, by when) in words, best first; two or more to deliver.

    `claims` are (what, who says it, its grade such as B3), where sources disagree; else there are none.
    """

    headline: str
    bottom_line: str
    why_now: str
    outlook: Likelihood
    confidence: Confidence
    would_change_our_mind: str
    options: tuple[tuple[str, str, str], ...]
    decision_needed_by: datetime
    claims: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class BriefNow:
    """A brief as it stands now, under lock."""

    id: str
    alert_id: str
    number: int
    state: BriefState
    label: Label
    option_count: int
    revision: int


@dataclass(frozen=True)
class Draft:
    """A draft to be kept: what it says, under which label, by whom, over which revision that they saw."""

    said: BriefText
    label: Label
    author_id: str
    seen: int | None


def store_draft(work: SystemSession, alert_id: str, new: Draft) -> str:
    """Write the alert's draft: over the present one, else as the next version; return its ULID.

    Raises:
        StaleError: somebody wrote on the draft since the author saw it; nothing of theirs is lost.
    """
    said, label = new.said, new.label
    draft = work.scalars(
        select(Brief)
        .where(Brief.alert_id == alert_id, Brief.state == BriefState.DRAFT, Brief.hidden_at.is_(None))
        .with_for_update()
    ).first()
    if draft is None:
        newest = work.scalar(select(func.max(Brief.number)).where(Brief.alert_id == alert_id))
        draft = Brief(
            id=new_id(work.now),
            alert_id=alert_id,
            number=(newest or 0) + 1,
            state=BriefState.DRAFT,
            revision=0,
            org_id=label.org_id,
        )
        work.add(draft)
    elif new.seen is not None and new.seen != draft.revision:
        raise StaleError(
            "Somebody wrote on this brief while you did. Copy your text, look at theirs, then save yours."
        )
    for name in ("headline", "bottom_line", "why_now", "outlook", "confidence", "would_change_our_mind"):
        setattr(draft, name, getattr(said, name))
    draft.options = [{"what": what, "owner": owner, "by": by} for what, owner, by in said.options]
    draft.claims = [{"what": what, "who": who, "grade": grade} for what, who, grade in said.claims]
    draft.decision_needed_by = said.decision_needed_by
    draft.author_id, draft.written_at = new.author_id, work.now
    draft.tlp, draft.org_id, draft.country = label.tlp, label.org_id, label.country
    draft.revision += 1
    work.flush()
    share_red(work, label, [draft.id])
    return draft.id


def lock_brief(work: SystemSession, brief_id: str) -> BriefNow:
    """Return a brief and hold it.

    Raises:
        NotFoundError: there is none.
    """
    row = _held(work, Brief, brief_id)
    return BriefNow(
        row.id, row.alert_id, row.number, row.state, Label.of(row), len(row.options), row.revision
    )


def _held(work: SystemSession, table: type[_Held], row_id: str) -> _Held:
    row = work.scalars(select(table).where(table.id == row_id).with_for_update()).first()
    if row is None:
        raise NotFoundError(table.__tablename__, row_id)
    return row


def freeze_brief(work: SystemSession, brief_id: str) -> None:
    """Make a draft a version that is never changed again."""
    work.execute(
        update(Brief)
        .where(Brief.id == brief_id, Brief.state == BriefState.DRAFT)
        .values(state=BriefState.FROZEN, frozen_at=work.now, revision=Brief.revision + 1)
    )


def store_delivery(work: SystemSession, brief: BriefNow, recipient_id: str) -> str | None:
    """Write that a brief was given to a person; None where they have this version already."""
    had = select(Delivery.id).where(Delivery.brief_id == brief.id, Delivery.recipient_id == recipient_id)
    if work.scalar(had) is not None:
        return None
    return append(
        work,
        Delivery,
        brief.label,
        alert_id=brief.alert_id,
        brief_id=brief.id,
        recipient_id=recipient_id,
        delivered_by=work.actor,
        delivered_at=work.now,
    )


@dataclass(frozen=True)
class DeliveryNow:
    """A delivery as it stands now, under lock."""

    id: str
    alert_id: str
    brief_id: str
    recipient_id: str
    label: Label
    delivered_at: datetime
    answer: Answer | None
    revision: int


def lock_delivery(work: SystemSession, delivery_id: str) -> DeliveryNow:
    """Return a delivery and hold it.

    Raises:
        NotFoundError: there is none.
    """
    row = _held(work, Delivery, delivery_id)
    return DeliveryNow(
        row.id,
        row.alert_id,
        row.brief_id,
        row.recipient_id,
        Label.of(row),
        row.delivered_at,
        row.answer,
        row.revision,
    )


def unanswered_delivery(work: SystemSession, alert_id: str, recipient_id: str) -> str | None:
    """Return the newest delivery to a person about an alert that they have not answered, or only received."""
    rows = (
        select(Delivery.id)
        .where(
            Delivery.alert_id == alert_id,
            Delivery.recipient_id == recipient_id,
            or_(Delivery.answer.is_(None), Delivery.answer == Answer.RECEIVED),
        )
        .order_by(Delivery.delivered_at.desc(), Delivery.id.desc())
        .limit(1)
    )
    return work.scalar(rows)


def change_delivery(work: SystemSession, delivery_id: str, **values: object) -> None:
    """Write an answer onto a delivery and count its revision up."""
    work.execute(
        update(Delivery).where(Delivery.id == delivery_id).values(**values, revision=Delivery.revision + 1)
    )


@dataclass(frozen=True)
class DecisionMade:
    """A decision: who made it, how we know, when. `review_on` is a day in UTC."""

    kind: DecisionKind
    decided_by: str
    decided_by_id: str | None
    how_known: HowKnown
    decided_at: datetime
    label: Label
    reason: str | None = None
    note: str | None = None
    option_number: int | None = None
    review_on: date | None = None
    delivery_id: str | None = None


def store_decision(work: SystemSession, alert_id: str, made: DecisionMade) -> str:
    """Append a decision; return its ULID."""
    return append(
        work,
        Decision,
        made.label,
        alert_id=alert_id,
        delivery_id=made.delivery_id,
        kind=made.kind,
        reason=made.reason,
        note=made.note,
        option_number=made.option_number,
        review_on=made.review_on,
        decided_by=made.decided_by,
        decided_by_id=made.decided_by_id,
        recorded_by=work.actor,
        how_known=made.how_known,
        decided_at=made.decided_at,
        recorded_at=work.now,
    )


def mark_reviewed(work: SystemSession, alert_id: str, decision_id: str) -> bool:
    """Write that the review of an alert's decision was kept; False where it was, or there is none such."""
    kept = work.execute(
        update(Decision)
        .where(Decision.id == decision_id, Decision.alert_id == alert_id, Decision.reviewed_at.is_(None))
        .values(reviewed_at=work.now)
        .returning(Decision.id)
    )
    return kept.first() is not None


def newest_decision(work: SystemSession, alert_id: str) -> tuple[DecisionKind, bool] | None:
    """Return the newest decision of an alert and whether its review was kept; None without any."""
    row = work.execute(
        select(Decision.kind, Decision.reviewed_at)
        .where(Decision.alert_id == alert_id, Decision.hidden_at.is_(None))
        .order_by(Decision.decided_at.desc(), Decision.id.desc())
        .limit(1)
    ).first()
    return (row[0], row[1] is not None) if row else None


@dataclass(frozen=True)
class NewAction:
    """An action to be added: what, who (role and organisation), by when (a day in UTC)."""

    kind: str
    title: str
    owner: str
    owner_org: str | None
    due_on: date
    label: Label
    decision_id: str | None = None
    owner_id: str | None = None


@dataclass(frozen=True)
class ActionNow:
    """An action as it stands now, under lock."""

    id: str
    alert_id: str
    kind: str
    owner: str
    status: ActionStatus
    label: Label
    revision: int


def store_action(work: SystemSession, alert_id: str, new: NewAction) -> str:
    """Add an action; return its ULID."""
    return append(
        work,
        Action,
        new.label,
        alert_id=alert_id,
        decision_id=new.decision_id,
        kind=new.kind,
        title=new.title,
        owner=new.owner,
        owner_org=new.owner_org,
        owner_id=new.owner_id,
        due_on=new.due_on,
        status=ActionStatus.PROPOSED,
        created_at=work.now,
    )


def lock_action(work: SystemSession, action_id: str) -> ActionNow:
    """Return an action and hold it.

    Raises:
        NotFoundError: there is none.
    """
    row = _held(work, Action, action_id)
    return ActionNow(row.id, row.alert_id, row.kind, row.owner, row.status, Label.of(row), row.revision)


def change_action(work: SystemSession, action_id: str, **values: object) -> None:
    """Write new values onto an action and count its revision up."""
    work.execute(update(Action).where(Action.id == action_id).values(**values, revision=Action.revision + 1))


@dataclass(frozen=True)
class OutcomeClaimed:
    """What came of an action, whose claim that is, how we know, when it showed."""

    result: OutcomeResult
    note: str
    claimed_by: str
    how_known: HowKnown
    happened_at: datetime
    label: Label


def store_outcome(work: SystemSession, action: ActionNow, claimed: OutcomeClaimed) -> str:
    """Append an outcome; return its ULID."""
    return append(
        work,
        Outcome,
        claimed.label,
        alert_id=action.alert_id,
        action_id=action.id,
        result=claimed.result,
        note=claimed.note,
        claimed_by=claimed.claimed_by,
        how_known=claimed.how_known,
        happened_at=claimed.happened_at,
        recorded_at=work.now,
        recorded_by=work.actor,
    )


def has_outcome(work: SystemSession, alert_id: str) -> bool:
    """Return whether any outcome of the alert is known."""
    any_of = select(Outcome.id).where(Outcome.alert_id == alert_id, Outcome.hidden_at.is_(None)).limit(1)
    return work.scalar(any_of) is not None


def store_lesson(work: SystemSession, alert_id: str, action_id: str | None, note: str, label: Label) -> str:
    """Append a lesson; return its ULID."""
    return append(
        work,
        Lesson,
        label,
        alert_id=alert_id,
        action_id=action_id,
        note=note,
        recorded_at=work.now,
        recorded_by=work.actor,
    )


def report_taken_back_at(work: SystemSession, viewer: Viewer, alert_id: str) -> datetime | None:
    """Return when a field report under an alert was last withdrawn, of those that the viewer could have seen."""
    by_right = and_(holder(Item, Item, viewer), scope(Item, Item, viewer))
    rows = (
        select(func.max(Item.hidden_at))
        .join(SignalEvidence, SignalEvidence.item_id == Item.id)
        .join(AlertSignal, AlertSignal.signal_id == SignalEvidence.signal_id)
        .where(
            AlertSignal.alert_id == alert_id,
            Item.kind == ItemKind.REPORT,
            Item.hidden_because == Hidden.WITHDRAWN,
            within_clearance(Item, viewer),
            or_(by_right, granted(Item, viewer)),
        )
    )
    return work.scalar(rows)


def store_release_line(
    work: SystemSession, alert_id: str, line: str, consent: str, label: Label, approved_by_id: str
) -> str:
    """Append a release line, in place of the alert's earlier ones of that label; return its ULID."""
    work.execute(
        update(ReleaseLine)
        .where(
            ReleaseLine.alert_id == alert_id,
            ReleaseLine.tlp == label.tlp,
            ReleaseLine.hidden_at.is_(None),
        )
        .values(hidden_at=work.now, hidden_because="superseded")
    )
    return append(
        work,
        ReleaseLine,
        label,
        alert_id=alert_id,
        line=line,
        consent=consent,
        approved_by_id=approved_by_id,
        approved_at=work.now,
    )
