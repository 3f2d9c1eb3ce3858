"""The API for programs: a field report in, lists out, each as the token's owner may see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response

from tracker.access.people import show_people
from tracker.access.permissions import Deed, require
from tracker.domain.countries import is_country
from tracker.errors import SubmissionError
from tracker.ingest.reports import partner_source, submit
from tracker.ingest.submission import read_submission
from tracker.store.reads import alerts as read_alerts
from tracker.store.reads import items as read_items
from tracker.store.reads import lists as read
from tracker.store.writes.export import barred_sources
from tracker.web import api_rows
from tracker.web.api_words import FAULTS, REPORT_BODY, RESULTS
from tracker.web.forms import read_json
from tracker.web.parts import parts_of
from tracker.web.visitors import ByToken, Now

router = APIRouter(prefix="/api", responses=FAULTS)

_MOST = 500


@router.post("/reports", status_code=201, openapi_extra=REPORT_BODY, responses=RESULTS)
def send_report(
    request: Request, now: Now, viewer: ByToken, said: Annotated[dict[str, Any], Depends(read_json)]
) -> Response:
    """Send a field report. The receipt code in the answer is shown this once.

    With the same client_id again, the same report is not taken in twice. Another report under it is a conflict: it
    is kept beside the first until an analyst has looked. A country that is not certain is kept as it was written.
    """
    require(viewer, Deed.SUBMIT)
    store = parts_of(request).store
    submission = read_submission(said)
    source = partner_source(store, viewer.user_id, now)
    received = submit(store, source, submission, now, keep_conflict=True)
    if received.conflict:
        return JSONResponse([api_rows.conflict(received)], 409)
    if received.already_received:
        return JSONResponse({"already_received": True}, 200)
    return JSONResponse(api_rows.taken_in(received, submission), 201)


@dataclass(frozen=True)
class Wanted:
    """Which rows of a list a program asks for."""

    country: str | None
    since: datetime | None
    limit: int
    offset: int


def read_wanted(
    country: Annotated[str | None, Query(description="ISO 3166-1 alpha-3, such as MLI")] = None,
    since: Annotated[
        str | None, Query(description="RFC 3339 instant or day; earlier rows are left out")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=_MOST, description="How many rows at most")] = 50,
    offset: Annotated[int, Query(ge=0, description="How many rows to leave out first")] = 0,
) -> Wanted:
    """Read which rows are asked for.

    Raises:
        SubmissionError: no such country, or no instant.
    """
    code = country.strip().upper() if country else None
    if code and not is_country(code):
        raise SubmissionError("country", "Write an ISO 3166-1 alpha-3 code, such as MLI.")
    return Wanted(code, _instant(since), limit, offset)


def _instant(said: str | None) -> datetime | None:
    if not said:
        return None
    try:
        at = datetime.fromisoformat(said)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise SubmissionError("since", "Write an instant such as 2026-11-25T09:40:00Z.") from error
    if len(said) > len("2026-11-25"):
        raise SubmissionError("since", "Write the zone as well, such as 2026-11-25T09:40:00Z.")
    return at.replace(tzinfo=UTC)


Asked = Annotated[Wanted, Depends(read_wanted)]
Rows = list[Mapping[str, Any]]


@router.get("/alerts", response_description="The rows asked for")
def list_alerts(request: Request, now: Now, viewer: ByToken, asked: Asked) -> Rows:
    """List alerts, the newest opened first, with every milestone of their chains."""
    require(viewer, Deed.SEE_ALERTS)
    store = parts_of(request).store
    wanted = read_alerts.AlertFilter(open_only=False, country=asked.country, since=asked.since)
    with store.viewing(viewer) as view:
        rows = read_alerts.alerts(view, wanted, asked.limit, asked.offset)
    owners = show_people(store, viewer, [row.owner_id for row in rows if row.owner_id], now)
    return [api_rows.alert(row, owners.get(row.owner_id or "")) for row in rows]


@router.get("/signals", response_description="The rows asked for")
def list_signals(request: Request, viewer: ByToken, asked: Asked) -> Rows:
    """List signals, the newest flagged first, with the alert that each went to."""
    require(viewer, Deed.SEE_ALERTS)
    wanted = read.ListFilter(asked.country, asked.since)
    with parts_of(request).store.viewing(viewer) as view:
        rows = read.signals(view, wanted, asked.limit, asked.offset)
        alert_ids = read.alerts_of_signals(view, [row.id for row in rows])
    return [api_rows.signal(row, alert_ids.get(row.id)) for row in rows]


@router.get("/items", response_description="The rows asked for")
def list_items(request: Request, now: Now, viewer: ByToken, asked: Asked) -> Rows:
    """List items, the newest published first. What is marked no_redistribute must not be passed on."""
    require(viewer, Deed.SEE_ITEMS)
    wanted = read_items.ItemFilter(country=asked.country, since=asked.since)
    store = parts_of(request).store
    with store.looking("read barred sources", now) as work:
        barred = barred_sources(work)
    with store.viewing(viewer) as view:
        found = read_items.items(view, wanted, asked.limit, asked.offset)
        rows = [row for row in found if row.source_id not in barred]
        countries = read_items.countries_of(view, [row.id for row in rows])
    return [api_rows.item(row, countries.get(row.id, [])) for row in rows]


@router.get("/actions", response_description="The rows asked for")
def list_actions(request: Request, viewer: ByToken, asked: Asked) -> Rows:
    """List actions, the newest added first."""
    require(viewer, Deed.SEE_ALERTS)
    wanted = read.ListFilter(asked.country, asked.since)
    with parts_of(request).store.viewing(viewer) as view:
        return [api_rows.action(row) for row in read.actions(view, wanted, asked.limit, asked.offset)]
