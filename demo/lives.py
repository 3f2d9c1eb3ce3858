"""The lives of the demo's warnings: what somebody would want to have seen one of. All of it is invented."""

from datetime import timedelta

from happenings import MARK
from program import StageError, day
from steps import RADIO, Steps
from timeline import Life

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def colombia(at: Steps) -> Life:
    """A warning that led to an action, an outcome, a lesson and a release line."""
    alert_id = at.promote("COL")
    yield 3 * _HOUR
    at.verify(alert_id, "two calls to partners in the valley")
    delivery_id = at.brief(
        alert_id, "Fighting moves towards the towns of the valley", "14 reports this week."
    )
    yield 18 * _HOUR
    at.answer_act(delivery_id)
    action_id = at.plan(alert_id, "LOCALPEACE", RADIO, "Valley peace committee")
    yield 20 * _HOUR
    at.move(action_id, "start")
    yield 2 * _DAY
    at.move(action_id, "finish", "aired twice")
    lesson = "A radio correction worked because both elders read it together."
    eased = "Both sides pulled back from the road; the market opened on day two."
    at.outcome(action_id, "eased", eased, "Valley peace committee", lesson)
    line = "Fighting near towns of the valley has eased after local mediation."
    at.release(alert_id, line, "Valley peace committee, by phone")
    at.work(f"alerts/{alert_id}/close")
    yield 30 * _DAY
    at.outcome(action_id, "eased", "A month on, the market opens every week.", "Valley peace committee")


def congo(at: Steps) -> Life:
    """A decision not to act now, told by phone; looked at again on its day, kept, and closed."""
    alert_id = at.promote("COD")
    at.brief(alert_id, "Fighting near two towns", "14 reports this week.")
    yield 6 * _HOUR
    at.verify(alert_id, "a call to the mission's office")
    yield 15 * _HOUR
    why = {"reason": "R5", "note": "The partner asked us to wait for the talks."}
    review_on = day(at.now, days=3)
    decision_id = at.decide(alert_id, "not_acting_now", "told_in_a_call", review_on=review_on, **why)
    yield 3 * _DAY
    at.work(f"alerts/{alert_id}/decisions/{decision_id}/reviewed")
    yield 5 * _DAY
    at.work(f"alerts/{alert_id}/close")  # without a reason it is refused unless the review was kept
    at.tell("reviewed", 1, "decision not to act looked at again on its day")


def mali(at: Steps) -> Life:
    """A warning whose sources disagree; delivered, and not decided on: the gap."""
    alert_id = at.alerts["mali"] = at.promote("MLI")
    yield 5 * _HOUR
    at.verify(alert_id, "one partner confirms two of the attacks, another none", "disputed", "3")
    at.brief(
        alert_id,
        "Attacks on villages spread eastwards",
        "More than a dozen reports a week, two weeks running.",
        {"what": "Armed men on motorcycles, coming from the north", "who": "two partners", "grade": "B2"},
        {"what": "A quarrel about wells among neighbours", "who": "the local radio", "grade": "C3"},
    )
    line = "Attacks on villages in one region of Mali have grown; partners ask for mediation."
    at.release(alert_id, line, "Partners in the region, in a meeting")


def merged(at: Steps) -> Life:
    """The same again under another theme: folded into the alert that is there."""
    alert_id = at.raise_by_hand("MLI", "flight", "medium", "Families from five villages arrive in one town.")
    at.work(f"alerts/{alert_id}/take")
    yield 4 * _HOUR
    at.work(f"alerts/{alert_id}/merge", into=at.alerts["mali"])
    kept = [row["id"] for row in at.cast.analyst.get("alerts?country=MLI")]
    at.tell("merged", int(alert_id not in kept), "alert folded into another")


def kenya(at: Steps) -> Life:
    """A field report too grave to wait: it opens an alert by itself, and is acted on."""
    said = {
        "what": f"Leaflets tell one group to leave by Friday. Houses were marked at night. {MARK}",
        "kind": "threat",
        "country": "KEN",
        "place": "Elboro",
        "when": "today",
        "how_known": "saw_it",
        "help": "Elders could speak together.",
        "may_share_un": True,
        "client_id": "demo-elboro-1",
    }
    at.receipt = at.cast.partner.post("reports", **said)["receipt"]
    again = at.cast.partner.post("reports", **said)
    if again != {"already_received": True}:
        raise StageError("Stage `reports`: the same report was taken in twice")
    at.program.let_run(at.now + timedelta(minutes=3), detect=timedelta(minutes=1))
    grave = [row for row in at.signals_of("KEN", "grave") if row["alert_id"]]
    at.tell("grave report", len(grave), "alert opened by itself")
    alert_id = grave[0]["alert_id"]
    at.work(f"alerts/{alert_id}/take")
    yield 50 * timedelta(minutes=1)
    at.verify(alert_id, "a second partner was called")
    delivery_id = at.brief(
        alert_id, "A group is told to leave by Friday", "Marked houses, leaflets with a date."
    )
    yield 2 * _HOUR
    at.answer_act(delivery_id)
    action_id = at.plan(alert_id, "LOCALPEACE", RADIO, "elders", owner_org="Women's peace network")
    at.plan(
        alert_id, "QUIET", "Ask the county commissioner for calm patrols", "Resident Coordinator's Office"
    )
    yield 14 * _HOUR
    at.move(action_id, "start")


