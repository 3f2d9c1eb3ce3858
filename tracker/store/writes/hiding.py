"""Taking an item back, or closing it to some who saw it, with all that rests on it, in the caller's transaction.

Locks are taken in one order: item, dirty weeks, signals, alerts. Detection holds its weeks while it reads items and
raises signals: once the weeks are ours, what it raised is there to be hidden, and whatever it raises later reads the
item as we leave it. The item's lock is one that a foreign key passes, so that detection never waits for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select, update

from tracker.domain.labels import tlp_rank
from tracker.domain.life import OPEN_STATES
from tracker.domain.times import iso_week
from tracker.domain.words import AlertState, Hidden, Subject, Tlp
from tracker.errors import NotFoundError
from tracker.store.session import SystemSession
from tracker.store.tables import (
    Alert,
    AlertSignal,
    DirtyWeek,
    Item,
    ItemCountry,
    MilestoneFact,
    ReleaseLine,
    Signal,
    SignalEvidence,
)
from tracker.store.writes.alerts import AlertNow, change_alert, lock_alert, raised_signals
from tracker.store.writes.counts import mark_dirty
from tracker.store.writes.log import Change, Label, record, share_red
from tracker.store.writes.people import host_org
from tracker.store.writes.stories import erase_sketches

MACHINE = "system"
"""Who hides what rests on an item: these rows are read by more people than may know who withdrew it."""


@dataclass(frozen=True)
class _Why:
    """Why signals are hidden, and the reason for which an alert that is left with none is dismissed.

    None keeps it open: what detection raises anew at the stricter label joins it.
    """

    signal: str
    alert: str | None


_WITHDRAWN = _Why("item withdrawn", "source_withdrew")
_TIGHTENED = _Why("label tightened", None)
_LEFT_ALONE = "other"


def withdraw_item(work: SystemSession, item_id: str, because: Hidden = Hidden.WITHDRAWN) -> bool:
    """Hide an item and every signal that rests on it, and mark their weeks; False where it was hidden before."""
    item = _lock(work, item_id)
    if item.hidden_at is not None:
        return False
    _mark_weeks(work, item)
    item.hidden_at, item.hidden_because = work.now, because
    item.revision = item.revision + 1
    erase_sketches(work, [item_id])
    record(work, Change(subject="item", subject_id=item_id, deed=because, label=Label.of(item)))
    _hide(work, _resting(work, item_id), _WITHDRAWN)
    return True


def lock_label(work: SystemSession, item_id: str) -> Tlp:
    """Return an item's label and hold the item until the transaction ends.

    Raises:
        NotFoundError: there is none, or it was hidden.
    """
    item = _lock(work, item_id)
    if item.hidden_at is not None:
        raise NotFoundError("item", item_id)
    return item.tlp


def tighten_item(work: SystemSession, item_id: str, tlp: Tlp, why: str) -> None:
    """Give an item a stricter label, hide every signal that may no longer hold it, and mark their weeks."""
    item = _lock(work, item_id)
    _mark_weeks(work, item)
    before, item.tlp = item.tlp, tlp
    item.revision = item.revision + 1
    share_red(work, Label.of(item), [item_id])
    if tlp is Tlp.RED:
        erase_sketches(work, [item_id])
    change = Change("item", item_id, "tightened", Label.of(item), None, before, tlp, note=why)
    record(work, change)
    _hide(work, [signal for signal in _resting(work, item_id) if not _may_hold(signal, item)], _TIGHTENED)


def _may_hold(signal: Signal, item: Item) -> bool:
    if tlp_rank(signal.tlp) < tlp_rank(item.tlp):
        return False
    return item.tlp is not Tlp.AMBER_STRICT or signal.org_id == item.org_id


def _lock(work: SystemSession, item_id: str) -> Item:
    fresh = select(Item).where(Item.id == item_id).with_for_update(key_share=True)
    item = work.scalars(fresh.execution_options(populate_existing=True)).first()
    if item is None:
        raise NotFoundError("item", item_id)
    return item


def _mark_weeks(work: SystemSession, item: Item) -> None:
    week = iso_week(item.published_at)
    about = work.scalars(select(ItemCountry.country).where(ItemCountry.item_id == item.id))
    marks = {(country, week) for country in (*about, item.country) if country}
    of_item = select(SignalEvidence.signal_id).where(SignalEvidence.item_id == item.id)
    raised = (
        select(Signal.country, Signal.subject, Signal.subject_value, Item.published_at)
        .join(SignalEvidence, SignalEvidence.signal_id == Signal.id)
        .join(Item, Item.id == SignalEvidence.item_id)
        .where(Signal.id.in_(of_item), Signal.hidden_at.is_(None))
    )
    for country, subject, value, at in work.execute(raised):
        marks |= {(country, value if subject is Subject.WEEK else iso_week(at))} if country else set()
    mark_dirty(work, marks)


def _resting(work: SystemSession, item_id: str) -> Sequence[Signal]:
    evidence = select(SignalEvidence.signal_id).where(SignalEvidence.item_id == item_id)
    resting = select(Signal).where(Signal.id.in_(evidence), Signal.hidden_at.is_(None))
    return work.scalars(resting.order_by(Signal.id).with_for_update()).all()


def _hide(work: SystemSession, signals: Sequence[Signal], why: _Why) -> None:
    for signal in signals:
        signal.hidden_at, signal.hidden_because = work.now, Hidden.WITHDRAWN
        signal.revision = signal.revision + 1
        change = Change("signal", signal.id, "hidden", Label.of(signal), reason=why.signal, actor=MACHINE)
        record(work, change)
    if not signals:
        return
    strictest = max(signals, key=lambda signal: tlp_rank(signal.tlp))
    alerts = _lock_alerts(work, [signal.id for signal in signals])
    _hide_lines(work, alerts)
    work.execute(
        update(MilestoneFact)
        .where(MilestoneFact.fact_id.in_([signal.id for signal in signals]))
        .values(hidden_at=work.now, hidden_because=Hidden.WITHDRAWN)
    )
    for alert in alerts.values():
        label = Label(strictest.tlp, strictest.org_id, alert.country)
        record(work, Change("alert", alert.id, "signal hidden", label, alert.id, actor=MACHINE))
        if why.alert and alert.state in OPEN_STATES and not raised_signals(work, alert.id):
            _dismiss(work, alert, label, why.alert)


def dismiss_left_alone(work: SystemSession, limit: int) -> int:
    """Dismiss open alerts that no signal is left under and that detection has nothing more to say of."""
    seen = (
        select(AlertSignal.alert_id)
        .join(Signal, Signal.id == AlertSignal.signal_id)
        .where(AlertSignal.alert_id == Alert.id, Signal.hidden_at.is_(None))
    )
    alone = select(Alert.id).where(
        Alert.state.in_(OPEN_STATES),
        ~exists(seen),
        Alert.country.not_in(select(DirtyWeek.country)),
    )
    ids = list(work.scalars(alone.order_by(Alert.id).limit(limit)))
    for alert_id in ids:
        alert = lock_alert(work, alert_id)
        if alert.state in OPEN_STATES and not raised_signals(work, alert_id):
            _dismiss(work, alert, Label(Tlp.AMBER_STRICT, host_org(work), alert.country), _LEFT_ALONE)
    return len(ids)


def _lock_alerts(work: SystemSession, signal_ids: Sequence[str]) -> dict[str, AlertNow]:
    """Return the alerts of these signals under lock, with those into which they were merged while we waited."""
    under = select(AlertSignal.alert_id).where(AlertSignal.signal_id.in_(signal_ids))
    held: dict[str, AlertNow] = {}
    while missing := set(work.scalars(under)) - held.keys():
        held |= {alert_id: lock_alert(work, alert_id) for alert_id in sorted(missing)}
    return held


def _hide_lines(work: SystemSession, alerts: dict[str, AlertNow]) -> None:
    lines = select(ReleaseLine).where(ReleaseLine.alert_id.in_(alerts), ReleaseLine.hidden_at.is_(None))
    for line in work.scalars(lines.order_by(ReleaseLine.id).with_for_update()).all():
        line.hidden_at, line.hidden_because = work.now, Hidden.WITHDRAWN
        change = Change("release line", line.id, "withdrawn", Label.of(line), line.alert_id, actor=MACHINE)
        record(work, change)


def _dismiss(work: SystemSession, alert: AlertNow, label: Label, reason: str) -> None:
    """Dismiss an alert that nobody can see any more, so that its country and theme are free again."""
    after = AlertState.DISMISSED
    change_alert(work, alert, state=after, closed_at=work.now, closed_because=reason)
    states = (alert.state, after)
    record(work, Change("alert", alert.id, "dismiss", label, alert.id, *states, reason, actor=MACHINE))
