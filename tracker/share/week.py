"""What one viewer may know of one ISO week, in codes, numbers and release lines: what a digest is made from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from tracker.domain.deadlines import DeadlinePolicy
from tracker.domain.times import week_end, week_start
from tracker.domain.words import OutcomeResult
from tracker.errors import SubmissionError
from tracker.share.figures import Gap, gap, is_open
from tracker.store import ViewerSession
from tracker.store.reads import alerts as read_alerts
from tracker.store.reads import briefs as read_briefs
from tracker.store.reads import chains as read_chains
from tracker.store.reads import figures as read
from tracker.store.reads.alerts import AlertFilter, AlertRow
from tracker.store.reads.figures import ActedFact, Blindness, DecidedFact

FIGURES_OVER = timedelta(days=90)
"""The window of the figures (domain.md 3.3)."""

_LINES_AT_MOST = 100


@dataclass(frozen=True)
class Period:
    """An ISO week and its data cut: its end, or the present while it lasts. Instants are UTC."""

    week: str
    since: datetime
    until: datetime
    cut: datetime

    @classmethod
    def of(cls, week: str, now: datetime) -> Self:
        """Read an ISO week such as `2026-W47`.

        Raises:
            SubmissionError: not an ISO week, or one that has not begun.
        """
        try:
            since, until = week_start(week), week_end(week)
        except (ValueError, OverflowError) as error:
            raise SubmissionError("week", f"{week!r} is no ISO week; write one such as 2026-W47.") from error
        if since > now:
            raise SubmissionError("week", f"Week {week} has not begun yet.")
        return cls(week, since, until, min(until, now))

    @property
    def number(self) -> int:
        """The number of the week in its ISO year."""
        return int(self.week[-2:])


@dataclass(frozen=True)
class WeekSeen:
    """One week as one viewer sees it. `lines` holds the newest release line of each alert that has one."""

    gap: Gap
    alerts: Mapping[str, AlertRow]
    lines: Mapping[str, str]
    opened: tuple[str, ...]
    decided: tuple[DecidedFact, ...]
    acted: tuple[ActedFact, ...]
    outcomes: tuple[tuple[str, OutcomeResult], ...]
    closed: tuple[str, ...]
    lessons: frozenset[str]
    new_lines: tuple[str, ...]
    unreleased: int
    unanswered: int
    blindness: Blindness

    @property
    def waiting(self) -> frozenset[str]:
        """The alerts of the open gap."""
        return frozenset(late.alert_id for late in self.gap.waiting)

    @property
    def touched(self) -> frozenset[str]:
        """The alerts of which there is news this week."""
        return frozenset(
            [
                *self.opened,
                *self.closed,
                *(fact.alert_id for fact in self.decided),
                *(fact.alert_id for fact in self.acted),
                *(alert_id for alert_id, _ in self.outcomes),
            ]
        )


def read_week(view: ViewerSession, period: Period, policy: DeadlinePolicy) -> WeekSeen:
    """Read a week in a viewer's session. What became known after the data cut is left out."""
    since, cut = period.since, period.cut
    figures_since = cut - FIGURES_OVER
    recent = read_chains.chains_since(view, figures_since, cut, known_by=cut)
    older = read_chains.open_chains(view, figures_since, cut)
    figures = gap(recent, read.signal_counts(view, figures_since, cut), policy, cut, older)
    still_open = {chain.alert_id for chain in (*older, *recent) if is_open(chain, cut)}
    opened = tuple(chain.alert_id for chain in recent if chain.opened_at >= since)
    decided = tuple(read.decisions_between(view, since, cut))
    acted = tuple(read.actions_between(view, since, cut))
    outcomes = tuple(read.outcomes_between(view, since, cut))
    closed = tuple(read.closed_between(view, since, cut))
    named = {late.alert_id for late in figures.waiting} | set(opened) | set(closed)
    named |= {fact.alert_id for fact in decided} | {fact.alert_id for fact in acted}
    named |= {alert_id for alert_id, _ in outcomes}
    lines = read.lines_of(view, named | still_open)
    answers = read_briefs.my_deliveries(view)
    return WeekSeen(
        gap=figures,
        alerts=_heads(view, named),
        lines=lines,
        opened=opened,
        decided=decided,
        acted=acted,
        outcomes=outcomes,
        closed=closed,
        lessons=frozenset(read.with_lesson(view, closed)),
        new_lines=tuple(read.lines_between(view, since, cut, _LINES_AT_MOST)),
        unreleased=len(still_open - set(lines)),
        unanswered=sum(1 for delivered in answers if delivered.answer is None),
        blindness=read.blindness(view, since),
    )


def _heads(view: ViewerSession, alert_ids: Iterable[str]) -> dict[str, AlertRow]:
    ids = tuple(alert_ids)
    wanted = AlertFilter(open_only=False, ids=ids)
    return {row.id: row for row in read_alerts.alerts(view, wanted, limit=max(1, len(ids)))}
