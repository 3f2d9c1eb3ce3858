"""The inbox: signals that wait for a person, and whether a signal or an alert is there for this viewer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select

from tracker.domain.labels import level_rank
from tracker.domain.times import iso_week, next_week
from tracker.domain.words import InboxState, Level, Subject, Tlp
from tracker.errors import NotFoundError
from tracker.store.session import ViewerSession
from tracker.store.tables import Alert, Signal, Source, WeekCount
from tracker.store.tables.items import Item
from tracker.store.tables.signals import SignalEvidence, SignalSeries

LEVEL_ORDER = case({level: level_rank(level) for level in Level}, value=Signal.level)
"""SQL for the rank of a signal's level, to sort by."""


@dataclass(frozen=True)
class SignalRow:
    """One signal as the inbox and the alert page show it. `series` holds weeks with count, expected, bound.

    `week` is the ISO week that it speaks of, or in which what it speaks of emerged.
    """

    id: str
    country: str
    theme: str
    rule: str
    level: Level
    tlp: Tlp
    sentence: str
    subject: Subject
    gravity: int | None
    observed: float | None
    expected: float | None
    bound: float | None
    source_count: int
    series: list[dict[str, Any]] | None
    emerged_at: datetime
    flagged_at: datetime
    due_at: datetime
    state: InboxState
    snoozed_until: datetime | None
    week: str


def signal_rows(view: ViewerSession, wanted: Select[Signal]) -> list[SignalRow]:
    """Return the signals of a select as pages show them, each with its series."""
    rows = view.scalars(wanted).all()
    series = select(SignalSeries.signal_id, SignalSeries.weeks).where(
        SignalSeries.signal_id.in_([row.id for row in rows])
    )
    weeks = {signal_id: weeks for signal_id, weeks in view.execute(series)}
    return [_signal_row(row, weeks.get(row.id)) for row in rows]


def _signal_row(row: Signal, series: list[dict[str, Any]] | None) -> SignalRow:
    return SignalRow(
        id=row.id,
        country=row.country or "",
        theme=row.theme,
        rule=row.rule,
        level=row.level,
        tlp=row.tlp,
        sentence=row.sentence,
        subject=row.subject,
        gravity=row.gravity,
        observed=row.observed,
        expected=row.expected,
        bound=row.bound,
        source_count=row.source_count,
        series=series,
        emerged_at=row.emerged_at,
        flagged_at=row.flagged_at,
        due_at=row.inbox_due_at,
        state=row.inbox_state,
        snoozed_until=row.snoozed_until,
        week=row.subject_value if row.subject is Subject.WEEK else iso_week(row.emerged_at),
    )


def weeks_since(view: ViewerSession, signals: list[SignalRow]) -> dict[str, list[tuple[str, int]]]:
    """Return, by signal of a week, the weeks after it for as long as the viewer's counts stay above its bound.

    Each is (ISO week, stories), oldest first.
    """
    of_weeks = [row for row in signals if row.subject is Subject.WEEK and row.bound is not None]
    if not of_weeks:
        return {}
    rows = (
        select(WeekCount.country, WeekCount.theme, WeekCount.week, func.sum(WeekCount.story_count))
        .where(
            WeekCount.country.in_({row.country for row in of_weeks}),
            WeekCount.theme.in_({row.theme for row in of_weeks}),
            WeekCount.week > min(row.week for row in of_weeks),
        )
        .group_by(WeekCount.country, WeekCount.theme, WeekCount.week)
    )
    counts = {
        (country, theme, week): int(count) for country, theme, week, count in view.execute(rows) if country
    }
    return {row.id: _while_above(row, counts) for row in of_weeks}


def _while_above(row: SignalRow, counts: dict[tuple[str, str, str], int]) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    week = next_week(row.week)
    while (count := counts.get((row.country, row.theme, week), 0)) > (row.bound or 0):
        found.append((week, count))
        week = next_week(week)
    return found


def waiting_signals(view: ViewerSession, limit: int = 50, offset: int = 0) -> list[SignalRow]:
    """Return the signals that wait, by level and then by how long their triage is due."""
    rows = (
        select(Signal)
        .where(Signal.inbox_state == InboxState.WAITING)
        .order_by(LEVEL_ORDER.desc(), Signal.inbox_due_at, Signal.id)
        .limit(limit)
        .offset(offset)
    )
    return signal_rows(view, rows)


def waiting_count(view: ViewerSession) -> int:
    """Return how many signals wait."""
    rows = select(func.count()).select_from(Signal).where(Signal.inbox_state == InboxState.WAITING)
    return view.scalar(rows) or 0


def evidence_sources(view: ViewerSession, signal_ids: list[str]) -> dict[str, list[str]]:
    """Return the names of the sources behind each signal, as far as the viewer may see items and sources."""
    rows = (
        select(SignalEvidence.signal_id, Source.name)
        .join(Item, Item.id == SignalEvidence.item_id)
        .join(Source, Source.id == Item.source_id)
        .where(SignalEvidence.signal_id.in_(signal_ids))
        .distinct()
        .order_by(SignalEvidence.signal_id, Source.name)
    )
    found: dict[str, list[str]] = {}
    for signal_id, name in view.execute(rows):
        found.setdefault(signal_id, []).append(name)
    return found


def signal_exists(view: ViewerSession, signal_id: str) -> None:
    """Make sure that the viewer may see this signal.

    Raises:
        NotFoundError: there is none for them.
    """
    if view.scalar(select(Signal.id).where(Signal.id == signal_id)) is None:
        raise NotFoundError("signal", signal_id)


def alert_exists(view: ViewerSession, alert_id: str) -> None:
    """Make sure that the viewer may see this alert.

    Raises:
        NotFoundError: there is none for them.
    """
    if view.scalar(select(Alert.id).where(Alert.id == alert_id)) is None:
        raise NotFoundError("alert", alert_id)
