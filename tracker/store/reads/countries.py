"""One country: its weekly counts, its signals; and every country's open alerts by level."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from tracker.domain.labels import highest
from tracker.domain.life import OPEN_STATES
from tracker.domain.words import ItemKind, Level, OutcomeResult, SourceState, Tlp
from tracker.store.reads.inbox import SignalRow, signal_rows
from tracker.store.session import ViewerSession
from tracker.store.tables import Action, Alert, AlertSignal, Lesson, Outcome, Signal, Source, WeekCount


@dataclass(frozen=True)
class WeekRow:
    """Stories of one theme in one ISO week, over the labels that the viewer may see."""

    theme: str
    week: str
    item_kind: ItemKind
    story_count: int


def weeks_of(view: ViewerSession, country: str, since_week: str) -> list[WeekRow]:
    """Return a country's weekly counts from an ISO week on, by theme, week and kind of item."""
    rows = (
        select(WeekCount.theme, WeekCount.week, WeekCount.item_kind, func.sum(WeekCount.story_count))
        .where(WeekCount.country == country, WeekCount.week >= since_week)
        .group_by(WeekCount.theme, WeekCount.week, WeekCount.item_kind)
        .order_by(WeekCount.theme, WeekCount.week)
    )
    return [WeekRow(theme, week, kind, int(count)) for theme, week, kind, count in view.execute(rows)]


def signals_of(view: ViewerSession, country: str, limit: int = 20) -> list[SignalRow]:
    """Return a country's newest signals."""
    rows = (
        select(Signal)
        .where(Signal.country == country)
        .order_by(Signal.flagged_at.desc(), Signal.id.desc())
        .limit(limit)
    )
    return signal_rows(view, rows)


@dataclass(frozen=True)
class CountryRow:
    """A country with open alerts: how many, and the highest level that the viewer may see."""

    country: str
    open_count: int
    level: Level


def countries_with_alerts(view: ViewerSession) -> list[CountryRow]:
    """Return the countries with open alerts."""
    rows = (
        select(Alert.country, Alert.id, Signal.level)
        .join(AlertSignal, AlertSignal.alert_id == Alert.id)
        .join(Signal, Signal.id == AlertSignal.signal_id)
        .where(Alert.state.in_(OPEN_STATES))
        .distinct()
    )
    found: dict[str, list[tuple[str, Level]]] = defaultdict(list)
    for country, alert_id, level in view.execute(rows):
        found[country].append((alert_id, level))
    return [
        CountryRow(country, len({alert_id for alert_id, _ in alerts}), highest(level for _, level in alerts))
        for country, alerts in sorted(found.items())
    ]


def week_totals(view: ViewerSession, since_week: str) -> dict[str, dict[str, int]]:
    """Return every country's stories a week from an ISO week on, over all themes and kinds, by country and week."""
    rows = (
        select(WeekCount.country, WeekCount.week, func.sum(WeekCount.story_count))
        .where(WeekCount.week >= since_week, WeekCount.country.is_not(None))
        .group_by(WeekCount.country, WeekCount.week)
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for country, week, count in view.execute(rows):
        found[country or ""][week] = int(count)
    return found


@dataclass(frozen=True)
class Watched:
    """The sources in use that are about one country, and how many of them fail."""

    sources: int = 0
    failing: int = 0

    @property
    def working(self) -> int:
        """How many of them do not fail."""
        return self.sources - self.failing


def watched_countries(view: ViewerSession) -> dict[str, Watched]:
    """Return the countries that a source in use is about."""
    rows = (
        select(Source.country, Source.state, func.count())
        .where(Source.country.is_not(None), Source.state != SourceState.DISABLED)
        .group_by(Source.country, Source.state)
    )
    found: dict[str, Watched] = {}
    for country, state, count in view.execute(rows):
        before = found.get(country or "", Watched())
        failing = count if state is SourceState.FAILING else 0
        found[country or ""] = Watched(before.sources + count, before.failing + failing)
    return found


def signalled_countries(view: ViewerSession, since: datetime) -> dict[str, int]:
    """Return how many signals were flagged since an instant, by country."""
    rows = select(Signal.country, func.count()).where(Signal.flagged_at >= since).group_by(Signal.country)
    return {country: count for country, count in view.execute(rows) if country}


def actions_started(view: ViewerSession, country: str, since: datetime) -> list[datetime]:
    """Return when actions about a country were started, oldest first."""
    rows = select(Action.started_at).where(Action.country == country, Action.started_at >= since)
    return sorted(at for at in view.scalars(rows) if at)


@dataclass(frozen=True)
class Worked:
    """What came of an action in a country, or what was learnt there: the words, whose claim, when (UTC)."""

    alert_id: str
    words: str
    result: OutcomeResult | None
    claimed_by: str | None
    at: datetime
    tlp: Tlp


def what_worked(view: ViewerSession, country: str, limit: int = 6) -> list[Worked]:
    """Return a country's newest outcomes and lessons, newest first."""
    outcomes = (
        select(Outcome).where(Outcome.country == country).order_by(Outcome.recorded_at.desc()).limit(limit)
    )
    lessons = select(Lesson).where(Lesson.country == country).order_by(Lesson.recorded_at.desc()).limit(limit)
    found = [
        Worked(row.alert_id, row.note, row.result, row.claimed_by, row.happened_at, row.tlp)
        for row in view.scalars(outcomes)
    ]
    found += [
        Worked(row.alert_id, row.note, None, None, row.recorded_at, row.tlp) for row in view.scalars(lessons)
    ]
    return sorted(found, key=lambda each: each.at, reverse=True)[:limit]
