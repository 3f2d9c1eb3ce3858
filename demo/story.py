"""Half a year of it: which warnings there were, when each began, and what has to be there at the end."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
import lives
from happenings import MARK
from ordinary import ORDINARY, ordinary
from program import press
from steps import Steps
from timeline import Life, Timeline

_SUNDAY = timedelta(days=6, hours=8, minutes=1)
"""When a week's news is in, and counted."""

_LIVES: tuple[tuple[Callable[[Steps], Life], int, timedelta], ...] = (
    (lives.colombia, 13, _SUNDAY),
    (lives.sudan_wrong, 16, timedelta(days=2, hours=10)),
    (lives.congo, 18, _SUNDAY),
    (lives.niger_asked_late, 20, timedelta(days=1, hours=9)),
    (lives.mali, 24, _SUNDAY),
    (lives.sudan_blocked, 24, timedelta(hours=8)),
    (lives.small, 24, timedelta(days=1, hours=9)),
    (lives.niger_by_mail, 25, timedelta(hours=9)),
    (lives.merged, 25, timedelta(days=2, hours=11)),
    (lives.nobodys, 25, timedelta(days=3, hours=15)),
    (lives.away, 25, _SUNDAY),
    (lives.kenya, 25, _SUNDAY + timedelta(minutes=1)),
)


def begin_all(timeline: Timeline, at: Steps, first: datetime) -> None:
    """Let every life begin at its time; `first` is the Monday on which the half-year begins."""
    for life, week, after in _LIVES:
        timeline.begin(first + timedelta(weeks=week) + after, life(at))
    for turn, said in enumerate(ORDINARY):
        day = timedelta(days=turn % 5, hours=8 + turn % 3)
        timeline.begin(first + timedelta(weeks=said.week) + day, ordinary(at, said))


def send_by_form(at: Steps) -> None:
    """Let somebody without a sign-in send the web form, in French."""
    with httpx.Client(base_url=at.program.url) as phone:
        said = {
            "what": f"Beaucoup de gens parlent d'une marche dimanche. {MARK}",
            "country": "NER",
            "how_known": "heard_many_say",
        }
        sent = press(phone, "/report?lang=fr", "/report", **said)
    answered = int("-" in sent.text and 'lang="fr"' in sent.text)
    at.tell("form", answered, "report sent by the web form, its receipt in French")


def check_what_came(at: Steps) -> None:
    """Look at the end whether every part of the house holds something."""
    analyst = at.cast.analyst
    alerts = analyst.get("alerts?limit=200")
    reached = [kind for row in alerts for kind, known in row["milestones"].items() if known]
    for stage in ("verified", "delivered", "decided", "first_response", "outcome"):
        at.tell(stage, reached.count(stage), "of the alerts got that far")
    states = Counter(row["state"] for row in alerts)
    for state in ("closed", "dismissed"):
        at.tell(state, states[state], "of the alerts")
    since = (at.now - timedelta(days=90)).isoformat()
    at.tell("figures", sum(row["opened_at"] >= since for row in alerts), "alerts opened in the last 90 days")
    at.tell("items", len(analyst.get("items?limit=500")), "of the newest 500 items")
    waiting = [row for row in analyst.get("signals?limit=500") if row["state"] == "waiting"]
    at.tell("inbox", len(waiting), "signals wait in it")
    _check_actions(at, {row["id"] for row in alerts if not row["milestones"]["outcome"]})
    _check_duty(at)
    at.tell("mails", at.program.mails.count, "came in by mail")
    at.tell("notices", at.program.mails.notices, "said that something waits, and not what")
    broken = int(at.program.metric('tracker_sources{state="failing"}'))
    at.tell("blind spots", broken, "source that we cannot see at present")
    receipt = at.program.http.get(f"/receipt/{at.receipt}")
    at.tell("receipt", int(receipt.status_code == 200), "partner found their report by its code")
    with at.cast.member_state.signed_in() as browser:
        lines = browser.get("/my").text.count(MARK)
    at.tell("release lines", lines, "lines a Member State can read")


def _check_actions(at: Steps, without_outcome: set[str]) -> None:
    rows = at.cast.analyst.get("actions?limit=200")
    states = Counter(row["status"] for row in rows)
    for status in ("proposed", "under_way", "blocked", "done"):
        at.tell(f"actions {status.replace('_', ' ')}", states[status], "of them")
    done = [row for row in rows if row["status"] == "done" and row["alert_id"] in without_outcome]
    at.tell("outcome checks", len(done), "action that was done, and nobody asked what came of it")


def _check_duty(at: Steps) -> None:
    on = {row["email"] for row in json.loads(at.program.tracker("duty", "--json"))}
    at.tell("duty", len(on), "people on duty now")
    at.tell("away", int(at.cast.colleague.email not in on), "colleague who is away, and not on duty")
