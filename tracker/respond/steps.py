"""What is to be done next about one alert, and when: pure, from its chain, its standing decision, its actions."""

from dataclasses import dataclass
from datetime import UTC, datetime, time

from tracker.domain.deadlines import MILESTONE_OF, DeadlinePolicy, Step
from tracker.domain.labels import highest
from tracker.domain.life import OPEN_STATES
from tracker.domain.viewer import Viewer
from tracker.domain.words import DecisionKind, Level, MilestoneKind
from tracker.store.reads.alerts import AlertRow
from tracker.store.reads.decisions import Standing

REVIEW, TAKE, CLOSE, OUTCOME = "review", "take", "close", "outcome"
ANEW, CHECK = "decide anew", "check outcome"
_MOVE_FOR = {Step.VERIFY: "verify", Step.DECIDE: "decide", Step.RESPOND: "act"}
_STEP_OF = {kind: step for step, kind in MILESTONE_OF.items()}
_Step = tuple[str, str, datetime | None]
"""A step, its move, and when it is due."""


@dataclass(frozen=True)
class Need:
    """An alert and its next step.

    `step` is the word shown with the clock, `move` what the button does (a move of domain/life, or `review`).
    `due_at` is UTC; None where nothing says when.
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


def level_of(alert: AlertRow) -> Level:
    """Return the highest level among the signals that the viewer may see."""
    return highest(level for level, _ in alert.raised)


def next_step(
    alert: AlertRow,
    policy: DeadlinePolicy,
    now: datetime,
    standing: Standing | None = None,
    check_due_at: datetime | None = None,
) -> Need:
    """Return what is to be done next about an open alert.

    What somebody decided stands until something critical joins: a decision to watch or not to act waits for its
    review, and after it for being closed or decided anew. Otherwise a late decision comes before all else; then
    whichever of verify, decide and respond is due first. Verifying is no gate: once somebody decided it is asked for
    no more. An alert without an owner is to be taken, whatever its step.

    Args:
        alert: as the viewer sees it.
        policy: the deadlines by level.
        now: aware UTC.
        standing: its newest decision.
        check_due_at: when one has to ask what came of its actions, UTC.
    """
    step, move, due_at = _stands(alert, policy, standing) or _due(alert, policy, standing, now, check_due_at)
    nobodys = alert.owner_id is None and move != REVIEW
    return Need(alert, level_of(alert), step, TAKE if nobodys else move, due_at)


def _stands(alert: AlertRow, policy: DeadlinePolicy, standing: Standing | None) -> _Step | None:
    new_at = _grave_since_decision(alert)
    if new_at is not None:
        return Step.DECIDE, "decide", policy.due_at(Step.DECIDE, [(Level.CRITICAL, new_at)])
    if standing is None or standing.kind is DecisionKind.ACT:
        return None
    if standing.review_on is not None and standing.reviewed_at is None:
        return REVIEW, REVIEW, datetime.combine(standing.review_on, time.max, tzinfo=UTC)
    return (CLOSE, CLOSE, None) if standing.kind is DecisionKind.NOT_ACTING_NOW else (ANEW, "decide", None)


def _due(
    alert: AlertRow,
    policy: DeadlinePolicy,
    standing: Standing | None,
    now: datetime,
    check_due_at: datetime | None,
) -> _Step:
    due = still_due(alert, policy, standing)
    if not due:
        known = alert.chain.at(MilestoneKind.OUTCOME) is not None
        return (CLOSE, CLOSE, None) if known else (CHECK if check_due_at else OUTCOME, OUTCOME, check_due_at)
    far = datetime.max.replace(tzinfo=UTC)
    kind = min(due, key=lambda kind: due[kind] or far)
    decide_due = due.get(MilestoneKind.DECIDED)
    if decide_due is not None and decide_due <= now:
        kind = MilestoneKind.DECIDED
    step = _STEP_OF[kind]
    return step, _MOVE_FOR[step], due[kind]


def _grave_since_decision(alert: AlertRow) -> datetime | None:
    """When a critical signal joined after the newest decision: what was decided does not answer it."""
    decided_at = alert.chain.latest.get(MilestoneKind.DECIDED)
    since = [at for level, at in alert.raised if level is Level.CRITICAL and decided_at and at > decided_at]
    return min(since, default=None)


def still_due(
    alert: AlertRow, policy: DeadlinePolicy, standing: Standing | None
) -> dict[MilestoneKind, datetime | None]:
    """Return when the milestones are due that are still asked for; none of an alert that is not open.

    Verifying is asked for until somebody decided, a response as long as no decision says to wait or not to act.
    """
    if alert.state not in OPEN_STATES:
        return {}
    decided = alert.chain.at(MilestoneKind.DECIDED) is not None
    settled = {step for step, kind in MILESTONE_OF.items() if alert.chain.at(kind) is not None}
    settled |= {Step.VERIFY} if decided else set()
    settled |= {Step.RESPOND} if standing and standing.kind is not DecisionKind.ACT else set()
    return {
        kind: policy.due_at(step, alert.raised) for step, kind in MILESTONE_OF.items() if step not in settled
    }
