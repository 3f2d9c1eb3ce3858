"""What holds of all that editors did to a week's digest: the lead, what comes first, what is left out. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from tracker.domain.words import EditKind
from tracker.store.writes.digest import Edit


@dataclass(frozen=True)
class Draft:
    """The sum of a week's edits.

    Attributes:
        lead: the editor's words, "" for none.
        editor_id: who wrote them.
        lead_number: the edit that they come from, 0 for none.
        places: the last edit of each alert that was placed, cleared ones included.
        number: the last edit of all, 0 for none: what was approved, or shown.
    """

    lead: str = ""
    editor_id: str | None = None
    lead_number: int = 0
    places: Mapping[str, Edit] = field(default_factory=dict)
    number: int = 0

    @classmethod
    def of(cls, edits: Iterable[Edit]) -> Self:
        """Add up edits, oldest first."""
        lead: Edit | None = None
        places: dict[str, Edit] = {}
        number = 0
        for edit in edits:
            number = edit.number
            if edit.alert_id is None:
                lead = edit
            else:
                places[edit.alert_id] = edit
        if lead is None:
            return cls(places=places, number=number)
        return cls(lead.lead or "", lead.editor_id, lead.number, places, number)

    @property
    def pinned(self) -> tuple[str, ...]:
        """The alerts that stand first in their sections, in the order in which they were pinned."""
        return self._those(EditKind.PINNED)

    @property
    def dropped(self) -> frozenset[str]:
        """The alerts that are left out."""
        return frozenset(self._those(EditKind.DROPPED))

    def place_of(self, alert_id: str) -> EditKind:
        """Return how an alert was placed; "cleared" where it stands as it falls."""
        edit = self.places.get(alert_id)
        return edit.kind if edit else EditKind.CLEARED

    def place_number(self, alert_id: str) -> int:
        """Return the edit that placed an alert last, 0 for none."""
        edit = self.places.get(alert_id)
        return edit.number if edit else 0

    def _those(self, kind: EditKind) -> tuple[str, ...]:
        found = sorted((edit.number, alert_id) for alert_id, edit in self.places.items() if edit.kind is kind)
        return tuple(alert_id for _, alert_id in found)
