"""What exports must know of everything: which sources forbid passing on, and who holds AMBER+STRICT rows."""

from sqlalchemy import select, union

from tracker.domain.words import Tlp
from tracker.store.session import SystemSession
from tracker.store.tables import Action, Item, MilestoneFact, Signal, Source


def barred_sources(work: SystemSession) -> frozenset[str]:
    """Return the sources whose items are shown but never passed on."""
    return frozenset(work.scalars(select(Source.id).where(Source.no_redistribute)))


def strict_holders(work: SystemSession) -> list[str]:
    """Return the organisations that hold an AMBER+STRICT item, signal, action or milestone."""
    held = [
        select(table.org_id).where(table.tlp == Tlp.AMBER_STRICT)
        for table in (Item, Signal, Action, MilestoneFact)
    ]
    return sorted(work.scalars(union(*held)))
