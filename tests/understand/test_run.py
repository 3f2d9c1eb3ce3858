"""Tagging on real databases: what waits is read once, and its week is marked."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from tests.detect.desk import NOW, Desk, open_desk, stories
from tests.support.pauses import Step, paused_before, until_stuck_or_done
from tracker.domain.taxonomy import Taxonomy
from tracker.domain.words import Hidden, ItemKind, ReportKind
from tracker.store.tables import DirtyWeek, Item, ItemContent, ItemCountry, ItemTag
from tracker.understand.run import tag_pending, understand, understand_one
from tracker.understand.tagger import TAGGER_VERSION

STORIES = stories()


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with open_desk(database_url) as opened:
        yield opened


def test_every_pending_item_is_tagged_once_in_batches(desk: Desk, taxonomy: Taxonomy) -> None:
    desk.add_many(7, "Riot in Kenya and Uganda")
    assert understand(desk.store, taxonomy, STORIES, NOW, batch=3) == 7
    assert understand(desk.store, taxonomy, STORIES, NOW, batch=3) == 0
    items = desk.all_of(Item)
    assert {item["tagged_with"] for item in items} == {TAGGER_VERSION}
    assert {(item["country"], item["category"], item["theme"], item["lang"]) for item in items} == {
        ("KEN", "MOB", "communal", "en")
    }
    assert len(desk.all_of(ItemTag)) == 7
    assert [(row["country"], row["rank"]) for row in desk.all_of(ItemCountry)][:2] == [("KEN", 0), ("UGA", 1)]
    assert [(row["country"], row["week"]) for row in desk.all_of(DirtyWeek)] == [("KEN", "2026-W48")]


def test_a_new_version_is_read_again_and_marks_the_old_country_and_week_too(
    desk: Desk, taxonomy: Taxonomy
) -> None:
    item = desk.add("Riot in Kenya", at=NOW - timedelta(weeks=1))
    understand(desk.store, taxonomy, STORIES, NOW)
    with desk.store.acting("job:test", "new version", NOW) as work:
        version = desk.all_of(Item)[0]["version_id"]
        work.execute(
            update(ItemContent).where(ItemContent.version_id == version).values(title="Riot in Uganda")
        )
        work.execute(update(Item).where(Item.id == item).values(tagged_with=0, published_at=NOW))
        work.execute(delete(ItemTag))
    assert understand(desk.store, taxonomy, STORIES, NOW) == 1
    assert [row["country"] for row in desk.all_of(ItemCountry)] == ["UGA"]
    assert [(row["country"], row["week"]) for row in desk.all_of(DirtyWeek)] == [
        ("KEN", "2026-W47"),
        ("UGA", "2026-W48"),
    ]


def test_the_country_that_a_report_claims_stays_first(desk: Desk, taxonomy: Taxonomy) -> None:
    desk.add(
        "",
        "Men came from Chad",
        kind=ItemKind.REPORT,
        country="CMR",
        report_kind=ReportKind.WEAPONS,
        source="open-form",
    )
    understand(desk.store, taxonomy, STORIES, NOW)
    assert [(row["country"], row["rank"]) for row in desk.all_of(ItemCountry)] == [("CMR", 0), ("TCD", 1)]
    (item,) = desk.all_of(Item)
    assert (item["country"], item["category"], item["relevant"]) == ("CMR", "ARMS", True)


def test_a_hidden_item_is_left_alone(desk: Desk, taxonomy: Taxonomy) -> None:
    item = desk.add("Riot in Kenya")
    with desk.store.acting("job:test", "withdraw", NOW) as work:
        hidden = {"hidden_at": NOW, "hidden_because": Hidden.WITHDRAWN}
        work.execute(update(Item).where(Item.id == item).values(**hidden))
    assert understand(desk.store, taxonomy, STORIES, NOW) == 0


def test_the_language_of_the_source_counts_where_the_item_says_none(desk: Desk, taxonomy: Taxonomy) -> None:
    desk.source("gazette", lang="fr")
    desk.add("Affrontements au Mali", source="gazette")
    understand(desk.store, taxonomy, STORIES, NOW)
    assert [(item["lang"], item["category"]) for item in desk.all_of(Item)] == [("fr", "CLASH")]


def test_no_word_of_an_item_enters_its_tag(desk: Desk, taxonomy: Taxonomy) -> None:
    desk.add("Zanzibarella saw a riot in Kenya")
    understand(desk.store, taxonomy, STORIES, NOW)
    assert "Zanzibarella" not in str(desk.all_of(ItemTag))
    assert "riot" not in str(desk.all_of(ItemTag)).lower()


def test_a_report_in_another_language_than_its_form_is_read_all_the_same(
    desk: Desk, taxonomy: Taxonomy
) -> None:
    text = "Des hommes armés ont attaqué le village et les gens ont fui dans la nuit."
    desk.add("", text, kind=ItemKind.REPORT, country="MLI", lang="en")
    understand(desk.store, taxonomy, STORIES, NOW)
    [item] = desk.all_of(Item)
    assert item["lang"] == "en"
    assert item["category"] is not None


@pytest.mark.parametrize("engine_name", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_what_a_person_just_gave_is_read_once_they_go_on_also_where_the_job_has_it(
    desk: Desk, taxonomy: Taxonomy, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = desk.add("Riot in Kenya")
    with paused_before(monkeypatch, "tracker.understand.run.store_tags") as pause:
        job = Step(lambda: tag_pending(desk.store, taxonomy, NOW))
        pause.reached()
        person = Step(lambda: understand_one(desk.store, taxonomy, item, NOW))
        until_stuck_or_done(desk.store, person)
        assert not person.ended
        pause.go()
        person.result()
        assert [row["theme"] for row in desk.all_of(Item)] == ["communal"]
        assert job.result() == 1
