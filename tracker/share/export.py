"""Exports: rows as one viewer may see them, or as the operator, streamed in batches and audited.

The operator sees what the administrators of all holding organisations see together, so RED and whatever is
hidden stay out, by the same predicate and without a door past it: one viewer's session for each organisation that
holds AMBER+STRICT rows, and from all but the first only those rows. What a source forbids to pass on is left out
for everybody.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO
from itertools import groupby
from typing import Any, Protocol, TypeVar

from tracker.domain.chain import chain_of
from tracker.domain.countries import country_name
from tracker.domain.labels import highest
from tracker.domain.viewer import Viewer
from tracker.domain.words import InboxState, ItemKind, MilestoneKind, Role, Tlp
from tracker.errors import SubmissionError
from tracker.respond.policy import policy_in_force
from tracker.share.figures import rows as figure_rows
from tracker.share.figures.summary import summarise
from tracker.share.formats import write as write_rows
from tracker.share.period import read_period, together
from tracker.store import Store, ViewerSession
from tracker.store.reads import export as read
from tracker.store.reads.chains import ChainFilter
from tracker.store.reads.export import ExportedAlert, ReportSaid, Stretch
from tracker.store.reads.items import ItemFilter, ItemRow, all_items, countries_of
from tracker.store.writes import export as write
from tracker.store.writes import log
from tracker.store.writes.people import host_org

Row = dict[str, Any]
_METRICS_OVER = timedelta(days=90)


@dataclass(frozen=True)
class ExportFilter:
    """Of what time: published (items, reports), flagged (signals), opened (alerts), added (actions); UTC.

    `about` narrows the metrics, and them alone, to a country, a theme and a level.
    """

    since: datetime | None = None
    until: datetime | None = None
    about: ChainFilter | None = None


@dataclass(frozen=True)
class _Stream:
    """What one export reads with: a viewer's sessions, one or more, and what is left out."""

    store: Store
    viewers: tuple[Viewer, ...]
    barred: frozenset[str]
    wanted: ExportFilter
    now: datetime


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


class _LabelledRow(_Identified, Protocol):
    @property
    def tlp(self) -> Tlp: ...


_R = TypeVar("_R", bound=_Identified)
_L = TypeVar("_L", bound=_LabelledRow)


def export(
    store: Store, what: str, viewer: Viewer | None, wanted: ExportFilter, now: datetime
) -> Iterator[Row]:
    """Return the rows of an export, oldest first; without a viewer as the operator. Writes an audit row.

    Raises:
        SubmissionError: there is no such export; names those that there are.
    """
    if what not in _EXPORTS:
        raise SubmissionError(
            "what", f"There is no export of {what!r}; choose one of: {', '.join(_EXPORTS)}."
        )
    with store.acting(viewer.actor if viewer else "operator", "export", now) as work:
        log.audit(work, "exported", what)
        viewers = (
            (viewer,) if viewer else tuple(map(_operator_at, write.strict_holders(work) or [host_org(work)]))
        )
        stream = _Stream(store, viewers, write.barred_sources(work), wanted, now)
    return _EXPORTS[what](stream)


def _operator_at(org_id: str) -> Viewer:
    return Viewer("operator", "operator", Role.ADMIN, Tlp.AMBER_STRICT, org_id)


def _items(stream: _Stream) -> Iterator[Row]:
    for view, batch in _item_batches(stream, None):
        about = countries_of(view, [row.id for row in batch])
        yield from (_item(row, about.get(row.id, [])) for row in batch)


def _reports(stream: _Stream) -> Iterator[Row]:
    for view, batch in _item_batches(stream, ItemKind.REPORT):
        said = read.reports_said(view, [row.id for row in batch])
        yield from (_report(row, said[row.id]) for row in batch if row.id in said)


def _item_batches(stream: _Stream, kind: ItemKind | None) -> Iterator[tuple[ViewerSession, list[ItemRow]]]:
    wanted = ItemFilter(kind=kind, since=stream.wanted.since, until=stream.wanted.until)
    for place, viewer in enumerate(stream.viewers):
        with stream.store.viewing(viewer) as view:
            for batch in all_items(view, wanted):
                yield view, [row for row in _only_new(batch, place) if row.source_id not in stream.barred]


def _only_new(rows: Iterable[_L], place: int) -> Iterator[_L]:
    """Leave out, from the second organisation on, what the first one's session gave already."""
    return (row for row in rows if place == 0 or row.tlp is Tlp.AMBER_STRICT)


def _item(row: ItemRow, countries: list[str]) -> Row:
    return {name: countries if name == "countries" else getattr(row, name) for name in columns("items")}


def _report(row: ItemRow, said: ReportSaid) -> Row:
    made = {name: getattr(said, name, None) for name in columns("reports")}
    made |= {
        name: getattr(row, name) for name in made if name not in said.__dataclass_fields__ and name != "what"
    }
    return made | {"what": row.text or row.title}


def _batches(
    stream: _Stream, viewer: Viewer, fetch: Callable[[ViewerSession, Stretch], list[_R]]
) -> Iterator[_R]:
    wanted = Stretch(since=stream.wanted.since, until=stream.wanted.until)
    while True:
        with stream.store.viewing(viewer) as view:
            batch = fetch(view, wanted)
        if not batch:
            return
        yield from batch
        wanted = replace(wanted, after=batch[-1].id)


