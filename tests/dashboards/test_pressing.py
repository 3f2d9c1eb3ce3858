from datetime import date, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboards.conftest import Pages, field, press, words
from tests.dashboards.story import OFFICER, Past, brief_text, tell
from tests.support.house import NOW, House
from tracker.domain.viewer import Viewer
from tracker.domain.words import DecisionKind, InboxState, Level, Role, Tlp
from tracker.ingest.reports import open_form_source, submit
from tracker.ingest.submission import read_submission
from tracker.respond import alerts, briefs, inbox
from tracker.respond.labelling import Labelling
from tracker.respond.unsettled import Holds
from tracker.store.reads.alerts import AlertFile, AlertFilter, alert_file
from tracker.store.reads.alerts import alerts as list_alerts
from tracker.store.reads.inbox import waiting_count, waiting_signals
from tracker.store.reads.items import ItemFilter, items


@pytest.fixture
def past(house: House, analyst: Viewer) -> Past:
    return tell(house, analyst)


def put(app: Any, label: str, value: object) -> None:
    found: Any = field(app, label)
    found.set_value(value)


def unfold_other(app: AppTest, signal_id: str) -> AppTest:
    """Open what else can be done with a signal."""
    forms = "-".join(f"{name}-{signal_id}-0" for name in ("attach", "dismiss", "snooze"))
    app.session_state[f"other-{forms}"] = True
    return app.run()


def read(house: House, viewer: Viewer, alert_id: str) -> AlertFile:
    with house.store.viewing(viewer) as view:
        return alert_file(view, alert_id)


def test_promoting_a_signal_opens_an_alert(pages: Pages, house: House, analyst: Viewer, past: Past) -> None:
    app = press(pages.open("inbox"), "Promote")
    assert "MLI-0001 was opened." in words(app)
    assert "No signal waits." in words(app)
    with house.store.viewing(analyst) as view:
        assert "MLI-0001" in [row.ref for row in list_alerts(view, AlertFilter())]


def test_dismissing_without_a_reason_is_refused_beside_the_form(
    pages: Pages, house: House, analyst: Viewer, past: Past
) -> None:
    app = unfold_other(pages.open("inbox"), past.signal)
    put(app, "Note", "Seen before.")
    press(app, "Dismiss")
    assert "Reason: Choose one." in words(app)
    note: Any = field(app, "Note")
    assert note.value == "Seen before."
    put(app, "Dismiss, because", "same_again")
    press(app, "Dismiss")
    assert "1 signal dismissed." in words(app)
    with house.store.viewing(analyst) as view:
        assert waiting_count(view) == 0


def test_several_signals_are_settled_at_once_and_one_that_was_settled_before_says_so(
    pages: Pages, house: House, analyst: Viewer
) -> None:
    ids = [house.signal(analyst, country) for country in ("MLI", "NER", "TCD")]
    app = pages.open("inbox")
    assert "3 signals wait to be looked at" in words(app)
    for box in app.checkbox:
        box.check()
    app.run()
    assert "3 chosen" in words(app)
    press(app, "Dismiss …")
    inbox.dismiss(house.store, house.viewer(Role.COORDINATOR), ids[1], "old_news", house.now)
    put(app, "Dismiss, because", "too_small")
    press(app, "Dismiss")
    said = words(app)
    assert "2 signals dismissed. 1 was not: This signal was dismissed by somebody else" in said
    assert "No signal waits." in said


def test_keys_mark_a_signal_and_act_on_it(pages: Pages, house: House, analyst: Viewer) -> None:
    first, second = house.signal(analyst), house.signal(analyst, "NER")
    app = pages.open("inbox")
    press(press(app, "Next"), "Next")
    press(app, "Snooze …")
    press(app, "Snooze")
    with house.store.viewing(analyst) as view:
        assert [row.id for row in waiting_signals(view)] == [first]
    assert second != first
    assert "1 signal snoozed." in words(app)


def test_a_signal_that_somebody_else_settled_says_so(pages: Pages, house: House, past: Past) -> None:
    app = pages.open("inbox")
    other = house.viewer(Role.COORDINATOR)
    inbox.dismiss(house.store, other, past.signal, "old_news", house.now)
    press(app, "Promote")
    assert f"This signal was {InboxState.DISMISSED} by somebody else" in words(app)


