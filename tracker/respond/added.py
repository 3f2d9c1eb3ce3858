"""A link or a text that a person adds: read at once, then put under the alert it was added to, or into the inbox."""

from dataclasses import dataclass
from datetime import datetime

from tracker.access.permissions import Deed, require
from tracker.domain.keys import SignalSubject, signal_key
from tracker.domain.labels import tlp_rank
from tracker.domain.life import OPEN_STATES
from tracker.domain.rules import HAND
from tracker.domain.viewer import Viewer
from tracker.domain.words import InboxState, Subject, Tlp
from tracker.errors import SubmissionError, TransitionError
from tracker.ingest.by_hand import Added, add_link, add_text
from tracker.ingest.policy import FetchPolicy
from tracker.respond.inbox import join
from tracker.respond.labels import tighten
from tracker.respond.policy import Policy, policy_in_force
from tracker.store import Store, SystemSession
from tracker.store.columns import new_id
from tracker.store.reads.inbox import alert_exists
from tracker.store.writes import alerts as write
from tracker.store.writes import inbox as write_inbox
from tracker.store.writes.hiding import lock_label
from tracker.store.writes.inbox import SignalNow
from tracker.store.writes.items import ItemNow, item_now
from tracker.store.writes.log import Label
from tracker.understand.run import understand_one

_TIGHTENED = "Added again under a stricter label."
_UNDER_AN_ALERT = (InboxState.PROMOTED, InboxState.ATTACHED)


@dataclass(frozen=True)
class Given:
    """What a person gives: the address of a page, or else a text with its title; how it is labelled."""

    link: str
    title: str
    text: str
    tlp: Tlp


@dataclass(frozen=True)
class Placed:
    """Where it went: the item, whether it was there before, and whether a signal of it waits or was attached."""

    item_id: str
    was_there: bool
    signalled: bool


def add(
    store: Store,
    viewer: Viewer,
    fetching: FetchPolicy,
    given: Given,
    now: datetime,
    alert_id: str | None = None,
) -> Placed:
    """Keep a link or a text as an item, read it, and put it under an alert; without one, into the inbox.

    What carried it in the inbox already, waiting, put aside or dismissed, goes under the alert.

    The signal that carries it has the item's own label. In the inbox only what names a country and a theme waits. An
    item that was there under a looser label is tightened to the one given, as for `labels.tighten`.

    Raises:
        NotAllowedError, NotFoundError: not theirs to do, or to see.
        SubmissionError: nothing given, a label above their clearance, or nothing that can be read; says why.
        TransitionError: the alert is not open.
    """
    require(viewer, Deed.WORK)
    if given.tlp is Tlp.RED or tlp_rank(given.tlp) > tlp_rank(viewer.clearance):
        raise SubmissionError("tlp", "Choose a label up to your own clearance, and not RED.")
    if alert_id is not None:
        with store.viewing(viewer) as view:
            alert_exists(view, alert_id)
    kept = _keep(store, viewer, fetching, given, now)
    if tlp_rank(given.tlp) > tlp_rank(kept.tlp):
        tighten(store, viewer, kept.item_id, given.tlp, _TIGHTENED, now)
    understand_one(store, policy_in_force(store, now).taxonomy, kept.item_id, now)
    return Placed(kept.item_id, kept.was_there, _signal(store, viewer, kept, alert_id, now))


def _keep(store: Store, viewer: Viewer, fetching: FetchPolicy, given: Given, now: datetime) -> Added:
    if given.link.strip():
        return add_link(store, fetching, viewer, given.link.strip(), given.tlp, now)
    return add_text(store, fetching, viewer, (given.title, given.text), given.tlp, now)


def _signal(store: Store, viewer: Viewer, kept: Added, alert_id: str | None, now: datetime) -> bool:
    with store.acting(viewer.actor, "add by hand", now) as work:
        lock_label(work, kept.item_id)
        policy, item = Policy.read(work), item_now(work, kept.item_id)
        known = write_inbox.lock_signals_of_item(work, item.id)
        if alert_id is not None:
            alert = write.lock_alert(work, alert_id)
            if alert.state not in OPEN_STATES:
                raise TransitionError(f"{alert.ref} is {alert.state}. What you gave is kept among the items.")
            key, signal = _carrying(work, policy, item, (alert.country, alert.theme))
            if key not in known:
                _raise(work, policy, item, kept.origin, (key, signal))
            elif known[key].state in _UNDER_AN_ALERT:
                return False
            join(work, known.get(key, signal), alert, policy, opened=False)
            return True
        theme = policy.taxonomy.theme_by_code.get(item.theme or "")
        if item.country is None or theme is None or not theme.raises:
            return False
        key, signal = _carrying(work, policy, item, (item.country, theme.code))
        if key in known:
            return False
        _raise(work, policy, item, kept.origin, (key, signal))
        return True


def _carrying(
    work: SystemSession, policy: Policy, item: ItemNow, where: tuple[str, str]
) -> tuple[str, SignalNow]:
    """Return the signal that would carry an item at a country and a theme, with its key."""
    country, theme = where
    label, level = Label(item.tlp, item.org_id, country), policy.rules.hand_level
    subject = SignalSubject(Subject.ITEM, item.id)
    key = signal_key(HAND, country, theme, subject, level, (label.tlp, label.org_id))
    signal = SignalNow(
        id=new_id(work.now),
        country=country,
        theme=theme,
        rule=HAND,
        level=level,
        label=label,
        state=InboxState.WAITING,
        emerged_at=min(item.published_at, work.now),
        flagged_at=work.now,
        revision=1,
    )
    return key, signal


def _raise(
    work: SystemSession, policy: Policy, item: ItemNow, origin: str, new: tuple[str, SignalNow]
) -> None:
    key, signal = new
    sentence = f"Added by hand: an item of {origin}."
    evidence = (item.id, item.version_id)
    write_inbox.raise_by_hand(work, key, sentence, signal, policy.triage_due(signal), evidence)
