from datetime import UTC, datetime, timedelta

import pytest

from tests.dashboards.conftest import PAGES, Pages, words
from tests.dashboards.story import Past, tell
from tests.support.house import House
from tracker.domain.due import last_due, read_times
from tracker.domain.viewer import Viewer
from tracker.domain.words import Level, Role, RunState, Tlp
from tracker.respond.inbox import ByHand, raise_by_hand
from tracker.settings import Settings
from tracker.store.writes import jobs as runs

EMPTY = {
    "today": ("No alert is open.", "Nothing waits for you."),
    "inbox": ("No signal waits.",),
    "alerts": ("No alert is open.", "No alert fits."),
    "alert": ("You may not see this alert, or there is none.",),
    "actions": ("No action waits.",),
    "countries": ("No country has an alert", "No country fits."),
    "figures": ("No alert was opened in this time.", "Not measurable here"),
    "country": ("nothing counted in these weeks", "No rule has flagged anything here."),
    "items": ("No item fits.", "Loosen a filter"),
    "sources": ("No source yet", "Add the first here"),
    "admin": ("No job has run yet",),
    "call": ("What did they say?", "No names"),
    "duty": ("Nobody is on duty.", "No layer is set.", "Nobody swapped.", "Nobody is away."),
    "channels": ("We reach you by mail.",),
    "digest": (
        "The draft of week 48 appears on Friday at 12:00 UTC.",
        "no open gap is news",
        "None was sent yet.",
    ),
}


@pytest.fixture
def past(house: House, analyst: Viewer) -> Past:
    return tell(house, analyst)


@pytest.mark.parametrize("name", PAGES)
def test_an_empty_page_tells_what_would_be_there(pages: Pages, house: House, name: str) -> None:
    pages.sign_in(house.viewer(Role.COORDINATOR))
    said = words(pages.open(name))
    for expected in EMPTY[name]:
        assert expected in said


def test_today_says_the_finding_and_draws_where_warnings_stop(pages: Pages, past: Past) -> None:
    said = words(app := pages.open("today"))
    assert "2 alerts are past their decision date; the oldest, 9 days, has no owner." in said
    assert "<b>3</b><span>signals</span>" in said
    assert "<b>1</b><span>outcome known</span>" in said
    assert "1 signal waits to be looked at" in said.replace("<b>", "").replace("</b>", "")
    assert any(button.label == "Take it" for button in app.button)


def test_the_second_look_says_what_changed_since_the_first(pages: Pages, past: Past, house: House) -> None:
    assert "This is your first look." in words(pages.open("today"))
    assert "nothing new." in words(pages.open("today"))


def test_the_inbox_shows_sentence_curve_sources_and_clock(pages: Pages, past: Past) -> None:
    said = words(pages.open("inbox"))
    assert "1 signal waits to be looked at" in said
    assert "Fighting between armed sides in Mali" in said
    assert "data:image/svg+xml" in said
    assert "Partner report" in said
    assert 'class="tlp amber">TLP:AMBER' in said


def test_the_alerts_list_says_stage_clock_and_owner(pages: Pages, past: Past) -> None:
    said = words(pages.open("alerts"))
    assert "2 alerts are open in 2 countries." in said
    assert "owner: none" in said
    assert "owner: Ana" in said
    assert "outcome" in said


def test_filters_live_in_the_address_and_one_that_is_gone_is_dropped(pages: Pages, past: Past) -> None:
    app = pages.open("alerts", country="TCD")
    assert "TCD-0001" in words(app)
    assert "SSD-0001" not in words(app)
    app = pages.open("alerts", country="ZZZ")
    assert "SSD-0001" in words(app)
    assert "country" not in app.query_params


def test_an_alert_shows_everything_that_is_known_of_it(pages: Pages, past: Past) -> None:
    said = words(pages.open("alert", id=past.worked))
    for expected in (
        "From warning to outcome",
        "Leaflets tell people to leave",
        "Call the prefect",
        "No answer yet",
        "Bring both groups together",
        "Outcome: <b>Eased</b>",
        "Tension was reported",
        "tried to verify: verified · Ana",
    ):
        assert expected in said


def test_a_country_says_whether_this_is_normal(pages: Pages, past: Past) -> None:
    said = words(pages.open("country", iso3="MLI"))
    assert "Mali: more fighting between armed sides than usual." in said
    assert "Radio Kesh" in said
    assert "12 in week 48" in said


