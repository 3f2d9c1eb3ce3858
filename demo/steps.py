"""What people do with a warning, one step each, through the API or a light page."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from happenings import MARK
from program import Person, Program, StageError, day, press

RADIO = "Elders of both groups speak on the radio"
OPTIONS = [
    {"what": RADIO, "owner": "local peace committee", "by": "Thursday"},
    {"what": "Quiet call to the governor", "owner": "Peace and Development Adviser", "by": "today"},
]


@dataclass
class Cast:
    """The people of the demo, by role."""

    analyst: Person
    colleague: Person
    coordinator: Person
    officer: Person
    member_state: Person
    partner: Person


@dataclass
class Steps:
    """The steps, taken by the cast; `alerts` are those that have a name, `told` what came of each stage."""

    program: Program
    cast: Cast
    alerts: dict[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    receipt: str = ""

    @property
    def now(self) -> datetime:
        """The demo's present, UTC."""
        return self.program.now

    def tell(self, stage: str, came: int, what: str) -> None:
        """Note what a stage yielded.

        Raises:
            StageError: nothing.
        """
        if not came:
            raise StageError(f"Stage `{stage}` yielded nothing: no {what}")
        self.told.append(f"{stage}: {came} {what}")

    def work(self, path: str, **said: Any) -> Any:
        """Do something as the analyst."""
        return self.cast.analyst.post(path, **said)

    def signals_of(self, country: str, rule: str) -> list[dict[str, Any]]:
        """Return the signals of a country that a rule raised."""
        rows = self.cast.analyst.get(f"signals?country={country}&limit=200")
        return [row for row in rows if row["rule"] == rule]

    def promote(self, country: str) -> str:
        """Make an alert of what the escalation rule flagged, and take it; return its id."""
        waiting = [row for row in self.signals_of(country, "escalation") if row["state"] == "waiting"]
        self.tell(f"signals of {country}", len(waiting), "signals by the escalation rule wait in the inbox")
        refs = [self.work(f"signals/{row['id']}/promote") for row in waiting]
        self.work(f"alerts/{refs[0]['id']}/take")
        return str(refs[0]["id"])

    def raise_by_hand(self, country: str, theme: str, level: str, ground: str) -> str:
        """Raise an alert that nobody has taken yet; return its id."""
        said = {"country": country, "theme": theme, "level": level, "ground": f"{ground} {MARK}"}
        return str(self.work("alerts", **said, tlp="GREEN", emerged_at=self.now)["id"])

    def verify(self, alert_id: str, how: str, found: str = "verified", credibility: str = "2") -> None:
        """Write down what a check found."""
        said = {"verification": found, "credibility": credibility, "method": how}
        self.work(f"alerts/{alert_id}/verify", **said)

    def brief(self, alert_id: str, headline: str, why_now: str, *claims: dict[str, str]) -> str:
        """Write the brief and give it to the officer; return the delivery's id."""
        said = {
            "headline": headline,
            "bottom_line": f"It is likely to grow within two weeks unless both sides are spoken to. {MARK}",
            "why_now": why_now,
            "outlook": "likely",
            "confidence": "medium",
            "would_change_our_mind": "Two weeks in a row within the country's normal.",
            "options": OPTIONS,
            "claims": list(claims),
            "decision_needed_by": f"{self.now.date()}T23:00:00Z",
            "tlp": "AMBER",
            "label_reason": "No source can be told from these words.",
        }
        brief_id = self.work(f"alerts/{alert_id}/brief", **said)["id"]
        return str(self.work(f"briefs/{brief_id}/deliver", email=self.cast.officer.email)["id"])

    def answer_act(self, delivery_id: str) -> None:
        """Let the officer sign in and say: act."""
        path = f"/brief/{delivery_id}"
        with self.cast.officer.signed_in() as browser:
            press(browser, path, f"{path}/answer", answer="act", option="1")

    def decide(self, alert_id: str, kind: str, how_known: str, **more: str) -> str:
        """Record a decision that the officer told us; return its id."""
        said = {"kind": kind, "decided_by": "Desk officer, UN department", "how_known": how_known}
        return str(self.work(f"alerts/{alert_id}/decisions", **said, decided_at=self.now, **more)["id"])

    def plan(self, alert_id: str, kind: str, title: str, owner: str, **more: str) -> str:
        """Add an action that is due within a week; return its id."""
        said = {"kind": kind, "title": title, "owner": owner, "due_on": day(self.now, days=7)} | more
        return str(self.work(f"alerts/{alert_id}/actions", **said)["id"])

    def move(self, action_id: str, move: str, note: str | None = None) -> None:
        """Move an action on."""
        self.work(f"actions/{action_id}/moves", move=move, happened_at=self.now, note=note)

    def outcome(self, action_id: str, result: str, note: str, by: str, lesson: str | None = None) -> None:
        """Record what came of an action, as its owner told by phone."""
        said = {"result": result, "note": f"{note} {MARK}", "claimed_by": by, "how_known": "told_in_a_call"}
        self.work(f"actions/{action_id}/outcomes", **said, happened_at=self.now, lesson=lesson)

    def release(self, alert_id: str, line: str, consent: str) -> None:
        """Approve a line as safe to pass on."""
        said = {"line": f"{line} {MARK}", "consent": consent, "tlp": "GREEN"}
        self.cast.coordinator.post(f"alerts/{alert_id}/release", **said)
