"""How the duty roster is said: layers, turns, stretches by the clock of a time zone. Pure."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from tracker.domain.duty import WEEKDAYS, Plan
from tracker.domain.wording import counted, day_words, listed

_ORDINALS = ("first", "second", "third", "fourth", "fifth")
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def layer_name(layer: int) -> str:
    """Return the name of a layer: "first layer"."""
    return f"{_ORDINALS[layer - 1]} layer"


def clock_words(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Say an instant by a zone's clock, as short as it stays clear: "18:00 CET", "Thu 26 Nov 09:00 CET"."""
    local = at.astimezone(zone)
    if local.date() == now.astimezone(zone).date():
        return f"{local:%H:%M %Z}"
    return f"{local:%a %-d %b %H:%M %Z}"


def stretch_words(since: datetime, until: datetime, zone: ZoneInfo) -> str:
    """Say a stretch by a zone's clock: "Thu 26 Nov 09:00 – Fri 27 Nov 09:00"."""
    begins, ends = since.astimezone(zone), until.astimezone(zone)
    last = f"{ends:%H:%M}" if begins.date() == ends.date() else f"{ends:%a %-d %b %H:%M}"
    return f"{begins:%a %-d %b %H:%M} – {last}"


def plan_words(plan: Plan, names: dict[str, str], today: date) -> str:
    """Say who takes turns in a layer, how long each, from when on, by the clock of the layer's own zone."""
    if not plan.people:
        return f"Nobody, from {day_words(plan.from_day, today)} on."
    people = listed([names[person] for person in plan.people])
    turns = "a day" if plan.turn_days == 1 else counted(plan.turn_days, "day")
    alone = len(plan.people) == 1
    who = f"{people} alone" if alone else f"{people} take turns of {turns}"
    weekly = plan.turn_days % 7 == 0 and not alone
    on = f"on {DAY_NAMES[plan.from_day.weekday()]}s " if weekly else ""
    hand_over = (
        f"from {plan.hands_over_at:%H:%M}" if alone else f"handing over {on}at {plan.hands_over_at:%H:%M}"
    )
    ends = f" until {day_words(plan.until_day, today)}" if plan.until_day else ""
    hours = f", only {hours_words(plan)}" if plan.only else ""
    return f"{who}, {hand_over} ({plan.zone}), from {day_words(plan.from_day, today)}{ends}{hours}."


def hours_words(plan: Plan) -> str:
    """Say in which hours a layer is on: "Monday to Friday, 09:00 to 18:00"; "" for around the clock."""
    if plan.only is None:
        return ""
    days = sorted(plan.only.days)
    in_a_row = len(days) > 2 and days == list(range(days[0], days[-1] + 1))
    said = (
        f"{DAY_NAMES[days[0]]} to {DAY_NAMES[days[-1]]}" if in_a_row else listed([DAY_NAMES[d] for d in days])
    )
    return f"{said}, {plan.only.begins:%H:%M} to {plan.only.ends:%H:%M}"


def weekday_name(code: str) -> str:
    """Return the name of a weekday by its code in config (`mon`)."""
    return DAY_NAMES[WEEKDAYS.index(code)]
