"""Sources as a viewer may see them, with how each is doing and what became of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from tracker.domain.words import Reliability, SourceKind, SourceState, Tlp
from tracker.errors import NotFoundError
from tracker.store.reads.alerts import HistoryRow
from tracker.store.session import ViewerSession
from tracker.store.tables import History, Item, Source

_WORST_FIRST = case({SourceState.FAILING: 0, SourceState.DISABLED: 1}, value=Source.state, else_=2)


@dataclass(frozen=True)
class SourceRow:
    """One source and its health; times in UTC, None where not known.

    `reason` says in plain words what is wrong, None where nothing is; `trouble` of what kind it is (Trouble).
    """

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
    steward_id: str | None
    state: SourceState
    state_since: datetime | None
    reason: str | None
    trouble: str | None
    created_at: datetime
    last_polled_at: datetime | None
    last_ok_at: datetime | None
    last_new_at: datetime | None
    next_poll_at: datetime | None
    held_until: datetime | None
    failure_count: int
    item_count: int


def sources(view: ViewerSession, limit: int = 1000, offset: int = 0) -> list[SourceRow]:
    """Return sources, those that fail first, then by name."""
    rows = select(Source).order_by(_WORST_FIRST, Source.name, Source.id).limit(limit).offset(offset)
    return [_row(row) for row in view.scalars(rows)]


def source(view: ViewerSession, source_id: str) -> SourceRow:
    """Return one source.

    Raises:
        NotFoundError: there is none for this viewer.
    """
    row = view.scalars(select(Source).where(Source.id == source_id)).first()
    if row is None:
        raise NotFoundError("source", source_id)
    return _row(row)


def source_of_change(view: ViewerSession, change_id: str) -> SourceRow:
    """Return the source that a row of the history tells of.

    Raises:
        NotFoundError: there is none for this viewer.
    """
    told = select(Source).join(History, History.subject_id == Source.id)
    row = view.scalars(told.where(History.id == change_id, History.subject == "source")).first()
    if row is None:
        raise NotFoundError("change of a source", change_id)
    return _row(row)


def source_health(view: ViewerSession) -> dict[SourceState, int]:
    """Return how many sources stand in each state."""
    rows = select(Source.state, func.count()).group_by(Source.state)
    return {state: count for state, count in view.execute(rows)}


def items_since(view: ViewerSession, source_id: str, since: datetime) -> int:
    """Return how many items a source published since an instant, of those that the viewer may see."""
    rows = select(func.count()).select_from(Item)
    return view.scalar(rows.where(Item.source_id == source_id, Item.published_at >= since)) or 0


def source_history(view: ViewerSession, source_id: str, limit: int = 100) -> list[HistoryRow]:
    """Return what became of a source, newest first."""
    rows = (
        select(History)
        .where(History.subject_id == source_id, History.subject == "source")
        .order_by(History.id.desc())
        .limit(limit)
    )
    return [
        HistoryRow(**{name: getattr(row, name) for name in HistoryRow.__dataclass_fields__})
        for row in view.scalars(rows)
    ]


def _row(row: Source) -> SourceRow:
    return SourceRow(**{name: getattr(row, name) for name in SourceRow.__dataclass_fields__})
