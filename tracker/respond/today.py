"""What waits for a person: the next step of each open alert, the headline over them, what changed since."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from tracker.domain.deadlines import MILESTONE_OF, DeadlinePolicy, Step
from tracker.domain.labels import highest
from tracker.domain.life import OPEN_STATES
from tracker.domain.viewer import Viewer
from tracker.domain.wording import counted, listed, span
from tracker.domain.words import Level, MilestoneKind, Verification
from tracker.store import Store, ViewerSession
from tracker.store.reads.alerts import AlertFilter, AlertRow, alerts, changes_since, due_reviews
from tracker.store.writes.people import looked

_AT_ONCE = 500
_REVIEWS_AHEAD = timedelta(days=60)
_MOVE_FOR = {Step.VERIFY: "verify", Step.DECIDE: "decide", Step.RESPOND: "act"}
_STEP_OF = {kind: step for step, kind in MILESTONE_OF.items()}
REVIEW, TAKE = "review", "take"
_CHANGES = {
    ("signal", "flagged"): ("new signal", None),
    ("alert", "opened"): ("new alert", None),
    ("brief", "written"): ("brief written", "briefs written"),
    ("delivery", "delivered"): ("brief delivered", "briefs delivered"),
    ("delivery", "answered"): ("answer to a brief", "answers to briefs"),
    ("decision", "decided"): ("decision", None),
    ("action", "added"): ("new action", None),
    ("action", "start"): ("action started", "actions started"),
    ("outcome", "recorded"): ("outcome", None),
    ("check", "checked"): ("attempt to verify", "attempts to verify"),
    ("alert", "close"): ("alert closed", "alerts closed"),
}


@dataclass(frozen=True)
class Need:
    """An open alert and its next step.

    `step` is the word shown with the clock, `move` what the button does (a move of domain/life, or `review`).
    `due_at` is UTC; None where the viewer sees no signal that a clock could start from.
    """

    alert: AlertRow
    level: Level
    step: str
    move: str
    due_at: datetime | None

    def late_at(self, now: datetime) -> bool:
        """Return whether the step is past its time."""
        return self.due_at is not None and self.due_at <= now

    def is_for(self, viewer: Viewer, now: datetime) -> bool:
        """Return whether it needs this person: theirs, nobody's, critical, or late."""
        return (
            self.alert.owner_id in (None, viewer.user_id) or self.level is Level.CRITICAL or self.late_at(now)
        )


def needs(store: Store, viewer: Viewer, policy: DeadlinePolicy, now: datetime) -> list[Need]:
    """Return the next step of each open alert that the viewer may see: critical first, then longest overdue.

    Of more than five hundred open alerts, the newest.
    """
    with store.viewing(viewer) as view:
        rows = alerts(view, AlertFilter(), limit=_AT_ONCE)
        review_on = reviews_ahead(view, now)
    found = [next_step(row, policy, review_on.get(row.id), now) for row in rows]
    far = datetime.max.replace(tzinfo=UTC)
    return sorted(
        found, key=lambda need: (need.level is not Level.CRITICAL, need.due_at or far, need.alert.id)
    )


def reviews_ahead(view: ViewerSession, now: datetime) -> dict[str, date]:
    """Return the day of the next review that was not kept yet, by alert."""
    found = due_reviews(view, (now + _REVIEWS_AHEAD).date(), limit=_AT_ONCE)
    return {alert_id: decision.review_on for alert_id, decision in reversed(found) if decision.review_on}


