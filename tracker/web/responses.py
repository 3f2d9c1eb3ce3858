"""Renders a page for whoever asks."""

from datetime import datetime
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from tracker.web.languages import ENGLISH
from tracker.web.parts import parts_of
from tracker.web.visitors import Visitor

SEE_OTHER = 303


def page(
    request: Request,
    name: str,
    now: datetime,
    visitor: Visitor | None = None,
    *,
    status: int = 200,
    lang: str = ENGLISH,
    **said: Any,
) -> HTMLResponse:
    """Return a page from the template `name`, with the header of whoever is signed in, in the language `lang`."""
    zone = visitor.zone if visitor else "UTC"
    html = parts_of(request).templates.render(name, now, zone, {"visitor": visitor, **said}, lang)
    return HTMLResponse(html, status, {"content-language": lang})


def see_other(address: str) -> RedirectResponse:
    """Send the browser on with GET."""
    return RedirectResponse(address, SEE_OTHER)
