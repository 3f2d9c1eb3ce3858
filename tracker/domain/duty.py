"""Who is on duty when: layers of people who take turns, stretches in which one covers another, absences. Pure.

A plan says who takes turns in one layer from a day on; of the plans of a layer that have begun, the one set last
is in force. A cover (a swap, or a turn taken over) comes before the turns. Who is away, or lost their access, is
on duty nowhere: in the turns the next person steps in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from tracker.domain.times import as_utc

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Hours:
    """The hours of a week, by local time: on `days` (0 is Monday) from `begins` until `ends`.

    Where `ends` is not after `begins` they go on until that hour of the next day.
    """

    days: frozenset[int]
    begins: time
    ends: time

    def of(self, day: date, zone: str) -> tuple[datetime, datetime]:
        """Return when those that begin on a day begin and end, UTC, whether or not it is one of `days`."""
        last = day if self.ends > self.begins else day + _DAY
        return _instant(day, self.begins, zone), _instant(last, self.ends, zone)

    def hold(self, at: datetime, zone: str) -> bool:
        """Return whether an instant lies within them, by the clock of a time zone."""
        today = at.astimezone(ZoneInfo(zone)).date()
        return any(
            day.weekday() in self.days and self.of(day, zone)[0] <= at < self.of(day, zone)[1]
            for day in (today, today - _DAY)
        )


def _instant(day: date, hour: time, zone: str) -> datetime:
    """An hour that a clock change leaves out is the one after it; of an hour that comes twice, the first."""
    return datetime.combine(day, hour, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@dataclass(frozen=True)
class Plan:
    """Who takes turns in a layer (1 is asked first), each for `turn_days` days from the local hour `hands_over_at`.

    The first turn begins on `from_day`; the last ends at the hand-over of `until_day`. With `only` nobody is on
    outside those hours. `set_at` is when the plan was made, UTC.
    """

    layer: int
    people: tuple[str, ...]
    zone: str
    hands_over_at: time
    turn_days: int
    from_day: date
    set_at: datetime
    until_day: date | None = None
    only: Hours | None = None

    @property
    def begins_at(self) -> datetime:
        """When the first turn begins, UTC."""
        return self.hand_over(self.from_day)

    @property
    def ends_at(self) -> datetime | None:
        """When the last turn ends, UTC; None where it goes on."""
        return None if self.until_day is None else self.hand_over(self.until_day)

    def hand_over(self, day: date) -> datetime:
        """Return the instant of a day's hand-over, UTC; the local hour is kept through clock changes."""
        return _instant(day, self.hands_over_at, self.zone)

    def covers(self, at: datetime) -> bool:
        """Return whether anybody is to be on by this plan at an instant."""
        over = self.ends_at is not None and at >= self.ends_at
        return self.begins_at <= at and not over and (self.only is None or self.only.hold(at, self.zone))

    def turn_at(self, at: datetime) -> int:
        """Return the number of the turn that an instant since `begins_at` lies in, 0 for the first."""
        day = at.astimezone(ZoneInfo(self.zone)).date()
        if at < self.hand_over(day):
            day -= _DAY
        return (day - self.from_day).days // self.turn_days


@dataclass(frozen=True)
class Cover:
    """A stretch (UTC, its end not included) in which `person` is on in a layer, whoever's turn it is."""

    id: str
    layer: int
    person: str
    since: datetime
    until: datetime
    made_at: datetime


@dataclass(frozen=True)
class Away:
    """A stretch (UTC, its end not included) in which a person cannot be reached."""

    id: str
    person: str
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Shift:
    """A stretch (UTC, its end not included) of one layer, and who is on; `is_cover` where it is not by their turn."""

    layer: int
    person: str
    since: datetime
    until: datetime
    is_cover: bool = False


