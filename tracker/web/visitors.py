"""Who asks, read anew at every request: a signed-in browser by its cookie, a program by its token."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from tracker.access.signin import note_refused_token, viewer_of_cookie, viewer_of_token
from tracker.clock import utc_now
from tracker.domain.viewer import Viewer
from tracker.store.writes.people import people
from tracker.web.forms import Form, read_form
from tracker.web.guesses import Guess
from tracker.web.parts import parts_of

COOKIE = "eat_session"
"""The cookie of a signed-in browser; the dashboard reads the same."""

Now = Annotated[datetime, Depends(utc_now)]
"""The instant at which a request is answered: the edge reads the clock, everything below is given it."""

_bearer = HTTPBearer(auto_error=False, description="A token made by `tracker users token`.")


class SignInNeededError(Exception):
    """The page is for people who are signed in."""


class TokenNeededError(Exception):
    """The API was asked without a token, or with one that is not in force."""


class StaleFormError(Exception):
    """A form that was not shown to this browser, or to an earlier sign-in of it."""


@dataclass(frozen=True)
class Visitor:
    """A person who is signed in, with their zone and the token for the forms that they are shown."""

    viewer: Viewer
    zone: str
    csrf: str
    cookie: str


def read_visitor(request: Request, now: Now) -> Visitor | None:
    """Return who is signed in, None where nobody is."""
    cookie = request.cookies.get(COOKIE)
    parts = parts_of(request)
    viewer = viewer_of_cookie(parts.store, cookie, now)
    if viewer is None or cookie is None:
        return None
    with parts.store.looking("read zone", now) as work:
        zone = next((person.time_zone for person in people(work, [viewer.user_id])), "UTC")
    return Visitor(viewer, zone, parts.seal.token(cookie, now), cookie)


AnyVisitor = Annotated[Visitor | None, Depends(read_visitor)]
AnyForm = Annotated[Form, Depends(read_form)]


def require_visitor(visitor: AnyVisitor) -> Visitor:
    """Return who is signed in.

    Raises:
        SignInNeededError: nobody is.
    """
    if visitor is None:
        raise SignInNeededError
    return visitor


SignedIn = Annotated[Visitor, Depends(require_visitor)]


def fits(request: Request, form: Form, visitor: Visitor, now: datetime) -> bool:
    """Return whether this form was shown to this signed-in browser."""
    return parts_of(request).seal.fits(form.get("csrf", ""), visitor.cookie, now)


def require_own_form(request: Request, visitor: SignedIn, form: AnyForm, now: Now) -> Form:
    """Return the fields of a form that a signed-in browser was shown.

    Raises:
        SignInNeededError: nobody is signed in.
        StaleFormError: it carries no token, or another one.
    """
    if not fits(request, form, visitor, now):
        raise StaleFormError
    return form


OwnForm = Annotated[Form, Depends(require_own_form)]


def require_token(
    request: Request, now: Now, sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Viewer:
    """Return whose token a program sends; a wrong one leaves an audit row, as long as they are few.

    Raises:
        TokenNeededError: there is none, or it is not in force.
    """
    if sent is None:
        raise TokenNeededError
    parts = parts_of(request)
    viewer = viewer_of_token(parts.store, sent.credentials, now)
    if viewer is None:
        host = request.client.host if request.client else ""
        if parts.guesses.count_wrong(host, now, Guess.TOKEN):
            note_refused_token(parts.store, now)
        raise TokenNeededError
    return viewer


ByToken = Annotated[Viewer, Depends(require_token)]
