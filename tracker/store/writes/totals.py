"""How many of what there is, for monitoring: counts by state and nothing else. Cheap at any size of the store."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from tracker.domain.words import OutboxState, RunState, SourceKind, SourceState
from tracker.store.session import SystemSession
from tracker.store.tables import JobRun, Source
from tracker.store.writes import outbox

_COUNTED = (SourceKind.FEED,)


@dataclass(frozen=True)
class Totals:
    """Counts by state. `items` are those ever taken in, by the kind of their source, as sources count them.

    Sources of field reports are left out: whoever watches such a count sees when somebody reported.
    `last_due` is the newest due time of each job whose firing has ended, in UTC.
    """

    sources: Mapping[SourceState, int]
    items: Mapping[SourceKind, int]
    outbox: Mapping[OutboxState, int]
    job_runs: Mapping[tuple[str, RunState], int]
    last_due: Mapping[str, datetime]


def totals(work: SystemSession) -> Totals:
    """Return the counts; a state that nothing stands in is counted as 0."""
    sources = dict.fromkeys(SourceState, 0)
    items = dict.fromkeys(_COUNTED, 0)
    by_state = select(Source.state, Source.kind, func.count(), func.sum(Source.item_count))
    counted = by_state.where(Source.hidden_at.is_(None), Source.kind.in_(_COUNTED))
    for state, kind, count, item_count in work.execute(counted.group_by(Source.state, Source.kind)):
        sources[state] += count
        items[kind] += int(item_count or 0)
    runs = select(JobRun.job, JobRun.state, func.count()).group_by(JobRun.job, JobRun.state)
    ended = (
        select(JobRun.job, func.max(JobRun.due_at))
        .where(JobRun.state != RunState.RUNNING)
        .group_by(JobRun.job)
    )
    return Totals(
        sources=sources,
        items=items,
        outbox=dict.fromkeys(OutboxState, 0) | outbox.counts(work),
        job_runs={(job, state): count for job, state, count in work.execute(runs)},
        last_due={job: due_at for job, due_at in work.execute(ended)},
    )
