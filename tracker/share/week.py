"""What one viewer may know of one ISO week, in codes, numbers and release lines: what a digest is made from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from tracker.domain.times import week_end, week_start
from tracker.domain.words import OutcomeResult
from tracker.errors import SubmissionError
from tracker.respond.checks import OutcomeCheck, checks_due
from tracker.respond.policy import Policy
from tracker.share.figures import Gap, gap, is_open
from tracker.store import ViewerSession
from tracker.store.reads import alerts as read_alerts
from tracker.store.reads import briefs as read_briefs
from tracker.store.reads import chains as read_chains
from tracker.store.reads import digest as read_digest
from tracker.store.reads import figures as read
from tracker.store.reads.alerts import AlertFilter, AlertRow
from tracker.store.reads.digest import Coming, Matter, NewLine
from tracker.store.reads.figures import ActedFact, Blindness, DecidedFact

FIGURES_OVER = timedelta(days=90)
"""The window of the figures (domain.md 3.3)."""

LATELY = timedelta(weeks=4)
"""The window within which figures of the last weeks stand beside them (domain.md 6.2)."""

RUMOUR = "RUMOUR"
"""The category whose words no mail repeats (domain.md 7, T5)."""

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
    def name(self) -> str:
        """The week as people say it, with its ISO year where its days lie in two: `week 47`, `week 53 of 2026`."""
        number, last = int(self.week[-2:]), self.until - timedelta(days=1)
        return f"week {number}" if self.since.year == last.year else f"week {number} of {self.week[:4]}"

    @property
    def coming_days(self) -> tuple[date, date]:
        """The first and the last day of the week after, UTC."""
        return self.until.date(), (self.until + timedelta(days=6)).date()


@dataclass(frozen=True)
class WeekSeen:
    """One week as one viewer sees it. `lines` holds the newest release line of each alert that has one.

    `lately` is `gap` over the last four weeks; `rumours` are those of the alerts that rest on a rumour.
    """

    gap: Gap
    lately: Gap
    alerts: Mapping[str, AlertRow]
    lines: Mapping[str, str]
    opened: tuple[str, ...]
    decided: tuple[DecidedFact, ...]
    acted: tuple[ActedFact, ...]
    outcomes: tuple[tuple[str, OutcomeResult], ...]
    closed: tuple[str, ...]
    lessons: Mapping[str, str]
    coming: tuple[Coming, ...]
    new_lines: tuple[NewLine, ...]
    rumours: frozenset[str]
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


def read_week(view: ViewerSession, period: Period, policy: Policy) -> WeekSeen:
    """Read a week in a viewer's session. What became known after the data cut is left out."""
    since, cut = period.since, period.cut
    figures_since = cut - FIGURES_OVER
    recent = read_chains.chains_since(view, figures_since, cut, known_by=cut)
    older = read_chains.open_chains(view, figures_since, cut)
    figures = gap(recent, read.signal_counts(view, figures_since, cut), policy.deadlines, cut, older)
    still_open = {chain.alert_id for chain in (*older, *recent) if is_open(chain, cut)}
    newest = [chain for chain in recent if chain.opened_at >= cut - LATELY]
    lately = gap(newest, read.signal_counts(view, cut - LATELY, cut), policy.deadlines, cut)
    opened = tuple(chain.alert_id for chain in recent if chain.opened_at >= since)
    decided = tuple(read.decisions_between(view, since, cut))
    acted = tuple(read.actions_between(view, since, cut))
    outcomes = tuple(read.outcomes_between(view, since, cut))
    closed = tuple(read.closed_between(view, since, cut))
    named = {late.alert_id for late in figures.waiting} | set(opened) | set(closed)
    named |= {fact.alert_id for fact in decided} | {fact.alert_id for fact in acted}
    named |= {alert_id for alert_id, _ in outcomes}
    coming = [
        fact for fact in read_digest.coming_up(view, period.coming_days, cut) if fact.alert_id in still_open
    ]
    coming += [
        Coming(check.due_at.date(), check.alert.id, Matter.CHECK, check.kind)
        for check in _checks(view, period, policy)
    ]
    named |= {fact.alert_id for fact in coming}
    lines = read.lines_of(view, named | still_open)
    new_lines = read_digest.new_lines(view, since, cut, _LINES_AT_MOST)
    told_of = named | {new.alert_id for new in new_lines}
    answers = read_briefs.my_deliveries(view)
    heads = _heads(view, named)
    return WeekSeen(
        gap=figures,
        lately=lately,
        alerts=heads,
        lines=lines,
        opened=opened,
        decided=decided,
        acted=acted,
        outcomes=outcomes,
        closed=closed,
        lessons=read_digest.lessons_of(view, closed),
        coming=tuple(sorted(coming, key=lambda fact: (fact.on, fact.alert_id, fact.matter))),
        new_lines=tuple(new_lines),
        rumours=frozenset(read_digest.resting_on(view, told_of, RUMOUR)),
        unreleased=len(still_open - set(lines)),
        unanswered=sum(1 for delivered in answers if delivered.answer is None),
        blindness=read.blindness(view, since),
    )


def _heads(view: ViewerSession, alert_ids: Iterable[str]) -> dict[str, AlertRow]:
    ids = tuple(alert_ids)
    wanted = AlertFilter(open_only=False, ids=ids)
    return {row.id: row for row in read_alerts.alerts(view, wanted, limit=max(1, len(ids)))}


def _checks(view: ViewerSession, period: Period, policy: Policy) -> list[OutcomeCheck]:
    """What one has to ask in the coming week."""
    week = timedelta(weeks=1, microseconds=-1)
    return checks_due(view, policy, period.until, period.until + week, known_by=period.cut)
