"""Figures as they come out of a database: against the exported chains, for whoever asks, in few statements."""

import io
import json
import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.share.house import NOW, House, days
from tests.support.statements import statements
from tracker.domain.viewer import Viewer
from tracker.domain.words import (
    AlertState,
    Answer,
    DecisionKind,
    HowKnown,
    Level,
    MilestoneKind,
    Role,
    Tlp,
)
from tracker.share.export import ExportFilter, export, table_of
from tracker.share.formats import write
from tracker.share.period import read_period
from tracker.store.reads.chains import ChainFilter
from tracker.store.tables import AuditRow, Brief, Decision, Delivery, FieldReport, History

SINCE = NOW - days(90)
STEPS = (
    MilestoneKind.VERIFIED,
    MilestoneKind.DELIVERED,
    MilestoneKind.DECIDED,
    MilestoneKind.FIRST_RESPONSE,
    MilestoneKind.OUTCOME,
)
NAMES = {"verify": "verified", "decide": "decided", "respond": "first_response"}
Row = dict[str, Any]


@pytest.fixture
def analyst(house: House) -> Viewer:
    return house.user("ana", Role.ANALYST)


def fill(house: House, count: int, seed: int = 3) -> None:
    """Add alerts of all kinds, some above what an officer may see, some merged, some dismissed."""
    chance = random.Random(seed)  # noqa: S311 - made-up rows
    for _ in range(count):
        opened = NOW - timedelta(days=chance.uniform(0, 80))
        state = chance.choice([*AlertState])
        ended = (
            {} if state in (AlertState.NEW, AlertState.ASSESSING) else {"closed_at": between(chance, opened)}
        )
        why = chance.choice(["calm", "calm", "source_withdrew"]) if ended else None
        tlp = chance.choice([Tlp.GREEN, Tlp.AMBER, Tlp.AMBER_STRICT])
        country, level = chance.choice(["MLI", "NER"]), chance.choice([*Level])
        alert_id = house.alert(
            country,
            "communal",
            level,
            opened,
            state=state,
            tlp=tlp,
            **{"closed_at": None, **ended},
            closed_because=why,
        )
        for kind in chance.sample(STEPS, chance.randint(0, 5)):
            label = {"country": country, "tlp": chance.choice([tlp, Tlp.AMBER])}
            for _ in range(chance.randint(1, 2)):
                at = between(chance, opened)
                how = chance.choice([*HowKnown])
                house.milestone(alert_id, kind, at, how_known=how, learned_at=at, **label)
        if chance.random() < 0.4:
            at = between(chance, opened)
            kind = chance.choice([*DecisionKind])
            times = {"decided_at": at, "recorded_at": at}
            house.add(
                Decision, alert_id=alert_id, country=country, tlp=tlp, kind=kind, delivery_id=None, **times
            )


def between(chance: random.Random, opened: datetime) -> datetime:
    return opened + (NOW - opened) * chance.random()


