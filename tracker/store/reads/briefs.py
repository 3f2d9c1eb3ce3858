"""Briefs as their recipients see them: my queue, and one brief with the answers that it asks for."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from tracker.domain.labels import highest
from tracker.domain.words import Answer, Level
from tracker.errors import NotFoundError
from tracker.store.reads.alerts import BriefRow, brief_row
from tracker.store.session import ViewerSession
from tracker.store.tables import Alert, AlertSignal, Brief, Delivery, Signal


@dataclass(frozen=True)
class Delivered:
    """A brief in this viewer's hands. `level` is the highest of the signals they may see, None for none.

    `closed_at` is when its alert was closed, as far as they may see the alert; None while it is open.
    """

    id: str
    alert_id: str
    country: str | None
    brief: BriefRow
    level: Level | None
    delivered_at: datetime
    answer: Answer | None
    answered_at: datetime | None
    option_number: int | None
    reason: str | None
    review_on: date | None
    closed_at: datetime | None


def alert_of(view: ViewerSession, brief_id: str) -> str:
    """Return the alert that a brief is about.

    Raises:
        NotFoundError: there is no such brief for this viewer.
    """
    found = view.scalar(select(Brief.alert_id).where(Brief.id == brief_id))
    if found is None:
        raise NotFoundError("brief", brief_id)
    return found


def delivered_to(view: ViewerSession, delivery_id: str) -> Delivered:
    """Return one delivery to this viewer.

    Raises:
        NotFoundError: it was not delivered to them.
    """
    found = _deliveries(view, delivery_id, 1)
    if not found:
        raise NotFoundError("brief", delivery_id)
    return found[0]


def my_deliveries(view: ViewerSession, limit: int = 50) -> list[Delivered]:
    """Return what was delivered to this viewer, newest first."""
    return _deliveries(view, None, limit)


def _deliveries(view: ViewerSession, delivery_id: str | None, limit: int) -> list[Delivered]:
    rows = (
        select(Delivery, Brief)
        .join(Brief, Brief.id == Delivery.brief_id)
        .where(Delivery.recipient_id == view.viewer.user_id)
        .order_by(Delivery.delivered_at.desc(), Delivery.id.desc())
        .limit(limit)
    )
    if delivery_id is not None:
        rows = rows.where(Delivery.id == delivery_id)
    found = [(delivery, brief) for delivery, brief in view.execute(rows)]
    alert_ids = [delivery.alert_id for delivery, _ in found]
    levels = _levels(view, alert_ids)
    ends = select(Alert.id, Alert.closed_at).where(Alert.id.in_(alert_ids), Alert.closed_at.is_not(None))
    closed = {alert_id: closed_at for alert_id, closed_at in view.execute(ends)}
    return [
        Delivered(
            id=delivery.id,
            alert_id=delivery.alert_id,
            country=delivery.country,
            brief=brief_row(brief),
            level=levels.get(delivery.alert_id),
            delivered_at=delivery.delivered_at,
            answer=delivery.answer,
            answered_at=delivery.answered_at,
            option_number=delivery.option_number,
            reason=delivery.reason,
            review_on=delivery.review_on,
            closed_at=closed.get(delivery.alert_id),
        )
        for delivery, brief in found
    ]


def _levels(view: ViewerSession, alert_ids: list[str]) -> dict[str, Level]:
    rows = (
        select(Alert.id, Signal.level)
        .join(AlertSignal, AlertSignal.alert_id == Alert.id)
        .join(Signal, Signal.id == AlertSignal.signal_id)
        .where(Alert.id.in_(alert_ids))
    )
    found: dict[str, list[Level]] = {}
    for alert_id, level in view.execute(rows):
        found.setdefault(alert_id, []).append(level)
    return {alert_id: highest(levels) for alert_id, levels in found.items()}
