"""The job log: whether all jobs ran, and what came of their last runs."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from dashboards.components import marks
from dashboards.components.markup import html, table
from tracker.access.joblog import JobLog, Standing
from tracker.domain.wording import counted, listed, moment, span
from tracker.domain.words import RunState
from tracker.store.writes.jobs import Run

_FINE = (Standing.ON_TIME, Standing.NEVER_RAN)
_HEADS = ("Job", "Due", "Ran", "Took", "What came of it", "Next due")


def sentence(jobs: list[JobLog], now: datetime) -> str:
    """Say in one sentence, without its full stop, whether the jobs ran."""
    ran = [log for log in jobs if log.runs]
    odd = [log for log in jobs if log.standing not in _FINE]
    if not ran:
        return "No job has run yet"
    if len(odd) == 1:
        return _what_is_odd(odd[0], now)
    if odd:
        return (
            f"{len(odd)} of {counted(len(jobs), 'job')} did not run well: {listed([log.job for log in odd])}"
        )
    if len(ran) < len(jobs):
        new = listed([log.job for log in jobs if not log.runs])
        return f"{len(ran)} of {counted(len(jobs), 'job')} ran on time; not run yet: {new}"
    return f"All {counted(len(jobs), 'job')} ran on time"


def _what_is_odd(log: JobLog, now: datetime) -> str:
    newest = log.runs[0]
    due_at = log.due_at or newest.due_at
    if log.standing is not Standing.LATE:
        return f"The {log.job} job {log.standing} {_when(due_at, now)}"
    if newest.state is RunState.RUNNING:
        return f"The {log.job} job has been running for {span(now - newest.started_at)}"
    return f"The {log.job} job due {_when(due_at, now)} ran {span(newest.started_at - due_at)} late"


def _when(at: datetime, now: datetime) -> str:
    near = (now.date() - at.date()).days <= 1
    return moment(at, now) if near else f"on {at:%A %-d %b} at {at:%H:%M}"


def draw(jobs: list[JobLog], now: datetime) -> None:
    """Draw the last runs of every job, newest first."""
    marks.title("Jobs, in UTC")
    rows = (cells for log in jobs for cells in _rows(log, now))
    marks.show(html('<div class="stack log">{}</div>', table(rows, _HEADS)))
    if not any(log.runs for log in jobs):
        marks.note("The command tracker run starts them.")


def _rows(log: JobLog, now: datetime) -> Iterator[tuple[object, ...]]:
    name, following = html("<b>{}</b>", log.job), _at(log.next_due, now)
    if log.standing in (Standing.MISSED, Standing.NEVER_RAN):
        words = html('<span class="{}">{}</span>', "soft" if not log.runs else "late", log.standing)
        yield name, _at(log.due_at, now) if log.runs else "", "", "", words, following
        name = following = html("")
    for run in log.runs:
        yield name, _at(run.due_at, now), _at(run.started_at, now), _took(run), _came_of(run), following
        name = following = html("")


def _at(at: datetime | None, now: datetime) -> object:
    if at is None:
        return ""
    day = "" if at.date() == now.date() else f"{at:%a %-d %b} "
    return html(
        '<time class="num" title="{}">{}{}</time>', f"{at:%A %-d %B %Y, %H:%M:%S} UTC", day, f"{at:%H:%M}"
    )


def _took(run: Run) -> str:
    if run.finished_at is None:
        return ""
    took = run.finished_at - run.started_at
    return span(took) if took >= timedelta(minutes=1) else f"{took.total_seconds():.0f} s"


def _came_of(run: Run) -> object:
    if run.state is RunState.RUNNING:
        return html('<span class="soft">still running</span>')
    if run.state is RunState.FAILED:
        return html('<span class="late">failed:</span> {}', run.summary or "nothing said")
    return run.summary or "nothing said"
