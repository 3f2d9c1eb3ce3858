"""What detection reads and writes beside the counts: grave items, what was raised already, new signals."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from tracker.domain.rules import GRAVE
from tracker.domain.times import week_end, week_start
from tracker.domain.words import AlertState, InboxState, ItemKind, Level, Subject, Tlp
from tracker.store.columns import new_id
from tracker.store.session import SystemSession
from tracker.store.tables import (
    Alert,
    AlertSignal,
    Item,
    ItemTag,
    Signal,
    SignalEvidence,
    SignalSeries,
    Source,
)
from tracker.store.upsert import insert_ignoring
from tracker.store.writes.counts import Evidence
from tracker.store.writes.log import Change, Label, record, share_red


@dataclass(frozen=True)
class GraveRow:
    """An item and the grave trigger that the tagger found in its current version, None for none."""

    id: str
    version_id: str
    kind: ItemKind
    theme: str | None
    trigger: str | None
    severity: int | None
    tlp: Tlp
    org_id: str
    published_at: datetime
    story_id: str
    wire_id: str
    independence_group: str


@dataclass(frozen=True)
class RaisedRow:
    """A signal of a country that is not hidden, and what it speaks of; `over` where its alert is closed."""

    country: str | None
    rule: str
    theme: str
    subject: Subject
    subject_value: str
    level: Level
    tlp: Tlp
    org_id: str
    bound: float | None
    over: bool


@dataclass(frozen=True)
class NewSignal:
    """A signal to raise. `unusual` is the observed count over the bound, None for a single item."""

    key: str
    rule: str
    rule_version: int
    theme: str
    subject: Subject
    subject_value: str
    level: Level
    label: Label
    sentence: str
    evidence: Evidence
    inbox_due_at: datetime
    observed: float | None = None
    expected: float | None = None
    bound: float | None = None
    unusual: float | None = None
    series: Sequence[dict[str, Any]] | None = None


def grave_items(work: SystemSession, country: str, weeks: Collection[str]) -> list[GraveRow]:
    """Return a country's items, RED ones included, that name something too grave to wait, and what tells the same.

    That is the items whose used date lies in one of these ISO weeks, and the relevant ones of their stories, whatever
    their week; the oldest first. News waits until it was placed into a story.
    """
    within = [
        and_(Item.published_at >= week_start(week), Item.published_at < week_end(week)) for week in weeks
    ]
    grave = _grave_rows(work, country, or_(*within), ItemTag.grave.is_not(None))
    found = {row.id: row for row in grave}
    told = Item.story_id.in_({row.story_id for row in grave})
    found |= {row.id: row for row in _grave_rows(work, country, told, Item.relevant.is_(True))}
    return sorted(found.values(), key=lambda row: (row.published_at, row.id))


def _grave_rows(work: SystemSession, country: str, *which: ColumnElement[bool]) -> list[GraveRow]:
    rows: Select[*tuple[Any, ...]] = (
        select(
            Item.id,
            Item.version_id,
            Item.kind,
            Item.theme,
            ItemTag.grave,
            Item.severity,
            Item.tlp,
            Item.org_id,
            Item.published_at,
            Item.story_id,
            func.coalesce(Item.wire_id, Item.id),
            Source.independence_group,
        )
        .join(ItemTag, (ItemTag.version_id == Item.version_id) & (ItemTag.tagger_version == Item.tagged_with))
        .join(Source, Source.id == Item.source_id)
        .where(
            *which,
            Item.country == country,
            Item.hidden_at.is_(None),
            or_(Item.wire_id.is_not(None), Item.kind == ItemKind.REPORT),
        )
    )
    return [GraveRow(*row) for row in work.execute(rows)]


def raised_on_stories(work: SystemSession, country: str, item_ids: Collection[str]) -> list[RaisedRow]:
    """Return a country's grave signals, not hidden, that rest on any of these news items, one for each story now.

    What a signal speaks of is told by its evidence: since it was raised, stories may have been merged or parted.
    """
    rows = (
        select(Signal.rule, Signal.theme, Item.story_id, Signal.level, Signal.tlp, Signal.org_id)
        .join(SignalEvidence, SignalEvidence.signal_id == Signal.id)
        .join(Item, Item.id == SignalEvidence.item_id)
        .where(
            Signal.rule == GRAVE,
            Signal.country == country,
            Signal.hidden_at.is_(None),
            Item.id.in_(item_ids),
            Item.kind == ItemKind.NEWS,
        )
        .distinct()
    )
    return [
        RaisedRow(country, rule, theme, Subject.STORY, story, level, tlp, org_id, None, over=False)
        for rule, theme, story, level, tlp, org_id in work.execute(rows)
    ]


def raised_about(work: SystemSession, countries: Collection[str], values: Collection[str]) -> list[RaisedRow]:
    """Return the signals of countries, not hidden, that speak of any of these weeks or items."""
    under_a_closed_alert = (
        select(AlertSignal.signal_id)
        .join(Alert, Alert.id == AlertSignal.alert_id)
        .where(Alert.country.in_(countries), Alert.state.in_((AlertState.CLOSED, AlertState.DISMISSED)))
    )
    rows: Select[*tuple[Any, ...]] = select(
        Signal.country,
        Signal.rule,
        Signal.theme,
        Signal.subject,
        Signal.subject_value,
        Signal.level,
        Signal.tlp,
        Signal.org_id,
        Signal.bound,
        Signal.id.in_(under_a_closed_alert),
    ).where(Signal.country.in_(countries), Signal.subject_value.in_(values), Signal.hidden_at.is_(None))
    return [RaisedRow(*row) for row in work.execute(rows)]


def raise_signals(work: SystemSession, signals: Sequence[NewSignal]) -> int:
    """Raise signals with their evidence and history; return how many were new.

    One whose key a signal that is not hidden holds already is left out.
    """
    by_id = {new_id(work.now): signal for signal in signals}
    insert_ignoring(work, Signal, [_signal_row(id_, signal, work.now) for id_, signal in by_id.items()])
    kept = sorted(work.scalars(select(Signal.id).where(Signal.id.in_(by_id))))
    series = [(id_, by_id[id_].series) for id_ in kept]
    insert_ignoring(
        work, SignalSeries, [{"signal_id": id_, "weeks": list(weeks)} for id_, weeks in series if weeks]
    )
    insert_ignoring(
        work,
        SignalEvidence,
        [
            {"signal_id": id_, "version_id": version, "item_id": item}
            for id_ in kept
            for version, item in by_id[id_].evidence.versions
        ],
    )
    for id_ in kept:
        share_red(work, by_id[id_].label, [id_])
    record(work, *(_flagged(id_, by_id[id_]) for id_ in kept))
    return len(kept)


def _flagged(id_: str, signal: NewSignal) -> Change:
    return Change(
        subject="signal",
        subject_id=id_,
        deed="flagged",
        label=signal.label,
        to_state=InboxState.WAITING,
        rule_version=signal.rule_version,
    )


def _signal_row(id_: str, signal: NewSignal, now: datetime) -> dict[str, Any]:
    return {
        "id": id_,
        "key": signal.key,
        "rule": signal.rule,
        "rule_version": signal.rule_version,
        **signal.label.columns(),
        "theme": signal.theme,
        "subject": signal.subject,
        "subject_value": signal.subject_value,
        "level": signal.level,
        "observed": signal.observed,
        "expected": signal.expected,
        "bound": signal.bound,
        "gravity": signal.evidence.gravity,
        "unusual": signal.unusual,
        "source_count": signal.evidence.source_count,
        "sentence": signal.sentence,
        "emerged_at": signal.evidence.emerged_at,
        "flagged_at": now,
        "inbox_state": InboxState.WAITING,
        "inbox_due_at": signal.inbox_due_at,
        "revision": 1,
    }
