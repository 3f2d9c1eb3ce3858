"""The approval of a week's digest, what it means, what became of the mails, and the weeks before."""

from collections import Counter
from datetime import datetime, timedelta

from dashboards.components import marks
from dashboards.components.markup import html, table
from dashboards.forms import Form
from dashboards.session import Visit
from tracker.access.permissions import Deed
from tracker.domain.times import week_end
from tracker.domain.wording import counted, moment, said, sentence_case
from tracker.domain.words import OutboxState
from tracker.share.desk import Desk, Past
from tracker.share.editing import approve_digest, take_back

_HEADS = ("Week", "Approved", "What became of its mails")
_PUT_OFF_AT_MOST = timedelta(weeks=1)
"""How long after its week a digest is still worth approving: then readers have the next one."""


def is_over(at: Desk, now: datetime) -> bool:
    """Return whether a week is too long past to be sent to those who wait for it."""
    return now >= week_end(at.week.week) + _PUT_OFF_AT_MOST


def draw_send(here: Visit, at: Desk, when: str) -> None:
    """Draw the approval, or what became of it."""
    is_begun, is_approved = at.week.queued_at is not None, at.week.approved_at is not None
    marks.title("Sending")
    if is_begun:
        _fates(at)
    if not is_approved and is_over(at, here.now):
        marks.note("It is too long past to be approved; its readers have newer ones.")
    elif not is_approved:
        _to_approve(here, at, when, is_begun=is_begun)
    elif not is_begun:
        marks.write(
            "<p>{} inside and {} outside get it {}.</p>", counted(at.inside, "reader"), at.outside, when
        )
        if here.may(Deed.APPROVE_DIGEST):
            form = Form("take-back", at.week.week)
            form.button(
                "Take the approval back", "It can be edited again.", lambda visit: _take_back(visit, at)
            )


def _to_approve(here: Visit, at: Desk, when: str, *, is_begun: bool) -> None:
    outside = counted(at.outside, "reader")
    if is_begun:
        marks.write(
            "<p>Approved now, it goes to the {} outside who wait, each of them once.</p>", at.waiting_outside
        )
    else:
        marks.write(
            "<p>Approved, it goes to {} outside too, {}: this lead, what is put first, what is left out.</p>"
            '<p class="soft">Not approved by then, {} inside get it and {} outside do not, until somebody approves '
            "it; those who can are told.</p>",
            outside,
            when,
            counted(at.inside, "reader"),
            at.outside,
        )
        if here.now < week_end(at.week.week):
            marks.note(
                "What happens until Sunday 23:59 UTC still comes in: in codes inside, outside by release lines that "
                "a person approved."
            )
    if not here.may(Deed.APPROVE_DIGEST):
        marks.note("A coordinator approves it.")
        return
    form, seen = Form("approve", at.week.week), at.draft.number
    done = f"Approved for {outside} outside."
    form.button("Approve", done, lambda visit: _approve(visit, at, seen), primary=True)


def _approve(here: Visit, at: Desk, seen: int) -> None:
    approve_digest(here.store, here.viewer, at.week.week, here.now, seen, send=True)


def _take_back(here: Visit, at: Desk) -> None:
    take_back(here.store, here.viewer, at.week.week, here.now)


def _fates(at: Desk) -> None:
    rows = [
        (sentence_case(said(state)), html('<span class="num">{}</span>', at.came[state]))
        for state in OutboxState
        if at.came[state]
    ]
    if rows:
        marks.show(table(rows))
    else:
        marks.note("Nobody inside gets the weekly mail.")
    reasons = Counter(fate.reason for fate in at.fates if fate.reason)
    for reason, count in reasons.most_common():
        who = [at.names.get(fate.recipient_id, "") for fate in at.fates if fate.reason == reason]
        named = ", ".join(sorted(filter(None, who))[:5])
        marks.write('<p class="small"><b>{}</b> {} <span class="soft">{}</span></p>', count, reason, named)


def draw_earlier(here: Visit, found: list[Past]) -> None:
    """Draw the weeks before, newest first."""
    marks.title("Weeks that were sent")
    rows = [_past(here, past) for past in found if past.week.queued_at is not None]
    if rows:
        marks.show(html('<div class="stack weeks">{}</div>', table(rows, _HEADS)))
    else:
        marks.note("None was sent yet. Each stands here with who approved it and what became of its mails.")


def _past(here: Visit, past: Past) -> tuple[object, ...]:
    week = past.week
    link = html('<a href="/digest?week={}" target="_self">{}</a>', week.week, week.week)
    approved = f"approved {moment(week.approved_at, here.now)}" if week.approved_at else "not approved"
    came = [f"{count} {said(state)}" for state in OutboxState if (count := past.came[state])]
    return (link, approved, html('<span class="num">{}</span>', ", ".join(came) or "nobody was to get it"))
