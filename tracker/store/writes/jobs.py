"""Job runs and the lease that says which node schedules. Claimed by insert, so that one firing runs once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Update, func, literal, or_, select, update

from tracker.domain.words import RunState
from tracker.store.session import SystemSession
from tracker.store.tables import JobRun, Lease
from tracker.store.upsert import inserted

_SHORTEST_WAIT, _LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=1)


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

    @property
    def retry_at(self) -> datetime | None:
        """When a firing that failed is tried again: after as long again as it is late, so that the wait doubles.

        Five minutes at least, so that a fault that stays does no harm; an hour at most, so that its end is soon
        noticed. Once the job's next due time has come, nobody looks at this one any more.
        """
        if self.state is not RunState.FAILED or self.finished_at is None:
            return None
        late = self.finished_at - self.due_at
        return self.finished_at + min(max(late, _SHORTEST_WAIT), _LONGEST_WAIT)


@dataclass(frozen=True)
class Firing:
    """One due time of a job (UTC), as one node sees it."""

    job: str
    due_at: datetime
    node: str


@dataclass(frozen=True)
class Beat:
    """A heartbeat: when, by the machine's own clock, and before when other nodes count as dead."""

    at: datetime
    dead_before: datetime


def claim_run(work: SystemSession, firing: Firing, beat: Beat) -> bool:
    """Claim a firing: True where it is ours.

    One whose node stopped beating is taken over; one that failed is tried again once its `retry_at` has come.
    """
    claimed = {
        "node": firing.node,
        "state": RunState.RUNNING,
        "started_at": work.now,
        "heartbeat_at": beat.at,
        "finished_at": None,
        "summary": None,
    }
    if inserted(work, JobRun, {"job": firing.job, "due_at": firing.due_at, **claimed}):
        return True
    free = (JobRun.state == RunState.RUNNING) & (JobRun.heartbeat_at < beat.dead_before)
    before = find_run(work, firing.job, firing.due_at)
    if before is not None and before.retry_at is not None and before.retry_at <= work.now:
        free = (JobRun.state == RunState.FAILED) & (JobRun.finished_at == before.finished_at)
    rows = update(JobRun).where(JobRun.job == firing.job, JobRun.due_at == firing.due_at, free)
    return work.execute(rows.values(**claimed).returning(JobRun.job)).first() is not None


def find_run(work: SystemSession, job: str, due_at: datetime) -> Run | None:
    """Return what there is of a firing; None where nobody claimed it yet."""
    row = work.scalar(select(JobRun).where(JobRun.job == job, JobRun.due_at == due_at))
    return _run(row) if row else None


def beat(work: SystemSession, firing: Firing, at: datetime) -> None:
    """Say that a firing still lives, unless another node took it over."""
    work.execute(_ours(firing).values(heartbeat_at=at))


def finish_run(work: SystemSession, firing: Firing, state: RunState, summary: str) -> None:
    """Write what became of a firing, unless another node took it over: then that one's word counts."""
    work.execute(_ours(firing).values(state=state, finished_at=work.now, summary=summary))


def _ours(firing: Firing) -> Update:
    return update(JobRun).where(
        JobRun.job == firing.job,
        JobRun.due_at == firing.due_at,
        JobRun.node == firing.node,
        JobRun.state == RunState.RUNNING,
    )


def newest_runs(work: SystemSession, job: str, limit: int) -> list[Run]:
    """Return the newest firings of a job, by due time, newest first."""
    of_job = select(JobRun).where(JobRun.job == job).order_by(JobRun.due_at.desc())
    rows = work.scalars(of_job.limit(limit))
    return [_run(row) for row in rows]


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


def _run(row: JobRun) -> Run:
    return Run(row.job, row.due_at, row.node, row.state, row.started_at, row.finished_at, row.summary)


def _database_now(work: SystemSession) -> datetime:
    if work.get_bind().dialect.name == "sqlite":
        said = work.scalar(select(func.strftime("%Y-%m-%dT%H:%M:%f+00:00", literal("now"))))
        return datetime.fromisoformat(str(said))
    at = work.scalar(select(func.clock_timestamp()))
    assert isinstance(at, datetime)
    return at
