"""What waits for me: an officer's briefs, a Member State's and a partner's release lines."""

from dataclasses import dataclass
from datetime import date, datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from tracker.access.permissions import Deed, may
from tracker.domain.wording import counted, due_words
from tracker.domain.words import Answer, Role
from tracker.store import Store
from tracker.store.reads.briefs import Delivered, my_deliveries
from tracker.store.reads.decisions import due_reviews
from tracker.store.reads.figures import release_lines
from tracker.web.parts import parts_of
from tracker.web.responses import page
from tracker.web.visitors import Now, SignedIn

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

_UNDECIDED = (None, Answer.RECEIVED)
_LISTENERS = (Role.PARTNER, Role.MEMBER_STATE)


@dataclass(frozen=True)
class Queue:
    """A recipient's deliveries: those that wait by deadline, decisions to look at again, the others newest first."""

    waiting: list[Delivered]
    reviews: list[Delivered]
    answered: list[Delivered]


@router.get("/my")
def show_my(request: Request, now: Now, visitor: SignedIn) -> Response:
    """Show what waits for this person."""
    store, viewer = parts_of(request).store, visitor.viewer
    if viewer.role in _LISTENERS:
        with store.viewing(viewer) as view:
            lines = release_lines(view)
        sends = may(viewer, Deed.SUBMIT)
        return page(request, "my_lines.html", now, visitor, lines=lines, sends=sends)
    queue = _queue(store, visitor, now.date())
    headline = _headline(queue, now)
    return page(request, "my_briefs.html", now, visitor, queue=queue, headline=headline)


def _queue(store: Store, visitor: SignedIn, today: date) -> Queue:
    with store.viewing(visitor.viewer) as view:
        deliveries = my_deliveries(view)
        due = {(one.alert_id, one.review_on) for one in due_reviews(view, today)}
    waiting = [d for d in deliveries if d.answer in _UNDECIDED and d.closed_at is None]
    reviews = [d for d in deliveries if d.answer not in _UNDECIDED and (d.alert_id, d.review_on) in due]
    return Queue(
        waiting=sorted(waiting, key=lambda d: d.brief.decision_needed_by),
        reviews=sorted(reviews, key=lambda d: d.review_on or today),
        answered=[d for d in deliveries if d not in waiting and d not in reviews],
    )


def _headline(queue: Queue, now: datetime) -> str:
    if not queue.waiting:
        return "No brief waits for your answer."
    late = [d for d in queue.waiting if d.brief.decision_needed_by < now]
    first = due_words(queue.waiting[0].brief.decision_needed_by, now)
    waits = "waits" if len(queue.waiting) == 1 else "wait"
    said = f"{counted(len(queue.waiting), 'brief')} {waits} for your answer"
    if not late:
        return f"{said}; the next decision is needed {first}."
    if len(late) == 1:
        return f"{said}; {'it' if len(queue.waiting) == 1 else 'one'} is {first}."
    return f"{said}; {len(late)} are late, the longest {first.removesuffix(' late')}."
