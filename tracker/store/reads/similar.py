"""Open alerts that signals could be attached to, with the stories that both tell, as far as a viewer sees them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from tracker.domain.life import OPEN_STATES
from tracker.store.session import ViewerSession
from tracker.store.tables import Alert, AlertSignal, Item, SignalEvidence

_AT_MOST = 200


@dataclass(frozen=True)
class Candidate:
    """An open alert; `stories` are those of the signals asked about that its own evidence tells too."""

    id: str
    ref: str
    country: str
    theme: str
    opened_at: datetime
    stories: frozenset[str]


def stories_of(view: ViewerSession, signal_ids: Sequence[str]) -> dict[str, frozenset[str]]:
    """Return the stories that the evidence of each signal tells, as far as the viewer sees its items."""
    rows = (
        select(SignalEvidence.signal_id, Item.story_id)
        .join(Item, Item.id == SignalEvidence.item_id)
        .where(SignalEvidence.signal_id.in_(signal_ids), Item.story_id.is_not(None))
        .distinct()
    )
    found: dict[str, set[str]] = defaultdict(set)
    for signal_id, story_id in view.execute(rows):
        found[signal_id].add(story_id)
    return {signal_id: frozenset(stories) for signal_id, stories in found.items()}


def candidates(view: ViewerSession, countries: Iterable[str], stories: Iterable[str]) -> list[Candidate]:
    """Return the open alerts of some countries, or that tell one of some stories, newest first: two queries."""
    told = (
        select(AlertSignal.alert_id, Item.story_id)
        .join(SignalEvidence, SignalEvidence.signal_id == AlertSignal.signal_id)
        .join(Item, Item.id == SignalEvidence.item_id)
        .where(Item.story_id.in_(list(stories)))
        .distinct()
    )
    shared: dict[str, set[str]] = defaultdict(set)
    for alert_id, story_id in view.execute(told):
        shared[alert_id].add(story_id)
    rows = (
        select(Alert.id, Alert.ref, Alert.country, Alert.theme, Alert.opened_at)
        .where(
            Alert.state.in_(OPEN_STATES), or_(Alert.country.in_(list(countries)), Alert.id.in_(list(shared)))
        )
        .order_by(Alert.opened_at.desc())
        .limit(_AT_MOST)
    )
    return [Candidate(*row, frozenset(shared[row.id])) for row in view.execute(rows)]
