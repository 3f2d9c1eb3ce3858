"""A grave story in the news: one signal a story, critical once two independent sources tell it, cut by cut."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detect.desk import NOW, Desk, deadlines, rules, stories, taxonomy
from tests.understand.test_stories import HEADLINES, WIRE
from tracker.detect.grave import GraveItem, judge_story, within_cut
from tracker.detect.run import detect
from tracker.domain.counts import cuts_of
from tracker.domain.independence import independent_sources
from tracker.domain.keys import SignalSubject, signal_key
from tracker.domain.words import ItemKind, Level, Subject, Tlp
from tracker.store.columns import new_id
from tracker.store.tables import Item, ItemSketch, Signal, SignalEvidence, StoryMove, WeekCount
from tracker.store.writes.hiding import tighten_item, withdraw_item
from tracker.store.writes.stories import lock_stories
from tracker.store.writes.story_moves import lock_stories_of, move_items
from tracker.understand.run import understand

RULES, TAXONOMY, DEADLINES, STORIES = rules(), taxonomy(), deadlines(), stories()
HIGH, CRITICAL = Level.HIGH, Level.CRITICAL
OWN_WORDS = (
    "Armed men raided Ogossagou in Mali overnight and killed 30 people. A nurse in Bankass counted the bodies; "
    "granaries were still burning when soldiers came. Herders fear that the village will take revenge."
)


def work(desk: Desk) -> int:
    understand(desk.store, TAXONOMY, STORIES, NOW)
    return detect(desk.store, RULES, TAXONOMY, DEADLINES, NOW).signals_raised


def grave(desk: Desk) -> list[tuple[Level, Tlp]]:
    """Return level and label of the grave signals that are not hidden."""
    shown = [row for row in desk.signals if row["rule"] == "grave" and row["hidden_at"] is None]
    return sorted((row["level"], row["tlp"]) for row in shown)


def tell(desk: Desk, source: str, text: str = WIRE, hours: int = 0, **given: Any) -> str:
    return desk.add("Mali village attacked", text, source=source, at=NOW + timedelta(hours=hours), **given)


def test_one_wire_in_many_papers_is_one_signal_counted_once(desk: Desk) -> None:
    items = [tell(desk, f"paper {at}", hours=at) for at in range(9)]
    work(desk)
    assert grave(desk) == [(HIGH, Tlp.CLEAR)]
    (signal,) = desk.signals
    assert (signal["subject"], signal["source_count"]) == (Subject.STORY, 1)
    assert signal["sentence"].startswith("A news item about Mali names")
    assert {row["item_id"] for row in desk.all_of(SignalEvidence)} == set(items)
    assert [row["story_count"] for row in desk.all_of(WeekCount)] == [1]


def test_two_independent_sources_make_it_critical_and_both_are_its_evidence(desk: Desk) -> None:
    items = [tell(desk, "a")]
    work(desk)
    items.append(tell(desk, "b", OWN_WORDS, hours=2))
    work(desk)
    assert grave(desk) == [(CRITICAL, Tlp.CLEAR), (HIGH, Tlp.CLEAR)]
    signal = next(row for row in desk.signals if row["level"] is CRITICAL)
    assert signal["source_count"] == 2
    assert signal["sentence"].startswith("2 independent sources in the news about Mali name ")
    evidence = {row["item_id"] for row in desk.all_of(SignalEvidence) if row["signal_id"] == signal["id"]}
    assert evidence == set(items)
    assert signal["emerged_at"] == NOW


def merge(desk: Desk, *items: str) -> str:
    """Merge the stories of items as a person does, and return the story that they become."""
    story = new_id(NOW)
    with desk.store.acting("user:x", "merge stories", NOW) as work:
        lock_stories(work)
        move_items(work, [(item, story) for item in lock_stories_of(work, *items)], new_id(NOW))
    return story


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("In Mali, 14 fishermen were killed near Mopti when armed men opened fire on boats.", CRITICAL),
        (WIRE, HIGH),
    ],
    ids=["words of its own", "a copy"],
)
def test_what_a_person_merges_before_it_was_placed_counts_and_stays_where_they_put_it(
    desk: Desk, text: str, level: Level
) -> None:
    first = tell(desk, "a")
    work(desk)
    second = tell(desk, "b", text, hours=2)
    story = merge(desk, first, second)
    work(desk)
    items = {row["id"]: row for row in desk.all_of(Item)}
    assert {items[item]["story_id"] for item in (first, second)} == {story}
    assert (items[first]["wire_id"] == items[second]["wire_id"]) is (level is HIGH)
    assert {row["item_id"] for row in desk.all_of(ItemSketch)} == {first, second}
    assert {row["moved_by"] for row in desk.all_of(StoryMove)} == {"user:x"}
    assert grave(desk)[0] == (level, Tlp.CLEAR)
    assert [row["story_count"] for row in desk.all_of(WeekCount)] == [1]


def test_what_was_merged_before_either_was_placed_counts_once(desk: Desk) -> None:
    merge(desk, tell(desk, "a"), tell(desk, "b", OWN_WORDS, hours=2))
    work(desk)
    assert grave(desk) == [(CRITICAL, Tlp.CLEAR)]
    assert [row["story_count"] for row in desk.all_of(WeekCount)] == [1]


def test_one_owner_with_two_texts_is_one_source(desk: Desk) -> None:
    tell(desk, "a")
    desk.source("a sister", group="a")
    tell(desk, "a sister", OWN_WORDS, hours=2)
    work(desk)
    assert grave(desk) == [(HIGH, Tlp.CLEAR)]


def test_the_rule_can_be_switched_off(desk: Desk) -> None:
    tell(desk, "a")
    tell(desk, "b", OWN_WORDS, hours=2)
    understand(desk.store, TAXONOMY, STORIES, NOW)
    detect(desk.store, replace(RULES, two_source_rule=False), TAXONOMY, DEADLINES, NOW)
    assert grave(desk) == [(HIGH, Tlp.CLEAR)]


def test_who_may_see_one_source_only_is_told_of_one(desk: Desk) -> None:
    tell(desk, "a")
    tell(desk, "b", OWN_WORDS, hours=2, tlp=Tlp.AMBER)
    work(desk)
    assert grave(desk) == [(CRITICAL, Tlp.AMBER), (HIGH, Tlp.CLEAR)]
    loose = next(row for row in desk.signals if row["tlp"] is Tlp.CLEAR)
    assert loose["source_count"] == 1


@pytest.mark.parametrize("leaves", ["withdrawn", "tightened"])
def test_what_one_source_alone_tells_is_raised_anew_when_the_other_leaves(desk: Desk, leaves: str) -> None:
    sunday = NOW - timedelta(days=3)
    desk.add("", WIRE, source="a", at=sunday)
    monday = desk.add("", OWN_WORDS, source="b", at=sunday + timedelta(days=1))
    work(desk)
    assert grave(desk) == [(CRITICAL, Tlp.CLEAR)]
    with desk.store.acting("user:x", "take back", NOW) as session:
        if leaves == "withdrawn":
            withdraw_item(session, monday)
        else:
            tighten_item(session, monday, Tlp.AMBER, "Names a village.")
    assert grave(desk) == []
    work(desk)
    left = [(HIGH, Tlp.CLEAR)]
    assert grave(desk) == (left if leaves == "withdrawn" else [(CRITICAL, Tlp.AMBER), *left])


def test_what_was_said_of_an_item_before_there_were_stories_is_not_said_again(desk: Desk) -> None:
    item = tell(desk, "a")
    understand(desk.store, TAXONOMY, STORIES, NOW)
    version = next(row["version_id"] for row in desk.all_of(Item))
    with desk.store.acting("job:detect", "as of old", NOW) as session:
        signal, subject = new_id(NOW), SignalSubject(Subject.ITEM, item)
        key = signal_key("grave", "MLI", "civilians", subject, HIGH, (Tlp.CLEAR, desk.host))
        session.add(
            Signal(
                id=signal, key=key, rule="grave", rule_version=1, org_id=desk.host, tlp=Tlp.CLEAR,
                country="MLI", theme="civilians", subject=Subject.ITEM, subject_value=item, level=HIGH,
                source_count=1, sentence="s", emerged_at=NOW, flagged_at=NOW, inbox_state="waiting",
                inbox_due_at=NOW,
            )
        )  # fmt: skip
        session.flush()
        session.add(SignalEvidence(signal_id=signal, version_id=version, item_id=item))
    assert work(desk) == 0
    tell(desk, "copy", hours=1)
    assert work(desk) == 0
    tell(desk, "b", OWN_WORDS, hours=2)
    assert work(desk) == 1


ITEMS = st.lists(
    st.builds(
        GraveItem,
        id=st.uuids().map(str),
        country=st.just("MLI"),
        kind=st.sampled_from(ItemKind),
        theme=st.just("civilians"),
        trigger=st.sampled_from(["G1", "G1", None]),
        tlp=st.sampled_from(Tlp),
        org_id=st.sampled_from(["x", "y"]),
        story=st.just("s"),
        group=st.sampled_from("abc"),
        wire=st.sampled_from("123"),
    ),
    max_size=6,
)


@given(ITEMS)
def test_every_cut_is_told_what_its_own_items_hold_and_never_more(told: list[GraveItem]) -> None:
    """What somebody sees of a story's signals follows from what they may see of its items."""
    found = judge_story(told, RULES, TAXONOMY)
    for cut in cuts_of((item.tlp, item.org_id) for item in told):
        seen = within_cut(told, cut)
        shown = {each.level for each in found if each.cut.covers(cut)}
        news = [item for item in seen if item.kind is ItemKind.NEWS and item.trigger]
        two = independent_sources((item.group, item.wire) for item in seen) >= 2
        expected = (CRITICAL if two else HIGH) if news else None
        assert max(shown, key=list(Level).index, default=None) == expected


@pytest.mark.parametrize(
    ("tellings", "count"),
    [
        ("", 0),
        ("a1 b1 c1", 1),
        ("a1 a2 a3", 1),
        ("a1 b2", 2),
        ("a1 a2 b1", 2),
        ("a1 a2 a3 b1 c1", 2),
        ("a1 a2 b1 c2", 2),
        ("a1 b1 b2 c2 c3", 3),
    ],
)
def test_an_independent_source_is_another_owner_with_words_of_its_own(tellings: str, count: int) -> None:
    pairs = [(each[0], each[1]) for each in tellings.split()]
    assert independent_sources(pairs) == independent_sources(reversed(pairs)) == count


def test_headlines_differ_but_the_wire_does_not(desk: Desk) -> None:
    for at, title in enumerate(HEADLINES):
        desk.add(title, WIRE, source=f"paper {at}", at=NOW + timedelta(hours=at))
    work(desk)
    assert grave(desk) == [(HIGH, Tlp.CLEAR)]
