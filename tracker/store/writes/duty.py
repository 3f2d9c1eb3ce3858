"""The duty roster as it is kept: plans appended, covers and absences made and taken back; read as one roster."""

from datetime import datetime, time

from sqlalchemy import select, update

from tracker.domain.duty import Away, Cover, Hours, Plan, Roster
from tracker.domain.words import Role
from tracker.errors import NotFoundError
from tracker.store.columns import new_id
from tracker.store.session import SystemSession
from tracker.store.tables import Absence, DutyCover, DutyPlan, User

ON_DUTY_ROLES = (Role.ANALYST, Role.COORDINATOR)
"""Who works on alerts, and so may be on duty."""


def roster(work: SystemSession) -> Roster:
    """Return who is on duty, as it is known now; what is over is left out."""
    covers = select(DutyCover).where(DutyCover.until > work.now, DutyCover.taken_back_at.is_(None))
    away = select(Absence).where(Absence.until > work.now, Absence.taken_back_at.is_(None))
    able = select(User.id).where(User.role.in_(ON_DUTY_ROLES), User.disabled_at.is_(None))
    return Roster(
        plans=tuple(_plan(row) for row in work.scalars(select(DutyPlan).order_by(DutyPlan.id))),
        covers=tuple(
            Cover(row.id, row.layer, row.user_id, row.since, row.until, row.made_at)
            for row in work.scalars(covers.order_by(DutyCover.since, DutyCover.id))
        ),
        away=tuple(
            Away(row.id, row.user_id, row.since, row.until)
            for row in work.scalars(away.order_by(Absence.since, Absence.id))
        ),
        able=frozenset(work.scalars(able)),
    )


def _plan(row: DutyPlan) -> Plan:
    return Plan(
        layer=row.layer,
        people=tuple(row.people),
        zone=row.zone,
        hands_over_at=time.fromisoformat(row.hands_over_at),
        turn_days=row.turn_days,
        from_day=row.from_day,
        set_at=row.set_at,
        until_day=row.until_day,
        only=_hours(row.only) if row.only else None,
    )


def _hours(said: dict[str, object]) -> Hours:
    days, begins, ends = said["days"], str(said["begins"]), str(said["ends"])
    assert isinstance(days, list)
    return Hours(frozenset(days), time.fromisoformat(begins), time.fromisoformat(ends))


def store_plan(work: SystemSession, plan: Plan) -> str:
    """Append who takes turns in a layer; return its ULID."""
    only = plan.only and {
        "days": sorted(plan.only.days),
        "begins": f"{plan.only.begins:%H:%M}",
        "ends": f"{plan.only.ends:%H:%M}",
    }
    row = DutyPlan(
        id=new_id(work.now),
        layer=plan.layer,
        people=list(plan.people),
        zone=plan.zone,
        hands_over_at=f"{plan.hands_over_at:%H:%M}",
        turn_days=plan.turn_days,
        from_day=plan.from_day,
        until_day=plan.until_day,
        only=only,
        set_by=work.actor,
        set_at=work.now,
    )
    work.add(row)
    return row.id


def store_cover(work: SystemSession, layer: int, person: str, since: datetime, until: datetime) -> str:
    """Put a person on in a layer for a stretch; return its ULID."""
    row = DutyCover(
        id=new_id(work.now),
        layer=layer,
        user_id=person,
        since=since,
        until=until,
        made_by=work.actor,
        made_at=work.now,
    )
    work.add(row)
    return row.id


def store_absence(work: SystemSession, person: str, since: datetime, until: datetime) -> str:
    """Note that a person is away for a stretch; return its ULID."""
    row = Absence(id=new_id(work.now), user_id=person, since=since, until=until, said_at=work.now)
    work.add(row)
    return row.id


def take_back_absence(work: SystemSession, absence_id: str, person: str) -> None:
    """Take back what a person said of being away.

    Raises:
        NotFoundError: they said no such thing, or took it back before.
    """
    mine = (Absence.id == absence_id, Absence.user_id == person, Absence.taken_back_at.is_(None))
    done = update(Absence).where(*mine).values(taken_back_at=work.now).returning(Absence.id)
    if work.scalar(done) is None:
        raise NotFoundError("absence", absence_id)


def take_back_cover(work: SystemSession, cover_id: str) -> None:
    """Let the turns decide again.

    Raises:
        NotFoundError: there is no such cover, or it was taken back before.
    """
    mine = (DutyCover.id == cover_id, DutyCover.taken_back_at.is_(None))
    done = update(DutyCover).where(*mine).values(taken_back_at=work.now).returning(DutyCover.id)
    if work.scalar(done) is None:
        raise NotFoundError("swap", cover_id)
