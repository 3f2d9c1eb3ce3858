"""This and the coming weeks of the duty roster: a table a week, a row a layer, a cell a day."""

from datetime import date, datetime, time, timedelta

from markupsafe import Markup

from dashboards.components import marks
from dashboards.components.markup import EMPTY, html, joined
from dashboards.roster import Duty
from tracker.domain.duty import Shift
from tracker.domain.duty_words import layer_name
from tracker.domain.wording import sentence_case

_WEEKS, _DAY = 4, timedelta(days=1)


def draw_weeks(on: Duty, me: str) -> None:
    """Draw the weeks, from Monday of this one by the viewer's clock; what is theirs stands out."""
    today = on.now.astimezone(on.zone).date()
    monday = today - timedelta(days=today.weekday())
    for number in range(_WEEKS):
        first = monday + timedelta(weeks=number)
        name = "This week" if number == 0 else f"Week {first.isocalendar().week}"
        marks.show(html("<h3>{}</h3>{}", name, _week(on, first, me)))


def _week(on: Duty, monday: date, me: str) -> Markup:
    days = [monday + timedelta(days=number) for number in range(7)]
    today = on.now.astimezone(on.zone).date()
    heads = joined(
        html('<th class="{}">{}</th>', "today" if day == today else "", f"{day:%a %-d}") for day in days
    )
    rows = joined(_row(on, layer, days, me) for layer in on.roster.layers)
    return html('<table class="weeks"><tr><th></th>{}</tr>{}</table>', heads, rows)


def _row(on: Duty, layer: int, days: list[date], me: str) -> Markup:
    shifts = on.roster.shifts(layer, _midnight(on, days[0]), _midnight(on, days[-1] + _DAY))
    cells = joined(_cell(on, shifts, day, me) for day in days)
    return html('<tr><td class="soft">{}</td>{}</tr>', sentence_case(layer_name(layer)), cells)


def _cell(on: Duty, shifts: list[Shift], day: date, me: str) -> Markup:
    begins, ends = _midnight(on, day), _midnight(on, day + _DAY)
    here = [shift for shift in shifts if shift.since < ends and shift.until > begins]
    later = [shift for shift in here if shift.since > begins]
    is_today = begins <= on.now < ends
    shown = later if later and not is_today else here
    entries = joined((_entry(on, shift, (begins, ends), me) for shift in shown), "<br>")
    over = "over" if ends <= on.now else ""
    empty = _empty(on, max(begins, on.now), ends)
    return html('<td data-day="{}" class="{}">{}</td>', f"{day:%a %-d}", over, entries or empty)


def _empty(on: Duty, begins: datetime, ends: datetime) -> Markup:
    """A day without anybody in a layer: said aloud where no other layer is on either."""
    if begins < ends and on.roster.gaps(begins, ends):
        return html('<span class="nobody">nobody</span>')
    return html('<span class="soft">–</span>')


def _entry(on: Duty, shift: Shift, day: tuple[datetime, datetime], me: str) -> Markup:
    begins, ends = day
    since = shift.since.astimezone(on.zone)
    until = shift.until.astimezone(on.zone)
    hour = ""
    if shift.since > begins and shift.until < ends:
        hour = f"{since:%H:%M}–{until:%H:%M} "
    elif shift.since > begins:
        hour = f"{since:%H:%M} "
    elif shift.until < ends:
        hour = f"until {until:%H:%M} "
    kind = "mine" if shift.person == me else ""
    swap = html(' <span class="soft">swap</span>') if shift.is_cover else EMPTY
    return html(
        '<span class="{}"><span class="soft num">{}</span>{}</span>{}',
        kind,
        hour,
        on.names[shift.person],
        swap,
    )


def _midnight(on: Duty, day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=on.zone)
