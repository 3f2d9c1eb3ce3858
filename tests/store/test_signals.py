from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import update

from tests.detect.desk import NOW, Desk, open_desk
from tracker.domain.words import Hidden, Level, Subject, Tlp
from tracker.store.tables import History, Item, Signal, SignalEvidence
from tracker.store.writes.counts import Evidence
from tracker.store.writes.log import Label
from tracker.store.writes.signals import NewSignal, raise_signals, raised_about


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with open_desk(database_url) as opened:
        yield opened


def _signal(desk: Desk) -> NewSignal:
    item = desk.add("Riot in Mali")
    version = _version_of(desk, item)
    return NewSignal(
        key="escalation|MLI|communal|week:2026-W48|medium|CLEAR",
        rule="escalation",
        rule_version=1,
        theme="communal",
        subject=Subject.WEEK,
        subject_value="2026-W48",
        level=Level.MEDIUM,
        label=Label(Tlp.CLEAR, desk.host, "MLI"),
        sentence="A sentence.",
        evidence=Evidence(((version, item),), NOW, 1, 3),
        inbox_due_at=NOW,
    )


def _version_of(desk: Desk, item: str) -> str:
    return next(str(row["version_id"]) for row in desk.all_of(Item) if row["id"] == item)


def test_a_key_is_raised_once_among_the_signals_that_are_not_hidden(desk: Desk) -> None:
    signal = _signal(desk)
    for expected in (1, 0):
        with desk.store.acting("job:test", "raise", NOW) as work:
            assert raise_signals(work, [signal]) == expected
    assert len(desk.all_of(SignalEvidence)) == len(desk.all_of(History)) == 1
    with desk.store.acting("job:test", "hide", NOW) as work:
        work.execute(update(Signal).values(hidden_at=NOW, hidden_because=Hidden.WITHDRAWN))
        assert raised_about(work, ["MLI"], ["2026-W48"]) == []
        assert raise_signals(work, [signal]) == 1
    assert len(desk.signals) == 2


def test_what_stands_about_a_week_can_be_read(desk: Desk) -> None:
    signal = _signal(desk)
    other = replace(signal, key="another", subject_value="2026-W47")
    with desk.store.acting("job:test", "raise", NOW) as work:
        assert raise_signals(work, [signal, other]) == 2
        (row,) = raised_about(work, ["MLI"], ["2026-W48"])
    assert (row.rule, row.theme, row.level, row.tlp) == (
        "escalation",
        "communal",
        Level.MEDIUM,
        Tlp.CLEAR,
    )
