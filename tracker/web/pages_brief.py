"""One brief for the one it was delivered to: the page changes nothing, the five buttons do."""

from datetime import date, datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from tracker.domain.words import Answer
from tracker.errors import StaleError, SubmissionError, TransitionError
from tracker.respond.briefs import AnswerGiven, answer
from tracker.store.reads.briefs import Delivered, delivered_to
from tracker.web.forms import BLANK, Form, Shown
from tracker.web.parts import parts_of
from tracker.web.responses import page, see_other
from tracker.web.visitors import Now, OwnForm, SignedIn, Visitor

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

_MOST_REASON = 1000
_PART_OF: dict[str, str] = {
    Answer.WATCH: "watch",
    Answer.NOT_ACTING_NOW: "not-acting",
    Answer.NOT_FOR_ME: "not-for-me",
}
"""The part of the page that stays open where an answer needs another look; its fields' ids begin so."""

_SOMETHING_ELSE = ("0", "other")


@router.get("/brief/{delivery_id}")
def show_brief(request: Request, delivery_id: str, now: Now, visitor: SignedIn) -> Response:
    """Show a brief to its recipient; to anybody else it is not there."""
    return _brief(request, delivery_id, now, visitor)


@router.post("/brief/{delivery_id}/answer")
def give_answer(request: Request, delivery_id: str, now: Now, visitor: SignedIn, form: OwnForm) -> Response:
    """Take the recipient's answer."""
    delivered = _delivered(request, delivery_id, visitor)
    try:
        given = read_answer(form, len(delivered.brief.options))
        answer(parts_of(request).store, visitor.viewer, delivery_id, given, now)
    except SubmissionError as error:
        shown = Shown(form, {error.field: error.problem}, status=422)
    except (StaleError, TransitionError) as error:
        shown = Shown(form, notice=str(error), status=409)
    else:
        return see_other(f"/brief/{delivery_id}")
    return _brief(request, delivery_id, now, visitor, shown)


def read_answer(form: Form, option_count: int) -> AnswerGiven:
    """Read the fields of an answer: answer, option, reason, review_on.

    Raises:
        SubmissionError: a field that cannot be read; names it.
    """
    said, reason = form.get("answer", ""), form.get("reason", "").strip()
    if said not in list(Answer):
        raise SubmissionError("answer", f"Choose one of: {', '.join(Answer)}.")
    if len(reason) > _MOST_REASON:
        raise SubmissionError("reason", f"At most {_MOST_REASON} characters; this has {len(reason)}.")
    given = Answer(said)
    return AnswerGiven(
        answer=given,
        option_number=_option(form.get("option", ""), option_count) if given is Answer.ACT else None,
        reason=reason or None,
        review_on=_day(form.get("review_on", "").strip()),
    )


def _option(said: str, count: int) -> int | None:
    if not said:
        raise SubmissionError("option", "Choose what you decide to do, or something else.")
    if said in _SOMETHING_ELSE:
        return None
    if said not in {str(number) for number in range(1, count + 1)}:
        raise SubmissionError("option", "This brief has no such option.")
    return int(said)


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError as error:
        raise SubmissionError("review_on", "Write a day such as 2026-11-25.") from error


def _delivered(request: Request, delivery_id: str, visitor: Visitor) -> Delivered:
    with parts_of(request).store.viewing(visitor.viewer) as view:
        return delivered_to(view, delivery_id)


def _brief(
    request: Request, delivery_id: str, now: datetime, visitor: Visitor, shown: Shown = BLANK
) -> Response:
    delivered = _delivered(request, delivery_id, visitor)
    return page(
        request,
        "brief.html",
        now,
        visitor,
        status=shown.status,
        delivered=delivered,
        brief=delivered.brief,
        said=shown.said,
        faults=shown.faults,
        notice=shown.notice,
        open=_PART_OF.get(shown.said.get("answer", "")) if shown.faults else None,
        most_reason=_MOST_REASON,
    )
