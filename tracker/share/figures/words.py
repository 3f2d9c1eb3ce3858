"""What figures say, in sentences: each built from the numbers below it."""

from collections.abc import Mapping
from datetime import timedelta
from math import ceil

from tracker.domain.deadlines import Step
from tracker.domain.wording import counted, listed, said
from tracker.domain.words import HowKnown, MilestoneKind
from tracker.share.figures.curves import Curve
from tracker.share.figures.known import Known
from tracker.share.figures.loop import Loop, Stop
from tracker.share.figures.months import Halves
from tracker.share.figures.shares import ENOUGH_FOR_A_SHARE, share_words
from tracker.share.figures.summary import Summary
from tracker.share.figures.waits import End

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_HOURS_MATTER_UNDER = timedelta(hours=36)

HAPPENS: Mapping[MilestoneKind, tuple[str, str]] = {
    MilestoneKind.VERIFIED: ("are verified", "verified"),
    MilestoneKind.DECIDED: ("are decided", "decided"),
    MilestoneKind.FIRST_RESPONSE: ("get a response", "answered with a response"),
    MilestoneKind.OUTCOME: ("have a known outcome", "known by their outcome"),
}
"""What a step does to alerts: after "half …", and after "5 of 8 were …"."""

LOOPS: Mapping[Loop, str] = {
    Loop.ACTED: "acted on, and the outcome is known",
    Loop.DECLINED: "decided not to act, with the day to look again kept",
    Loop.BEGUN: "decided or begun, without an end",
    Loop.NOTHING: "nothing recorded",
}
STOPS: Mapping[Stop, str] = {
    Stop.NO_OWNER: "nobody took it",
    Stop.NOT_DELIVERED: "no brief was delivered",
    Stop.NO_ANSWER: "delivered, no decision came",
    Stop.NOT_STARTED: "decided, nothing was started",
    Stop.BLOCKED: "an action is blocked",
    Stop.DECLINED: "decided not to act now",
    Stop.LATE: "a response came, late",
}
"""Where late alerts stand, in the order of the steps."""


def within_words(days: float) -> str:
    """Say within how long something is: hours up to a day and a half, else days, rounded up; at least an hour."""
    length = timedelta(days=days)
    if length <= _HOURS_MATTER_UNDER:
        return counted(max(1, ceil(length / _HOUR)), "hour")
    return counted(ceil(length / _DAY), "day")


def half_words(kind: MilestoneKind, curve: Curve) -> str:
    """Say within how long half of the alerts reach a step."""
    happens, were = HAPPENS[kind]
    if not curve.n:
        return "No alert yet."
    if curve.n < ENOUGH_FOR_A_SHARE:
        verb = "was" if curve.reached == 1 else "were"
        return f"{curve.reached} of {curve.n} {verb} {were} so far; fewer than ten make no curve."
    if curve.median is None:
        return f"Fewer than half {happens} so far: half is not reached."
    return f"Half {happens} within {within_words(curve.median)}."


def ends_words(curve: Curve) -> str:
    """Say of how many alerts a curve is made, and how many of them are without an end."""
    parts = [counted(curve.n, "alert")]
    if curve.ends[End.OPEN]:
        parts.append(f"{curve.ends[End.OPEN]} still open and counted")
    if curve.ends[End.DECLINED]:
        parts.append(f"{curve.ends[End.DECLINED]} decided against")
    if curve.ends[End.CLOSED]:
        parts.append(f"{curve.ends[End.CLOSED]} closed without it")
    return ", ".join(parts) + "."


def known_words(known: Known) -> str:
    """Say how we know of a step: "24 in the tool, 3 told in a call"; "" where none was reached."""
    return listed([f"{known.reached[how]} {said(how)}" for how in HowKnown if known.reached[how]])


def change_words(halves: Halves) -> str:
    """Say how the newer half of a period stands against the older."""
    newer, older = share_words(halves.newer, "none due"), share_words(halves.older, "none due")
    verdict = {1: "better than before", -1: "worse than before", 0: "no change beyond chance"}
    known = "too few to compare" if halves.change is None else verdict[halves.change]
    return f"{newer} in the newer half, {older} in the older: {known}."


def headline(summary: Summary) -> str:
    """Say in one or two sentences how fast warnings are answered, and where they stick."""
    if not summary.n:
        return "No alert was opened in this time."
    response = summary.curves[MilestoneKind.FIRST_RESPONSE]
    return f"{half_words(MilestoneKind.FIRST_RESPONSE, response)} {_sticks(summary)}".strip()


def _sticks(summary: Summary) -> str:
    late = summary.stops.total()
    if not late:
        return "None is late for a first response."
    stop, count = max(summary.stops.items(), key=lambda pair: (pair[1], -list(STOPS).index(pair[0])))
    return f"Of {counted(late, 'alert')} without one in time, {count} stopped here: {STOPS[stop]}."


STEPS: Mapping[Step, str] = {
    Step.VERIFY: "Verified within 1 day",
    Step.DECIDE: "Decided within 3 days",
    Step.RESPOND: "First response within 7 days",
}
"""1-3-7 in words."""