def test_of_two_who_take_an_alert_at_once_the_second_sees_what_the_first_did(
    pages: Pages, house: House, analyst: Viewer, past: Past
) -> None:
    app = pages.open("alert", id=past.raised)
    other = house.viewer(Role.COORDINATOR, name="Cora")
    alerts.take(house.store, other, past.raised, house.now)
    press(app, "I am on it")
    said = words(app)
    assert app.error
    assert "owner: Cora" in said
    assert read(house, analyst, past.raised).alert.owner_id == other.user_id


def test_a_refused_decision_keeps_what_was_typed(
    pages: Pages, house: House, analyst: Viewer, past: Past
) -> None:
    app = pages.open("alert", id=past.raised)
    put(app, "What was decided", DecisionKind.NOT_ACTING_NOW)
    app.run()
    put(app, "Or, if they are not listed: role and organisation", "Desk officer")
    put(app, "Why", "R5")
    put(app, "In their words", "The partner asked us to wait.")
    last = next(each for each in app.date_input if each.label.startswith("Look again on"))
    assert last.value == date(2026, 11, 28)
    last.set_value(date(2026, 11, 29))
    press(app, "Record decision")
    assert "Review on: Look again on 28 November at the latest." in words(app)
    typed: Any = field(app, "In their words")
    assert typed.value == "The partner asked us to wait."
    last = next(each for each in app.date_input if each.label.startswith("Look again on"))
    last.set_value(date(2026, 11, 27))
    press(app, "Record decision")
    decision = read(house, analyst, past.raised).decisions[0]
    assert (decision.kind, decision.reason, decision.review_on) == (
        DecisionKind.NOT_ACTING_NOW,
        "R5",
        date(2026, 11, 27),
    )
    assert "Looked at, it stands" in [button.label for button in app.button]


def test_a_brief_is_written_and_delivered_to_a_named_person(
    pages: Pages, house: House, analyst: Viewer, past: Past
) -> None:
    app = pages.open("alert", id=past.raised)
    for label, value in (
        ("Headline", "Families leave"),
        ("Bottom line", "It is planned."),
        ("Why now", "Friday."),
        ("What would change our mind", "A calm market."),
    ):
        put(app, label, value)
    for number, what in enumerate(("Call the prefect", "Elders on the radio")):
        [each for each in app.text_input if each.label == "What" and "-what" in str(each.key)][
            number
        ].set_value(what)
    press(app, "Keep the draft")
    assert "The draft is kept." in words(app)
    put(app, "Deliver to", OFFICER)
    press(app, "Deliver")
    file = read(house, analyst, past.raised)
    assert file.briefs[0].options[1]["what"] == "Elders on the radio"
    assert file.deliveries[0].answer is None
    assert "Omar" in words(app)


def test_a_decision_is_proposed_under_the_label_of_the_brief_it_answers(
    pages: Pages, house: House, analyst: Viewer
) -> None:
    alert_id = house.alert(analyst, tlp=Tlp.CLEAR).id
    briefs.write_brief(
        house.store, analyst, alert_id, brief_text(house), Labelling(Tlp.AMBER), house.later(hours=1)
    )
    app = pages.open("alert", id=alert_id)
    labels = {str(each.key).partition("-")[0]: each.value for each in app.selectbox if each.label == "Label"}
    assert (labels["decide"], labels["act"], labels["verify"]) == (Tlp.AMBER, Tlp.AMBER, Tlp.CLEAR)


def test_partners_are_never_offered_as_recipients(pages: Pages, past: Past) -> None:
    people: Any = field(pages.open("alert", id=past.worked), "Deliver to")
    assert any("Omar" in option for option in people.options)
    assert not any("Paula" in option for option in people.options)


def test_an_alert_that_was_closed_meanwhile_refuses_and_keeps_the_form(
    pages: Pages, house: House, past: Past
) -> None:
    app = pages.open("alert", id=past.raised)
    put(app, "How you checked", "A second call")
    alerts.close(house.store, house.viewer(Role.COORDINATOR), past.raised, house.now, ("calm", None))
    press(app, "Write it down")
    assert "This alert is closed" in words(app)
    typed: Any = field(app, "How you checked")
    assert typed.value == "A second call"
    assert [button.label for button in app.button if button.label == "Reopen"]