def exported(house: House, what: str, viewer: Viewer | None) -> list[Row]:
    out = io.BytesIO()
    write(export(house.store, what, viewer, ExportFilter(SINCE, NOW), NOW), "jsonl", out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def naive(alerts: list[Row]) -> dict[str, tuple[int, int]]:
    """Recompute some figures from exported chains, one alert after another: count and n."""
    at = datetime.fromisoformat
    counted = [
        a
        for a in alerts
        if a["state"] not in ("merged", "dismissed") and a["closed_because"] != "source_withdrew"
    ]
    found = {"alerts": (len(counted), len(counted))}
    for name in NAMES.values():
        found[f"{name}_known_in_a_call"] = (
            sum(a[f"{name}_how_known"] == "told_in_a_call" for a in counted),
            sum(a[f"{name}_at"] is not None for a in counted),
        )
    for step, limit in (("verify", 1), ("decide", 3), ("respond", 7)):
        met = due = 0
        for a in counted:
            until, done = at(a["opened_at"]) + days(limit), a[f"{NAMES[step]}_at"]
            closed_first = done is None and a["closed_at"] and at(a["closed_at"]) < until
            if until <= NOW and not closed_first:
                due += 1
                met += done is not None and at(done) <= until
        found[f"{step}_on_time"] = (met, due)
    acted = [
        a
        for a in counted
        if a["first_response_at"]
        and not (a["not_acting_now_at"] and a["not_acting_now_at"] < a["first_response_at"])
    ]
    found["first_response_half_within"] = (len(acted), len(counted))
    return found


@pytest.mark.parametrize("who", ["ana", "omar", "nia", None])
def test_figures_equal_a_naive_recomputation_from_the_exported_chains(house: House, who: str | None) -> None:
    fill(house, 40)
    house.user("ana", Role.ANALYST)
    house.user("omar", Role.OFFICER)
    house.user("nia", Role.ANALYST, scope=("NER",))
    viewer = house.viewer(who) if who else None
    rows = {row["metric"]: (row["count"], row["n"]) for row in exported(house, "metrics", viewer)}
    expected = naive(exported(house, "alerts", viewer))
    for name in NAMES.values():
        told = rows.get(f"{name}_told_in_a_call", (0, expected[f"{name}_known_in_a_call"][1]))
        assert told == expected.pop(f"{name}_known_in_a_call"), name
    assert {name: rows[name] for name in expected} == expected
    assert expected["alerts"][0] >= 8


def test_whoever_sees_less_is_shown_figures_of_what_they_see(house: House, analyst: Viewer) -> None:
    house.alert("MLI", "communal", Level.HIGH, NOW - days(9))
    strict = house.alert("MLI", "communal", Level.HIGH, NOW - days(9), tlp=Tlp.AMBER_STRICT)
    seen_above = house.alert("NER", "flight", Level.HIGH, NOW - days(9))
    house.milestone(seen_above, MilestoneKind.DECIDED, NOW - days(8), tlp=Tlp.AMBER_STRICT, country="NER")
    officer = house.user("omar", Role.OFFICER)
    with house.store.viewing(officer) as view:
        seen = read_period(view, SINCE, NOW)
    assert strict not in {chain.alert_id for chain in seen.chains}
    assert all(MilestoneKind.DECIDED not in chain.reached for chain in seen.chains)
    with house.store.viewing(analyst) as view:
        assert len(read_period(view, SINCE, NOW).chains) == 3


def test_a_country_a_theme_and_a_level_narrow_everything(house: House, analyst: Viewer) -> None:
    wanted = house.alert("NER", "flight", Level.HIGH, NOW - days(9))
    house.alert("NER", "flight", Level.MEDIUM, NOW - days(9))
    house.alert("NER", "communal", Level.HIGH, NOW - days(9))
    house.alert("MLI", "flight", Level.HIGH, NOW - days(9))
    old = house.alert("NER", "flight", Level.HIGH, NOW - days(200))
    house.alert("MLI", "flight", Level.HIGH, NOW - days(200))
    about = ChainFilter(None, NOW, "NER", "flight", Level.HIGH)
    with house.store.viewing(analyst) as view:
        seen = read_period(view, SINCE, NOW, about)
    assert [chain.alert_id for chain in seen.chains] == [wanted]
    assert [chain.alert_id for chain in seen.older] == [old]
    assert seen.signals == (1, 1)


def test_what_belongs_to_the_period_is_read_with_it(house: House, analyst: Viewer) -> None:
    alert_id = house.alert("MLI", "communal", Level.HIGH, NOW - days(20))
    label = {"alert_id": alert_id, "country": "MLI"}
    brief = house.add(Brief, author_id=analyst.user_id, **label)
    told = {"brief_id": brief.id, "recipient_id": analyst.user_id, "answer": Answer.ACT}
    delivery = house.add(Delivery, **label, **told)
    house.add(History, subject="alert", deed="reopen", **label)
    report, _ = house.item(
        kind="report", published_at=NOW - days(20), fetched_at=NOW - days(20), country="MLI"
    )
    house.add(FieldReport, item_id=report, may_contact=True, conflicts_with=None)
    about: Row = {"country": "MLI", "alert_id": None}
    house.add(
        History, subject="item", subject_id=report, deed="answered", happened_at=NOW - days(18), **about
    )
    with house.store.viewing(analyst) as view:
        facts = read_period(view, SINCE, NOW).facts
    assert facts.told[delivery.id].answer is Answer.ACT
    assert facts.reopened == {alert_id}
    assert facts.reports[report].answered_at == NOW - days(18)


def test_the_number_of_statements_does_not_grow_with_the_alerts(
    house: House, analyst: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = []
    for more in (2, 12):
        fill(house, more, seed=more)
        with statements(house.store) as said, house.store.viewing(analyst) as view:
            read_period(view, SINCE, NOW)
        counts.append(len(said))
    assert counts[0] == counts[1] <= 14
    monkeypatch.setattr("tracker.store.reads.chains._BY_NAME", 3)
    with house.store.viewing(analyst) as view:
        by_stretch = read_period(view, SINCE, NOW)
    monkeypatch.undo()
    with house.store.viewing(analyst) as view:
        assert read_period(view, SINCE, NOW) == by_stretch, "many alerts are read by the stretch of their ids"


def test_a_table_that_a_page_hands_out_is_audited(house: House, analyst: Viewer) -> None:
    content = table_of(house.store, "metrics", analyst, ExportFilter(SINCE, NOW), NOW).decode()
    assert content.splitlines()[0] == "metric,count,n,share,low,high,days"
    with house.store.looking("test", NOW) as work:
        audited = work.execute(select(AuditRow.actor, AuditRow.deed, AuditRow.subject)).all()
    assert (analyst.actor, "exported", "metrics") in [tuple(row) for row in audited]
