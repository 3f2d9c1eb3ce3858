"""The five questions, with sign-in and without. What was typed comes back when something needs another look."""

import logging
import secrets
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from tracker.access.permissions import Deed, may
from tracker.domain.countries import country_choices
from tracker.domain.wording import gettext_noop
from tracker.errors import NotTakenError, StoreError
from tracker.ingest.reports import open_form_source, partner_source, submit
from tracker.ingest.submission import MOST, SubmissionErrors, read_submission
from tracker.store import Store
from tracker.store.writes.people import newest_public_key
from tracker.store.writes.sources import PolledSource
from tracker.web import report_words
from tracker.web.forms import BLANK, Form, Shown
from tracker.web.languages import catalogue, language_of, problem_in
from tracker.web.parts import parts_of
from tracker.web.responses import page
from tracker.web.visitors import AnyForm, AnyVisitor, Now, Visitor, fits

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

_log = logging.getLogger("tracker.web")

_SIGNED_OUT = gettext_noop(
    "You were signed out meanwhile. Nothing is lost and nothing was sent. "
    "Press “Send” once more to send it without your name, or sign in first."
)
_SIGNED_IN = gettext_noop(
    "You signed in anew meanwhile. Nothing is lost and nothing was sent. Press “Send” once more."
)
_NOT_TAKEN = gettext_noop(
    "We cannot take it in just now. Nothing you wrote is lost. Wait a minute, then press “Send” once more."
)
_NEVER_TAKEN = gettext_noop(
    "This report cannot be kept as it is. Nothing you wrote is lost. Tell "
    "the people you report to, or say it in other words."
)
_SENT_BEFORE = gettext_noop(
    "You sent a report from this page already. "
    "If this is another one, or a correction, press “Send” once more."
)


@router.get("/report")
def show_form(request: Request, now: Now, visitor: AnyVisitor) -> Response:
    """Show the five questions."""
    return _form(request, now, visitor)


@router.post("/report")
def send(request: Request, now: Now, visitor: AnyVisitor, form: AnyForm) -> Response:
    """Take a report in and show its receipt code, once; a double press is taken in once."""
    if form.get("show_in"):
        return _form(request, now, visitor, Shown({**form, "lang": form["show_in"]}))
    if visitor is None and form.get("csrf"):
        return _form(request, now, visitor, Shown(form, notice=_SIGNED_OUT, status=401))
    if visitor is not None and not fits(request, form, visitor, now):
        return _form(request, now, visitor, Shown(form, notice=_SIGNED_IN, status=403))
    parts = parts_of(request)
    try:
        submission = read_submission(form)
        source = source_of(parts.store, visitor, now)
        code = parts.fresh_codes.code_of(
            source.id, submission.client_id, lambda: submit(parts.store, source, submission, now), now
        )
    except SubmissionErrors as error:
        return _form(request, now, visitor, _again(form, error, language_of(request, form)))
    except NotTakenError as error:
        _log.error("%s", error)
        return _form(request, now, visitor, Shown(form, notice=_NEVER_TAKEN, status=422))
    except StoreError as error:
        _log.error("%s", error)
        return _form(request, now, visitor, Shown(form, notice=_NOT_TAKEN, status=503))
    return page(request, "report_sent.html", now, visitor, lang=language_of(request, form), code=code)


def _again(form: Form, error: SubmissionErrors, lang: str) -> Shown:
    faults = {fault.field: problem_in(lang, fault) for fault in error.errors}
    if "client_id" in faults:
        return Shown({**form, "client_id": ""}, notice=_SENT_BEFORE, status=409)
    return Shown(form, faults, status=422)


def source_of(store: Store, visitor: Visitor | None, now: datetime) -> PolledSource:
    """Return the source under which this person's report arrives: their own, or the open form's."""
    if visitor is not None and may(visitor.viewer, Deed.SUBMIT):
        return partner_source(store, visitor.viewer.user_id, now)
    return open_form_source(store, now)


def _form(request: Request, now: datetime, visitor: Visitor | None, shown: Shown = BLANK) -> Response:
    with parts_of(request).store.looking("find public key", now) as work:
        can_seal = newest_public_key(work) is not None
    lang = language_of(request, shown.said)
    return page(
        request,
        "report.html",
        now,
        visitor,
        status=shown.status,
        lang=lang,
        shown_again=bool(shown.said),
        said={**shown.said, "client_id": shown.said.get("client_id") or secrets.token_urlsafe(12)},
        faults=shown.faults,
        notice=catalogue(lang).gettext(shown.notice) if shown.notice else None,
        own_source=visitor is not None and may(visitor.viewer, Deed.SUBMIT),
        can_seal=can_seal,
        countries=country_choices(lang),
        words=report_words,
        most=MOST,
    )
