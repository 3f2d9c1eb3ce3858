"""What every page needs, put together once by `create_app` and found again on the request."""

from dataclasses import dataclass

from fastapi import Request

from tracker.settings import Settings
from tracker.store import Store
from tracker.web.csrf import FormSeal
from tracker.web.fresh_codes import FreshCodes
from tracker.web.guesses import GuessLimit
from tracker.web.rendering import Templates


@dataclass(frozen=True)
class Parts:
    """The open store, the settings, and the few things that this room keeps between requests."""

    store: Store
    settings: Settings
    templates: Templates
    seal: FormSeal
    guesses: GuessLimit
    fresh_codes: FreshCodes


def parts_of(request: Request) -> Parts:
    """Return the parts of the application that serves this request."""
    parts = request.app.state.parts
    assert isinstance(parts, Parts)
    return parts
