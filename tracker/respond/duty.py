"""The duty roster: coordinators set its layers, those in it swap their turns, anybody inside says when they are away.

Whoever works inside may read it; names are shown through `access.people.show_people`.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import available_timezones

from tracker.access.permissions import Deed, may, require, require_inside
from tracker.domain.duty import Cover, Hours, Plan, Roster
from tracker.domain.viewer import Viewer
from tracker.errors import NotAllowedError, SubmissionError
from tracker.store import Store
from tracker.store.writes import duty as write
from tracker.store.writes import log, people
from tracker.store.writes.people import Person

ZONES = frozenset(available_timezones())
"""Names of time zones as IANA has them."""

MOST_LAYERS = 5
_LONGEST_TURN = 28
_INSIDE_ONLY = "Only those who work inside the Platform say here when they are away."


def roster_now(store: Store, now: datetime) -> Roster:
    """Return the roster as it stands; what is over is left out."""
    with store.looking("read roster", now) as work:
        return write.roster(work)


def on_duty_now(store: Store, now: datetime) -> list[tuple[int, Person]]:
    """Return who is on duty in each layer where somebody is, for the operator."""
    with store.looking("read roster", now) as work:
        roster = write.roster(work)
        on = {layer: person for layer in roster.layers if (person := roster.on(layer, now))}
        found = {person.id: person for person in people.people(work, on.values())}
    return [(layer, found[person]) for layer, person in on.items()]


@dataclass(frozen=True)
class Turns:
    """What a coordinator says of a layer; the words of `domain.duty.Plan`. Without people the layer is empty."""

    layer: int
    people: tuple[str, ...]
    zone: str
    hands_over_at: time
    turn_days: int
    from_day: date
    until_day: date | None = None
    only: Hours | None = None


def set_layer(store: Store, viewer: Viewer, said: Turns, now: datetime) -> None:
    """Set who takes turns in a layer from a day on; what was set before holds until then.

    Raises:
        NotAllowedError: not theirs to do.
        SubmissionError: an unknown zone or person, a length or day that cannot be.
    """
    require(viewer, Deed.SET_DUTY)
    plan_turns(store, said, now, viewer.actor)


def plan_turns(store: Store, said: Turns, now: datetime, actor: str) -> None:
    """Set a layer as `set_layer` does, as somebody who was let do so before: the operator, at the command line.

    Raises:
        SubmissionError: as for `set_layer`.
    """
    with store.acting(actor, "set layer", now) as work:
        _check(said, write.roster(work))
        values = {name: getattr(said, name) for name in Turns.__dataclass_fields__}
        plan_id = write.store_plan(work, Plan(**values, set_at=now))
        log.audit(work, "duty layer set", plan_id, f"layer {said.layer}, from {said.from_day}")


def _check(said: Turns, roster: Roster) -> None:
    strange = [person for person in said.people if person not in roster.able]
    if strange:
        raise SubmissionError("people", "Only analysts and coordinators who have access can be on duty.")
    if len(set(said.people)) != len(said.people):
        raise SubmissionError("people", "Name each person once.")
    if not 1 <= said.layer <= MOST_LAYERS:
        raise SubmissionError("layer", "There are layers 1 to %(most)d.", most=MOST_LAYERS)
    check_zone(said.zone)
    if not 1 <= said.turn_days <= _LONGEST_TURN:
        raise SubmissionError("turn_days", "A turn lasts 1 to %(most)d days.", most=_LONGEST_TURN)
    if said.until_day is not None and said.until_day <= said.from_day:
        raise SubmissionError("until_day", "This is not after the day on which it begins.")
    if said.only is not None and not said.only.days:
        raise SubmissionError("days", "Choose at least one day of the week.")


def check_zone(zone: str) -> None:
    """Make sure that there is such a time zone.

    Raises:
        SubmissionError: there is none of this name.
    """
    if zone not in ZONES:
        raise SubmissionError("zone", "Choose a time zone by its IANA name, such as Europe/Paris.")


@dataclass(frozen=True)
class Stretch:
    """From when until when, UTC; its end is not included."""

    since: datetime
    until: datetime

    def check(self, now: datetime) -> None:
        """Make sure that it lasts, and is not over.

        Raises:
            SubmissionError: it does not, or is.
        """
        if self.until <= self.since:
            raise SubmissionError("until", "This is not after the beginning.")
        if self.until <= now:
            raise SubmissionError("until", "This is past.")


def swap(store: Store, viewer: Viewer, layer: int, person: str, stretch: Stretch, now: datetime) -> str:
    """Put a person on in a layer for a stretch, whoever's turn it is; return the ULID of the swap.

    People give turns of their own to a colleague, or take a stretch over themselves; coordinators place anybody.

    Raises:
        NotAllowedError: not theirs to do.
        SubmissionError: the person cannot be on duty or is away then, no such layer, a stretch that is over.
    """
    require(viewer, Deed.WORK)
    stretch.check(now)
    with store.acting(viewer.actor, "swap duty", now) as work:
        roster = write.roster(work)
        if person not in roster.able:
            raise SubmissionError("person", "Only analysts and coordinators who have access can be on duty.")
        if layer not in roster.layers:
            raise SubmissionError("layer", "There is no such layer.")
        if any(
            each.person == person and each.since < stretch.until and stretch.since < each.until
            for each in roster.away
        ):
            raise SubmissionError("person", "They are away in these hours.")
        on = {shift.person for shift in roster.shifts(layer, max(stretch.since, now), stretch.until)}
        if person != viewer.user_id and on != {viewer.user_id} and not may(viewer, Deed.SET_DUTY):
            raise NotAllowedError("You may give away your own hours only. Ask your coordinator for others.")
        cover_id = write.store_cover(work, layer, person, stretch.since, stretch.until)
        log.audit(work, "duty swapped", cover_id, f"layer {layer}")
    return cover_id


def take_back_swap(store: Store, viewer: Viewer, cover_id: str, now: datetime) -> None:
    """Let the turns decide again; whoever covers may, and coordinators.

    Raises:
        NotAllowedError, NotFoundError: not theirs to do, or not there.
    """
    require(viewer, Deed.WORK)
    with store.acting(viewer.actor, "take back swap", now) as work:
        covers = {cover.id: cover for cover in write.roster(work).covers}
        cover = covers.get(cover_id)
        if cover and not may_take_back(viewer, cover):
            raise NotAllowedError("Only whoever covers may take a swap back, or a coordinator.")
        write.take_back_cover(work, cover_id)
        log.audit(work, "duty swap taken back", cover_id)


def may_take_back(viewer: Viewer, cover: Cover) -> bool:
    """Return whether a swap is this person's to take back."""
    return cover.person == viewer.user_id or may(viewer, Deed.SET_DUTY)


def say_away(store: Store, viewer: Viewer, stretch: Stretch, now: datetime) -> str:
    """Say that one cannot be reached for a stretch; return its ULID. Others are on duty then, and told instead.

    Raises:
        NotAllowedError: they do not work inside.
        SubmissionError: a stretch that is over, or ends before it begins.
    """
    require_inside(viewer, _INSIDE_ONLY)
    stretch.check(now)
    with store.acting(viewer.actor, "say away", now) as work:
        absence_id = write.store_absence(work, viewer.user_id, stretch.since, stretch.until)
        log.audit(work, "away", absence_id)
    return absence_id


def say_back(store: Store, viewer: Viewer, absence_id: str, now: datetime) -> None:
    """Take back that one is away.

    Raises:
        NotFoundError: they said no such thing.
    """
    require_inside(viewer, _INSIDE_ONLY)
    with store.acting(viewer.actor, "take back away", now) as work:
        write.take_back_absence(work, absence_id, viewer.user_id)
        log.audit(work, "away taken back", absence_id)
