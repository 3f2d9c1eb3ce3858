"""Signals, alerts, actions and what field reports say, by id in batches: the streams that exports read."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from tracker.domain.words import DecisionKind, HowReporterKnows, ReportKind, ReportWhen
from tracker.store.reads.actions import ActionRow
from tracker.store.reads.alerts import AlertFilter, AlertRow, alerts
from tracker.store.reads.inbox import SignalRow, signal_rows
from tracker.store.session import ViewerSession
from tracker.store.tables import Action, Alert, Decision, FieldReport, Item, ItemContent, Signal


@dataclass(frozen=True)
class Stretch:
    """Which rows a batch holds: those after an id, of a time in UTC (`until` not included; None means any)."""

    after: str = ""
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 500


def _within(key: Any, at: Any, wanted: Stretch) -> list[ColumnElement[bool]]:
    conditions = [key > wanted.after]
    if wanted.since is not None:
        conditions.append(at >= wanted.since)
    if wanted.until is not None:
        conditions.append(at < wanted.until)
    return conditions


def signals_after(view: ViewerSession, wanted: Stretch) -> list[SignalRow]:
    """Return a batch of signals by the time at which they were flagged."""
    within = _within(Signal.id, Signal.flagged_at, wanted)
    rows = select(Signal).where(*within).order_by(Signal.id).limit(wanted.limit)
    return signal_rows(view, rows)


def actions_after(view: ViewerSession, wanted: Stretch) -> list[ActionRow]:
    """Return a batch of actions by the time at which they were added."""
    within = _within(Action.id, Action.created_at, wanted)
    rows = select(Action).where(*within).order_by(Action.id).limit(wanted.limit)
    names = ActionRow.__dataclass_fields__
    return [ActionRow(**{name: getattr(row, name) for name in names}) for row in view.scalars(rows)]


@dataclass(frozen=True)
class ExportedAlert(AlertRow):
    """An alert with what figures need besides its chain; UTC, None where it is not so."""

    closed_because: str | None
    not_acting_now_at: datetime | None


def alerts_after(view: ViewerSession, wanted: Stretch) -> list[ExportedAlert]:
    """Return a batch of alerts by the time at which they were opened, each with its chain."""
    within = _within(Alert.id, Alert.opened_at, wanted)
    rows = select(Alert.id, Alert.closed_because).where(*within).order_by(Alert.id).limit(wanted.limit)
    because = {alert_id: reason for alert_id, reason in view.execute(rows)}
    declined = _declined(view, list(because))
    found = alerts(view, AlertFilter(open_only=False, ids=tuple(because)), limit=wanted.limit)
    return [
        ExportedAlert(**vars(row), closed_because=because[row.id], not_acting_now_at=declined.get(row.id))
        for row in sorted(found, key=lambda row: row.id)
    ]


def _declined(view: ViewerSession, alert_ids: list[str]) -> dict[str, datetime]:
    rows = (
        select(Decision.alert_id, func.min(Decision.decided_at))
        .where(Decision.alert_id.in_(alert_ids), Decision.kind == DecisionKind.NOT_ACTING_NOW)
        .group_by(Decision.alert_id)
    )
    return {alert_id: at for alert_id, at in view.execute(rows)}


@dataclass(frozen=True)
class ReportSaid:
    """What a field report says besides its words, and what its sender consents to; None is "not said"."""

    kind: ReportKind | None
    when: ReportWhen | None
    happened_on: date | None
    how_known: HowReporterKnows | None
    killed: int | None
    help: str | None
    may_share_un: bool
    may_share_authorities: bool
    country_said: str | None
    channel: str | None


def reports_said(view: ViewerSession, item_ids: list[str]) -> dict[str, ReportSaid]:
    """Return what each of these items says, where it is a field report."""
    rows = (
        select(FieldReport, ItemContent.help, ItemContent.country_said)
        .join(Item, Item.id == FieldReport.item_id)
        .join(ItemContent, ItemContent.version_id == Item.version_id)
        .where(FieldReport.item_id.in_(item_ids))
    )
    return {
        row.item_id: ReportSaid(
            kind=row.kind,
            when=row.when_said,
            happened_on=row.happened_on,
            how_known=row.how_known,
            killed=row.killed,
            help=help_wanted,
            may_share_un=row.may_share_un,
            may_share_authorities=row.may_share_authorities,
            country_said=country_said,
            channel=row.channel,
        )
        for row, help_wanted, country_said in view.execute(rows)
    }
