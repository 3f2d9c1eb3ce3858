"""Which open alerts a signal, or another alert, is most like: the same story comes first, then the same theme."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.store import ViewerSession
from tracker.store.reads.alerts import AlertFile
from tracker.store.reads.inbox import SignalRow
from tracker.store.reads.similar import Candidate, candidates, stories_of

SHOWN_AT_MOST = 5


@dataclass(frozen=True)
class Similar:
    """An open alert that a signal could be attached to, and why it is like it, in words."""

    id: str
    ref: str
    country: str
    theme: str
    why: str


def similar_to_signals(view: ViewerSession, signals: Sequence[SignalRow]) -> dict[str, list[Similar]]:
    """Return for each signal the open alerts that it is most like, as the viewer sees them: three queries."""
    told = stories_of(view, [signal.id for signal in signals])
    found = candidates(view, {signal.country for signal in signals}, frozenset().union(*told.values()))
    return {
        signal.id: most_similar((signal.country, signal.theme), told.get(signal.id, frozenset()), found)
        for signal in signals
    }


def similar_to_alert(view: ViewerSession, file: AlertFile) -> list[Similar]:
    """Return the other open alerts that an alert is most like, as the viewer sees them."""
    told = stories_of(view, [signal.id for signal in file.signals])
    stories: frozenset[str] = frozenset().union(*told.values())
    alert = file.alert
    found = [other for other in candidates(view, [alert.country], stories) if other.id != alert.id]
    return most_similar((alert.country, alert.theme), stories, found)


def most_similar(
    about: tuple[str, str], stories: frozenset[str], candidates: Iterable[Candidate]
) -> list[Similar]:
    """Return the open alerts most like a signal, most alike first and of equals the newest; five at most.

    Args:
        about: the signal's country and theme.
        stories: those that its evidence tells.
        candidates: open alerts. One of another country counts only where it tells a story of the signal's.
    """
    country, theme = about
    ranked = []
    for alert in candidates:
        same_story, same_theme = bool(alert.stories & stories), alert.theme == theme
        if alert.country == country or same_story:
            rank = (same_story, alert.country == country, same_theme, alert.opened_at, alert.id)
            ranked.append((rank, alert))
    ranked.sort(key=lambda pair: pair[0], reverse=True)
    return [
        Similar(alert.id, alert.ref, alert.country, alert.theme, _why(rank[0], rank[2]))
        for rank, alert in ranked[:SHOWN_AT_MOST]
    ]


def _why(same_story: bool, same_theme: bool) -> str:
    if same_story:
        return "tells the same story"
    return "same country and theme" if same_theme else "same country"
