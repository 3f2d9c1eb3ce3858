"""What a digest says beside the figures: what comes up, what was learned, what rests on a rumour."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Select, select

from tracker.domain.words import DecisionKind, ItemKind
from tracker.store.reads.actions import UNFINISHED
from tracker.store.reads.decisions import stands
from tracker.store.session import ViewerSession
from tracker.store.tables import (
    Action,
    AlertSignal,
    Decision,
    Item,
    ItemContent,
    Lesson,
    ReleaseLine,
    SignalEvidence,
)

_REPORTS_AT_MOST = 5000


class Matter(StrEnum):
    """What is due: a decision to be looked at again, an action to be done, or to ask what came of one."""

    REVIEW = "review"
    ACTION = "action"
    CHECK = "check"


@dataclass(frozen=True)
class Coming:
    """What is due on a day (UTC), with the code of the action's kind where it is about one."""

    on: date
    alert_id: str
    matter: Matter
    action_kind: str = ""


def coming_up(view: ViewerSession, days: tuple[date, date], known_by: datetime) -> list[Coming]:
    """Return the reviews and the actions that are due from one day to another, both included."""
    first, last = days
    reviews = select(Decision.review_on, Decision.alert_id).where(
        Decision.kind != DecisionKind.ACT,
        Decision.review_on.between(first, last),
        Decision.reviewed_at.is_(None),
        Decision.recorded_at < known_by,
        stands(),
    )
    actions = select(Action.due_on, Action.alert_id, Action.kind).where(
        Action.due_on.between(first, last), Action.status.in_(UNFINISHED), Action.created_at < known_by
    )
    found = [Coming(on, alert_id, Matter.REVIEW) for on, alert_id in view.execute(reviews) if on]
    found += [Coming(on, alert_id, Matter.ACTION, kind) for on, alert_id, kind in view.execute(actions)]
    return found


def lessons_of(view: ViewerSession, alert_ids: Collection[str]) -> Mapping[str, str]:
    """Return the newest lesson of each alert that has one, in the words it was kept in."""
    rows = (
        select(Lesson.alert_id, Lesson.note)
        .where(Lesson.alert_id.in_(alert_ids))
        .order_by(Lesson.recorded_at, Lesson.id)
    )
    return {alert_id: note for alert_id, note in view.execute(rows)}


@dataclass(frozen=True)
class NewLine:
    """A release line that was approved in the week."""

    alert_id: str
    line: str


def new_lines(view: ViewerSession, since: datetime, until: datetime, limit: int) -> list[NewLine]:
    """Return the release lines approved in a period, newest first."""
    rows = (
        select(ReleaseLine.alert_id, ReleaseLine.line)
        .where(ReleaseLine.approved_at >= since, ReleaseLine.approved_at < until)
        .order_by(ReleaseLine.approved_at.desc(), ReleaseLine.id.desc())
        .limit(limit)
    )
    return [NewLine(*row) for row in view.execute(rows)]


def resting_on(view: ViewerSession, alert_ids: Collection[str], category: str) -> set[str]:
    """Return those of the alerts that rest on an item of a category, as far as the viewer may see."""
    return set(view.scalars(rests_on(alert_ids, category)))


def rests_on(alert_ids: Collection[str], category: str) -> Select[str]:
    """Ask which of the alerts rest on an item of a category, in whichever session asks."""
    return (
        select(AlertSignal.alert_id)
        .join(SignalEvidence, SignalEvidence.signal_id == AlertSignal.signal_id)
        .join(Item, Item.id == SignalEvidence.item_id)
        .where(AlertSignal.alert_id.in_(alert_ids), Item.category == category)
    )


def report_words(view: ViewerSession, since: datetime, limit: int) -> Iterator[str]:
    """Yield the words of the newest field reports that speak of the time since an instant."""
    rows = (
        select(ItemContent.title, ItemContent.text)
        .join(Item, Item.version_id == ItemContent.version_id)
        .where(Item.kind == ItemKind.REPORT, Item.published_at >= since)
        .order_by(Item.published_at.desc(), Item.id.desc())
        .limit(limit)
    )
    for title, text in view.execute(rows):
        yield f"{title} {text}"


def reports_between(view: ViewerSession, since: datetime, until: datetime) -> list[str]:
    """Return the newest field reports of a period, at most five thousand."""
    rows = select(Item.id).where(
        Item.kind == ItemKind.REPORT, Item.published_at >= since, Item.published_at < until
    )
    return list(view.scalars(rows.order_by(Item.published_at.desc(), Item.id.desc()).limit(_REPORTS_AT_MOST)))
