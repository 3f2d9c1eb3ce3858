"""What machines ask for: whether the program works, and a few counts without any content."""

import logging

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from tracker.errors import TrackerError, describe
from tracker.store.migrate import check_schema
from tracker.store.writes.totals import totals
from tracker.web.parts import parts_of
from tracker.web.visitors import Now

router = APIRouter(include_in_schema=False)

_log = logging.getLogger("tracker.web")


@router.get("/healthz")
def healthz(request: Request) -> Response:
    """Answer 200 "ok" where the database is reachable and of this program's schema, else 503 with one line."""
    try:
        check_schema(parts_of(request).store)
    except TrackerError as error:
        return PlainTextResponse(f"{error}\n", 503)
    except Exception as error:  # noqa: BLE001 - whatever keeps us from looking, the answer is "not healthy"
        _log.error("not healthy: %s", describe(error))
        return PlainTextResponse("The database cannot be read.\n", 503)
    return PlainTextResponse("ok\n")


@router.get("/metrics")
def metrics(request: Request, now: Now) -> Response:
    """Return counts in the Prometheus text format, from a registry of this answer alone."""
    with parts_of(request).store.looking("count for metrics", now) as work:
        counted = totals(work)
    registry = CollectorRegistry()
    sources = Gauge("tracker_sources", "Sources by state", ["state"], registry=registry)
    for source_state, count in counted.sources.items():
        sources.labels(source_state).set(count)
    outbox = Gauge("tracker_outbox", "Mails by state", ["state"], registry=registry)
    for outbox_state, count in counted.outbox.items():
        outbox.labels(outbox_state).set(count)
    items = Gauge("tracker_items", "Items taken in, by kind of source", ["source_kind"], registry=registry)
    for source_kind, count in counted.items.items():
        items.labels(source_kind).set(count)
    runs = Gauge("tracker_job_runs", "Firings of jobs by state", ["job", "state"], registry=registry)
    for (job, run_state), count in counted.job_runs.items():
        runs.labels(job, run_state).set(count)
    due = Gauge("tracker_job_last_due_seconds", "Newest due time that has ended", ["job"], registry=registry)
    for job, due_at in counted.last_due.items():
        due.labels(job).set(due_at.timestamp())
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
