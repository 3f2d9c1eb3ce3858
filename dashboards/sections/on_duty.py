"""Who is on duty, in a line; and the banner on every page while nobody is."""

from markupsafe import Markup

from dashboards.components import marks
from dashboards.components.markup import html
from dashboards.roster import AHEAD, Duty
from dashboards.session import Visit
from tracker.access.permissions import Deed
from tracker.domain.duty import next_shifts
from tracker.domain.wording import listed


def line(on: Duty) -> Markup:
    """Return who is on duty first, and until when: for the head line of a page."""
    shifts = on.on_now()
    if not shifts:
        return html("<b>nobody on duty</b>")
    until = on.until(shifts[0])
    return html("on duty: {}{}", on.names[shifts[0].person], f", {until}" if until else "")


def sentence(on: Duty) -> str:
    """Say who is on duty now, and who after them in the layers."""
    shifts = on.on_now()
    if not shifts:
        return "Nobody is on duty."
    first, others = shifts[0], list(dict.fromkeys(shift.person for shift in shifts[1:]))
    until = on.until(first)
    words = f"{on.names[first.person]} is on duty{' ' + until if until else ''}."
    behind = [on.names[person] for person in others if person != first.person]
    return f"{words} Next to be asked: {listed(behind)}." if behind else words


def draw_banner(here: Visit, on: Duty) -> None:
    """Say on every page that nobody is on duty, and what to do; nothing while somebody is."""
    if on.roster.on_duty(here.now):
        return
    marks.write(
        '<p class="banner"><b>Nobody is on duty{}.</b> Meanwhile the coordinators are told of what waits. '
        '<a href="/duty" target="_self">{}</a></p>',
        _until(on),
        _what_to_do(here, on),
    )


def _until(on: Duty) -> str:
    coming = next_shifts(on.roster, on.now, 1, AHEAD)
    return f" until {on.clock(coming[0].since)}" if coming else ""


def _what_to_do(here: Visit, on: Duty) -> str:
    if here.may(Deed.SET_DUTY):
        return "Set who takes turns" if not on.roster.layers else "Place somebody"
    if on.roster.layers and here.may(Deed.WORK):
        return "Take these hours"
    return "See the roster"
