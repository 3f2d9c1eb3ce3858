"""What became of a report, for whoever holds its receipt code, and how to stop its use.

The pages themselves never put a code into an address: addresses are kept in histories and logs on the way.
`/receipt/{code}` exists for those who were given such an address.
"""

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from tracker.domain.wording import gettext_noop
from tracker.errors import NotFoundError
from tracker.ingest.receipts import ReceiptView, receipt, withdraw
from tracker.store import Store
from tracker.web.forms import Form
from tracker.web.languages import LANGUAGES, asked_language, catalogue, language_of
from tracker.web.parts import parts_of
from tracker.web.responses import page
from tracker.web.visitors import AnyForm, Now

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

_TOO_MANY = gettext_noop("Too many codes were tried from here. Wait a minute, then try again.")
_UNKNOWN = gettext_noop(
    "We know no report with this code. Look at each sign again: there is no O, I, L, 0 or 1 in it."
)
LookUp = Callable[[Store, str, datetime], ReceiptView]


@router.get("/receipt")
def ask_for_code(request: Request, now: Now) -> Response:
    """Ask for the code of a receipt."""
    return _ask(request, now, {})


@router.post("/receipt")
def show_receipt_of_form(request: Request, now: Now, form: AnyForm) -> Response:
    """Show what became of the report whose code was typed."""
    return _show(request, form, now, "receipt.html")


@router.get("/receipt/{code}")
def show_receipt(request: Request, code: str, now: Now) -> Response:
    """Show what became of a report."""
    return _show(request, {"code": code}, now, "receipt.html")


@router.post("/receipt/stop")
def stop_using(request: Request, now: Now, form: AnyForm) -> Response:
    """Ask whether the use of a report shall really stop; stop it once that was confirmed."""
    if form.get("sure") != "yes":
        return _show(request, form, now, "receipt_stop.html")
    return _show(request, form, now, "receipt.html", withdraw)


def _show(request: Request, form: Form, now: datetime, template: str, look_up: LookUp = receipt) -> Response:
    """Show a receipt: in the language asked for, else in that of its report."""
    parts, code = parts_of(request), form.get("code", "")
    if not code.strip():
        return _ask(request, now, form, 422, gettext_noop("Write your code here."))
    if parts.guesses.exceeded(_host(request), now):
        return _ask(request, now, form, 429, _TOO_MANY)
    try:
        found = look_up(parts.store, code, now)
    except NotFoundError:
        parts.guesses.count_wrong(_host(request), now)
        return _ask(request, now, form, 404, _UNKNOWN)
    reporters = found.lang if found.lang in LANGUAGES else language_of(request)
    lang = asked_language(request, form) or reporters
    return page(request, template, now, lang=lang, code=code, receipt=found)


def _ask(
    request: Request, now: datetime, form: Form, status: int = 200, fault: str | None = None
) -> Response:
    lang = language_of(request, form)
    return page(
        request,
        "receipt_code.html",
        now,
        status=status,
        lang=lang,
        chosen_lang=asked_language(request, form),
        code=form.get("code", ""),
        fault=catalogue(lang).gettext(fault) if fault else None,
    )


def _host(request: Request) -> str:
    return request.client.host if request.client else ""
