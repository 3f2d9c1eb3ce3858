"""What the deadlines job does: snoozed signals come back, and people are told of what waits, without content."""

from dataclasses import dataclass
from datetime import datetime

from tracker.respond.policy import policy_in_force
from tracker.respond.reminders import tell
from tracker.store import Store
from tracker.store.writes import inbox
from tracker.store.writes.hiding import dismiss_left_alone

_AT_ONCE = 500


@dataclass(frozen=True)
class Reminded:
    """How many signals came back, and for how many people a notice was queued."""

    woken: int
    told: int


def remind(store: Store, now: datetime) -> Reminded:
    """Wake snoozed signals and queue one notice for each person whom something waits for; again adds nothing.

    Dismisses alerts whose every signal was hidden, and that nothing joined since.

    A notice says only that something waits ("1 critical alert waits"); who is told of what: respond/reminders.py.
    """
    with store.acting("job:deadlines", "remind", now) as work:
        woken = inbox.wake_signals(work, _AT_ONCE)
        dismiss_left_alone(work, _AT_ONCE)
    return Reminded(woken, tell(store, policy_in_force(store, now), now))
