"""Sources as a viewer may see them, with how each is doing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from tracker.domain.words import Reliability, SourceKind, SourceState, Tlp
from tracker.store.session import ViewerSession
from tracker.store.tables import Source

_WORST_FIRST = case({SourceState.FAILING: 0, SourceState.DISABLED: 1}, value=Source.state, else_=2)


@dataclass(frozen=True)
class SourceRow:
    """One source and its health; `reason` says in plain words what is wrong, None where nothing is."""

    id: str
    name: str
    kind: SourceKind
    url: str | None
    publisher: str | None
    independence_group: str
    lang: str | None
    country: str | None
    reliability: Reliability
    default_tlp: Tlp
    state: SourceState
    reason: str | None
    last_polled_at: datetime | None
    last_ok_at: datetime | None
    next_poll_at: datetime | None
    failure_count: int
    item_count: int


def sources(view: ViewerSession, limit: int = 1000, offset: int = 0) -> list[SourceRow]:
    """Return sources, those that fail first, then by name."""
    rows = select(Source).order_by(_WORST_FIRST, Source.name, Source.id).limit(limit).offset(offset)
    return [
        SourceRow(**{name: getattr(row, name) for name in SourceRow.__dataclass_fields__})
        for row in view.scalars(rows)
    ]


def source_health(view: ViewerSession) -> dict[SourceState, int]:
    """Return how many sources stand in each state."""
    rows = select(Source.state, func.count()).group_by(Source.state)
    return {state: count for state, count in view.execute(rows)}
