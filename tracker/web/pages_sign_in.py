"""Signing in by a one-time address: the mail's link shows a button, the button signs in (design.md, rule 6)."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from tracker.access.signin import SIGN_IN_LIVES_FOR, sign_in, sign_out, viewer_of_cookie
from tracker.domain.viewer import INSIDE
from tracker.web.parts import parts_of
from tracker.web.responses import page, see_other
from tracker.web.visitors import COOKIE, AnyForm, AnyVisitor, Now, OwnForm, SignedIn

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/sign-in")
def show_sign_in(
    request: Request, now: Now, visitor: AnyVisitor, key: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """Show the button that uses up a one-time address; without a key, say how to get one."""
    return page(request, "sign_in.html", now, visitor, key=key, refused=False)


@router.post("/sign-in")
def do_sign_in(request: Request, now: Now, form: AnyForm) -> Response:
    """Sign in, and go to where this role works."""
    parts = parts_of(request)
    cookie = sign_in(parts.store, form.get("key", ""), now)
    viewer = viewer_of_cookie(parts.store, cookie, now)
    if cookie is None or viewer is None:
        return page(request, "sign_in.html", now, status=403, key="", refused=True)
    response = see_other("/" if viewer.role in INSIDE else "/my")
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=int(SIGN_IN_LIVES_FOR.total_seconds()),
        secure=parts.settings.public_url.startswith("https://"),
        httponly=True,
        samesite="lax",
    )
    return response


@router.get("/sign-out")
def show_sign_out(request: Request, now: Now, visitor: AnyVisitor) -> Response:
    """Show the button that signs out."""
    return page(request, "sign_out.html", now, visitor)


@router.post("/sign-out")
def do_sign_out(request: Request, now: Now, visitor: SignedIn, _form: OwnForm) -> Response:
    """Sign this browser out."""
    sign_out(parts_of(request).store, visitor.cookie, now)
    response = see_other("/sign-out")
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")
    return response
