"""What happened in a period besides the chains of its alerts: who was told, what was blocked, who was answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from tracker.domain.words import ActionStatus, Answer, ItemKind
from tracker.store.reads.chains import ChainFilter, of_alerts
from tracker.store.session import ViewerSession
from tracker.store.tables import Action, Delivery, FieldReport, History, Item


@dataclass(frozen=True)
class Told:
    """A brief in somebody's hands, and what they answered; None where they did not yet."""

    alert_id: str
    answer: Answer | None


@dataclass(frozen=True)
class Asked:
    """A field report whose sender may be answered: when it came, and when an answer was written."""

    came_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True)
class PeriodFacts:
    """Facts by the ids of their rows, so that what several viewers know can be put together.

    `blocked` are alerts with an action that is blocked, `reopened` those that were opened again.
    """

    told: Mapping[str, Told] = field(default_factory=dict)
    reports: Mapping[str, Asked] = field(default_factory=dict)
    blocked: frozenset[str] = frozenset()
    reopened: frozenset[str] = frozenset()


def period_facts(view: ViewerSession, wanted: ChainFilter, alert_ids: Sequence[str]) -> PeriodFacts:
    """Return what happened to the alerts and reports of a period: five queries, whatever their number."""
    known = frozenset(alert_ids)
    blocked = select(Action.alert_id).where(Action.status == ActionStatus.BLOCKED)
    again = select(History.alert_id).where(History.subject == "alert", History.deed == "reopen")
    return PeriodFacts(
        told=_told(view, alert_ids),
        reports=_reports(view, wanted),
        blocked=known.intersection(view.scalars(blocked)),
        reopened=known.intersection(view.scalars(again.where(of_alerts(History.alert_id, alert_ids)))),
    )


def _told(view: ViewerSession, alert_ids: Sequence[str]) -> dict[str, Told]:
    rows = select(Delivery.id, Delivery.alert_id, Delivery.answer)
    known = frozenset(alert_ids)
    return {
        row_id: Told(alert_id, answer)
        for row_id, alert_id, answer in view.execute(rows.where(of_alerts(Delivery.alert_id, alert_ids)))
        if alert_id in known
    }


def _reports(view: ViewerSession, wanted: ChainFilter) -> dict[str, Asked]:
    """The answer is read from the history: receipts are nobody's to see."""
    came = _asked(select(Item.id, Item.fetched_at), wanted)
    answers = select(History.subject_id, func.min(History.happened_at)).join(
        Item, Item.id == History.subject_id
    )
    answered = _asked(answers, wanted).where(History.subject == "item", History.deed == "answered")
    first = {item_id: at for item_id, at in view.execute(answered.group_by(History.subject_id))}
    return {item_id: Asked(at, first.get(item_id)) for item_id, at in view.execute(came)}


def _asked(rows: Select[*tuple[Any, ...]], wanted: ChainFilter) -> Select[*tuple[Any, ...]]:
    rows = rows.join(FieldReport, FieldReport.item_id == Item.id).where(
        Item.kind == ItemKind.REPORT, FieldReport.may_contact.is_(True), Item.published_at < wanted.until
    )
    if wanted.since is not None:
        rows = rows.where(Item.published_at >= wanted.since)
    return rows.where(*wanted.about(Item))
