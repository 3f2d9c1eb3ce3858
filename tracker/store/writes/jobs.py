"""Job runs and the lease that says which node schedules. Claimed by insert, so that one firing runs once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, literal, or_, select, update

from tracker.domain.words import RunState
from tracker.store.session import SystemSession
from tracker.store.tables import JobRun, Lease
from tracker.store.upsert import inserted


@dataclass(frozen=True)
class Run:
    """One firing of a job as the job log shows it."""

    job: str
    due_at: datetime
    node: str
    state: RunState
    started_at: datetime
    finished_at: datetime | None
    summary: str | None


@dataclass(frozen=True)
class Beat:
    """A heartbeat: which node, when by the machine's own clock, and before when others count as dead."""

    node: str
    at: datetime
    dead_before: datetime


def claim_run(work: SystemSession, job: str, due_at: datetime, beat: Beat) -> bool:
    """Claim a firing: True where it is ours. A firing whose node stopped beating is taken over."""
    row = {
        "job": job,
        "due_at": due_at,
        "node": beat.node,
        "state": RunState.RUNNING,
        "started_at": work.now,
        "heartbeat_at": beat.at,
    }
    if inserted(work, JobRun, row):
        return True
    took = work.execute(
        update(JobRun)
        .where(
            JobRun.job == job,
            JobRun.due_at == due_at,
            JobRun.state == RunState.RUNNING,
            JobRun.heartbeat_at < beat.dead_before,
        )
        .values(node=beat.node, started_at=work.now, heartbeat_at=beat.at)
        .returning(JobRun.job)
    )
    return took.first() is not None


def is_settled(work: SystemSession, job: str, due_at: datetime) -> bool:
    """Return whether a firing has ended, well or badly."""
    state = work.scalar(select(JobRun.state).where(JobRun.job == job, JobRun.due_at == due_at))
    return state is not None and state is not RunState.RUNNING


def beat(work: SystemSession, job: str, due_at: datetime, at: datetime) -> None:
    """Say that a firing still lives."""
    work.execute(update(JobRun).where(JobRun.job == job, JobRun.due_at == due_at).values(heartbeat_at=at))


def finish_run(work: SystemSession, job: str, due_at: datetime, state: RunState, summary: str) -> None:
    """Write what became of a firing."""
    work.execute(
        update(JobRun)
        .where(JobRun.job == job, JobRun.due_at == due_at)
        .values(state=state, finished_at=work.now, summary=summary)
    )


def recent_runs(work: SystemSession, limit: int) -> list[Run]:
    """Return the newest firings, newest first."""
    rows = work.scalars(select(JobRun).order_by(JobRun.started_at.desc()).limit(limit))
    return [
        Run(row.job, row.due_at, row.node, row.state, row.started_at, row.finished_at, row.summary)
        for row in rows
    ]


def take_lease(work: SystemSession, name: str, node: str, hold_for: timedelta) -> bool:
    """Take or renew a lease in the database's own time; False while another node holds it."""
    database_now = _database_now(work)
    until = database_now + hold_for
    if inserted(work, Lease, {"name": name, "node": node, "until": until}):
        return True
    took = work.execute(
        update(Lease)
        .where(Lease.name == name, or_(Lease.node == node, Lease.until < database_now))
        .values(node=node, until=until)
        .returning(Lease.name)
    )
    return took.first() is not None


def drop_lease(work: SystemSession, name: str, node: str) -> None:
    """Give a lease back, so that the next node need not wait for it to run out."""
    work.execute(
        update(Lease).where(Lease.name == name, Lease.node == node).values(until=_database_now(work))
    )


def _database_now(work: SystemSession) -> datetime:
    if work.get_bind().dialect.name == "sqlite":
        said = work.scalar(select(func.strftime("%Y-%m-%dT%H:%M:%f+00:00", literal("now"))))
        return datetime.fromisoformat(str(said))
    at = work.scalar(select(func.clock_timestamp()))
    assert isinstance(at, datetime)
    return at
