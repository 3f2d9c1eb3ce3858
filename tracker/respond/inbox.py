"""What a person does with a signal: promote, attach, dismiss, snooze; and raising an alert by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from tracker.access.permissions import Deed, require
from tracker.domain.countries import is_country
from tracker.domain.keys import SignalSubject, signal_key
from tracker.domain.life import OPEN_STATES
from tracker.domain.rules import HAND
from tracker.domain.viewer import Viewer
from tracker.domain.vocabulary import SIGNAL_DISMISSAL
from tracker.domain.words import HowKnown, InboxState, Level, MilestoneKind, Subject, Tlp
from tracker.errors import StaleError, SubmissionError, TransitionError
from tracker.respond.alerts import check_there
from tracker.respond.labelling import label_for
from tracker.respond.policy import Policy, policy_in_force
from tracker.store import Store, SystemSession
from tracker.store.columns import new_id
from tracker.store.reads import inbox as read
from tracker.store.writes import alerts as write
from tracker.store.writes import inbox as write_inbox
from tracker.store.writes import log
from tracker.store.writes.alerts import AlertNow, Fact
from tracker.store.writes.inbox import SignalNow, TriageNote

_SETTLED = (InboxState.PROMOTED, InboxState.ATTACHED, InboxState.DISMISSED)


@dataclass(frozen=True)
class AlertRef:
    """Where a signal went: the alert's ULID, its name, and whether it was opened for this."""

    id: str
    ref: str
    opened: bool


def promote(store: Store, viewer: Viewer, signal_id: str, now: datetime) -> AlertRef:
    """Make an alert of a signal; it joins the open alert of its country and theme where there is one.

    Raises:
        NotFoundError, NotAllowedError: not theirs to see, or to do.
        StaleError: somebody settled it before; says who did what.
    """
    with _triage(store, viewer, signal_id, "promote signal", now) as (work, signal):
        return _put_under_alert(work, signal, Policy.read(work))


def attach(store: Store, viewer: Viewer, signal_id: str, alert_id: str, now: datetime) -> AlertRef:
    """Put a signal under an open alert, whatever its country and theme.

    Raises:
        NotFoundError, NotAllowedError, StaleError: as for `promote`.
        TransitionError: the alert is not open.
    """
    check_there(store, viewer, alert_id, now)
    with _triage(store, viewer, signal_id, "attach signal", now) as (work, signal):
        alert = write.lock_alert(work, alert_id)
        if alert.state not in OPEN_STATES:
            raise TransitionError(f"{alert.ref} is {alert.state}; a signal can join an open alert only.")
        return join(work, signal, alert, Policy.read(work), opened=False)


def dismiss(
    store: Store, viewer: Viewer, signal_id: str, reason: str, now: datetime, note: str | None = None
) -> None:
    """Say that a signal is not worth an alert, and why; `reason` is of the vocabulary.

    Raises:
        NotFoundError, NotAllowedError, StaleError: as for `promote`.
        SubmissionError: an unknown reason.
    """
    with _triage(store, viewer, signal_id, "dismiss signal", now) as (work, signal):
        Policy.read(work).vocabulary.check_reason(SIGNAL_DISMISSAL, reason)
        _settle(work, viewer, signal, TriageNote(signal.id, InboxState.DISMISSED, signal.label, reason, note))


def snooze(store: Store, viewer: Viewer, signal_id: str, until: datetime, now: datetime) -> None:
    """Put a signal aside until an instant, when it comes back.

    Raises:
        NotFoundError, NotAllowedError, StaleError: as for `promote`.
        SubmissionError: the instant is past.
    """
    if until <= now:
        raise SubmissionError("until", "Choose a time that is still to come.")
    with _triage(store, viewer, signal_id, "snooze signal", now) as (work, signal):
        note = TriageNote(signal.id, InboxState.SNOOZED, signal.label, until=until)
        _settle(work, viewer, signal, note)


@dataclass(frozen=True)
class ByHand:
    """An alert that a person raises without a rule: where, which theme, how urgent, on what ground (one line)."""

    country: str
    theme: str
    level: Level
    ground: str
    tlp: Tlp
    emerged_at: datetime


