"""Who is told that something waits: each by what they may see themselves, as they see it.

The job finds what came to a stage of its deadline, asks who is to be told, and notes it with one notice for each
person. When the notice is about to leave, `still_waiting` judges anew: what was done meanwhile is told to nobody.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from tracker.domain.deadlines import MILESTONE_OF, DeadlinePolicy
from tracker.domain.duty import Roster
from tracker.domain.labels import highest, level_rank
from tracker.domain.life import OPEN_STATES
from tracker.domain.reminders import Deadline, Matter, NoticePolicy, Readers, whom_to_tell
from tracker.domain.viewer import Viewer
from tracker.domain.words import Level, MilestoneKind, Occasion, OutboxKind, Role, Stage
from tracker.respond.policy import Policy
from tracker.respond.steps import level_of, still_due
from tracker.store import Store, SystemSession
from tracker.store.reads.alerts import AlertFilter, AlertRow, alerts
from tracker.store.reads.decisions import Standing, standing_decisions
from tracker.store.reads.waiting import SignalSeen, actions_to_do, signals_seen
from tracker.store.writes import channels, duty, outbox, people, reminders
from tracker.store.writes.people import Person
from tracker.store.writes.reminders import Note, Thing, Told

_AT_ONCE = 2000
_STEPS = {Occasion(str(step)): kind for step, kind in MILESTONE_OF.items()}
_OF_SIGNALS = (Occasion.OPENED, Occasion.TRIAGE)


@dataclass(frozen=True)
class _Sight:
    """What one person sees of things that may wait."""

    viewer: Viewer
    deadlines: DeadlinePolicy
    alerts: Mapping[str, AlertRow]
    standing: Mapping[str, Standing]
    signals: Mapping[str, SignalSeen]
    to_do: Mapping[str, date]

    def level(self, note: Note) -> Level | None:
        """Return how grave a thing is for them; None where they may not see it."""
        if note.alert_id is None:
            signal = self.signals.get(note.thing_id)
            return signal.level if signal else None
        alert = self.alerts.get(note.alert_id)
        return level_of(alert) if alert and alert.raised else None

    def deadline(self, note: Note) -> Deadline | None:
        """Return by when a thing is to be done, as they see it; None where they see nothing left to be done."""
        if note.occasion is Occasion.TRIAGE:
            signal = self.signals.get(note.thing_id)
            return Deadline(signal.due_at) if signal and signal.waits else None
        alert = self.alerts.get(note.alert_id or "")
        if alert is None or alert.state not in OPEN_STATES:
            return None
        if note.occasion is Occasion.OPENED:
            return self._joined(note, alert)
        if note.occasion in _STEPS:
            due = still_due(alert, self.deadlines, self.standing.get(alert.id)).get(_STEPS[note.occasion])
            return Deadline(due) if due else None
        return self._day(note, alert)

    def can_act(self, note: Note, level: Level | None = None) -> bool:
        """Return whether they see something left to be done, and see it as of a level at least where one is given."""
        own = self.level(note)
        as_grave = own is not None and (level is None or level_rank(own) >= level_rank(level))
        return as_grave and self.deadline(note) is not None

    def _day(self, note: Note, alert: AlertRow) -> Deadline | None:
        """A review is kept once, and is nobody's business after a later decision; an action is done or is not."""
        stands = self.standing.get(alert.id)
        day = self.to_do.get(note.thing_id)
        if note.occasion is Occasion.REVIEW:
            waits = stands is not None and stands.id == note.thing_id and stands.waits_for_review
            day = stands.review_on if stands and waits else None
        return Deadline.of_day(day) if day else None

    def _joined(self, note: Note, alert: AlertRow) -> Deadline | None:
        """A critical signal waits until somebody decided after it joined."""
        decided_at = alert.chain.latest.get(MilestoneKind.DECIDED)
        joined = [at for level, at in alert.raised if level is Level.CRITICAL]
        answered = decided_at is not None and all(at < decided_at for at in joined)
        return None if answered or not joined or note.thing_id not in self.signals else Deadline(min(joined))


