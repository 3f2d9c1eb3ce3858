"""Puts the web room together: light pages, API, what machines ask for, and the dashboard behind them."""

import logging
from typing import Protocol

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.types import Lifespan, Receive, Scope, Send

from tracker import __version__
from tracker.settings import Settings
from tracker.store import Store
from tracker.web import (
    api,
    api_docs,
    api_house,
    api_work,
    health,
    pages_brief,
    pages_my,
    pages_receipt,
    pages_report,
    pages_sign_in,
    pages_unsubscribe,
)
from tracker.web.csrf import FormSeal
from tracker.web.errors import add_error_pages, crash_page
from tracker.web.fresh_codes import FreshCodes
from tracker.web.guesses import GuessLimit
from tracker.web.middleware import AccessLog, Behind, BodyLimit, Crash, Headers
from tracker.web.parts import Parts, parts_of
from tracker.web.rendering import Templates

_PAGES = (
    pages_report,
    pages_receipt,
    pages_sign_in,
    pages_my,
    pages_brief,
    pages_unsubscribe,
    api,
    api_docs,
    api_house,
    api_work,
    health,
)
_A_YEAR_S = 31_536_000


class Dashboard(Protocol):
    """An ASGI application with a start and a stop of its own, as Streamlit's is."""

    def lifespan(self) -> Lifespan[FastAPI]:
        """Return what starts and stops it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""


def create_app(store: Store, settings: Settings, *, dashboard: Dashboard | None = None) -> FastAPI:
    """Return the application that uvicorn serves.

    Args:
        store: the open store; the caller closes it.
        settings: what the environment says.
        dashboard: takes every path that no page here has, and starts and stops with this application.
    """
    app = FastAPI(
        title="Early action",
        version=__version__,
        summary="From early warning to early action.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=dashboard.lifespan() if dashboard is not None else None,
    )
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)  # it would log what a form holds
    app.state.parts = Parts(store, settings, Templates(), FormSeal(store), GuessLimit(), FreshCodes())
    add_error_pages(app)
    for pages in _PAGES:
        app.include_router(pages.router)
    app.get("/light/look.css", include_in_schema=False)(_stylesheet)
    app.add_middleware(BodyLimit)
    app.add_middleware(Crash, page=crash_page)
    app.add_middleware(Headers)
    app.add_middleware(AccessLog)
    if dashboard is not None:
        app.mount("", Behind(dashboard))
    return app


def _stylesheet(request: Request) -> Response:
    cached = {"cache-control": f"public, max-age={_A_YEAR_S}, immutable"}
    return Response(parts_of(request).templates.stylesheet, media_type="text/css", headers=cached)
