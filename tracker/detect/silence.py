"""A partner who usually reports and has stopped. Raised from the calendar, never from words. Pure.

Source of the threshold: twice the partner's own median interval, and never less than a week (the Platform's
practice notes, figure "source silence").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from tracker.detect.candidates import SignalCandidate
from tracker.domain.countries import country_name
from tracker.domain.counts import Cut
from tracker.domain.keys import SignalSubject
from tracker.domain.rules import SILENCE, SilenceRule
from tracker.domain.wording import counted
from tracker.domain.words import Subject, Tlp

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class LastReport:
    """A partner's newest report: under its label a silence is told. `country` is its main one, None for none."""

    item_id: str
    country: str | None
    severity: int | None
    tlp: Tlp
    org_id: str


@dataclass(frozen=True)
class Silence:
    """How long a partner has been silent, in days, beside their usual interval and what is allowed."""

    days: int
    usual: float
    allowed: float


def silence_of(arrivals: Sequence[datetime], now: datetime, rule: SilenceRule) -> Silence | None:
    """Return a partner's silence; None while it is not longer than allowed, or nothing is known of their habit.

    Args:
        arrivals: when their newest reports came in, UTC, oldest first. Several of one day count as one.
        now: aware UTC.
        rule: thresholds in force.
    """
    days = sorted({arrival.date() for arrival in arrivals})
    if len(days) < rule.usual_reports:
        return None
    usual = median((later - earlier).days for earlier, later in pairwise(days))
    allowed = max(rule.times_usual * usual, rule.at_least_days)
    silent = (now - max(arrivals)) / _DAY
    return Silence(int(silent), usual, allowed) if allowed < silent <= rule.forget_after_days else None


def silence_candidate(last: LastReport, country: str, theme: str, rule: SilenceRule) -> SignalCandidate:
    """Return the signal of a silence after this report, under its label."""
    grave = last.severity is not None and last.severity >= rule.grave_severity
    return SignalCandidate(
        rule=SILENCE,
        country=country,
        theme=theme,
        subject=SignalSubject(Subject.ITEM, last.item_id),
        level=rule.level_after_grave if grave else rule.level,
        cut=Cut.of(last.tlp, last.org_id),
    )


def silence_sentence(country: str, silence: Silence) -> str:
    """Say how long a partner has been silent, and what was usual."""
    usual = round(silence.usual)
    habit = "day" if usual <= 1 else f"{usual} days"
    return (
        f"A partner in {country_name(country)} has sent no report for {counted(silence.days, 'day')}; "
        f"before, one came every {habit} or so."
    )
