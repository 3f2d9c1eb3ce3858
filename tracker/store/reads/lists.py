"""Signals and actions as plain lists, newest first, whatever became of them: what the API hands out."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from tracker.store.reads.actions import ActionRow
from tracker.store.reads.inbox import SignalRow, signal_rows
from tracker.store.session import ViewerSession
from tracker.store.tables import Action, AlertSignal, Signal


@dataclass(frozen=True)
class ListFilter:
    """Which rows a list holds; None means any. `since` is UTC, included."""

    country: str | None = None
    since: datetime | None = None


def signals(view: ViewerSession, wanted: ListFilter, limit: int, offset: int = 0) -> list[SignalRow]:
    """Return signals, the newest flagged first."""
    rows = select(Signal)
    if wanted.country:
        rows = rows.where(Signal.country == wanted.country)
    if wanted.since:
        rows = rows.where(Signal.flagged_at >= wanted.since)
    rows = rows.order_by(Signal.flagged_at.desc(), Signal.id.desc()).limit(limit).offset(offset)
    return signal_rows(view, rows)


def alerts_of_signals(view: ViewerSession, signal_ids: list[str]) -> dict[str, str]:
    """Return the alert that each of these signals is attached to."""
    rows = select(AlertSignal.signal_id, AlertSignal.alert_id).where(AlertSignal.signal_id.in_(signal_ids))
    return {signal_id: alert_id for signal_id, alert_id in view.execute(rows)}


def actions(view: ViewerSession, wanted: ListFilter, limit: int, offset: int = 0) -> list[ActionRow]:
    """Return actions, the newest added first."""
    rows = select(Action)
    if wanted.country:
        rows = rows.where(Action.country == wanted.country)
    if wanted.since:
        rows = rows.where(Action.created_at >= wanted.since)
    rows = rows.order_by(Action.created_at.desc(), Action.id.desc()).limit(limit).offset(offset)
    return [
        ActionRow(**{name: getattr(row, name) for name in ActionRow.__dataclass_fields__})
        for row in view.scalars(rows)
    ]
