"""One country: its weekly counts, its signals; and every country's open alerts by level."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select

from tracker.domain.labels import highest
from tracker.domain.life import OPEN_STATES
from tracker.domain.words import ItemKind, Level
from tracker.store.reads.inbox import SignalRow, signal_rows
from tracker.store.session import ViewerSession
from tracker.store.tables import Alert, AlertSignal, Signal, WeekCount


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
