"""Stopping the weekly mail with one press and no sign-in (RFC 8058)."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from tracker.share.unsubscribe import stop
from tracker.web.parts import parts_of
from tracker.web.responses import page
from tracker.web.visitors import Now

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/unsubscribe/{token}")
def show_unsubscribe(request: Request, token: str, now: Now) -> Response:
    """Show the button that stops the weekly mail; opening the page stops nothing."""
    return page(request, "unsubscribe.html", now, token=token, state="asked")


@router.post("/unsubscribe/{token}")
def do_unsubscribe(request: Request, token: str, now: Now) -> Response:
    """Stop the weekly mail of whoever this address was sent to."""
    stopped = stop(parts_of(request).store, token, now)
    state, status = ("stopped", 200) if stopped else ("unknown", 404)
    return page(request, "unsubscribe.html", now, status=status, token=token, state=state)
