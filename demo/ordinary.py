"""Ordinary warnings, so that figures have something to count: raised by hand, checked, decided on, or not."""

from dataclasses import dataclass
from datetime import timedelta

from steps import Steps
from timeline import Life

_DONE_WITHIN, _GIVEN_UP_AFTER = timedelta(days=2), timedelta(days=12)


@dataclass(frozen=True)
class Ordinary:
    """One of them.

    `hours` pass before it is verified, decided, responded to, and, once that is done, asked what came of it; as many
    as the steps that it got. `known` is how the decision came to us. With `closed_because` it is given up.
    """

    week: int
    country: str
    theme: str
    ground: str
    hours: tuple[int, ...]
    known: str = "told_in_a_call"
    kind: str = "DIALOGUE"
    deed: str = "Both sides meet under a neutral roof"
    owner: str = "local peace committee"
    result: str = "eased"
    lesson: str | None = None
    closed_because: str | None = None


ORDINARY = (
    Ordinary(3, "COL", "power", "A mayor's guards are bribed away.", (40, 70, 190, 460)),
    Ordinary(5, "KEN", "communal", "Cattle were taken at night.", (30, 60, 120, 500), result="no_change"),
    Ordinary(7, "SDN", "flight", "A camp is emptied in a day.", (26, 110), closed_because="overtaken"),
    Ordinary(
        9, "NER", "civilians", "Shots at a well.", (28, 50, 90, 620), known="by_mail", result="not_known"
    ),
    Ordinary(
        15,
        "KEN",
        "communal",
        "Young men are called to a hill.",
        (9, 30, 30, 420),
        deed="Mothers of both sides walk to the hill",
        owner="Women's peace network",
        lesson="Who speaks counts for more than what is said: mothers were heard where officials were not.",
    ),
    Ordinary(
        17,
        "COD",
        "flight",
        "Boats leave a town full and come back empty.",
        (16, 60, 70, 390),
        known="told_in_a_meeting",
        kind="CASH",
        deed="Relief for the first hundred families",
        owner="relief agency",
        result="eased",
        lesson="Money that was agreed on before the season came within three days.",
    ),
    Ordinary(
        19,
        "COL",
        "power",
        "A list of names is pinned to a door.",
        (5, 22, 20, 700),
        known="told_in_a_meeting",
        kind="QUIET",
        deed="A word with the commander",
        owner="bishop's office",
        result="prevented_claimed",
    ),
    Ordinary(21, "SDN", "communal", "Two villages stop trading.", (20, 80, 110), known="by_mail"),
    Ordinary(
        22,
        "KEN",
        "flight",
        "Pupils stay away from a school.",
        (12, 40, 20, 380),
        kind="RUMOUR",
        deed="The hotline answers a rumour on air",
        owner="community radio",
        lesson="Name the rumour's place and not its author; callers then told us of two more.",
    ),
)


def ordinary(at: Steps, said: Ordinary) -> Life:
    """Live through one of them as far as it got, and close it where it is known what came of it."""
    alert_id = at.raise_by_hand(said.country, said.theme, "medium", said.ground)
    at.work(f"alerts/{alert_id}/take")
    until = [timedelta(hours=hours) for hours in said.hours]
    yield until[0]
    at.verify(alert_id, "a partner was called")
    at.brief(alert_id, said.ground.rstrip("."), "It was told twice within a week.")
    yield until[1]
    at.decide(alert_id, "act", said.known)
    action_id = at.plan(alert_id, said.kind, said.deed, said.owner)
    if len(until) > 2:
        yield until[2]
        at.move(action_id, "start")
    if len(until) > 3:
        yield _DONE_WITHIN
        at.move(action_id, "finish")
        yield until[3]
        at.outcome(action_id, said.result, "Told by those who were there.", said.owner, said.lesson)
        at.work(f"alerts/{alert_id}/close")
    elif said.closed_because:
        yield _GIVEN_UP_AFTER
        at.move(action_id, "cancel")
        at.work(f"alerts/{alert_id}/close", reason=said.closed_because)
