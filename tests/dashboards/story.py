"""A small past, told through the use cases: alerts at several stages, a signal that waits, a source."""

from dataclasses import dataclass
from datetime import timedelta

from tests.support.house import NOW, House
from tests.support.villages import village
from tracker.domain.viewer import Viewer
from tracker.domain.words import (
    Confidence,
    Credibility,
    HowKnown,
    Level,
    Likelihood,
    OutcomeResult,
    Role,
    Tlp,
    Verification,
)
from tracker.ingest.reports import partner_source, submit
from tracker.ingest.sources import About, add_source
from tracker.ingest.submission import read_submission
from tracker.pipeline import work_through
from tracker.respond import actions, alerts, briefs, inbox, release
from tracker.respond.actions import ActionPlanned, Move, OutcomeTold
from tracker.respond.alerts import Verdict
from tracker.respond.inbox import ByHand
from tracker.respond.labelling import Labelling
from tracker.store.reads.inbox import waiting_signals
from tracker.store.writes.response import BriefText

OFFICER = "omar.un@example.org"


@dataclass(frozen=True)
class Past:
    """Ids of what there is: an alert just raised, one worked to an outcome, a signal that waits."""

    raised: str
    worked: str
    signal: str


def brief_text(house: House) -> BriefText:
    """Return a brief with two options."""
    return BriefText(
        headline="Leaflets tell people to leave",
        bottom_line="Organised threats carry a date.",
        why_now="Leaflets in three villages.",
        outlook=Likelihood.LIKELY,
        confidence=Confidence.MEDIUM,
        would_change_our_mind="A normal market day.",
        options=(("Call the prefect", "adviser", "today"), ("Elders on the radio", "local CSO", "Thursday")),
        decision_needed_by=house.now + timedelta(days=1),
    )


def tell(house: House, analyst: Viewer) -> Past:
    """Let the past happen, up to `NOW`."""
    house.viewer(Role.OFFICER, "UN", name="Omar")
    partner = house.viewer(Role.PARTNER, "Peace Net", name="Paula")
    _reports(house, partner)
    house.now = NOW - timedelta(days=10)
    raised = house.alert(analyst, "SSD", Level.HIGH).id
    worked = _worked(house, analyst)
    house.now = NOW
    add_source(house.store, "https://radio.example/feed.xml", NOW, About(name="Radio Kesh", country="MLI"))
    with house.store.viewing(analyst) as view:
        waiting = waiting_signals(view)
    return Past(raised, worked, waiting[0].id)


def _reports(house: House, partner: Viewer) -> None:
    source = partner_source(house.store, partner.user_id, NOW - timedelta(weeks=14))
    for back in range(13, -1, -1):
        at = NOW - timedelta(weeks=back, hours=3)
        for number in range(1 if back else 12):
            said = {
                "what": f"Armed clash near {village(12 * back + number)}, heavy fighting",
                "country": "MLI",
                "tlp": "AMBER",
                "how_known": "saw_it",
                "lang": "en",
                "may_share_un": "yes",
            }
            submit(house.store, source, read_submission(said), at + timedelta(minutes=number))
        work_through(house.store, at + timedelta(hours=1))


def _worked(house: House, analyst: Viewer) -> str:
    store = house.store
    said = ByHand("TCD", house.theme, Level.MEDIUM, "Three partners called.", Tlp.AMBER, house.now)
    alert = inbox.raise_by_hand(store, analyst, said, house.now)
    alerts.take(store, analyst, alert.id, house.now)
    verdict = Verdict(
        Verification.VERIFIED, Credibility.PROBABLY_TRUE, "second call", None, Labelling(Tlp.AMBER)
    )
    alerts.verify(store, analyst, alert.id, verdict, house.later(hours=1))
    text, labelling = brief_text(house), Labelling(Tlp.AMBER)
    brief_id = briefs.write_brief(store, analyst, alert.id, text, labelling, house.now)
    briefs.deliver(store, analyst, brief_id, OFFICER, house.later(hours=1))
    due = (house.now + timedelta(days=30)).date()
    planned = ActionPlanned(
        "DIALOGUE", "Bring both groups together", "Peace committee", due, Labelling(Tlp.AMBER)
    )
    action_id = actions.add_action(store, analyst, alert.id, planned, house.later(hours=1))
    actions.move_action(store, analyst, action_id, Move("start", house.now), house.later(hours=1))
    told = OutcomeTold(
        OutcomeResult.EASED,
        "The market is open.",
        "local CSO",
        HowKnown.TOLD_IN_A_CALL,
        house.now,
        Labelling(Tlp.AMBER),
    )
    actions.record_outcome(store, analyst, action_id, told, house.now)
    line = release.LineSaid("Tension was reported; mediators are at work.", "The partner agreed.")
    release.approve_release_line(store, analyst, alert.id, line, house.now)
    return alert.id