@dataclass(frozen=True)
class Gap:
    """A stretch (UTC, its end not included) in which nobody is on duty in any layer."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class Roster:
    """All that says who is on duty; `able` are those who may be: who has access, and works on alerts."""

    plans: tuple[Plan, ...] = ()
    covers: tuple[Cover, ...] = ()
    away: tuple[Away, ...] = ()
    able: frozenset[str] = field(default_factory=frozenset)

    @property
    def layers(self) -> tuple[int, ...]:
        """The layers that were ever set, the one that is asked first in front."""
        return tuple(sorted({plan.layer for plan in self.plans}))

    def is_away(self, person: str, at: datetime) -> bool:
        """Return whether a person said that they are away at an instant."""
        return any(each.person == person and each.since <= at < each.until for each in self.away)

    def is_there(self, person: str, at: datetime) -> bool:
        """Return whether a person could be on duty at an instant."""
        return person in self.able and not self.is_away(person, at)

    def plan_at(self, layer: int, at: datetime) -> Plan | None:
        """Return the plan of a layer that is in force: of those begun, the one set last."""
        begun = [plan for plan in self.plans if plan.layer == layer and plan.begins_at <= at]
        return max(begun, key=lambda plan: plan.set_at, default=None)

    def on(self, layer: int, at: datetime) -> str | None:
        """Return who is on duty in a layer at an instant; None for nobody."""
        at = as_utc(at)
        return self._covering(layer, at) or self._by_turn(layer, at)

    def on_duty(self, at: datetime) -> tuple[str, ...]:
        """Return who is on duty at an instant, each once, the first to be asked in front."""
        found = [self.on(layer, at) for layer in self._numbers()]
        return tuple(dict.fromkeys(person for person in found if person))

    def shifts(self, layer: int, since: datetime, until: datetime) -> list[Shift]:
        """Return who is on in a layer during a stretch, in order; stretches without anybody are left out."""
        found: list[Shift] = []
        bounds = self._bounds(layer, as_utc(since), as_utc(until))
        for begins, ends in pairwise(bounds):
            covering = self._covering(layer, begins)
            person = covering or self._by_turn(layer, begins)
            if person is None:
                continue
            last = found[-1] if found else None
            same = last and (last.person, last.until, last.is_cover) == (person, begins, bool(covering))
            if last and same:
                found[-1] = Shift(layer, person, last.since, ends, last.is_cover)
            else:
                found.append(Shift(layer, person, begins, ends, bool(covering)))
        return found

    def gaps(self, since: datetime, until: datetime) -> list[Gap]:
        """Return when nobody is on duty in any layer during a stretch, in order."""
        taken = [shift for layer in self._numbers() for shift in self.shifts(layer, since, until)]
        found, at = [], as_utc(since)
        for shift in sorted(taken, key=lambda shift: shift.since):
            if shift.since > at:
                found.append(Gap(at, shift.since))
            at = max(at, shift.until)
        return [*found, Gap(at, as_utc(until))] if at < until else found

    def _numbers(self) -> list[int]:
        return sorted({plan.layer for plan in self.plans} | {cover.layer for cover in self.covers})

    def _covering(self, layer: int, at: datetime) -> str | None:
        found = [
            cover
            for cover in self.covers
            if cover.layer == layer and cover.since <= at < cover.until and self.is_there(cover.person, at)
        ]
        newest = max(found, key=lambda cover: (cover.made_at, cover.id), default=None)
        return newest.person if newest else None

    def _by_turn(self, layer: int, at: datetime) -> str | None:
        plan = self.plan_at(layer, at)
        if plan is None or not plan.people or not plan.covers(at):
            return None
        first = plan.turn_at(at) % len(plan.people)
        in_order = plan.people[first:] + plan.people[:first]
        return next((person for person in in_order if self.is_there(person, at)), None)

    def _bounds(self, layer: int, since: datetime, until: datetime) -> list[datetime]:
        """Every instant at which who is on may change, with both ends of the stretch."""
        found = {at for cover in self.covers if cover.layer == layer for at in (cover.since, cover.until)}
        found |= {at for away in self.away for at in (away.since, away.until)}
        for plan in self.plans:
            if plan.layer == layer:
                found.update(_changes(plan, since, until))
        return sorted({at for at in found if since < at < until} | {since, until})


def _changes(plan: Plan, since: datetime, until: datetime) -> Iterable[datetime]:
    zone = ZoneInfo(plan.zone)
    day, last = since.astimezone(zone).date() - _DAY, until.astimezone(zone).date() + _DAY
    while day <= last:
        yield plan.hand_over(day)
        if plan.only is not None:
            yield from plan.only.of(day, plan.zone)
        day += _DAY


def next_shifts(roster: Roster, at: datetime, count: int, look_ahead: timedelta) -> list[Shift]:
    """Return the next so many shifts of all layers that begin after an instant, the first to begin in front."""
    found: Sequence[Shift] = [
        shift
        for layer in roster.layers
        for shift in roster.shifts(layer, at, at + look_ahead)
        if shift.since > as_utc(at)
    ]
    return sorted(found, key=lambda shift: (shift.since, shift.layer))[:count]
