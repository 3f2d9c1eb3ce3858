"""What the deadlines job does: snoozed signals come back, owners of overdue alerts are told without content."""

from dataclasses import dataclass
from datetime import datetime

from tracker.domain.words import OutboxKind
from tracker.store import Store
from tracker.store.writes import alerts, inbox, outbox
from tracker.store.writes.hiding import dismiss_left_alone

_AT_ONCE = 500


@dataclass(frozen=True)
class Reminded:
    """How many signals came back, and for how many overdue alerts an owner was told."""

    woken: int
    overdue: int


def remind(store: Store, now: datetime) -> Reminded:
    """Wake snoozed signals and queue one notice per overdue alert to its owner; a second run adds nothing.

    Dismisses alerts whose every signal was hidden, and that nothing joined since.

    A notice says only that something waits ("1 alert is past its decision date, sign in").
    """
    with store.acting("job:deadlines", "remind", now) as work:
        woken = inbox.wake_signals(work, _AT_ONCE)
        dismiss_left_alone(work, _AT_ONCE)
        late = alerts.alerts_past(work, _AT_ONCE)
        for alert_id, owner_id in late:
            if owner_id is not None:
                outbox.enqueue(work, OutboxKind.NOTICE, alert_id, [owner_id])
    return Reminded(woken, len(late))
