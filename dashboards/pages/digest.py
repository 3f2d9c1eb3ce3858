"""What must its readers know this week, and who has said so?"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from dashboards.components import filters, marks
from dashboards.sections.digest_edit import draw_lead, draw_week
from dashboards.sections.digest_preview import draw_preview
from dashboards.sections.digest_send import draw_earlier, draw_send, is_over
from dashboards.session import Visit, enter
from tracker.access.permissions import Deed
from tracker.domain.due import next_due, read_times
from tracker.domain.times import iso_week, week_end, week_start
from tracker.domain.wording import counted, due_words, exact, sentence_case
from tracker.domain.words import OutboxState, Tlp
from tracker.share.desk import Desk, Past, desk, weeks
from tracker.share.digest import sees_all_of_it
from tracker.share.week import Period


def page() -> None:
    """Draw the week that was chosen: how it stands, its lead, what it holds, how each audience gets it."""
    here = enter(Deed.EDIT_DIGEST)
    if not sees_all_of_it(here.viewer):
        marks.head(None, "", "The digest is edited by who sees all that it may hold.")
        marks.note(
            "It speaks of every country, up to TLP:GREEN; you see only some of that. Ask your coordinator."
        )
        return
    found = weeks(here.store, here.viewer, here.now)
    period = Period.of(_chosen(here, found), here.now)
    at = desk(here.store, here.viewer, period.week, here.now)
    sends_at = _due(here, "digest", week_end(period.week))
    marks.head(Tlp.GREEN, "", _headline(here, at, period, sends_at), _under(here, at, sends_at))
    _choose(here, found)
    left, right = st.columns([1.7, 1], gap="medium")
    with left, st.container(border=True, key="card-lead"):
        draw_lead(here, at)
    with right, st.container(border=True, key="card-send"):
        draw_send(here, at, _when(sends_at, at.zone))
    with st.container(border=True, key="card-week"):
        draw_week(here, at)
    left, right = st.columns([1.3, 1], gap="medium")
    with left, st.container(border=True, key="card-preview"):
        draw_preview(here, at)
    with right, st.container(border=True, key="card-earlier"):
        draw_earlier(here, found)


def _chosen(here: Visit, found: list[Past]) -> str:
    """Return the week of the address; else the newest of which there is a draft, else this one."""
    names = _names(here, found)
    said = st.query_params.get("week")
    return said if said in names else next(iter(names))


def _names(here: Visit, found: list[Past]) -> dict[str, str]:
    this = iso_week(here.now)
    known = [past.week.week for past in found]
    listed = known if this in known else ([*known, this] if known else [this])
    return {week: _span(week) for week in listed}


def _span(week: str) -> str:
    first, last = week_start(week), week_end(week) - timedelta(days=1)
    return f"{week} · {first:%-d %b} to {last:%-d %b %Y}"


def _choose(here: Visit, found: list[Past]) -> None:
    filters.choose("Week", "week", _names(here, found), None, width=320)


def _due(here: Visit, job: str, after: datetime) -> datetime | None:
    trigger = read_times(here.settings.read_config("jobs"))[job]
    return next_due(trigger, after - timedelta(microseconds=1))


def _when(at: datetime | None, zone: str) -> str:
    if at is None:
        return "at no set time"
    local = at.astimezone(ZoneInfo(zone))
    said = f"on {local:%A} at {local:%H:%M} {local:%Z}"
    return said if zone == "UTC" else f"{said} ({at:%H:%M} UTC)"


def _headline(here: Visit, at: Desk, period: Period, sends_at: datetime | None) -> str:
    week, when = sentence_case(period.name), _when(sends_at, at.zone)
    everyone = at.inside + at.outside
    if at.week.queued_at is None and at.week.approved_at is not None:
        return f"{week} is approved and goes to {counted(everyone, 'reader')} {when}."
    if at.week.queued_at is None:
        opens_at = _due(here, "draft", week_start(at.week.week))
        if at.week.drafted_at is None and opens_at and opens_at > here.now:
            return f"The draft of {period.name} appears {_when(opens_at, at.zone)}."
        left = f", {due_words(sends_at, here.now)}" if sends_at else ""
        return f"{week} waits for approval; it goes out {when}{left}."
    if at.week.approved_at is None and at.waiting_outside:
        verb = "waits" if at.waiting_outside == 1 else "wait"
        outside = f"{at.waiting_outside} outside {'never got it' if is_over(at, here.now) else verb}"
        return f"{week} was not approved: {at.came[OutboxState.SENT]} inside have it, {outside}."
    return f"{week} went to {at.came[OutboxState.SENT]} of {counted(everyone, 'reader')}{_trouble(at)}."


def _trouble(at: Desk) -> str:
    states = (
        (OutboxState.FAILED, "failed"),
        (OutboxState.WITHHELD, "withheld"),
        (OutboxState.QUEUED, "on the way"),
    )
    parts = [f"{at.came[state]} {word}" for state, word in states if at.came[state]]
    return f"; {', '.join(parts)}" if parts else ""


def _under(here: Visit, at: Desk, sends_at: datetime | None) -> str | None:
    if at.week.approved_by_id:
        who = at.name(at.week.approved_by_id)
        assert at.week.approved_at is not None  # it is written with who did it
        return f"Approved by {who}, {exact(at.week.approved_at)}."
    return (
        "Data so far; what happens until Sunday 23:59 UTC still comes in."
        if here.now < week_end(at.week.week)
        else None
    )


page()