def _look(store: Store, viewer: Viewer, policy: Policy, notes: Iterable[Note], now: datetime) -> _Sight:
    ids: dict[Occasion, set[str]] = defaultdict(set)
    of_alerts = set[str]()
    for note in notes:
        ids[note.occasion].add(note.thing_id)
        of_alerts |= {note.alert_id} if note.alert_id else set()
    wanted = AlertFilter(open_only=True, ids=tuple(sorted(of_alerts)))
    with store.viewing(viewer) as view:
        return _Sight(
            viewer,
            policy.deadlines,
            {row.id: row for row in alerts(view, wanted, limit=len(of_alerts))} if of_alerts else {},
            standing_decisions(view, of_alerts),
            signals_seen(view, set().union(*(ids[each] for each in _OF_SIGNALS))),
            actions_to_do(view, ids[Occasion.ACTION]) if ids[Occasion.ACTION] else {},
        )


def _matter(sight: _Sight, note: Note, policy: NoticePolicy, now: datetime) -> Matter | datetime | None:
    """What a notice counts for a note; None where nothing waits for them; an instant where that is when it will."""
    level, deadline = sight.level(note), sight.deadline(note)
    if level is None or deadline is None:
        return None
    from_ = deadline.at if note.occasion is Occasion.OPENED else policy.told_at(note.stage, level, deadline)
    return from_ if from_ > now else Matter(note.occasion, level, note.alert_id)


@dataclass(frozen=True)
class Waiting:
    """What a notice tells of now, and which of its notes have time yet as far as its reader sees."""

    matters: list[Matter] = field(default_factory=list)
    later: list[Note] = field(default_factory=list)

    @property
    def level(self) -> Level:
        """The highest level of what waits."""
        return highest(matter.level for matter in self.matters)


def still_waiting(
    store: Store, viewer: Viewer, policy: Policy, notes: Iterable[Note], now: datetime
) -> Waiting:
    """Judge what a notice was made for, as its reader sees it now.

    What was done, or is somebody else's by now, or hidden from them, is left out.
    """
    judged, found = list(notes), Waiting()
    sight = _look(store, viewer, policy, judged, now)
    others = _sights_of_owners(store, sight, policy, judged, now)
    with store.looking("read who was told", now) as work:
        told = reminders.told_of(work, (note.thing_id for note in judged))
    for note in judged:
        of_note = told[note.thing_id, note.occasion]
        is_others = _is_others(sight, note, others, of_note)
        matter = None if is_others else _matter(sight, note, policy.notices, now)
        if isinstance(matter, Matter):
            found.matters.append(matter)
        elif matter is not None:
            found.later.append(note)
    return found


def _sights_of_owners(
    store: Store, sight: _Sight, policy: Policy, notes: list[Note], now: datetime
) -> dict[str, _Sight]:
    """What the owners of these alerts see of them, by owner; who is away or lost their access owns nothing now."""
    owners = {alert.owner_id for alert in sight.alerts.values() if alert.owner_id} - {sight.viewer.user_id}
    with store.looking("read owners", now) as work:
        roster = duty.roster(work)
        viewers = people.viewers(work, [owner for owner in owners if roster.is_there(owner, now)])
    return {each.user_id: _look(store, each, policy, notes, now) for each in viewers}


def _is_others(sight: _Sight, note: Note, others: Mapping[str, _Sight], told: Told) -> bool:
    """Return whether somebody else took it on who can act on it and was not missed by their notice.

    Of what is late, whether the reader took it on and was told of it at an earlier stage.
    """
    alert = sight.alerts.get(note.alert_id or "")
    owner = alert.owner_id if alert else None
    if note.stage is Stage.ESCALATED:
        knows = any(person == owner and stage is not Stage.ESCALATED for person, stage in told.stages)
        return owner == sight.viewer.user_id and knows
    theirs = others.get(owner) if owner and owner not in told.lost_at(note.stage) else None
    return theirs is not None and theirs.can_act(note, sight.level(note))


