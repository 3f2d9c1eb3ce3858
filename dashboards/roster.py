"""The duty roster as pages need it: with the names that this viewer may know, by this viewer's clock."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from dashboards.session import Visit
from tracker.access.people import show_people, zone_of
from tracker.domain.duty import Roster, Shift
from tracker.domain.duty_words import clock_words
from tracker.respond.duty import roster_now

AHEAD = timedelta(weeks=4)
"""How far ahead shifts are shown."""


@dataclass(frozen=True)
class Duty:
    """Who is on duty, who looks, and when."""

    roster: Roster
    zone: ZoneInfo
    names: dict[str, str]
    now: datetime

    def clock(self, at: datetime) -> str:
        """Say an instant by the viewer's clock."""
        return clock_words(at, self.now, self.zone)

    def on_now(self) -> list[Shift]:
        """Return the shifts of those who are on duty now, the first to be asked in front."""
        found = [shift for layer in self.roster.layers for shift in self.ahead(layer)[:1]]
        return [shift for shift in found if shift.since <= self.now]

    @property
    def stretch(self) -> tuple[datetime, datetime]:
        """The coming weeks from this midnight on: the same at every rerun of a day, unlike what begins now."""
        local = self.now.astimezone(self.zone)
        midnight = datetime.combine(local.date(), time.min, tzinfo=self.zone)
        return midnight, midnight + AHEAD

    def ahead(self, layer: int) -> list[Shift]:
        """Return the shifts of a layer from now on."""
        return self.roster.shifts(layer, self.now, self.now + AHEAD)

    def until(self, shift: Shift) -> str:
        """Say until when a shift goes on; one that goes on for longer than is shown has no end."""
        return "" if shift.until >= self.now + AHEAD else f"until {self.clock(shift.until)}"


def duty(here: Visit) -> Duty:
    """Read the roster as it stands now."""
    roster = roster_now(here.store, here.now)
    people = {person for plan in roster.plans for person in plan.people}
    people |= {cover.person for cover in roster.covers} | {away.person for away in roster.away} | roster.able
    names = show_people(here.store, here.viewer, people, here.now)
    return Duty(roster, ZoneInfo(zone_of(here.store, here.viewer, here.now)), names, here.now)
