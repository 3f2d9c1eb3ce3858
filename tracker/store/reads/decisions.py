"""Decisions as a viewer may see them: which one stands of each alert, and when it has to be looked at again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, select, tuple_
from sqlalchemy.orm import aliased

from tracker.domain.words import DecisionKind
from tracker.store.session import ViewerSession
from tracker.store.tables import Decision

_AT_ONCE = 500
"""Alerts named in one statement: databases take a limited number of parameters."""


_COLUMNS = (
    Decision.id,
    Decision.alert_id,
    Decision.kind,
    Decision.decided_at,
    Decision.review_on,
    Decision.reviewed_at,
)


@dataclass(frozen=True)
class Standing:
    """The newest decision of an alert. `review_on` is a day in UTC, `reviewed_at` when it was looked at again."""

    id: str
    alert_id: str
    kind: DecisionKind
    decided_at: datetime
    review_on: date | None
    reviewed_at: datetime | None

    @property
    def waits_for_review(self) -> bool:
        """Whether it has a day to be looked at again, and was not."""
        return self.review_on is not None and self.reviewed_at is None


def standing_decisions(view: ViewerSession, alert_ids: Iterable[str]) -> dict[str, Standing]:
    """Return the newest decision of each alert that has one, by alert; an earlier one stands no more."""
    wanted, found = list(alert_ids), dict[str, Standing]()
    for start in range(0, len(wanted), _AT_ONCE):
        rows = select(*_COLUMNS).where(Decision.alert_id.in_(wanted[start : start + _AT_ONCE]))
        for row in view.execute(rows.order_by(Decision.decided_at, Decision.id)):
            found[row.alert_id] = Standing(*row)
    return found


def stands() -> ColumnElement[bool]:
    """Return the condition that no decision of the same alert is later, for a query over decisions."""
    later = aliased(Decision)
    is_later = tuple_(later.decided_at, later.id) > tuple_(Decision.decided_at, Decision.id)
    return ~exists(
        select(later.id).where(later.alert_id == Decision.alert_id, later.hidden_at.is_(None), is_later)
    )


def due_reviews(view: ViewerSession, until: date, limit: int = 50) -> list[Standing]:
    """Return the decisions whose review day has come and was not kept, oldest first; a later decision ends it."""
    rows = (
        select(*_COLUMNS)
        .where(Decision.review_on <= until, Decision.reviewed_at.is_(None), stands())
        .order_by(Decision.review_on, Decision.id)
        .limit(limit)
    )
    return [Standing(*row) for row in view.execute(rows)]