def raise_by_hand(store: Store, viewer: Viewer, said: ByHand, now: datetime) -> AlertRef:
    """Raise an alert by hand; it rests on a signal of the rule `hand`.

    Raises:
        NotAllowedError: not theirs to do.
        SubmissionError: an unknown country or theme, no ground, or a time to come.
    """
    require(viewer, Deed.WORK)
    said = replace(said, country=said.country.strip().upper())
    if not is_country(said.country):
        raise SubmissionError("country", "Choose a country by its ISO 3166-1 alpha-3 code, such as MLI.")
    if not said.ground.strip():
        raise SubmissionError("ground", "Say in one line what this rests on.")
    if said.emerged_at > now:
        raise SubmissionError("emerged_at", "This is still to come; say when it began.")
    label = label_for(viewer, said.tlp, said.country)
    with store.acting(viewer.actor, "raise by hand", now) as work:
        policy = Policy.read(work)
        if said.theme not in policy.taxonomy.theme_by_code:
            raise SubmissionError("theme", f"Choose one of: {', '.join(policy.taxonomy.theme_by_code)}.")
        signal_id = new_id(now)
        signal = SignalNow(
            id=signal_id,
            country=said.country,
            theme=said.theme,
            rule=HAND,
            level=said.level,
            label=label,
            state=InboxState.WAITING,
            emerged_at=said.emerged_at,
            flagged_at=now,
            revision=1,
        )
        subject = SignalSubject(Subject.HAND, signal_id)
        key = signal_key(HAND, said.country, said.theme, subject, said.level, (label.tlp, label.org_id))
        write_inbox.raise_by_hand(work, key, said.ground.strip(), signal, policy.triage_due(signal))
        return _put_under_alert(work, signal, policy)


def open_grave(store: Store, now: datetime) -> list[AlertRef]:
    """Open an alert for every waiting signal whose level opens one by itself (`opens_alert_at`); by the machine.

    What said less of the same under the same label, and still waits, goes under the same alert. One transaction a
    signal, so that a person who settles one at this moment is never overruled.
    """
    policy, opened = policy_in_force(store, now), list[AlertRef]()
    levels = [level for level in Level if policy.rules.opens_alert(level)]
    while True:
        with store.acting("job:respond", "open grave", now) as work:
            signal = write_inbox.next_that_opens(work, levels)
            if signal is None:
                return opened
            opened.append(_put_under_alert(work, signal, policy))
            for lesser in write_inbox.waiting_beside(work, signal):
                _put_under_alert(work, lesser, policy)


@contextmanager
def _triage(
    store: Store, viewer: Viewer, signal_id: str, use_case: str, now: datetime
) -> Iterator[tuple[SystemSession, SignalNow]]:
    require(viewer, Deed.TRIAGE)
    with store.viewing(viewer) as view:
        read.signal_exists(view, signal_id)
    with store.acting(viewer.actor, use_case, now) as work:
        signal = write_inbox.lock_signal(work, signal_id)
        if signal.state in _SETTLED:
            raise StaleError(
                f"This signal was {signal.state} by somebody else while you were looking. Nothing was changed."
            )
        yield work, signal


def _put_under_alert(work: SystemSession, signal: SignalNow, policy: Policy) -> AlertRef:
    alert, opened = write.find_or_open_alert(work, signal)
    return join(work, signal, alert, policy, opened=opened)


def join(
    work: SystemSession, signal: SignalNow, alert: AlertNow, policy: Policy, *, opened: bool
) -> AlertRef:
    """Put a signal under a locked alert, with its milestones and history, in the caller's transaction."""
    state = InboxState.PROMOTED if opened else InboxState.ATTACHED
    write.attach_signal(work, alert.id, signal.id)
    write_inbox.settle_signals(work, [signal], state)
    write_inbox.store_triage(work, TriageNote(signal.id, state, signal.label, alert_id=alert.id))
    _note_chain(work, signal, alert)
    write.refresh_alert(work, alert.id, policy.deadlines)
    deed = "opened" if opened else "signal attached"
    change = log.Change("alert", alert.id, deed, signal.label, alert.id, None, alert.state)
    log.record(
        work,
        change,
        log.Change("signal", signal.id, state, signal.label, alert.id, signal.state, state),
    )
    return AlertRef(alert.id, alert.ref, opened)


def _note_chain(work: SystemSession, signal: SignalNow, alert: AlertNow) -> None:
    by_hand = signal.rule == HAND
    base = Fact(
        alert_id=alert.id,
        kind=MilestoneKind.EMERGED,
        fact_id=signal.id,
        happened_at=signal.emerged_at,
        told_by="a person" if by_hand else "its sources",
        how_known=HowKnown.INFERRED,
        label=signal.label,
    )
    detected = replace(
        base,
        kind=MilestoneKind.DETECTED,
        happened_at=signal.flagged_at,
        told_by="a person" if by_hand else "the rules",
        how_known=HowKnown.IN_THE_TOOL,
    )
    facts = [base, detected, replace(detected, kind=MilestoneKind.ALERTED, happened_at=work.now)]
    reported_at = write.first_report_at(work, signal.id)
    if reported_at is not None:
        facts.append(replace(base, kind=MilestoneKind.REPORTED, happened_at=reported_at))
    write.note_facts(work, facts)


def _settle(work: SystemSession, viewer: Viewer, signal: SignalNow, note: TriageNote) -> None:
    write_inbox.settle_signals(work, [signal], note.state, note.until)
    label = log.Label(signal.label.tlp, viewer.org_id, signal.country)
    write_inbox.store_triage(work, replace(note, label=label))
    log.record(
        work,
        log.Change(
            "signal", signal.id, note.state, signal.label, None, signal.state, note.state, note.reason
        ),
    )