def test_items_are_listed_with_their_first_words(pages: Pages, past: Past) -> None:
    app = pages.open("items", kind="report")
    assert len(app.dataframe[0].value) == 25
    assert "heavy fighting" in app.dataframe[0].value["Title"][0]


def test_words_of_people_are_escaped(pages: Pages, house: House, analyst: Viewer) -> None:
    ground = "<script>alert(1)</script> <img src=x onerror=alert(1)>"
    said = ByHand("NER", house.theme, Level.HIGH, ground, Tlp.AMBER, house.now)
    raised = raise_by_hand(house.store, analyst, said, house.now)
    shown = words(pages.open("alert", id=raised.id))
    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown
    assert "<img src=x" not in shown


def test_sources_and_actions_are_listed(pages: Pages, past: Past) -> None:
    assert "Radio Kesh" in words(pages.open("sources"))
    assert "1 action is not done; none of them late." in words(pages.open("actions"))


def test_the_admin_page_lists_users_and_mails(pages: Pages, past: Past, house: House) -> None:
    pages.sign_in(house.viewer(Role.ADMIN))
    said = words(pages.open("admin"))
    assert "omar.un@example.org" in said
    assert "<td>queued</td><td>1</td>" in said


def ran(house: House, job: str, due_at: datetime, state: RunState = RunState.DONE, late: float = 0) -> None:
    """Let a job run at a due time, so many minutes late, for twelve seconds."""
    start, firing = due_at + timedelta(minutes=late), runs.Firing(job, due_at, "here:1")
    with house.store.acting("job:test", "claim", start) as work:
        runs.claim_run(work, firing, runs.Beat(start, start))
    with house.store.acting("job:test", "finish", start + timedelta(seconds=12)) as work:
        runs.finish_run(work, firing, state, f"{job} said this")


def all_ran(house: House, *, but: str = "") -> None:
    """Let every job run twice when it was due last; one of them only the time before."""
    for job, trigger in read_times(Settings.read().read_config("jobs")).items():
        newest = last_due(trigger, house.now)
        assert newest is not None
        before = last_due(trigger, newest - timedelta(seconds=1))
        for due_at in (before, newest if job != but else None):
            if due_at:
                ran(house, job, due_at)


def test_the_job_log_says_that_all_ran_and_when_each_is_due_next(pages: Pages, house: House) -> None:
    all_ran(house)
    pages.sign_in(house.viewer(Role.ADMIN))
    said = words(pages.open("admin"))
    assert "All 8 jobs ran on time." in said
    assert "digest said this" in said
    assert "12 s" in said
    assert "Monday 30 November 2026, 06:00:00 UTC" in said


def test_the_job_log_names_the_job_that_did_not_run(pages: Pages, house: House) -> None:
    all_ran(house, but="digest")
    pages.sign_in(house.viewer(Role.COORDINATOR))
    said = words(pages.open("admin"))
    assert "The digest job did not run on Monday 23 Nov at 06:00." in said
    assert '<span class="late">did not run</span>' in said


def test_a_scheduler_that_stopped_days_ago_is_seen_by_the_jobs_of_every_few_minutes(
    pages: Pages, house: House
) -> None:
    for job in ("ingest", "mail"):
        ran(house, job, house.now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=30))
    pages.sign_in(house.viewer(Role.ADMIN))
    assert "2 of 8 jobs did not run well: ingest and mail." in words(pages.open("admin"))


def test_the_job_log_tells_a_failure_from_a_late_run(pages: Pages, house: House) -> None:
    all_ran(house, but="housekeeping")
    due_at = house.now.replace(hour=2, minute=20)
    ran(house, "housekeeping", due_at, RunState.FAILED)
    pages.sign_in(house.viewer(Role.ADMIN))
    assert "The housekeeping job failed today at 02:20." in words(pages.open("admin"))
    ran(house, "housekeeping", due_at, late=90)
    assert "The housekeeping job due today at 02:20 ran 1 h 30 min late." in words(pages.open("admin"))


def test_the_first_run_of_a_job_makes_up_for_the_past_and_is_not_late(pages: Pages, house: House) -> None:
    ran(house, "digest", datetime(2026, 11, 23, 6, tzinfo=UTC), late=2000)
    pages.sign_in(house.viewer(Role.ADMIN))
    said = words(pages.open("admin"))
    assert (
        "1 of 8 jobs ran on time; not run yet: ingest, detect, mail, deadlines, draft, replies and housekeeping."
        in said
    )
