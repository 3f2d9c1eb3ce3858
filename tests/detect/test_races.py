"""Detection, tagging, withdrawing and tightening at the same moment, on connections of their own."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, text, update

from tests.detect.desk import NOW, Desk, deadlines, rules, stories, taxonomy
from tests.support.pauses import Step, paused_before, until_stuck_or_done
from tracker.detect.run import detect
from tracker.domain.words import ItemKind, Tlp
from tracker.store.columns import new_id
from tracker.store.tables import Item, ItemContent, ItemVersion, Signal, SignalEvidence
from tracker.store.writes.hiding import tighten_item, withdraw_item
from tracker.understand.run import understand

RULES, TAXONOMY, DEADLINES = rules(), taxonomy(), deadlines()
STORIES = stories()
CALL = "They say drive them out by Friday, cockroaches"
LATER = NOW + timedelta(hours=1)


def report(desk: Desk) -> str:
    given: dict[str, Any] = {"kind": ItemKind.REPORT, "country": "KEN", "tlp": Tlp.AMBER}
    return desk.add("", CALL, source="open-form", **given)


def tag(desk: Desk) -> int:
    return understand(desk.store, TAXONOMY, STORIES, NOW)


def look(desk: Desk) -> int:
    return detect(desk.store, RULES, TAXONOMY, DEADLINES, NOW).signals_raised


def withdraw(desk: Desk, item: str) -> None:
    with desk.store.acting("source:x", "withdraw", LATER) as work:
        withdraw_item(work, item)


def tighten(desk: Desk, item: str) -> None:
    with desk.store.acting("user:x", "tighten", LATER) as work:
        tighten_item(work, item, Tlp.AMBER_STRICT, "Names a village.")


def shown_on(desk: Desk, item: str) -> list[Tlp]:
    """Return the labels of the signals not hidden that rest on an item."""
    resting = select(SignalEvidence.signal_id).where(SignalEvidence.item_id == item)
    with desk.store.looking("look", NOW) as work:
        rows = select(Signal.tlp).where(Signal.hidden_at.is_(None), Signal.id.in_(resting))
        return list(work.scalars(rows))


@pytest.mark.parametrize("take_back", [withdraw, tighten])
@pytest.mark.parametrize("place", ["raise_signals", "clear_dirty", "rebuild_counts"])
def test_what_detection_raises_while_an_item_is_taken_back_is_hidden(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, place: str, take_back: Callable[[Desk, str], None]
) -> None:
    item = report(desk)
    tag(desk)
    with paused_before(monkeypatch, f"tracker.detect.run.{place}") as pause:
        detecting = Step(lambda: look(desk))
        pause.reached()
        taking_back = Step(lambda: take_back(desk, item))
        until_stuck_or_done(desk.store, taking_back)
        pause.go()
        detecting.result()
        taking_back.result()
    assert shown_on(desk, item) == []
    look(desk)
    assert shown_on(desk, item) == ([] if take_back is withdraw else [Tlp.AMBER_STRICT])


@pytest.mark.parametrize("take_back", [withdraw, tighten])
def test_detection_that_comes_while_an_item_is_taken_back_sees_it_as_it_became(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, take_back: Callable[[Desk, str], None]
) -> None:
    item = report(desk)
    tag(desk)
    with paused_before(monkeypatch, "tracker.store.writes.hiding._hide") as pause:
        taking_back = Step(lambda: take_back(desk, item))
        pause.reached()
        detecting = Step(lambda: look(desk))
        until_stuck_or_done(desk.store, detecting)
        pause.go()
        taking_back.result()
        detecting.result()
    assert shown_on(desk, item) == ([] if take_back is withdraw else [Tlp.AMBER_STRICT])


def test_reading_an_item_again_and_detecting_on_it_do_not_wait_for_each_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = desk.add_many(6, "Heavy fighting and clashes in Mali")
    tag(desk)
    with desk.store.acting("job:ingest", "other versions", NOW) as work:
        work.execute(update(Item).values(tagged_with=0))
    with paused_before(monkeypatch, "tracker.understand.run.store_tags") as pause:
        tagging = Step(lambda: tag(desk))
        pause.reached()
        detecting = Step(lambda: look(desk))
        until_stuck_or_done(desk.store, detecting)
        pause.go()
        assert tagging.result() == 6
        assert detecting.result() == 1
    assert all(shown_on(desk, item) for item in items)


def test_an_item_that_is_being_read_can_be_withdrawn(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    item = report(desk)
    with paused_before(monkeypatch, "tracker.store.writes.tags.mark_dirty") as pause:
        tagging = Step(lambda: tag(desk))
        pause.reached()
        withdrawing = Step(lambda: withdraw(desk, item))
        until_stuck_or_done(desk.store, withdrawing)
        pause.go()
        tagging.result()
        withdrawing.result()
    assert look(desk) == 0


def test_many_reports_are_withdrawn_at_once_without_a_deadlock(desk: Desk) -> None:
    items = [report(desk) for _ in range(6)]
    tag(desk)
    look(desk)
    for step in [Step(lambda item=item: withdraw(desk, item)) for item in items]:  # type: ignore[misc]
        step.result()
    assert [shown_on(desk, item) for item in items] == [[]] * 6


@pytest.mark.parametrize("engine_name", [pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_version_that_comes_while_its_item_is_being_locked_is_read_and_not_an_empty_one(desk: Desk) -> None:
    item = desk.add("Nothing new")
    gate = desk.store.writer.connect()
    gate.execute(text("SELECT pg_advisory_lock(1)"))

    def slow(_c: Any, _cursor: Any, said: str, given: Any, _context: Any, _many: bool) -> tuple[str, Any]:
        if "SKIP LOCKED" not in said:
            return said, given
        waiting = "WHERE (SELECT pg_advisory_lock_shared(1)::text) IS NOT NULL AND "
        return said.replace("WHERE ", waiting, 1), given

    event.listen(desk.store.writer, "before_cursor_execute", slow, retval=True)
    tagging = Step(lambda: tag(desk))
    until_stuck_or_done(desk.store, tagging)
    new_version(desk, item, "Gunmen attack village in Mali: 7 people killed")
    gate.execute(text("SELECT pg_advisory_unlock(1)"))
    gate.close()
    assert tagging.result() == 1
    assert [row["country"] for row in desk.all_of(Item)] == ["MLI"]


def new_version(desk: Desk, item: str, title: str) -> None:
    version = new_id(LATER)
    with desk.store.acting("job:ingest", "new version", LATER) as work:
        work.add(ItemVersion(id=version, item_id=item, number=2, seen_at=LATER, content_digest="1"))
        work.flush()
        work.add(ItemContent(version_id=version, title=title, text=""))
        work.execute(
            update(Item).where(Item.id == item).values(version_id=version, version_count=2, tagged_with=0)
        )
