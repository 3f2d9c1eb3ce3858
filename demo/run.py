"""Loads the demo and starts everything; with --check runs the story once, prints what it did, and stops."""

import argparse
import re
import shutil
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from happenings import BROKEN_FROM_WEEK, FEEDS, entries_of
from program import Person, Program, StageError, free_port, program_at
from server import feeds_served
from steps import Cast, Steps
from story import begin_all, check_what_came, send_by_form
from timeline import Timeline

WEEKS = 26
EDITED = WEEKS - 2
"""The week whose digest a person edits and approves; the one after it waits for that still."""
HOME = Path(__file__).parent / ".run"
PORT = 8400
_AT_ONCE = 4
_QUARTER, _MINUTE, _MOMENT = timedelta(minutes=15), timedelta(minutes=1), timedelta(seconds=5)
LEAD = (
    "Two things to take from this week: in Sudan those who would go to the fields with the farmers wait for a road "
    "permit, and the attacks in Mali go on in villages that were calm all year."
)
PEOPLE = {
    "analyst": ("ana@platform.example", "analyst", "Platform", "Ana (analyst)"),
    "colleague": ("ben@platform.example", "analyst", "Platform", "Ben (analyst)"),
    "coordinator": ("cleo@platform.example", "coordinator", "Platform", "Cleo (coordinator)"),
    "officer": ("omar@un.example", "officer", "UN department", "Omar (desk officer)"),
    "member_state": ("mira@state.example", "member_state", "Mission of Norway", "Mira (Member State)"),
    "partner": ("pat@partner.example", "partner", "Women's peace network", "Pat (partner)"),
}