def _labelled(stream: _Stream, fetch: Callable[[ViewerSession, Stretch], list[_L]]) -> Iterator[_L]:
    for place, viewer in enumerate(stream.viewers):
        yield from _only_new(_batches(stream, viewer, fetch), place)


def _signals(stream: _Stream) -> Iterator[Row]:
    return (_named("signals", row) for row in _labelled(stream, read.signals_after))


def _named(what: str, row: object) -> Row:
    return {name: getattr(row, name) for name in columns(what)}


def _actions(stream: _Stream) -> Iterator[Row]:
    return (_named("actions", row) for row in _labelled(stream, read.actions_after))


def _alerts_seen(stream: _Stream) -> Iterator[ExportedAlert]:
    """Yield alerts by id; what the organisations know of one is put together, since an alert has no label."""
    streams = [_batches(stream, viewer, read.alerts_after) for viewer in stream.viewers]
    for _, same in groupby(heapq.merge(*streams, key=_by_id), key=_by_id):
        rows = list(same)
        facts = [fact for row in rows for fact in row.chain.reached.values()]
        yield replace(
            rows[0],
            raised=tuple({pair for row in rows for pair in row.raised}),
            source_count=max(row.source_count for row in rows),
            chain=chain_of(facts),
            not_acting_now_at=min(
                (row.not_acting_now_at for row in rows if row.not_acting_now_at), default=None
            ),
        )


def _by_id(row: ExportedAlert) -> str:
    return row.id


def _alerts(stream: _Stream) -> Iterator[Row]:
    for row in _alerts_seen(stream):
        made: Row = {name: getattr(row, name, None) for name in columns("alerts")}
        made["country_name"] = country_name(row.country)
        made["level"] = highest(level for level, _ in row.raised)
        made["stage"] = row.chain.stage
        for kind, fact in row.chain.reached.items():
            made[f"{kind}_at"] = fact.happened_at
            made[f"{kind}_learned_at"] = fact.learned_at
            made[f"{kind}_how_known"] = fact.how_known
        yield made


def _metrics(stream: _Stream) -> Iterator[Row]:
    until = stream.wanted.until or stream.now
    since, at = stream.wanted.since or until - _METRICS_OVER, min(until, stream.now)
    about = stream.wanted.about
    stream = replace(stream, wanted=ExportFilter(since, until))
    signals = _labelled(stream, read.signals_after)
    states = [row.state for row in signals if about is None or about.is_about(row)]
    parts = []
    for viewer in stream.viewers:
        with stream.store.viewing(viewer) as view:
            parts.append(read_period(view, since, at, about))
    seen = together(parts, (len(states), len(states) - states.count(InboxState.WAITING)))
    return figure_rows.metric_rows(summarise(seen, policy_in_force(stream.store, stream.now).deadlines))


def table_of(store: Store, what: str, viewer: Viewer, wanted: ExportFilter, now: datetime) -> bytes:
    """Return an export as CSV, for a page to hand out; audited like any other."""
    out = BytesIO()
    write_rows(export(store, what, viewer, wanted, now), "csv", out, columns(what))
    return out.getvalue()


def columns(what: str) -> tuple[str, ...]:
    """Return the columns of an export, which an empty one has too."""
    return _COLUMNS[what]


_CHAIN = tuple(f"{kind}_{part}" for kind in MilestoneKind for part in ("at", "learned_at", "how_known"))
_COLUMNS: dict[str, tuple[str, ...]] = {
    "items": (
        *("id", "kind", "source_id", "source_name", "source_url", "url", "guid", "title", "text", "lang"),
        *("published_at", "published_claimed", "date_precision", "fetched_at", "countries", "category"),
        *("theme", "severity", "relevant", "story_id", "tlp"),
    ),
    "reports": (
        *("id", "source_id", "what", "kind", "country", "place", "when", "happened_on", "how_known", "help"),
        *("killed", "lang", "tlp", "may_share_un", "may_share_authorities", "published_at", "fetched_at"),
        *("category", "severity", "story_id", "country_said", "channel"),
    ),
    "signals": (
        *("id", "country", "theme", "rule", "level", "sentence", "subject", "observed", "expected", "bound"),
        *("gravity", "source_count", "emerged_at", "flagged_at", "due_at", "state", "tlp"),
    ),
    "alerts": (
        *("id", "ref", "country", "country_name", "theme", "level", "state", "verification", "opened_at"),
        *(
            "closed_at",
            "closed_because",
            "merged_into",
            "not_acting_now_at",
            "source_count",
            "stage",
            *_CHAIN,
        ),
    ),
    "actions": (
        *("id", "alert_id", "country", "kind", "title", "owner", "owner_org", "due_on", "status", "cause"),
        *("evidence", "created_at", "started_at", "done_at", "tlp"),
    ),
    "metrics": figure_rows.COLUMNS,
}

_EXPORTS: dict[str, Callable[[_Stream], Iterator[Row]]] = {
    "items": _items,
    "reports": _reports,
    "signals": _signals,
    "alerts": _alerts,
    "actions": _actions,
    "metrics": _metrics,
}
