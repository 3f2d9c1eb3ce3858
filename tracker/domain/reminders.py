"""Who is told of what waits, when, in which words. Pure; config/deadlines.yaml says how long before and after."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self

from tracker.domain.duty import WEEKDAYS, Hours
from tracker.domain.reading import Part
from tracker.domain.wording import counted, listed
from tracker.domain.words import Level, Occasion, Stage

_FILE = "config/deadlines.yaml"
STAGES = tuple(Stage)
"""In the order in which they come."""


@dataclass(frozen=True)
class Deadline:
    """An instant (UTC) at which a step is due; with `is_day` the day that begins then, of which people are told."""

    at: datetime
    is_day: bool = False

    @classmethod
    def of_day(cls, day: date) -> Self:
        """Return the deadline of a review or an action: a day, in UTC."""
        return cls(datetime.combine(day, time.min, tzinfo=UTC), is_day=True)

    @property
    def late_from(self) -> datetime:
        """From when on the step is late, UTC."""
        return self.at + timedelta(days=1) if self.is_day else self.at


@dataclass(frozen=True)
class NoticePolicy:
    """How long before a deadline people are told, how long after it others are, and within which hours.

    Only what is critical is told of outside the `working_week` of whoever is told.
    """

    remind_before: Mapping[Level, timedelta]
    escalate_after: Mapping[Level, timedelta]
    working_week: Hours

    @classmethod
    def read(cls, content: object) -> Self:
        """Read config/deadlines.yaml.

        Raises:
            ConfigError: a level is missing, or no duration, day or hour; names the key.
        """
        part = Part.whole(_FILE, content)
        before, after, week = (part.part(key) for key in ("remind_before", "escalate_after", "working_week"))
        days = week.words("days", WEEKDAYS)
        return cls(
            remind_before={level: before.duration(str(level)) for level in Level},
            escalate_after={level: after.duration(str(level)) for level in Level},
            working_week=Hours(
                frozenset(map(WEEKDAYS.index, days)), _hour(week, "from"), _hour(week, "until")
            ),
        )

    def told_at(self, stage: Stage, level: Level, deadline: Deadline) -> datetime:
        """Return from when on somebody is to be told of a deadline."""
        if stage is Stage.ESCALATED:
            return deadline.late_from + self.escalate_after[level]
        before = self.remind_before[level] if stage is Stage.SOON and not deadline.is_day else timedelta()
        return deadline.at - before

    def reached(self, level: Level, deadline: Deadline, now: datetime) -> Stage | None:
        """Return the last stage that a deadline has come to; None while it is far."""
        return next((s for s in reversed(STAGES) if self.told_at(s, level, deadline) <= now), None)

    def may_disturb(self, level: Level, at: datetime, zone: str) -> bool:
        """Return whether a person in a time zone may be told now of something of a level."""
        return level is Level.CRITICAL or self.working_week.hold(at, zone)


def _hour(part: Part, key: str) -> time:
    try:
        return time.fromisoformat(part.text(key))
    except ValueError:
        part.refuse(key, f'is {part.text(key)!r}; write an hour such as "08:30"')


@dataclass(frozen=True)
class Readers:
    """Who could be told: the owner where there is one, who is on duty now in order, who coordinates.

    Whoever is away, or lost their access, is not among them.
    """

    owner: str | None
    on_duty: Sequence[str]
    coordinators: Sequence[str]


def whom_to_tell(
    stage: Stage,
    readers: Readers,
    told: Collection[str],
    sees: Callable[[str], bool],
    lost: Collection[str] = (),
) -> tuple[str, ...]:
    """Return who is told of a step at a stage; nobody where all who could act on it know already, or see it not.

    Before and at the deadline the owner; without one, whoever is on duty; with nobody on duty, all coordinators.
    Afterwards whoever is on duty and was not told before, else the coordinators who were not. Never those whom a
    notice of this stage did not reach (`lost`).
    """
    late = stage is Stage.ESCALATED
    if not late and readers.owner and readers.owner not in lost and sees(readers.owner):
        return (readers.owner,)
    known = {*told, *lost, readers.owner} if late else {*lost}
    on_duty = (person for person in readers.on_duty if person not in known and sees(person))
    if (first := next(on_duty, None)) is not None:
        return (first,)
    return tuple(person for person in readers.coordinators if person not in known and sees(person))


@dataclass(frozen=True)
class Matter:
    """What a notice counts: an alert (by its id) or, without one, a signal; its level as the reader sees it."""

    occasion: Occasion
    level: Level
    alert_id: str | None


def notice_words(matters: Iterable[Matter]) -> str:
    """Say how much waits, and nothing of what: "2 critical alerts and 1 signal wait"."""
    levels: dict[str, set[Level]] = {}
    signals = 0
    for matter in matters:
        if matter.alert_id is None:
            signals += 1
        else:
            levels.setdefault(matter.alert_id, set()).add(matter.level)
    critical = sum(Level.CRITICAL in each for each in levels.values())
    others = len(levels) - critical
    parts = [
        *([counted(critical, "critical alert")] if critical else []),
        *([counted(others, "alert" if not critical else "other alert")] if others else []),
        *([counted(signals, "signal")] if signals else []),
    ]
    return f"{listed(parts)} {'waits' if critical + others + signals == 1 else 'wait'}"
