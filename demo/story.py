"""Half a year of it: who did what with which warning. Every step goes through the API or a light page."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
from happenings import MARK
from program import Person, Program, StageError, day, press


@dataclass
class Cast:
    """The people of the demo, by role."""

    analyst: Person
    coordinator: Person
    officer: Person
    member_state: Person
    partner: Person


@dataclass
class Story:
    """Works the warnings week by week; `told` is what came of it, stage by stage."""

    program: Program
    cast: Cast
    told: list[str] = field(default_factory=list)
    receipt: str = ""

    def tell(self, stage: str, came: int, what: str) -> None:
        """Note what a stage yielded.

        Raises:
            StageError: nothing.
        """
        if not came:
            raise StageError(f"Stage `{stage}` yielded nothing: no {what}")
        self.told.append(f"{stage}: {came} {what}")

    @property
    def now(self) -> datetime:
        """The demo's present."""
        return self.program.now

    def later(self, **time: float) -> None:
        """Move on."""
        self.program.set_clock(self.now + timedelta(**time))

    def play(self, week: int) -> None:
        """Do what people did in a week, if anything."""
        deeds = {
            13: self.colombia,
            18: self.congo_not_acting,
            20: self.congo_reviewed,
            24: self.mali_late,
            25: self.kenya_grave,
        }
        if week in deeds:
            deeds[week]()

    def signals_of(self, country: str, rule: str) -> list[dict[str, Any]]:
        """Return the signals of a country that a rule raised."""
        rows = self.cast.analyst.get(f"signals?country={country}&limit=200")
        return [row for row in rows if row["rule"] == rule]

    def _promote(self, country: str) -> str:
        waiting = [row for row in self.signals_of(country, "escalation") if row["state"] == "waiting"]
        self.tell(f"signals of {country}", len(waiting), "signals by the escalation rule wait in the inbox")
        refs = [self.cast.analyst.post(f"signals/{row['id']}/promote") for row in waiting]
        self.cast.analyst.post(f"alerts/{refs[0]['id']}/take")
        return str(refs[0]["id"])

    def _brief(self, alert_id: str, headline: str, why_now: str) -> str:
        said = {
            "headline": headline,
            "bottom_line": f"More attacks are likely within two weeks unless both sides are spoken to. {MARK}",
            "why_now": why_now,
            "outlook": "likely",
            "confidence": "medium",
            "would_change_our_mind": "Two weeks in a row within the country's normal.",
            "options": [
                {
                    "what": "Elders of both groups speak on the radio",
                    "owner": "local peace committee",
                    "by": "Thursday",
                },
                {
                    "what": "Quiet call to the governor",
                    "owner": "Peace and Development Adviser",
                    "by": "today",
                },
            ],
            "decision_needed_by": self.now + timedelta(days=2),
            "tlp": "AMBER",
            "label_reason": "No source can be told from these words.",
        }
        brief_id = self.cast.analyst.post(f"alerts/{alert_id}/brief", **said)["id"]
        to = self.cast.officer.email
        return str(self.cast.analyst.post(f"briefs/{brief_id}/deliver", email=to)["id"])

    def _verify(self, alert_id: str, how: str) -> None:
        said = {"verification": "verified", "credibility": "2", "method": how}
        self.cast.analyst.post(f"alerts/{alert_id}/verify", **said)

    def _act(self, alert_id: str, title: str, owner: str) -> str:
        said = {"kind": "LOCALPEACE", "title": title, "owner": owner, "due_on": day(self.now, days=7)}
        action_id = str(self.cast.analyst.post(f"alerts/{alert_id}/actions", **said)["id"])
        self.later(hours=20)
        self.cast.analyst.post(f"actions/{action_id}/moves", move="start", happened_at=self.now)
        return action_id

    def colombia(self) -> None:
        """A warning that led to an action, an outcome and a lesson."""
        alert_id = self._promote("COL")
        self.later(hours=3)
        self._verify(alert_id, "two calls to partners in the valley")
        delivery_id = self._brief(
            alert_id, "Fighting moves towards the towns of the valley", "14 reports this week."
        )
        self.later(hours=18)
        with self.cast.officer.signed_in() as browser:
            press(browser, f"/brief/{delivery_id}", f"/brief/{delivery_id}/answer", answer="act", option="1")
        action_id = self._act(alert_id, "Elders of both groups speak on the radio", "Valley peace committee")
        self.later(days=2)
        self.cast.analyst.post(
            f"actions/{action_id}/moves", move="finish", happened_at=self.now, note="aired twice"
        )
        outcome = {
            "result": "eased",
            "note": f"Both sides pulled back from the road; the market opened on day two. {MARK}",
            "claimed_by": "Valley peace committee",
            "how_known": "told_in_a_call",
            "happened_at": self.now,
            "lesson": "A radio correction worked because both elders read it together.",
        }
        self.cast.analyst.post(f"actions/{action_id}/outcomes", **outcome)
        line = {
            "line": f"Fighting near towns of the valley has eased after local mediation. {MARK}",
            "consent": "Valley peace committee, by phone",
            "tlp": "GREEN",
        }
        self.cast.coordinator.post(f"alerts/{alert_id}/release", **line)
        self.cast.analyst.post(f"alerts/{alert_id}/close")

    def congo_not_acting(self) -> None:
        """A decision not to act now, told by phone, with a day to look again."""
        alert_id = self._promote("COD")
        self._brief(alert_id, "Fighting near two towns", "14 reports this week.")
        self.later(hours=22)
        decision = {
            "kind": "not_acting_now",
            "decided_by": "Desk officer, UN department",
            "how_known": "told_in_a_call",
            "decided_at": self.now - timedelta(hours=1),
            "reason": "R5",
            "note": "The partner asked us to wait for the talks.",
            "review_on": day(self.now, days=3),
        }
        self.cast.analyst.post(f"alerts/{alert_id}/decisions", **decision)

    def congo_reviewed(self) -> None:
        """The look again: calmer, so it is closed for that reason."""
        alerts = [row for row in self.cast.analyst.get("alerts?country=COD") if row["state"] == "assessing"]
        self.tell("review", len(alerts), "alert waited for its review")
        self.cast.analyst.post(f"alerts/{alerts[0]['id']}/close", reason="calm", note="The talks held.")

    def mali_late(self) -> None:
        """A warning that was delivered and has not been decided on: the gap."""
        alert_id = self._promote("MLI")
        self.later(hours=5)
        self._brief(
            alert_id,
            "Attacks on villages spread eastwards",
            "More than a dozen reports a week, two weeks running.",
        )
        line = {
            "line": f"Attacks on villages in one region of Mali have grown; partners ask for mediation. {MARK}",
            "consent": "Partners in the region, in a meeting",
            "tlp": "GREEN",
        }
        self.cast.coordinator.post(f"alerts/{alert_id}/release", **line)

    def kenya_grave(self) -> None:
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
        self.receipt = self.cast.partner.post("reports", **said)["receipt"]
        again = self.cast.partner.post("reports", **said)
        if again != {"already_received": True}:
            raise StageError("Stage `reports`: the same report was taken in twice")
        self.program.let_run(self.now + timedelta(minutes=3), detect=timedelta(minutes=1))
        grave = [row for row in self.signals_of("KEN", "grave") if row["alert_id"]]
        self.tell("grave report", len(grave), "alert opened by itself")
        alert_id = grave[0]["alert_id"]
        self.cast.analyst.post(f"alerts/{alert_id}/take")
        self.later(minutes=50)
        self._verify(alert_id, "a second partner was called")
        delivery_id = self._brief(
            alert_id, "A group is told to leave by Friday", "Marked houses, leaflets with a date."
        )
        self.later(hours=3)
        with self.cast.officer.signed_in() as browser:
            press(browser, f"/brief/{delivery_id}", f"/brief/{delivery_id}/answer", answer="act", option="1")
        self._act(alert_id, "Elders of both groups speak on the radio", "Women's peace network")

    def by_form(self) -> None:
        """Somebody without a sign-in sends the web form, in French."""
        with httpx.Client(base_url=self.program.url) as phone:
            said = {
                "what": f"Beaucoup de gens parlent d'une marche dimanche. {MARK}",
                "country": "NER",
                "how_known": "heard_many_say",
            }
            sent = press(phone, "/report?lang=fr", "/report", **said)
        answered = int("-" in sent.text and 'lang="fr"' in sent.text)
        self.tell("form", answered, "report sent by the web form, its receipt in French")

    def check_what_came(self) -> None:
        """Look at the end whether every part of the house holds something."""
        analyst = self.cast.analyst
        alerts = analyst.get("alerts?limit=200")
        reached = [kind for row in alerts for kind, at in row["milestones"].items() if at]
        for stage in ("verified", "delivered", "decided", "first_response", "outcome"):
            self.tell(stage, reached.count(stage), "of the alerts got that far")
        self.tell("items", len(analyst.get("items?limit=500")), "of the newest 500 items")
        self.tell("actions", len(analyst.get("actions")), "in all")
        self.tell("mails", self.program.mails.count, "came in by mail")
        self.tell("notices", self.program.mails.notices, "said that something waits, and not what")
        broken = int(self.program.metric('tracker_sources{state="failing"}'))
        self.tell("blind spots", broken, "source that we cannot see at present")
        receipt = httpx.get(f"{self.program.url}/receipt/{self.receipt}")
        self.tell("receipt", int(receipt.status_code == 200), "partner found their report by its code")
        with self.cast.member_state.signed_in() as browser:
            lines = browser.get("/my").text.count(MARK)
        self.tell("release lines", lines, "lines a Member State can read")