def next_step(alert: AlertRow, policy: DeadlinePolicy, review_on: date | None, now: datetime) -> Need:
    """Return what is to be done next about an open alert.

    A decision to watch or not to act waits for its review. Otherwise a late decision comes before all else;
    then whichever of verify, decide and respond is due first. Verifying is no gate: once somebody decided it
    is asked for no more. An alert without an owner is to be taken, whatever its step.
    """
    level = highest(level for level, _ in alert.raised)
    new_at = _grave_since_decision(alert)
    if new_at is not None:
        due_at = policy.due_at(Step.DECIDE, [(Level.CRITICAL, new_at)])
        return Need(alert, level, Step.DECIDE, _MOVE_FOR[Step.DECIDE] if alert.owner_id else TAKE, due_at)
    if alert.chain.at(MilestoneKind.DECIDED) is not None and review_on is not None:
        return Need(alert, level, REVIEW, REVIEW, datetime.combine(review_on, time.max, tzinfo=UTC))
    due = still_due(alert, policy, review_on)
    if not due:
        known = alert.chain.at(MilestoneKind.OUTCOME) is not None
        step, move = ("close", "close") if known else ("outcome", "act")
        return Need(alert, level, step, move if alert.owner_id else TAKE, None)
    far = datetime.max.replace(tzinfo=UTC)
    kind = min(due, key=lambda kind: due[kind] or far)
    decide_due = due.get(MilestoneKind.DECIDED)
    if decide_due is not None and decide_due <= now:
        kind = MilestoneKind.DECIDED
    step_ = _STEP_OF[kind]
    return Need(alert, level, step_, _MOVE_FOR[step_] if alert.owner_id else TAKE, due[kind])


def _grave_since_decision(alert: AlertRow) -> datetime | None:
    """When a critical signal joined after the newest decision: what was decided does not answer it."""
    decided_at = alert.chain.latest.get(MilestoneKind.DECIDED)
    since = [at for level, at in alert.raised if level is Level.CRITICAL and decided_at and at > decided_at]
    return min(since, default=None)


def still_due(
    alert: AlertRow, policy: DeadlinePolicy, review_on: date | None
) -> dict[MilestoneKind, datetime | None]:
    """Return when the milestones are due that are still asked for; none of an alert that is not open.

    Verifying is asked for until somebody decided, a response not while a decision waits for its review.
    """
    if alert.state not in OPEN_STATES:
        return {}
    decided = alert.chain.at(MilestoneKind.DECIDED) is not None
    settled = {step for step, kind in MILESTONE_OF.items() if alert.chain.at(kind) is not None}
    settled |= {Step.VERIFY} if decided else set()
    settled |= {Step.RESPOND} if decided and review_on else set()
    return {
        kind: policy.due_at(step, alert.raised) for step, kind in MILESTONE_OF.items() if step not in settled
    }


def headline(found: Sequence[Need], now: datetime) -> str:
    """Say in one or two sentences what waits, built from the needs; says so where nothing does."""
    unverified = sum(
        need.level is Level.CRITICAL
        and need.alert.verification is Verification.UNVERIFIED
        and need.alert.chain.at(MilestoneKind.DECIDED) is None
        for need in found
    )
    late = [need for need in found if need.step == Step.DECIDE and need.late_at(now)]
    parts = []
    if unverified:
        waits = "waits" if unverified == 1 else "wait"
        parts.append(f"{counted(unverified, 'critical alert')} {waits} to be verified.")
    if late:
        parts.append(_late_words(late, now))
    if parts:
        return " ".join(parts)
    if found:
        return f"{counted(len(found), 'alert is', 'alerts are')} open; none is past its decision date."
    return "No alert is open."


def _late_words(late: Sequence[Need], now: datetime) -> str:
    oldest = min(late, key=lambda need: need.due_at or now)
    owner = "has an owner" if oldest.alert.owner_id else "has no owner"
    length = span(now - (oldest.due_at or now))
    if len(late) == 1:
        return f"1 alert is {length} past its decision date; it {owner}."
    return f"{len(late)} alerts are past their decision date; the oldest, {length}, {owner}."


@dataclass(frozen=True)
class LastLook:
    """When a person last looked at their first page, and what changed since, in words; None the first time."""

    at: datetime | None
    changes: str


def since_last_look(store: Store, viewer: Viewer, now: datetime) -> LastLook:
    """Note that the viewer looks now, and return what they may see of what changed since they last did."""
    with store.acting(viewer.actor, "look", now) as work:
        before = looked(work, viewer.user_id)
    if before is None:
        return LastLook(None, "")
    with store.viewing(viewer) as view:
        return LastLook(before, change_words(changes_since(view, before)))


def change_words(changes: Iterable[tuple[str, str]]) -> str:
    """Say how much changed, from (subject, deed) pairs; deeds that are no news are left out."""
    counts = Counter(changes)
    words = [counted(counts[deed], one, many) for deed, (one, many) in _CHANGES.items() if counts[deed]]
    return listed(words) or "nothing new"
