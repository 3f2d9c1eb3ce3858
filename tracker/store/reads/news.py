"""What changed since somebody looked: deeds of the history with the alert that each is about."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from tracker.store.session import ViewerSession
from tracker.store.tables import Alert, History


@dataclass(frozen=True)
class News:
    """One deed. `alert_id`, `ref` and `theme` are None where it is about a signal under no alert."""

    subject: str
    deed: str
    country: str | None
    learned_at: datetime
    alert_id: str | None
    ref: str | None
    theme: str | None


def news_since(view: ViewerSession, since: datetime, limit: int = 200) -> list[News]:
    """Return what became known about alerts and signals since an instant, newest first."""
    rows = (
        select(History.subject, History.deed, History.country, History.learned_at, History.alert_id)
        .where(History.learned_at >= since, or_(History.alert_id.is_not(None), History.subject == "signal"))
        .order_by(History.learned_at.desc(), History.id.desc())
        .limit(limit)
    )
    found = view.execute(rows).all()
    ids = {row.alert_id for row in found if row.alert_id}
    named = select(Alert.id, Alert.ref, Alert.theme).where(Alert.id.in_(ids))
    about = {alert_id: (ref, theme) for alert_id, ref, theme in view.execute(named)}
    return [News(*row, *about.get(row.alert_id or "", (None, None))) for row in found]
