"""The forms of the duty roster: swap hours or take them over, say when one is away, set the layers."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from dashboards.components import fields, marks
from dashboards.forms import Form
from dashboards.lookups import on_duty_people
from dashboards.roster import Duty
from dashboards.session import Visit
from tracker.access.permissions import Deed
from tracker.domain.duty import WEEKDAYS, Gap, Hours, Plan, Shift
from tracker.domain.duty_words import layer_name, plan_words, stretch_words, weekday_name
from tracker.domain.wording import sentence_case
from tracker.errors import SubmissionError
from tracker.respond.duty import (
    MOST_LAYERS,
    ZONES,
    Stretch,
    Turns,
    may_take_back,
    say_away,
    say_back,
    set_layer,
    swap,
    take_back_swap,
)

_OFFICE = (time(9), time(18))
_Hours = tuple[int, datetime, datetime]


def draw_swaps(here: Visit, on: Duty) -> None:
    """Draw the swaps to come, and the form that makes one."""
    marks.title("Swaps")
    for cover in on.roster.covers:
        words = f"{on.names[cover.person]} covers the {layer_name(cover.layer)}"
        _line(words, stretch_words(cover.since, cover.until, on.zone))
        if may_take_back(here.viewer, cover):
            _take_back(Form("uncover", cover.id), _taking_back(cover.id))
    if not on.roster.covers:
        marks.note("Nobody swapped. Give hours of yours to a colleague, or take some over.")
    if here.may(Deed.WORK) and on.roster.layers:
        form = Form("swap")
        with st.popover("Swap or take over", key=form.opener):
            _swap(here, on, form)


def _taking_back(cover_id: str) -> Callable[[Visit], object]:
    return lambda visit: take_back_swap(visit.store, visit.viewer, cover_id, visit.now)


def _swap(here: Visit, on: Duty, form: Form) -> None:
    hours = _choices(on)
    people = on_duty_people(here)
    with form.drawn():
        st.selectbox(
            "Which hours", list(hours), index=None, format_func=hours.__getitem__, key=form.key("hours")
        )
        st.selectbox(
            "Who takes them",
            list(people),
            index=list(people).index(here.viewer.user_id) if here.viewer.user_id in people else None,
            format_func=people.__getitem__,
            key=form.key("person"),
        )
        _instant(form, on, "since", "Only from (left empty: all of them)", None)
        _instant(form, on, "until", "Only until", None)
        form.submit("Swap", "Swapped.", lambda visit: _swapped(visit, on, form))


def _choices(on: Duty) -> dict[_Hours, str]:
    """The hours of the coming weeks in words, those of each layer and those in which nobody is on."""
    first = on.roster.layers[0]
    found: list[tuple[int, str, Shift | Gap]] = [
        (first, "nobody", gap) for gap in on.roster.gaps(*on.stretch)
    ]
    for layer in on.roster.layers:
        found += [(layer, on.names[shift.person], shift) for shift in on.roster.shifts(layer, *on.stretch)]
    coming = sorted(
        (each for each in found if each[2].until > on.now), key=lambda each: (each[2].since, each[0])
    )
    return {
        (layer, each.since, each.until): f"{_hours_words(on, each)} · {who}, {layer_name(layer)}"
        for layer, who, each in coming
    }


def _hours_words(on: Duty, hours: Shift | Gap) -> str:
    if hours.since > on.now:
        return stretch_words(hours.since, hours.until, on.zone)
    return "From now on" if hours.until >= on.stretch[1] else f"Now, until {on.clock(hours.until)}"


def _swapped(here: Visit, on: Duty, form: Form) -> None:
    if not form.said("hours"):
        raise SubmissionError("hours", "Choose the hours.")
    layer, since, until = form.said("hours")
    stretch = Stretch(_said(form, on, "since") or max(since, here.now), _said(form, on, "until") or until)
    swap(here.store, here.viewer, layer, fields.chosen(form, "person"), stretch, here.now)


def draw_away(here: Visit, on: Duty) -> None:
    """Draw who is away and will be, and the form that says so of oneself."""
    marks.title("Away")
    for away in on.roster.away:
        _line(on.names[away.person], stretch_words(away.since, away.until, on.zone))
        if away.person == here.viewer.user_id:
            _take_back(Form("back", away.id), _coming_back(away.id))
    if not on.roster.away:
        marks.note("Nobody is away. Who is away is on duty nowhere, and others are told instead.")
    form, today = Form("away"), on.now.astimezone(on.zone).replace(second=0, microsecond=0)
    with st.popover("I am away", key=form.opener), form.drawn():
        _instant(form, on, "since", "From", today)
        _instant(form, on, "until", "Until", today + timedelta(days=1))
        form.submit("I am away", "Noted.", lambda visit: _away(visit, on, form))


def _coming_back(absence_id: str) -> Callable[[Visit], object]:
    return lambda visit: say_back(visit.store, visit.viewer, absence_id, visit.now)


def _away(here: Visit, on: Duty, form: Form) -> None:
    since, until = _said(form, on, "since"), _said(form, on, "until")
    if since is None or until is None:
        raise SubmissionError("until", "Say from when until when.")
    say_away(here.store, here.viewer, Stretch(since, until), here.now)


def draw_layers(here: Visit, on: Duty) -> None:
    """Draw who takes turns in each layer; coordinators change that."""
    marks.title("Layers")
    today = on.now.astimezone(on.zone).date()
    for layer in on.roster.layers:
        for plan in _in_force(on, layer):
            _line(sentence_case(layer_name(layer)), plan_words(plan, on.names, today))
        if here.may(Deed.SET_DUTY):
            _popover(here, on, layer, "Change")
    if not on.roster.layers:
        marks.note(
            "No layer is set. In a layer people take turns; the first is told first, the second where the first "
            "does not act."
        )
    free = [number for number in range(1, MOST_LAYERS + 1) if number not in on.roster.layers]
    if free and here.may(Deed.SET_DUTY):
        _popover(here, on, free[0], "Add a layer")


def _in_force(on: Duty, layer: int) -> list[Plan]:
    """The plan that is in force, and those set later that have yet to begin."""
    now = on.roster.plan_at(layer, on.now)
    later = [plan for plan in on.roster.plans if plan.layer == layer and plan.begins_at > on.now]
    newer = [plan for plan in later if now is None or plan.set_at > now.set_at]
    return [*([now] if now else []), *newer]


def _popover(here: Visit, on: Duty, layer: int, words: str) -> None:
    form = Form("layer", str(layer))
    with st.popover(words, key=form.opener):
        _layer(here, on, layer, form)


def _layer(here: Visit, on: Duty, layer: int, form: Form) -> None:
    people, before = on_duty_people(here), on.roster.plan_at(layer, on.now)
    zones = sorted(ZONES)
    zone = before.zone if before else str(on.zone)
    marks.write(
        '<p class="small soft">The first of them begins on the day that you choose. Until then what was set '
        "before holds.</p>"
    )
    with form.drawn():
        st.multiselect(
            "Who takes turns, in this order (nobody: the layer ends)",
            list(people),
            default=[each for each in before.people if each in people] if before else [],
            format_func=people.__getitem__,
            key=form.key("people"),
        )
        left, right = st.columns(2)
        length = before.turn_days if before else 7
        left.number_input("Days in a turn", 1, 28, length, key=form.key("turn_days"))
        hour = before.hands_over_at if before else _OFFICE[0]
        right.time_input("Hand over at", hour, key=form.key("hands_over_at"))
        st.selectbox("Time zone", zones, index=zones.index(zone), key=form.key("zone"))
        left, right = st.columns(2)
        left.date_input("From", _next_turn(on, before), key=form.key("from_day"))
        right.date_input("Until (left empty: it goes on)", None, key=form.key("until_day"))
        only = before.only if before else None
        st.multiselect(
            "Only on these days (left empty: around the clock)",
            list(WEEKDAYS),
            default=[WEEKDAYS[day] for day in sorted(only.days)] if only else [],
            format_func=weekday_name,
            key=form.key("days"),
        )
        left, right = st.columns(2)
        left.time_input("On those from", only.begins if only else _OFFICE[0], key=form.key("begins"))
        right.time_input("until", only.ends if only else _OFFICE[1], key=form.key("ends"))
        form.submit("Set the layer", "Set.", lambda visit: _set(visit, layer, form))


def _next_turn(on: Duty, plan: Plan | None) -> date:
    """The day on which the turn after this one begins, so that a change lets this one go on to its end."""
    if plan is None or not plan.people:
        return on.now.astimezone(on.zone).date()
    return plan.from_day + timedelta(days=(plan.turn_at(on.now) + 1) * plan.turn_days)


def _set(here: Visit, layer: int, form: Form) -> None:
    days = form.said("days")
    only = (
        Hours(frozenset(map(WEEKDAYS.index, days)), form.said("begins"), form.said("ends")) if days else None
    )
    from_day: date | None = form.said("from_day")
    if from_day is None:
        raise SubmissionError("from_day", "Say from which day on.")
    turns = Turns(
        layer=layer,
        people=tuple(form.said("people")),
        zone=form.said("zone"),
        hands_over_at=form.said("hands_over_at"),
        turn_days=int(form.said("turn_days")),
        from_day=from_day,
        until_day=form.said("until_day"),
        only=only,
    )
    set_layer(here.store, here.viewer, turns, here.now)


def _line(upper: str, lower: str) -> None:
    marks.write('<p class="small"><b>{}</b><br><span class="soft">{}</span></p>', upper, lower)


def _take_back(form: Form, deed: Callable[[Visit], object]) -> None:
    form.button("Take back", "Taken back.", deed)
    form.show_fault()


def _instant(form: Form, on: Duty, field: str, words: str, value: datetime | None) -> None:
    shown: Any = value.replace(tzinfo=None) if value else None
    st.datetime_input(f"{words} ({on.zone})", value=shown, key=form.key(field))


def _said(form: Form, on: Duty, field: str) -> datetime | None:
    value = form.said(field)
    return value.replace(tzinfo=ZoneInfo(str(on.zone))) if isinstance(value, datetime) else None