def niger_by_mail(at: Steps) -> Life:
    """A decision by replying to the mail that brought the brief; the analyst confirms what it says."""
    alert_id = at.raise_by_hand("NER", "unrest", "medium", "Traders speak of closing the market in protest.")
    at.work(f"alerts/{alert_id}/take")
    yield 7 * _HOUR
    at.verify(alert_id, "the mayor's office was called")
    delivery_id = at.brief(alert_id, "Traders may close the market", "A second meeting this week.")
    yield 1 * _HOUR
    review_on = day(at.now, days=12)
    at.cast.officer.reply(delivery_id, f"WATCH until {review_on}")
    at.program.let_run(at.now + timedelta(minutes=4), replies=timedelta(minutes=4))
    (read,) = at.cast.analyst.get("mail-replies")
    yield 2 * _HOUR
    said = {"answer": read["proposed"], "review_on": read["review_on"]}
    at.work(f"mail-replies/{read['id']}/confirm", **said)
    at.tell("answer by mail", int(read["proposed"] == "watch"), "answer by mail was read and confirmed")


def niger_asked_late(at: Steps) -> Life:
    """An action that was done a month ago: nobody has asked yet what came of it."""
    alert_id = at.raise_by_hand("NER", "communal", "medium", "Herders and farmers argue about a corridor.")
    at.work(f"alerts/{alert_id}/take")
    yield 20 * _HOUR
    at.verify(alert_id, "two partners were called")
    at.brief(alert_id, "A cattle corridor is in dispute", "The herds move in two weeks.")
    yield 26 * _HOUR
    at.decide(alert_id, "act", "told_in_a_meeting")
    action_id = at.plan(alert_id, "DIALOGUE", "Both sides mark the corridor together", "Herders' association")
    yield 2 * _DAY
    at.move(action_id, "agree")
    at.move(action_id, "start")
    yield 4 * _DAY
    at.move(action_id, "finish", "Both chairs signed the map of the corridor.")


def sudan_blocked(at: Steps) -> Life:
    """An action whose owner cannot go on, and says why."""
    alert_id = at.alerts["blocked"] = at.raise_by_hand(
        "SDN", "civilians", "high", "Three partners tell of raids on farms."
    )
    at.work(f"alerts/{alert_id}/take")
    yield 3 * _HOUR
    at.verify(alert_id, "photographs were compared with the place", credibility="1")
    at.brief(alert_id, "Raids on farms before the harvest", "Three raids within four days.")
    yield 15 * _HOUR
    at.decide(alert_id, "act", "told_in_a_call")
    owner = {"owner_org": "Unarmed protection organisation"}
    action_id = at.plan(
        alert_id, "ACCOMPANY", "Go to the fields with the farmers", "team in the north", **owner
    )
    at.plan(alert_id, "FUND", "Ask the fund for fuel and radios", "secretariat")
    yield 20 * _HOUR
    at.move(action_id, "start")
    yield 1 * _DAY
    at.move(action_id, "block", "The road permit has not come; asked for again by the governor's office.")


def sudan_wrong(at: Steps) -> Life:
    """An alert that was wrong: refuted, and dismissed for that."""
    alert_id = at.raise_by_hand("SDN", "fighting", "high", "A message tells of tanks at the edge of a town.")
    at.work(f"alerts/{alert_id}/take")
    yield 3 * _HOUR
    at.verify(alert_id, "the photograph is nine years old", "refuted", "5")
    note = "The photograph was taken elsewhere, years ago."
    at.work(f"alerts/{alert_id}/dismiss", reason="refuted", note=note)


def nobodys(at: Steps) -> Life:
    """An alert that nobody has taken, past its time."""
    at.alerts["nobody's"] = at.raise_by_hand(
        "NER", "flight", "medium", "Two hundred families are on the road."
    )
    yield from ()


def small(at: Steps) -> Life:
    """Something true but small: taken over by a colleague, and left out of the weekly mail by its editor."""
    alert_id = at.alerts["small"] = at.raise_by_hand(
        "KEN", "power", "medium", "Two candidates quarrel in public."
    )
    at.work(f"alerts/{alert_id}/take")
    yield 5 * _HOUR
    at.verify(alert_id, "the speech was heard on the radio")
    at.work(f"alerts/{alert_id}/hand-over", email=at.cast.colleague.email)


def away(at: Steps) -> Life:
    """A colleague says that they cannot be reached this week and the next."""
    at.cast.colleague.post("duty/away", since=at.now, until=f"{day(at.now, days=9)}T08:00:00Z")
    yield from ()
