"""One week of a house: alerts late, new, decided, acted on and closed, at several labels, and who reads of them."""

from dataclasses import dataclass
from datetime import date

from tests.share.house import CANARY, NOW, House, at, days
from tracker.domain.words import (
    ActionStatus,
    AlertState,
    DecisionKind,
    Hidden,
    Level,
    MilestoneKind,
    OutcomeResult,
    Role,
    SourceKind,
    SourceState,
    Tlp,
)
from tracker.store.tables import (
    Action,
    Brief,
    Check,
    Decision,
    Delivery,
    History,
    Lesson,
    Outcome,
    Signal,
    Triage,
)

RELEASED = "Families on the river road ask for a calm word from both chiefs."
RELEASED_KEN = "Markets near the lake close early for fear of raids <b>& worse</b>."
LESSON = "A calm word from both chiefs, read together, was believed."


@dataclass(frozen=True)
class Story:
    """The ids that tests ask for."""

    late: str
    late_with_line: str
    late_strict: str
    decided_above: str
    delivery: str


def tell(house: House) -> Story:
    """Add the week's rows and its readers."""
    for name, role in (
        ("analyst", Role.ANALYST),
        ("coordinator", Role.COORDINATOR),
        ("officer", Role.OFFICER),
    ):
        house.user(name, role)
    house.user("partner", Role.PARTNER)
    house.user("kenya", Role.MEMBER_STATE, own_country="KEN")
    house.user("niger", Role.ANALYST, scope=("NER",))
    house.user("stopped", Role.ANALYST, digest_stopped_at=NOW)
    late = house.alert("MLI", "communal", Level.HIGH, at("12 12:00"))
    with_line = house.alert("KEN", "flight", Level.MEDIUM, at("14 12:00"), owner_id=house.people["analyst"])
    house.line(with_line, "KEN", RELEASED_KEN, at("17 09:00"), tlp=Tlp.CLEAR)
    strict = house.alert("SDN", "civilians", Level.CRITICAL, at("15 12:00"), tlp=Tlp.AMBER_STRICT)
    above = house.alert("TCD", "power", Level.HIGH, at("13 12:00"))
    house.milestone(above, MilestoneKind.DECIDED, at("18 12:00"), tlp=Tlp.AMBER, country="TCD")
    house.alert("NER", "civilians", Level.CRITICAL, at("22 20:30"))
    _answered(house)
    _closed(house)
    _corrections(house)
    house.source(kind=SourceKind.FEED, state=SourceState.FAILING)
    house.source(kind=SourceKind.PARTNER, last_ok_at=at("01 09:00"))
    house.source(kind=SourceKind.PARTNER, last_ok_at=at("18 09:00"))
    return Story(late, with_line, strict, above, _delivered(house, late))


def _answered(house: House) -> None:
    refused = house.alert("NER", "unrest", Level.MEDIUM, at("10 12:00"))
    label = {"alert_id": refused, "country": "NER"}
    decided = {
        "reason": "R5",
        "review_on": date(2026, 12, 6),
        "decided_at": at("17 10:00"),
        "recorded_at": at("17 10:00"),
    }
    house.add(Decision, kind=DecisionKind.NOT_ACTING_NOW, delivery_id=None, **decided, **label)
    unknown = {"decided_at": at("18 10:00"), "recorded_at": at("18 10:00")}
    house.add(Decision, kind=DecisionKind.WATCH, delivery_id=None, **unknown, **label)
    house.milestone(refused, MilestoneKind.DECIDED, at("17 10:00"), country="NER")
    acted = house.alert("MLI", "flight", Level.MEDIUM, at("11 12:00"))
    house.line(acted, "MLI", RELEASED, at("12 09:00"))
    label = {"alert_id": acted, "country": "MLI"}
    action = house.add(
        Action, kind="LOCALPEACE", status=ActionStatus.UNDER_WAY, started_at=at("17 12:00"), **label
    )
    house.add(Action, status=ActionStatus.DONE, started_at=at("17 12:00"), **label)
    outcome = {"result": OutcomeResult.EASED, "recorded_at": at("20 12:00")}
    house.add(Outcome, action_id=action.id, **outcome, **label)
    for kind in (
        MilestoneKind.VERIFIED,
        MilestoneKind.DECIDED,
        MilestoneKind.FIRST_RESPONSE,
        MilestoneKind.OUTCOME,
    ):
        house.milestone(acted, kind, at("12 06:00"), country="MLI")
    house.add(Check, country="MLI", alert_id=acted)
    house.add(History, country="MLI", alert_id=acted)


def _closed(house: House) -> None:
    ended = {"state": AlertState.CLOSED, "closed_at": at("19 12:00")}
    closed = house.alert("COD", "fighting", Level.HIGH, at("09 12:00"), **ended)
    house.milestone(closed, MilestoneKind.DECIDED, at("10 06:00"), country="COD")
    house.add(Lesson, country="COD", alert_id=closed, note=f"{LESSON} More of it stays inside: {CANARY}.")
    house.add(Lesson, country="COD", alert_id=closed, tlp=Tlp.AMBER, recorded_at=at("19 13:00"))


def _corrections(house: House) -> None:
    signal_id = house.signal(Level.HIGH, at("09 12:00"), tlp=Tlp.GREEN, org_id=house.org, country="MLI")
    house.add(Triage, signal_id=signal_id, country="MLI")
    hidden = {"hidden_at": at("20 12:00"), "hidden_because": Hidden.WITHDRAWN}
    house.add(Signal, country="MLI", flagged_at=at("09 12:00"), **hidden)


def _delivered(house: House, alert_id: str) -> str:
    brief = house.add(
        Brief, alert_id=alert_id, country="MLI", tlp=Tlp.AMBER, author_id=house.people["analyst"]
    )
    delivery = house.add(
        Delivery,
        alert_id=alert_id,
        brief_id=brief.id,
        country="MLI",
        tlp=Tlp.AMBER,
        recipient_id=house.people["officer"],
        delivered_at=NOW - days(3),
        answer=None,
    )
    house.grant("officer", brief.id, delivery.id)
    return delivery.id