def test_a_merged_alert_leads_to_the_one_that_took_it(
    pages: Pages, house: House, analyst: Viewer, past: Past
) -> None:
    alerts.merge(house.store, analyst, past.raised, past.worked, house.now)
    app = pages.open("alert", id=past.raised)
    assert past.worked in app.query_params["id"]
    assert "The alert you asked for was merged into this one." in words(app)


def test_what_one_may_not_see_looks_like_what_is_not_there(pages: Pages, house: House, past: Past) -> None:
    cora = house.viewer(Role.COORDINATOR, name="Cora")
    hidden = house.alert(cora, "COD", Level.HIGH, Tlp.AMBER_STRICT).id
    absent = words(pages.open("alert", id="01ARZ3NDEKTSV4RRFFQ69G5FAV"))
    other = house.viewer(Role.ANALYST, "Elsewhere", name="Eve")
    pages.sign_in(other)
    said = words(pages.open("alert", id=hidden))
    assert "You may not see this alert, or there is none." in absent
    assert "You may not see this alert, or there is none." in said
    assert "COD-0001" not in said


def test_an_alert_is_raised_by_hand(pages: Pages, house: House, past: Past) -> None:
    app = pages.open("alerts")
    [each for each in app.selectbox if each.label == "Country"][-1].set_value("NER")
    [each for each in app.selectbox if each.label == "Theme"][-1].set_value(house.theme)
    press(app, "Raise it")
    assert "Ground: Say in one line what this rests on." in words(app)
    put(app, "What this rests on, in one line", "A call from the field")
    press(app, "Raise it")
    assert "NER-0001 was opened." in words(app)


def test_an_admin_adds_a_user_and_sees_the_address_once(pages: Pages, house: House) -> None:
    pages.sign_in(house.viewer(Role.ADMIN))
    app = pages.open("admin")
    put(app, "E-mail address", "new@example.org")
    put(app, "Organisation", "Platform")
    press(app, "Add")
    assert app.code[0].value.startswith("http://127.0.0.1:8000/sign-in?key=")
    app.run()
    assert not app.code
    assert "new@example.org" in words(app)


def test_a_source_is_added_by_those_who_may(pages: Pages, house: House) -> None:
    pages.sign_in(house.viewer(Role.COORDINATOR))
    app = pages.open("sources")
    put(app, "Address of the feed", "no address")
    press(app, "Add")
    assert "is no address of a feed" in words(app)
    put(app, "Address of the feed", "https://radio.example/feed.xml")
    press(app, "Add")
    assert "radio.example" in words(app)


def test_actions_are_moved_on_to_an_outcome(pages: Pages, house: House, analyst: Viewer, past: Past) -> None:
    house.now = NOW - timedelta(hours=1)
    app = pages.open("alert", id=past.raised)
    put(app, "Kind", "DIALOGUE")
    next(each for each in app.text_input if "title" in str(each.key)).set_value("Bring elders together")
    put(app, "Who does it: a role or a body, no name", "Peace committee")
    put(app, "Of which organisation", "Lake network")
    press(app, "Add action")
    assert "Peace committee, Lake network" in words(app)
    put(app, "What happened", "start")
    press(app, "Write it down", 1)
    put(app, "In words", "The market is open.")
    put(app, "Whose claim this is", "local CSO")
    put(app, "What others can use next time", "Ask both elders.")
    press(app, "Record outcome")
    said = words(app)
    assert "Ask both elders." in said
    assert "The market is open." in said
    assert read(house, analyst, past.raised).outcomes[0].claimed_by == "local CSO"


def test_a_report_without_a_certain_country_is_settled_in_the_inbox(
    pages: Pages, house: House, analyst: Viewer
) -> None:
    said = read_submission({"what": "<b>Leaflets</b> near the border.", "country": "Guinea"})
    submit(house.store, open_form_source(house.store, house.now), said, house.now)
    app = pages.open("inbox")
    assert "1 field report asks you something" in words(app)
    assert words(app).partition("1 field report")[0].count("TLP:AMBER+STRICT") == 1, "the label of the page"
    assert "Nearest: Guinea, Guinea-Bissau, Equatorial Guinea and Papua New Guinea." in words(app)
    press(app, "Settle it")
    assert "Country: Choose a country" in words(app)
    meant: Any = field(app, "Which country is meant")
    assert meant.options[:2] == ["Guinea", "Guinea-Bissau"]
    put(app, "Which country is meant", "GNB")
    press(app, "Settle it")
    assert "Settled." in words(app)
    assert "asks you something" not in words(app)


