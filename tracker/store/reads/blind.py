"""What we cannot see: sources that fail, silent partners, countries with an alert and no source of their own."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from tracker.domain.life import OPEN_STATES
from tracker.domain.words import SourceState
from tracker.store.reads.countries import watched_countries
from tracker.store.reads.figures import blindness
from tracker.store.reads.sources import SourceRow, sources
from tracker.store.session import ViewerSession
from tracker.store.tables import Alert, Source

_FAILING_SHOWN = 5


@dataclass(frozen=True)
class BlindSpots:
    """The first few failing sources of `failing_count`; silent partners of how many; countries without a source."""

    failing: tuple[SourceRow, ...]
    failing_count: int
    silent: int
    partners: int
    unsourced: tuple[str, ...]

    @property
    def is_none(self) -> bool:
        """Whether there is no blind spot that we know of."""
        return not (self.failing or self.silent or self.unsourced)


def blind_spots(view: ViewerSession, silent_since: datetime) -> BlindSpots:
    """Return what cannot be seen now; a partner is silent who was last heard before an instant."""
    fails = select(func.count()).select_from(Source).where(Source.state == SourceState.FAILING)
    failing = [row for row in sources(view, _FAILING_SHOWN) if row.state is SourceState.FAILING]
    known = blindness(view, silent_since)
    busy = set(view.scalars(select(Alert.country).where(Alert.state.in_(OPEN_STATES)).distinct()))
    return BlindSpots(
        failing=tuple(failing),
        failing_count=view.scalar(fails) or 0,
        silent=known.silent,
        partners=known.partners,
        unsourced=tuple(sorted(busy - watched_countries(view).keys())),
    )
