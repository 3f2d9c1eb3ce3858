"""Who is told what waits: before a deadline, at it, after it; once each, and nobody who need not know.

`NOW` is a Wednesday at 9:40 UTC. A high alert is to be verified in 4 hours, decided in 24, answered in 72.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import delete, func, select, update

from tests.support.house import House
from tests.support.statements import statements
from tracker.access.people import end_access
from tracker.domain.viewer import Viewer
from tracker.domain.words import (
    Credibility,
    DecisionKind,
    HowKnown,
    Level,
    Occasion,
    Role,
    Stage,
    Tlp,
    Verification,
)
from tracker.respond import actions, alerts, decisions, inbox
from tracker.respond.actions import ActionPlanned
from tracker.respond.alerts import Verdict
from tracker.respond.deadlines import remind
from tracker.respond.decisions import DecisionTold
from tracker.respond.duty import Stretch, Turns, say_away, set_layer
from tracker.respond.labelling import Labelling
from tracker.respond.policy import policy_in_force
from tracker.respond.reminders import still_waiting
from tracker.store.tables import Alert, Outbox, Reminder, User
from tracker.store.writes import alerts as write_alerts
from tracker.store.writes import reminders
from tracker.store.writes.reminders import Note

FROM = date(2026, 11, 1)
Told = list[tuple[str, Occasion, Stage]]


@dataclass
class Desk:
    """Ana owns, Ben is first on duty, Cem second, Cleo coordinates; `hears` is who was told since it last asked."""

    house: House
    ana: Viewer
    ben: Viewer
    cem: Viewer
    cleo: Viewer

    def layers(self, *people: Viewer) -> None:
        for number, person in enumerate(people, 1):
            turns = Turns(number, (person.user_id,), "UTC", time(9), 1, FROM)
            set_layer(self.house.store, self.cleo, turns, self.house.now)

    def at(self, instant: datetime) -> Told:
        """Let the job run at an instant, twice, and return whom it told."""
        self.house.now = instant
        with self.house.store.looking("test", instant) as work:
            before = set(work.scalars(select(Reminder.id)))
        told = remind(self.house.store, instant).told
        assert remind(self.house.store, instant).told == 0
        names = {v.user_id: v.name for v in (self.ana, self.ben, self.cem, self.cleo)}
        with self.house.store.looking("test", instant) as work:
            rows = [row for row in work.scalars(select(Reminder)) if row.id not in before]
        assert len({row.notice_id for row in rows}) == told
        return sorted((names[row.recipient_id], row.occasion, row.stage) for row in rows)

    def later(self, **span: float) -> Told:
        return self.at(self.house.now + timedelta(**span))


@pytest.fixture
def desk(house: House) -> Desk:
    ana, ben, cem = (house.viewer(Role.ANALYST, name=name) for name in ("Ana", "Ben", "Cem"))
    return Desk(house, ana, ben, cem, house.viewer(Role.COORDINATOR, name="Cleo"))


def owned_alert(desk: Desk, level: Level = Level.HIGH, *, verified: bool = True) -> str:
    alert_id = desk.house.alert(desk.ana, level=level).id
    alerts.take(desk.house.store, desk.ana, alert_id, desk.house.now)
    if verified:
        verify(desk, alert_id)
    return alert_id


def verify(desk: Desk, alert_id: str) -> None:
    verdict = Verdict(Verification.VERIFIED, Credibility.CONFIRMED, "two calls", None, Labelling(Tlp.AMBER))
    alerts.verify(desk.house.store, desk.ana, alert_id, verdict, desk.house.now)


def decide(desk: Desk, alert_id: str, kind: DecisionKind, review_on: date | None = None) -> None:
    told = DecisionTold(
        kind=kind,
        decided_by="desk officer",
        how_known=HowKnown.TOLD_IN_A_CALL,
        decided_at=desk.house.now,
        labelling=Labelling(Tlp.AMBER),
        reason="asked_to_wait" if kind is DecisionKind.NOT_ACTING_NOW else None,
        note=None,
        review_on=review_on,
    )
    decisions.record_decision(desk.house.store, desk.ana, alert_id, told, desk.house.now)


def test_an_owner_is_told_before_a_decision_is_due_and_when_it_is_and_then_who_is_on_duty(desk: Desk) -> None:
    desk.layers(desk.ben, desk.cem)
    owned_alert(desk)
    assert desk.later(hours=22, minutes=59) == []
    assert desk.later(minutes=1) == [("Ana", Occasion.DECIDE, Stage.SOON)]
    assert desk.later(hours=1) == [("Ana", Occasion.DECIDE, Stage.DUE)]
    assert desk.later(hours=3, minutes=59) == []
    assert desk.later(minutes=1) == [("Ben", Occasion.DECIDE, Stage.ESCALATED)]
    assert desk.later(hours=3) == []


def test_where_the_owner_is_on_duty_the_next_layer_is_told_and_with_nobody_the_coordinators(
    desk: Desk,
) -> None:
    desk.layers(desk.ana, desk.cem)
    owned_alert(desk)
    assert desk.later(hours=24) == [("Ana", Occasion.DECIDE, Stage.DUE)]
    assert desk.later(hours=4) == [("Cem", Occasion.DECIDE, Stage.ESCALATED)]
    assert desk.later(days=5) == [
        ("Ana", Occasion.RESPOND, Stage.DUE),
        ("Cem", Occasion.RESPOND, Stage.ESCALATED),
    ]


def test_an_owner_whom_nobody_told_in_time_is_told_once_it_is_late_besides_who_is_on_duty(desk: Desk) -> None:
    """Due on a Saturday, or while the scheduler stood: the first run after it finds it late already."""
    desk.layers(desk.ana)
    desk.house.now = datetime(2026, 11, 27, 17, tzinfo=UTC)
    alert_id = owned_alert(desk)
    assert desk.at(datetime(2026, 11, 28, 17, tzinfo=UTC)) == []
    monday = datetime(2026, 11, 30, 8, tzinfo=UTC)
    assert desk.at(monday) == [
        ("Ana", Occasion.DECIDE, Stage.DUE),
        ("Cleo", Occasion.DECIDE, Stage.ESCALATED),
    ]
    policy = policy_in_force(desk.house.store, monday)
    late = Note(alert_id, Occasion.DECIDE, alert_id, Stage.ESCALATED)
    assert not still_waiting(desk.house.store, desk.ana, policy, [late], monday).matters
    with desk.house.store.acting("test", "nobody told", monday) as work:
        work.execute(delete(Reminder))
    assert len(still_waiting(desk.house.store, desk.ana, policy, [late], monday).matters) == 1


def test_where_a_notice_is_lost_somebody_else_is_told_and_not_the_same_reader_again(desk: Desk) -> None:
    desk.layers(desk.ben, desk.cem)
    alert_id = owned_alert(desk)
    assert desk.later(hours=24) == [("Ana", Occasion.DECIDE, Stage.DUE)]
    lose(desk, desk.ana)
    assert desk.later(minutes=1) == [("Ben", Occasion.DECIDE, Stage.DUE)]
    policy = policy_in_force(desk.house.store, desk.house.now)
    due = Note(alert_id, Occasion.DECIDE, alert_id, Stage.DUE)
    assert len(still_waiting(desk.house.store, desk.ben, policy, [due], desk.house.now).matters) == 1
    assert desk.later(hours=4) == [("Cem", Occasion.DECIDE, Stage.ESCALATED)]
    lose(desk, desk.cem)
    assert desk.later(minutes=1) == [("Cleo", Occasion.DECIDE, Stage.ESCALATED)]
    lose(desk, desk.cleo)
    assert desk.later(minutes=1) == []


def test_what_was_told_of_a_merged_alert_follows_it(desk: Desk) -> None:
    one, other = owned_alert(desk), desk.house.alert(desk.ana, "KEN").id
    desk.later(hours=24)
    with desk.house.store.acting("test", "merge", desk.house.now) as work:
        write_alerts.move_all(work, one, other)
        assert work.scalar(select(Reminder.id).where(Reminder.alert_id == one)) is None
        assert work.scalar(select(Reminder.id).where(Reminder.thing_id == one, Reminder.alert_id == other))


def lose(desk: Desk, reader: Viewer) -> None:
    with desk.house.store.acting("test", "lose", desk.house.now) as work:
        rows = select(Reminder.notice_id).where(Reminder.recipient_id == reader.user_id)
        for notice_id in set(work.scalars(rows)):
            reminders.note_lost(work, notice_id)


def test_with_nobody_on_duty_the_coordinators_are_told(desk: Desk) -> None:
    owned_alert(desk)
    assert desk.later(hours=24) == [("Ana", Occasion.DECIDE, Stage.DUE)]
    assert desk.later(hours=4) == [("Cleo", Occasion.DECIDE, Stage.ESCALATED)]


def test_an_owner_who_is_away_is_left_alone_and_who_is_on_duty_told_instead(desk: Desk) -> None:
    desk.layers(desk.ben, desk.cem)
    owned_alert(desk)
    say_away(
        desk.house.store,
        desk.ana,
        Stretch(desk.house.now, desk.house.now + timedelta(days=9)),
        desk.house.now,
    )
    assert desk.later(hours=24) == [("Ben", Occasion.DECIDE, Stage.DUE)]
    assert desk.later(hours=4) == [("Cem", Occasion.DECIDE, Stage.ESCALATED)]
    end_access(desk.house.store, "cem.platform@example.org", desk.house.now)
    assert desk.later(days=5) == [("Ben", Occasion.RESPOND, Stage.ESCALATED)]


def test_a_step_that_is_done_is_told_to_nobody(desk: Desk) -> None:
    desk.layers(desk.ben)
    alert_id = owned_alert(desk, verified=False)
    assert desk.later(hours=4) == [("Ana", Occasion.VERIFY, Stage.DUE)]
    verify(desk, alert_id)
    assert desk.later(hours=4) == []
    decide(desk, alert_id, DecisionKind.WATCH, (desk.house.now + timedelta(days=2)).date())
    assert desk.later(days=1) == []


def test_a_review_is_told_of_on_its_day_and_escalated_once_the_day_is_over(desk: Desk) -> None:
    desk.layers(desk.ben)
    alert_id = owned_alert(desk)
    decide(desk, alert_id, DecisionKind.WATCH, date(2026, 11, 27))
    assert desk.at(datetime(2026, 11, 26, 17, tzinfo=UTC)) == []
    assert desk.at(datetime(2026, 11, 27, 7, 59, tzinfo=UTC)) == []
    assert desk.at(datetime(2026, 11, 27, 8, tzinfo=UTC)) == [("Ana", Occasion.REVIEW, Stage.DUE)]
    assert desk.at(datetime(2026, 11, 30, 8, tzinfo=UTC)) == [("Ben", Occasion.REVIEW, Stage.ESCALATED)]


def test_an_action_that_is_due_is_told_to_the_owner_of_its_alert(desk: Desk) -> None:
    desk.layers(desk.ben)
    alert_id = owned_alert(desk)
    decide(desk, alert_id, DecisionKind.ACT)
    planned = ActionPlanned("DIALOGUE", "Both talk", "elders", date(2026, 11, 26), Labelling(Tlp.AMBER))
    action_id = actions.add_action(desk.house.store, desk.ana, alert_id, planned, desk.house.now)
    assert desk.at(datetime(2026, 11, 26, 9, tzinfo=UTC)) == [("Ana", Occasion.ACTION, Stage.DUE)]
    assert (Occasion.ACTION, Stage.ESCALATED) in [each[1:] for each in desk.later(days=1, hours=1)]
    assert action_id


def test_a_signal_that_waits_is_told_to_who_is_on_duty_and_then_to_the_next_layer(desk: Desk) -> None:
    desk.layers(desk.ben, desk.cem)
    signal_id = desk.house.signal(desk.ana)
    assert desk.later(minutes=1) == [("Ben", Occasion.TRIAGE, Stage.DUE)]
    assert desk.later(hours=4) == [("Cem", Occasion.TRIAGE, Stage.ESCALATED)]
    inbox.dismiss(desk.house.store, desk.ana, signal_id, "old_news", desk.house.now)
    assert desk.later(days=1) == []


def test_what_is_critical_is_told_at_once_at_night_and_at_weekends_and_the_rest_waits(desk: Desk) -> None:
    desk.layers(desk.ben)
    desk.house.now = datetime(2026, 11, 29, 2, tzinfo=UTC)
    desk.house.signal(desk.ana)
    desk.house.alert(desk.ana, "KEN", Level.CRITICAL)
    assert desk.later(minutes=1) == [("Ben", Occasion.OPENED, Stage.DUE)]
    told_on_sunday = desk.at(datetime(2026, 11, 29, 12, tzinfo=UTC))
    assert {occasion for _, occasion, _ in told_on_sunday} == {Occasion.VERIFY, Occasion.DECIDE}
    told_before_work = desk.at(datetime(2026, 11, 30, 7, 59, tzinfo=UTC))
    assert {occasion for _, occasion, _ in told_before_work} == {Occasion.RESPOND}
    told_on_monday = desk.at(datetime(2026, 11, 30, 8, tzinfo=UTC))
    assert Occasion.TRIAGE in {occasion for _, occasion, _ in told_on_monday}


def test_the_working_week_is_that_of_who_is_told(desk: Desk) -> None:
    desk.layers(desk.ben)
    with desk.house.store.acting("test", "zone", desk.house.now) as work:
        work.execute(update(User).where(User.id == desk.ben.user_id).values(time_zone="America/New_York"))
    desk.house.signal(desk.ana)
    assert desk.at(datetime(2026, 11, 25, 12, 59, tzinfo=UTC)) == []
    assert desk.at(datetime(2026, 11, 25, 13, tzinfo=UTC)) == [("Ben", Occasion.TRIAGE, Stage.DUE)]


def test_several_things_for_one_person_in_one_run_are_one_notice(desk: Desk) -> None:
    desk.layers(desk.ben)
    for country in ("MLI", "KEN", "SSD"):
        desk.house.alert(desk.ana, country)
    desk.house.signal(desk.ana)
    assert len(desk.later(hours=4)) == 4
    with desk.house.store.looking("test", desk.house.now) as work:
        assert work.scalar(select(func.count()).select_from(Outbox)) == 1


def test_who_may_not_see_an_alert_is_not_told_and_the_next_who_may_is(desk: Desk) -> None:
    scoped = desk.house.viewer(Role.ANALYST, name="Sam", countries=("KEN",))
    desk.layers(replace(desk.ben, user_id=scoped.user_id), desk.cem)
    desk.house.alert(desk.ana)
    assert desk.later(hours=4) == [("Cem", Occasion.VERIFY, Stage.DUE)]


def test_who_sees_less_is_told_by_the_deadline_that_they_see(desk: Desk) -> None:
    """The same alert rests on a signal that Ben may not see, and three hours later on one that he may."""
    other = desk.house.viewer(Role.ANALYST, "Sister house", name="Olga")
    desk.layers(desk.ben)
    desk.house.alert(other, tlp=Tlp.AMBER_STRICT)
    desk.house.later(hours=2)
    desk.house.alert(desk.ana)
    assert desk.later(hours=2) == []
    assert desk.later(hours=2) == [("Ben", Occasion.VERIFY, Stage.DUE)]


def test_who_sees_how_grave_it_is_is_told_before_those_who_see_less(desk: Desk) -> None:
    """Ben sees a high alert, and not the critical signal of a sister house under it; Olga sees both."""
    olga = desk.house.viewer(Role.ANALYST, "Sister house", name="Olga")
    desk.layers(desk.ben, replace(desk.cem, user_id=olga.user_id))
    desk.cem = olga
    desk.house.now = datetime(2026, 11, 29, 2, tzinfo=UTC)
    desk.house.alert(desk.ana)
    desk.house.alert(olga, level=Level.CRITICAL, tlp=Tlp.AMBER_STRICT)
    assert desk.later(minutes=1) == [("Olga", Occasion.OPENED, Stage.DUE)]
    with desk.house.store.looking("test", desk.house.now) as work:
        (notice,) = set(work.scalars(select(Reminder.notice_id)))
        notes = reminders.notes_of(work, notice)
    policy = policy_in_force(desk.house.store, desk.house.now)
    (alert,) = {note.alert_id for note in notes}
    assert alert is not None
    alerts.take(desk.house.store, desk.ana, alert, desk.house.now)
    waiting = still_waiting(desk.house.store, olga, policy, notes, desk.house.now)
    assert [matter.level for matter in waiting.matters] == [Level.CRITICAL]
    with desk.house.store.acting("test", "nobody's again", desk.house.now) as work:
        work.execute(update(Alert).values(owner_id=None))
    assert ("Olga", Occasion.VERIFY, Stage.DUE) in desk.later(hours=2)


def test_the_work_does_not_grow_with_how_much_is_told_of_and_not_with_what_was_told_before(
    desk: Desk,
) -> None:
    desk.layers(desk.ben)
    inbox.dismiss(desk.house.store, desk.ana, desk.house.signal(desk.ana), "old_news", desk.house.now)
    counts = []
    for number in (1, 20):
        signals = [desk.house.signal(desk.ana) for _ in range(number)]
        with statements(desk.house.store) as said:
            assert remind(desk.house.store, desk.house.later(minutes=1)).told == 1
        with statements(desk.house.store) as idle:
            assert remind(desk.house.store, desk.house.now).told == 0
        counts.append((len(said), len(idle)))
        for signal_id in signals:
            inbox.dismiss(desk.house.store, desk.ana, signal_id, "old_news", desk.house.now)
    assert counts[0] == counts[1]
    assert counts[0][1] < counts[0][0]
