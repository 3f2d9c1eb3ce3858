"""What became of a report, for whoever holds its receipt code, and how to stop its use.

The pages themselves never put a code into an address: addresses are kept in histories and logs on the way.
`/receipt/{code}` exists for those who were given such an address.
"""

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from tracker.errors import NotFoundError
from tracker.ingest.reports import ReceiptView, receipt, withdraw
from tracker.store import Store
from tracker.web.parts import parts_of
from tracker.web.responses import page
from tracker.web.visitors import AnyForm, Now

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

LookUp = Callable[[Store, str, datetime], ReceiptView]


@router.get("/receipt")
def ask_for_code(request: Request, now: Now) -> Response:
    """Ask for the code of a receipt."""
    return page(request, "receipt_code.html", now, code="", fault=None)


@router.post("/receipt")
def show_receipt_of_form(request: Request, now: Now, form: AnyForm) -> Response:
    """Show what became of the report whose code was typed."""
    return _show(request, form.get("code", ""), now, "receipt.html")


@router.get("/receipt/{code}")
def show_receipt(request: Request, code: str, now: Now) -> Response:
    """Show what became of a report."""
    return _show(request, code, now, "receipt.html")


@router.post("/receipt/stop")
def stop_using(request: Request, now: Now, form: AnyForm) -> Response:
    """Ask whether the use of a report shall really stop; stop it once that was confirmed."""
    code, sure = form.get("code", ""), form.get("sure") == "yes"
    if not sure:
        return _show(request, code, now, "receipt_stop.html")
    return _show(request, code, now, "receipt.html", withdraw)


def _show(request: Request, code: str, now: datetime, template: str, look_up: LookUp = receipt) -> Response:
    parts = parts_of(request)
    if not code.strip():
        return page(request, "receipt_code.html", now, status=422, code="", fault="Write your code here.")
    if parts.guesses.exceeded(_host(request), now):
        fault = "Too many codes were tried from here. Wait a minute, then try again."
        return page(request, "receipt_code.html", now, status=429, code=code, fault=fault)
    try:
        found = look_up(parts.store, code, now)
    except NotFoundError:
        parts.guesses.count_wrong(_host(request), now)
        fault = (
            "We know no report with this code. Look at each sign again: there is no O, I, L, 0 or 1 in it."
        )
        return page(request, "receipt_code.html", now, status=404, code=code, fault=fault)
    return page(request, template, now, code=code, receipt=found)


def _host(request: Request) -> str:
    return request.client.host if request.client else ""
