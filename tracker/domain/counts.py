"""A weekly count at one label, and the cuts that are sums of such counts. Pure.

A cut is what somebody with a clearance may see: CLEAR, GREEN, AMBER, and for each holder AMBER+STRICT. RED
enters none. A story stands in one row only, so a cut never counts it twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.domain.labels import tlp_rank, within
from tracker.domain.words import Tlp


@dataclass(frozen=True)
class CountRow:
    """Stories of one theme and ISO week at one label; `org_id` holds them where that is AMBER+STRICT."""

    theme: str
    week: str
    tlp: Tlp
    org_id: str
    story_count: int


@dataclass(frozen=True)
class Cut:
    """A clearance; `holder` is whose AMBER+STRICT rows belong to it, None for every looser cut."""

    tlp: Tlp
    holder: str | None = None

    @classmethod
    def of(cls, tlp: Tlp, org_id: str) -> "Cut":
        """Return the loosest cut that a row of this label and holder is in."""
        return cls(tlp, org_id if tlp in (Tlp.AMBER_STRICT, Tlp.RED) else None)

    @property
    def labels(self) -> tuple[Tlp, ...]:
        """The labels within the cut, loosest first."""
        return within(self.tlp)

    def holds(self, tlp: Tlp, org_id: str) -> bool:
        """Return whether a row of this label and holder belongs to the cut."""
        if tlp is Tlp.RED or tlp_rank(tlp) > tlp_rank(self.tlp):
            return False
        return tlp is not Tlp.AMBER_STRICT or org_id == self.holder

    def covers(self, other: "Cut") -> bool:
        """Return whether whoever may see the other cut may see this one as well."""
        if self.tlp in (Tlp.AMBER_STRICT, Tlp.RED):
            return self == other
        return tlp_rank(self.tlp) <= tlp_rank(other.tlp)


def cuts_of(labels: Iterable[tuple[Tlp, str]]) -> tuple[Cut, ...]:
    """Return the cuts that rows of these (label, holder) pairs make, loosest first."""
    holders = sorted({org_id for tlp, org_id in labels if tlp is Tlp.AMBER_STRICT})
    loose = (Cut(Tlp.CLEAR), Cut(Tlp.GREEN), Cut(Tlp.AMBER))
    return (*loose, *(Cut(Tlp.AMBER_STRICT, holder) for holder in holders))