def test_two_reports_under_one_id_are_shown_side_by_side_and_settled(
    pages: Pages, house: House, analyst: Viewer
) -> None:
    source = open_form_source(house.store, house.now)
    for what in ("The market is shut.", "The market is open."):
        said = read_submission({"what": what, "country": "MLI", "client_id": "a1"})
        submit(house.store, source, said, house.now, keep_conflict=True)
    app = pages.open("inbox")
    assert "The market is shut." in words(app)
    assert "The market is open." in words(app)
    put(app, "Which counts", Holds.LATER)
    press(app, "Settle which counts")
    with house.store.viewing(analyst) as view:
        assert [item.text for item in items(view, ItemFilter())] == ["The market is open."]


def test_an_empty_form_is_told_what_to_give(pages: Pages, analyst: Viewer) -> None:
    app = press(pages.open("inbox"), "Add it")
    assert "Text: Give a link, or paste the text here." in words(app)
    app = press(pages.open("call"), "Keep it and get the code")
    assert "What: Say what happened, or what may happen. Country: Choose the country." in words(app)


def test_a_text_is_pasted_under_an_alert(pages: Pages, house: House, analyst: Viewer) -> None:
    alert_id = house.alert(analyst).id
    app = pages.open("alert", id=alert_id)
    put(app, "Text", "Armed men attacked a village in Mali.")
    press(app, "Add it")
    assert "Added." in words(app)
    assert "Armed men attacked a village in Mali." in words(app)
    put(app, "Address of a page", "http://10.0.0.1/x")
    press(app, "Add it")
    assert "Link: Nothing could be read there" in words(app)


def test_what_was_typed_when_a_sign_in_ended_is_kept_for_that_person_alone(
    pages: Pages, house: House, analyst: Viewer, past: Past
) -> None:
    app = pages.open("alert", id=past.raised)
    put(app, "What was decided", DecisionKind.WATCH)
    app.run()
    put(app, "Or, if they are not listed: role and organisation", "Desk officer")
    put(app, "In their words", "The partner asked us to wait.")
    pages.signed_in = None
    press(app, "Record decision")
    said = words(app)
    assert "What you typed is kept for you" in said
    assert "The partner asked us to wait." not in said

    pages.sign_in(house.viewer(Role.COORDINATOR))
    other: Any = field(pages.open("alert", id=past.raised), "In their words")
    assert other.value == ""

    pages.sign_in(analyst)
    app = pages.open("alert", id=past.raised)
    typed: Any = field(app, "In their words")
    assert typed.value == "The partner asked us to wait."
    assert any("is here again" in str(caption.value) for caption in app.caption)
    last = next(each for each in app.date_input if each.label.startswith("Look again on"))
    last.set_value(date(2026, 11, 27))
    press(app, "Record decision")
    assert read(house, analyst, past.raised).decisions[0].note == "The partner asked us to wait."
    again: Any = field(pages.open("alert", id=past.raised), "In their words")
    assert again.value == ""


def test_a_draft_that_a_colleague_kept_meanwhile_is_not_overwritten_by_a_page_that_was_drawn_anew(
    pages: Pages, house: House, analyst: Viewer
) -> None:
    alert_id = house.alert(analyst).id
    app = pages.open("alert", id=alert_id)
    put(app, "Headline", "Ana's words")
    cleo = house.viewer(Role.COORDINATOR, name="Cleo")
    theirs = brief_text(house)
    briefs.write_brief(house.store, cleo, alert_id, theirs, Labelling(Tlp.AMBER), house.now)
    app.run()
    for label in ("Bottom line", "Why now", "What would change our mind"):
        put(app, label, "Ana's words")
    press(app, "Keep the draft")
    assert "Somebody wrote on this brief while you did" in words(app)
    assert read(house, analyst, alert_id).briefs[0].headline == theirs.headline
    press(app, "Keep the draft")
    assert read(house, analyst, alert_id).briefs[0].headline == "Ana's words"
