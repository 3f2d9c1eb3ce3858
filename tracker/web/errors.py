"""Says what went wrong: a plain page to people, a JSON object to programs, with the status that fits."""

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import Scope

from tracker.clock import utc_now
from tracker.domain.wording import gettext_noop
from tracker.errors import (
    ConfigError,
    NotAllowedError,
    NotFoundError,
    NotTakenError,
    StaleError,
    StoreError,
    SubmissionError,
    TrackerError,
    TransitionError,
)
from tracker.ingest.submission import SubmissionErrors
from tracker.web.languages import ENGLISH, catalogue, language_of
from tracker.web.responses import page, see_other
from tracker.web.visitors import SignInNeededError, StaleFormError, TokenNeededError, read_visitor

_log = logging.getLogger("tracker.web")

_STATUS: list[tuple[type[TrackerError], int, str]] = [
    (NotFoundError, 404, "You may not see this"),
    (NotAllowedError, 403, "This is not yours to do"),
    (TransitionError, 409, "This is no longer possible"),
    (StaleError, 409, "Somebody was faster"),
    (SubmissionError, 422, "Something needs another look"),
    (SubmissionErrors, 422, "Something needs another look"),
    (NotTakenError, 422, "This cannot be kept as it is"),
    (StoreError, 503, gettext_noop("This does not work just now")),
    (ConfigError, 503, "This is not set up yet"),
]
_FOR_REPORTERS = ("/report", "/receipt")
"""The pages that speak more than English, their errors too."""

_BUSY = gettext_noop("Wait a minute, then try again.")
_NOT_SEEN = "It is not there, or it is not for you. If somebody sent you here, ask them."
_NOT_SET_UP = "Something is not set up yet. Whoever runs this: `tracker init`, then `tracker doctor`."
_FIXED: dict[type[TrackerError], str] = {NotFoundError: _NOT_SEEN, ConfigError: _NOT_SET_UP}
"""Errors whose own words are not for the page: they would tell what exists, or how this machine is laid out."""
_OUR_FAULT = gettext_noop(
    "Something broke on our side. What you did before is kept; what you were doing now was not. "
    "Try again, and tell the analysts if it breaks again."
)
_SAYS = {
    400: (
        gettext_noop("This cannot be read"),
        gettext_noop("Go back and send it once more, in words alone: without pictures or files."),
    ),
    404: (gettext_noop("There is no such page"), gettext_noop("Look at the address again.")),
    405: (gettext_noop("This page does not take that"), gettext_noop("Go back and use its buttons.")),
    413: (
        gettext_noop("This is too large"),
        gettext_noop("A report takes at most 4,000 characters. Nothing was kept."),
    ),
}


def add_error_pages(app: FastAPI) -> None:
    """Make every error that a person can act on a page, or JSON under /api."""
    app.add_exception_handler(TrackerError, _tracker_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(SignInNeededError, _sign_in_needed)
    app.add_exception_handler(StaleFormError, _stale_form)
    app.add_exception_handler(TokenNeededError, _token_needed)


def crash_page(scope: Scope) -> Response:
    """Return what is shown where the program itself is at fault."""
    return _answer(Request(scope), 500, gettext_noop("Something broke"), _OUR_FAULT)


def _answer(request: Request, status: int, title: str, problem: str) -> Response:
    if _is_api(request):
        return JSONResponse({"problem": problem}, status)
    now = utc_now()
    visitor = read_visitor(request, now) if status < HTTPStatus.INTERNAL_SERVER_ERROR else None
    lang = language_of(request) if _is_for_reporters(request) else ENGLISH
    said = catalogue(lang).gettext
    return page(
        request,
        "error.html",
        now,
        visitor,
        status=status,
        lang=lang,
        title=said(title),
        problem=said(problem),
    )


def _is_for_reporters(request: Request) -> bool:
    return request.url.path.startswith(_FOR_REPORTERS)


def _is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def problems_of(error: SubmissionError | SubmissionErrors) -> list[dict[str, str]]:
    """Return the faults of what was sent as JSON: field and problem."""
    faults = error.errors if isinstance(error, SubmissionErrors) else (error,)
    return [{"field": fault.field, "problem": fault.problem} for fault in faults]


def _tracker_error(request: Request, error: Exception) -> Response:
    if isinstance(error, SubmissionError | SubmissionErrors) and _is_api(request):
        return JSONResponse(problems_of(error), 422)
    for kind, status, title in _STATUS:
        if isinstance(error, kind):
            if isinstance(error, StoreError) or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                _log.error("%s", error)
            said = _BUSY if kind is StoreError and _is_for_reporters(request) else str(error)
            return _answer(request, status, title, _FIXED.get(kind) or said)
    raise error


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    title, problem = _SAYS.get(error.status_code, (error.detail, "Go back and try again."))
    response = _answer(request, error.status_code, title, problem)
    response.headers.update(error.headers or {})
    return response


def _validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = [{"field": str(fault["loc"][-1]), "problem": str(fault["msg"])} for fault in error.errors()]
    if _is_api(request):
        return JSONResponse(faults, 422)
    return _answer(request, 422, "Something needs another look", "; ".join(f["problem"] for f in faults))


def _sign_in_needed(request: Request, _error: Exception) -> Response:
    if request.method in ("GET", "HEAD"):
        return see_other("/sign-in")
    problem = "You were signed out meanwhile, so nothing was recorded. Sign in again, then repeat it."
    return _answer(request, 401, "Sign in first", problem)


def _stale_form(request: Request, _error: Exception) -> Response:
    problem = "This page was open since before you signed in. Nothing was recorded. Open it again."
    return _answer(request, 403, "This page is too old", problem)


def _token_needed(_request: Request, _error: Exception) -> Response:
    problem = "Send a token that is in force: `Authorization: Bearer …`. `tracker users token` makes one."
    return JSONResponse({"problem": problem}, 401, {"www-authenticate": "Bearer"})