@dataclass
class _Desk:
    """Who could be told in one run, and what each of them sees, looked up once when it is first asked for."""

    store: Store
    policy: Policy
    now: datetime
    roster: Roster
    people: dict[str, Person]
    viewers: dict[str, Viewer]
    notes: list[Note]
    _sights: dict[str, _Sight] = field(default_factory=dict)

    def __post_init__(self) -> None:
        there = {each for each in self.people if self.roster.is_there(each, self.now)}
        coordinators = [each for each, person in self.people.items() if person.role is Role.COORDINATOR]
        self._there, self._on_duty = there, self.roster.on_duty(self.now)
        self._coordinators = [each for each in coordinators if each in there] or coordinators

    def readers(self, owner: str | None) -> Readers:
        """Return who could be told of something of an owner's; with all coordinators away, they are told there."""
        return Readers(owner if owner in self._there else None, self._on_duty, self._coordinators)

    def sight(self, person: str) -> _Sight:
        """Return what a person sees of all that may be told in this run."""
        if person not in self._sights:
            self._sights[person] = _look(self.store, self.viewers[person], self.policy, self.notes, self.now)
        return self._sights[person]

    def matter(self, person: str, note: Note) -> Matter | None:
        """Return what a person may be told of now; None where it has time, or would disturb them."""
        matter = _matter(self.sight(person), note, self.policy.notices, self.now)
        if not isinstance(matter, Matter):
            return None
        zone = self.people[person].time_zone
        return matter if self.policy.notices.may_disturb(matter.level, self.now, zone) else None


def tell(store: Store, policy: Policy, now: datetime) -> int:
    """Queue notices of what came to a stage of its deadline, one for each person; return how many.

    A second run adds nothing: what was noted once is noted for good.
    """
    with store.looking("find what waits", now) as work:
        things = reminders.untold(work, policy.notices, _AT_ONCE)
        if not things:
            return 0
        told = reminders.told_of(work, (thing.id for thing in things))
        roster = duty.roster(work)
        desk = _Desk(
            store=store,
            policy=policy,
            now=now,
            roster=roster,
            people={person.id: person for person in people.people(work, roster.able)},
            viewers={viewer.user_id: viewer for viewer in people.viewers(work, roster.able)},
            notes=[_note(thing, policy.notices, now) for thing in things],
        )
    found: dict[str, list[tuple[Note, Matter]]] = defaultdict(list)
    for thing, note in zip(things, desk.notes, strict=True):
        for person, noted in _addressed(desk, thing, note, told[thing.id, thing.occasion]):
            matter = desk.matter(person, noted)
            if matter is not None:
                found[person].append((noted, matter))
    with store.acting("job:deadlines", "tell", now) as work:
        return sum(_queue(work, person, noted) for person, noted in sorted(found.items()))


def _note(thing: Thing, policy: NoticePolicy, now: datetime) -> Note:
    stage = policy.reached(thing.level, thing.deadline, now)
    if thing.occasion is Occasion.OPENED or stage is None:
        stage = Stage.DUE
    return Note(thing.id, thing.occasion, thing.alert_id, stage)


def _addressed(desk: _Desk, thing: Thing, note: Note, told: Told) -> list[tuple[str, Note]]:
    """Return who is told, and of what stage: of what is late also an owner whom nobody told that it is due."""
    found = [(person, note) for person in _whom(desk, thing, note, told)]
    owner = desk.readers(thing.owner_id).owner
    is_untold = note.stage is Stage.ESCALATED and owner not in told.people
    if owner and is_untold and desk.sight(owner).can_act(note):
        found.append((owner, replace(note, stage=Stage.DUE)))
    return found


def _whom(desk: _Desk, thing: Thing, note: Note, told: Told) -> tuple[str, ...]:
    """Whoever sees it as grave as it is comes before those who see less of it."""
    readers = desk.readers(thing.owner_id)
    lost = told.lost_at(note.stage)

    def whom(level: Level | None) -> tuple[str, ...]:
        return whom_to_tell(
            note.stage, readers, told.people, lambda person: desk.sight(person).can_act(note, level), lost
        )

    return whom(thing.level) or whom(None)


def _queue(work: SystemSession, person: str, noted: list[tuple[Note, Matter]]) -> int:
    notice_id = reminders.note(work, person, (note for note, _ in noted))
    if notice_id is None:
        return 0
    level = highest(matter.level for _, matter in noted)
    outbox.enqueue(work, OutboxKind.NOTICE, notice_id, [person])
    for channel in channels.channels_of(work, person):
        if level_rank(channel.from_level) <= level_rank(level):
            outbox.enqueue_by(work, OutboxKind.NOTICE, notice_id, person, channel.id)
    return 1