def main() -> int:
    """Run the demo; 0, or 1 with the stage that yielded nothing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="run the story once, print what it did, and stop"
    )
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument(
        "--home", type=Path, default=HOME, help="where the demo keeps its data; emptied at the start"
    )
    wanted = parser.parse_args()
    for stop in (
        signal.SIGINT,
        signal.SIGTERM,
    ):  # a shell starts what it puts in the background deaf to Ctrl-C
        signal.signal(stop, signal.default_int_handler)
    shutil.rmtree(wanted.home, ignore_errors=True)
    wanted.home.mkdir(parents=True)
    port = free_port() if wanted.check else wanted.port
    began = time.monotonic()
    try:
        _run(wanted.home.absolute(), port, check=wanted.check, began=began)
    except StageError as error:
        print(f"The demo stopped. {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.")
    return 0


def _run(home: Path, port: int, *, check: bool, began: float) -> None:
    end = datetime.now(UTC).replace(minute=40, second=0, microsecond=0)  # noqa: TID251 - the demo ends today
    this_monday = end.replace(hour=0, minute=0) - timedelta(days=end.weekday())
    first = this_monday - timedelta(weeks=WEEKS)
    served = {feed.path: (feed, entries_of(feed, first, WEEKS + 1)) for feed in FEEDS}
    broken_from = first + timedelta(weeks=BROKEN_FROM_WEEK)
    with (
        program_at(home, port, "127.0.0.1/32") as program,
        feeds_served(served, lambda: program.now, broken_from) as feeds_url,
    ):
        program.set_clock(first)
        _say("Setting up", began)
        at = Steps(program, _set_up(program, feeds_url))
        _say("Living through half a year", began)
        _live(at, first, end)
        check_what_came(at)
        _say("Ready", began)
        print("\n".join(f"  {line}" for line in at.told))
        if not check:
            _show(program, at.cast)


def _say(what: str, began: float) -> None:
    print(f"[{time.monotonic() - began:5.1f} s] {what}", flush=True)


def _set_up(program: Program, feeds_url: str) -> Cast:
    program.tracker("init", "--org", "Platform")
    program.start("serve", "--port", str(program.port))
    sources = [
        (f"{feeds_url}/broken.xml", "--name", "Radio Bour (demo)"),
        *(
            (f"{feeds_url}/{feed.path}", "--name", feed.name, "--lang", feed.lang, "--country", feed.country)
            for feed in FEEDS
        ),
    ]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        keys = pool.submit(program.tracker, "keys", "create", str(program.home / "keys"))
        adding = [pool.submit(program.tracker, "sources", "add", *words) for words in sources]
        people = pool.map(lambda who: _add_person(program, *who), PEOPLE.values())
        cast = Cast(**dict(zip(PEOPLE, people, strict=True)))
        for done in (keys, *adding):
            done.result()
        program.start("run")
        list(pool.map(_get_ready, (cast.analyst, cast.colleague, cast.coordinator, cast.partner)))
        turns = ((cast.analyst, cast.colleague), (cast.coordinator,))
        list(pool.map(lambda layer: _set_turns(program, *layer), enumerate(turns, 1)))
    program.wait_for("pages", program.answers)
    return cast


def _add_person(program: Program, email: str, role: str, org: str, name: str) -> Person:
    words = ["users", "add", email, "--role", role, "--org", org, "--name", name]
    if role == "member_state":
        words += ["--country", "NOR"]
    return Person(program, email, program.tracker(*words))


def _get_ready(person: Person) -> None:
    person.token = person.program.tracker("users", "token", person.email, "--name", "demo")


def _set_turns(program: Program, layer: int, people: tuple[Person, ...]) -> None:
    emails = [person.email for person in people]
    program.tracker("duty", "set", *emails, "--layer", str(layer), "--zone", "Europe/Paris")


def _live(at: Steps, first: datetime, end: datetime) -> None:
    timeline = Timeline(at.program)
    begin_all(timeline, at, first)
    came = 0
    for week in range(WEEKS):
        monday = first + timedelta(weeks=week)
        if week == EDITED:
            _edit(timeline, at, monday)
        sunday, sending = monday + timedelta(days=6, hours=8), monday + timedelta(days=7, hours=6)
        timeline.run(sunday)
        at.program.let_run(sunday + _MOMENT, ingest=_QUARTER)
        timeline.run(sending)
        if week not in (EDITED, WEEKS - 1):
            at.cast.coordinator.post(f"digests/{_iso(monday)}/approve")
        came = _send(at, sending)
    at.tell("digest", came, "mails for the newest week; those outside get it once somebody approves it")
    timeline.run(end)
    send_by_form(at)
    at.program.let_run(
        max(end, at.program.now + timedelta(minutes=20)), ingest=_QUARTER, detect=_MINUTE, mail=_MINUTE
    )


def _send(at: Steps, sending: datetime) -> int:
    mails = at.program.mails.count
    at.program.let_run(sending + _MOMENT, digest=_QUARTER)
    at.program.let_run(at.program.now + timedelta(minutes=1), mail=_MINUTE)
    return at.program.mails.count - mails


def _iso(monday: datetime) -> str:
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02d}"


def _edit(timeline: Timeline, at: Steps, monday: datetime) -> None:
    """On Friday the draft appears; the coordinator writes its lead, places two alerts, looks, and approves it."""
    friday = monday + timedelta(days=4, hours=12)
    timeline.run(friday)
    at.program.let_run(friday + _MOMENT, draft=_QUARTER)
    week, editor = _iso(monday), at.cast.coordinator
    for name, kind in (("blocked", "pinned"), ("small", "dropped")):
        editor.post(f"digests/{week}/places", alert_id=at.alerts[name], kind=kind)
    preview = ("--dry-run", str(at.program.home / "preview"))
    at.program.tracker("digest", "--week", week, "--lead", LEAD, "--approve", *preview, "--as", editor.email)
    at.tell("digest edited", 2, "alerts placed by hand, with a lead, approved")


def _show(program: Program, cast: Cast) -> None:
    print(f"\nPages: {program.url}   (sign in with one of these addresses; each works once)")
    for part, person in vars(cast).items():
        print(f"  {part:13} {program.tracker('users', 'link', person.email)}")
    print(f"\nWithout a sign-in: {program.url}/report   Mails: {program.mails.folder}")
    newest = max(program.mails.folder.glob("*.eml"))
    print(
        f"Newest mail: {re.sub(chr(10), ' ', message_from_bytes(newest.read_bytes(), policy=default)['Subject'])}"
    )
    print("Stop with Ctrl-C.", flush=True)
    while True:
        program.wait_for("the demo", lambda: False) if _stopped(program) else time.sleep(1)


def _stopped(program: Program) -> bool:
    return any(child.poll() is not None for child in program.children)


if __name__ == "__main__":
    sys.exit(main())
