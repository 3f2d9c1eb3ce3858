"""What waits for a person: the next step of each open alert, the headline over them, what changed since."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tracker.domain.deadlines import Step
from tracker.domain.viewer import Viewer
from tracker.domain.wording import counted, listed, span
from tracker.domain.words import AlertState, Level, MilestoneKind, Verification
from tracker.respond.checks import OutcomeCheck, checks_due, checks_of
from tracker.respond.policy import Policy
from tracker.respond.steps import CHECK, OUTCOME, Need, level_of, next_step
from tracker.store import Store, ViewerSession
from tracker.store.reads.alerts import AlertFilter, AlertRow, alerts
from tracker.store.reads.decisions import standing_decisions
from tracker.store.reads.news import News, news_since
from tracker.store.writes.people import looked

_AT_ONCE = 500
_ASKED_FOR = timedelta(days=180)
"""How long one goes on asking for an outcome that nobody told."""
_CHANGES = {
    ("signal", "flagged"): ("new signal", None),
    ("alert", "opened"): ("new alert", None),
    ("brief", "written"): ("brief written", "briefs written"),
    ("delivery", "delivered"): ("brief delivered", "briefs delivered"),
    ("delivery", "answered"): ("answer to a brief", "answers to briefs"),
    ("mail reply", "received"): ("answer by mail", "answers by mail"),
    ("decision", "decided"): ("decision", None),
    ("action", "added"): ("new action", None),
    ("action", "start"): ("action started", "actions started"),
    ("outcome", "recorded"): ("outcome", None),
    ("check", "checked"): ("attempt to verify", "attempts to verify"),
    ("alert", "close"): ("alert closed", "alerts closed"),
}


def needs(store: Store, viewer: Viewer, policy: Policy, now: datetime) -> list[Need]:
    """Return the next step of each open alert that the viewer may see: critical first, then longest overdue.

    An alert that was closed is among them while it is time to ask what came of an action. Of more than five hundred
    open alerts, the newest.
    """
    with store.viewing(viewer) as view:
        rows = alerts(view, AlertFilter(), limit=_AT_ONCE)
        found = next_steps(view, rows, policy, now)
        found += _afterwards(view, policy, now)
    far = datetime.max.replace(tzinfo=UTC)
    return sorted(
        found, key=lambda need: (need.level is not Level.CRITICAL, need.due_at or far, need.alert.id)
    )


def next_steps(view: ViewerSession, rows: Sequence[AlertRow], policy: Policy, now: datetime) -> list[Need]:
    """Return what is to be done next about each of some alerts, in their order: two further queries."""
    ids = [row.id for row in rows]
    standing = standing_decisions(view, ids)
    checks = _soonest(checks_of(view, rows, policy, (now - _ASKED_FOR, now)))
    due = {alert_id: check.due_at for alert_id, check in checks.items()}
    return [next_step(row, policy.deadlines, now, standing.get(row.id), due.get(row.id)) for row in rows]


def _soonest(checks: Iterable[OutcomeCheck]) -> dict[str, OutcomeCheck]:
    """The check of each alert that is due first, by alert."""
    latest_first = sorted(checks, key=lambda check: check.due_at, reverse=True)
    return {check.alert.id: check for check in latest_first}


def _afterwards(view: ViewerSession, policy: Policy, now: datetime) -> list[Need]:
    """Of closed alerts alone: of an open one its next step asks."""
    checks = _soonest(checks_due(view, policy, now - _ASKED_FOR, now))
    return [
        Need(check.alert, level_of(check.alert), CHECK, OUTCOME, check.due_at)
        for check in checks.values()
        if check.alert.state is AlertState.CLOSED
    ]


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
    """When a person last looked at their first page, and what changed since; None the first time.

    `changes` says how much of what; `news` holds it, newest first.
    """

    at: datetime | None
    changes: str
    news: tuple[News, ...] = ()


def since_last_look(store: Store, viewer: Viewer, now: datetime) -> LastLook:
    """Note that the viewer looks now, and return what they may see of what changed since they last did."""
    with store.acting(viewer.actor, "look", now) as work:
        before = looked(work, viewer.user_id)
    if before is None:
        return LastLook(None, "")
    with store.viewing(viewer) as view:
        news = tuple(each for each in news_since(view, before) if (each.subject, each.deed) in _CHANGES)
    return LastLook(before, change_words((each.subject, each.deed) for each in news), news)


def said_change(news: News) -> str:
    """Say one change: "new alert", "brief delivered"."""
    return _CHANGES[(news.subject, news.deed)][0]


def change_words(changes: Iterable[tuple[str, str]]) -> str:
    """Say how much changed, from (subject, deed) pairs; deeds that are no news are left out."""
    counts = Counter(changes)
    words = [counted(counts[deed], one, many) for deed, (one, many) in _CHANGES.items() if counts[deed]]
    return listed(words) or "nothing new"
