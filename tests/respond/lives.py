"""Random lives of alerts and actions, beside a model that says what must come of each move. Used by test_lives.py."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import func, select

from tests.support.house import House
from tracker.domain.words import (
    ActionStatus,
    AlertState,
    Answer,
    Confidence,
    Credibility,
    DecisionKind,
    HowKnown,
    InboxState,
    Level,
    Likelihood,
    MilestoneKind,
    OutcomeResult,
    Role,
    Tlp,
    Verification,
)
from tracker.errors import StaleError, TransitionError
from tracker.respond import actions, alerts, briefs, decisions, inbox
from tracker.respond.actions import ActionPlanned, Move, OutcomeTold
from tracker.respond.alerts import Verdict
from tracker.respond.briefs import AnswerGiven
from tracker.respond.decisions import DecisionTold
from tracker.respond.labelling import Labelling
from tracker.respond.policy import policy_in_force
from tracker.share.export import ExportFilter, export
from tracker.share.figures import gap
from tracker.store.reads.chains import AlertChain, chains_since
from tracker.store.reads.decisions import standing_decisions
from tracker.store.reads.figures import signal_counts
from tracker.store.tables import Action, Alert, History
from tracker.store.writes.response import BriefText

COUNTRIES = st.sampled_from(["MLI", "NER"])
AMBER = Labelling(Tlp.AMBER)
OPEN = (AlertState.NEW, AlertState.ASSESSING)
ENDED = (AlertState.CLOSED, AlertState.DISMISSED)
STATUS_AFTER = {
    ("proposed", "agree"): "agreed",
    ("proposed", "start"): "under_way",
    ("agreed", "start"): "under_way",
    ("blocked", "start"): "under_way",
    ("under_way", "finish"): "done",
    ("proposed", "block"): "blocked",
    ("agreed", "block"): "blocked",
    ("under_way", "block"): "blocked",
    ("proposed", "cancel"): "cancelled",
    ("agreed", "cancel"): "cancelled",
    ("under_way", "cancel"): "cancelled",
    ("blocked", "cancel"): "cancelled",
}
STARTED = ("under_way", "done", "blocked")
Facts = dict[MilestoneKind, list[datetime]]


@dataclass
class Life:
    """What the model knows of one alert; `decided` holds of each decision when, what, and whether it was reviewed."""

    country: str
    state: AlertState = AlertState.NEW
    owner: str | None = None
    into: str | None = None
    facts: Facts = field(default_factory=dict)
    decided: list[list[object]] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def worked(self) -> None:
        self.state = AlertState.ASSESSING

    def note(self, kind: MilestoneKind, at: datetime) -> None:
        self.facts.setdefault(kind, []).append(at)

    @property
    def may_close(self) -> bool:
        newest = self.decided[-1] if self.decided else None
        reviewed = bool(newest and newest[1] is DecisionKind.NOT_ACTING_NOW and newest[2])
        return reviewed or MilestoneKind.OUTCOME in self.facts


class Lives(RuleBasedStateMachine):
    """Two analysts and an officer who try every move at every moment."""

    def __init__(self, new_house: Callable[[], AbstractContextManager[House]]) -> None:
        super().__init__()
        self.opening = new_house()
        self.house = self.opening.__enter__()
        self.lives: dict[str, Life] = {}
        self.actions: dict[str, tuple[str, str]] = {}
        self.deliveries: dict[str, tuple[str, Answer | None]] = {}
        self.waiting: dict[str, str] = {}
        self.history = 0

    @initialize()
    def people(self) -> None:
        self.ana = self.house.viewer(Role.ANALYST, name="Ana")
        self.bea = self.house.viewer(Role.ANALYST, name="Bea")
        self.omar = self.house.viewer(Role.OFFICER, "UN", name="Omar")

    def teardown(self) -> None:
        try:
            self.figures_are_those_of_the_exported_chains()
        finally:
            self.opening.__exit__(None, None, None)

    def some(self, data: st.DataObject) -> tuple[str, Life]:
        alert_id = data.draw(st.sampled_from(list(self.lives)))
        return alert_id, self.lives[alert_id]

    def tries(self, deed: Callable[[], object], *, legal: bool) -> bool:
        """Do it; what is not legal must be refused, say what is, and leave no trace."""
        self.house.later(minutes=7)
        if legal:
            deed()
            return True
        before = self.written()
        with pytest.raises((TransitionError, StaleError)):
            deed()
        assert self.written() == before
        return False

    def written(self) -> int:
        with self.house.store.looking("test", self.house.now) as work:
            return work.scalar(select(func.count()).select_from(History)) or 0

    def holder(self, country: str) -> str | None:
        return next(
            (id_ for id_, life in self.lives.items() if life.is_open and life.country == country), None
        )

    @rule(country=COUNTRIES, level=st.sampled_from(Level))
    def is_raised_by_hand(self, country: str, level: Level) -> None:
        held = self.holder(country)
        put = self.house.alert(self.ana, country, level)
        self.house.later(minutes=7)
        assert (put.id == held, put.opened) == (held is not None, held is None)
        self.lives.setdefault(put.id, Life(country))

    @rule(country=COUNTRIES)
    def a_signal_comes(self, country: str) -> None:
        self.waiting[self.house.signal(self.ana, country)] = country

    @precondition(lambda self: self.waiting)
    @rule(data=st.data(), deed=st.sampled_from(["promote", "dismiss", "attach"]))
    def a_signal_is_settled(self, data: st.DataObject, deed: str) -> None:
        signal_id = data.draw(st.sampled_from(list(self.waiting)))
        country = self.waiting[signal_id]
        store, now = self.house.store, self.house.later(minutes=7)
        if deed == "promote":
            put = inbox.promote(store, self.ana, signal_id, now)
            assert put.id == (self.holder(country) or put.id)
            self.lives.setdefault(put.id, Life(country))
        elif deed == "dismiss":
            inbox.dismiss(store, self.ana, signal_id, "too_small", now)
        elif self.lives:
            alert_id, life = self.some(data)
            done = self.tries(
                lambda: inbox.attach(store, self.ana, signal_id, alert_id, now), legal=life.is_open
            )
            if not done:
                return
        else:
            return
        del self.waiting[signal_id]
        with pytest.raises(
            StaleError, match=str(InboxState.DISMISSED) if deed == "dismiss" else "tached|promoted"
        ):
            inbox.promote(store, self.bea, signal_id, self.house.now)

    @precondition(lambda self: self.lives)
    @rule(data=st.data())
    def is_taken_or_handed_over(self, data: st.DataObject) -> None:
        alert_id, life = self.some(data)
        store = self.house.store
        if data.draw(st.booleans()):
            done = self.tries(
                lambda: alerts.take(store, self.bea, alert_id, self.house.now), legal=life.is_open
            )
            owner = self.bea.user_id
        else:
            email = "ana.platform@example.org"
            deed = lambda: alerts.hand_over(store, self.bea, alert_id, email, self.house.now)  # noqa: E731
            done, owner = self.tries(deed, legal=life.is_open), self.ana.user_id
        if done:
            life.worked()
            life.owner = owner

    @precondition(lambda self: self.lives)
    @rule(data=st.data(), found=st.sampled_from(Verification))
    def is_checked(self, data: st.DataObject, found: Verification) -> None:
        alert_id, life = self.some(data)
        verdict = Verdict(found, Credibility.PROBABLY_TRUE, "a call", None, AMBER)
        if self.tries(
            lambda: alerts.verify(self.house.store, self.ana, alert_id, verdict, self.house.now),
            legal=life.is_open,
        ):
            life.worked()
            if found not in (Verification.UNVERIFIED, Verification.DISPUTED):
                life.note(MilestoneKind.VERIFIED, self.house.now)

    @precondition(lambda self: self.lives)
    @rule(data=st.data())
    def a_brief_is_delivered(self, data: st.DataObject) -> None:
        alert_id, life = self.some(data)
        if not self.tries(lambda: self.write_brief(alert_id), legal=life.is_open):
            return
        life.worked()
        brief_id = self.write_brief(alert_id)
        now = self.house.later(minutes=7)
        delivery_id = briefs.deliver(self.house.store, self.ana, brief_id, "omar.un@example.org", now)
        self.deliveries[delivery_id] = (alert_id, None)
        life.note(MilestoneKind.DELIVERED, now)

    def write_brief(self, alert_id: str) -> str:
        said = BriefText(
            headline="Leaflets",
            bottom_line="They carry a date.",
            why_now="Three villages.",
            outlook=Likelihood.LIKELY,
            confidence=Confidence.LOW,
            would_change_our_mind="A calm market.",
            options=(("Call", "adviser", "today"), ("Radio", "CSO", "Friday")),
            decision_needed_by=self.house.now + timedelta(days=1),
        )
        return briefs.write_brief(self.house.store, self.ana, alert_id, said, AMBER, self.house.now)

    @precondition(lambda self: self.deliveries)
    @rule(data=st.data(), said=st.sampled_from([Answer.RECEIVED, Answer.ACT, Answer.NOT_FOR_ME]))
    def the_officer_answers(self, data: st.DataObject, said: Answer) -> None:
        delivery_id = data.draw(st.sampled_from(list(self.deliveries)))
        first_id, before = self.deliveries[delivery_id]
        alert_id = self.where(first_id)
        life = self.lives[alert_id]
        given = AnswerGiven(said, reason="Seen.")
        if before is said:
            assert not briefs.answer(self.house.store, self.omar, delivery_id, given, self.house.now)
            return
        legal = life.is_open and before in (None, Answer.RECEIVED)
        if self.tries(
            lambda: briefs.answer(self.house.store, self.omar, delivery_id, given, self.house.now),
            legal=legal,
        ):
            self.deliveries[delivery_id] = (first_id, said)
            if said is Answer.ACT:
                self.decided(life, DecisionKind.ACT)

    def where(self, alert_id: str) -> str:
        while (into := self.lives[alert_id].into) is not None:
            alert_id = into
        return alert_id

    def decided(self, life: Life, kind: DecisionKind) -> None:
        life.decided.append([self.house.now, kind, False])
        life.note(MilestoneKind.DECIDED, self.house.now)

    @precondition(lambda self: self.lives)
    @rule(data=st.data(), kind=st.sampled_from(DecisionKind))
    def is_decided(self, data: st.DataObject, kind: DecisionKind) -> None:
        alert_id, life = self.some(data)
        store = self.house.store

        def decide() -> None:
            day = None if kind is DecisionKind.ACT else (self.house.now + timedelta(days=2)).date()
            reason = "R5" if kind is DecisionKind.NOT_ACTING_NOW else None
            told = DecisionTold(
                kind, "Desk", HowKnown.TOLD_IN_A_CALL, self.house.now, AMBER, reason, None, day
            )
            decisions.record_decision(store, self.ana, alert_id, told, self.house.now)

        if self.tries(decide, legal=life.is_open):
            life.worked()
            self.decided(life, kind)

    @precondition(lambda self: any(life.decided for life in self.lives.values()))
    @rule(data=st.data())
    def a_review_is_kept(self, data: st.DataObject) -> None:
        alert_id = data.draw(st.sampled_from([id_ for id_, life in self.lives.items() if life.decided]))
        life = self.lives[alert_id]
        with self.house.store.viewing(self.ana) as view:
            newest = standing_decisions(view, [alert_id])[alert_id]
        assert [newest.decided_at, newest.kind] == life.decided[-1][:2]
        if self.tries(
            lambda: decisions.keep_review(self.house.store, self.ana, alert_id, newest.id, self.house.now),
            legal=life.is_open,
        ):
            life.worked()
            life.decided[-1][2] = True

    @precondition(lambda self: self.lives)
    @rule(data=st.data(), kind=st.sampled_from(["DIALOGUE", "VERIFY"]))
    def an_action_is_added(self, data: st.DataObject, kind: str) -> None:
        alert_id, life = self.some(data)
        due = self.house.now.date() + timedelta(days=3)
        planned = ActionPlanned(kind, "Elders meet", "Peace committee", due, AMBER)
        made: list[str] = []
        if self.tries(
            lambda: made.append(
                actions.add_action(self.house.store, self.ana, alert_id, planned, self.house.now)
            ),
            legal=life.is_open,
        ):
            life.worked()
            self.actions[made[0]] = (alert_id, "proposed")

    @precondition(lambda self: self.actions)
    @rule(data=st.data(), name=st.sampled_from(["agree", "start", "finish", "block", "cancel"]))
    def an_action_is_moved(self, data: st.DataObject, name: str) -> None:
        action_id = data.draw(st.sampled_from(list(self.actions)))
        first_id, status = self.actions[action_id]
        life = self.lives[self.where(first_id)]
        after = STATUS_AFTER.get((status, name))
        if self.tries(
            lambda: actions.move_action(
                self.house.store,
                self.ana,
                action_id,
                Move(name, self.house.now, "They wait."),
                self.house.now,
            ),
            legal=life.is_open and after is not None,
        ):
            life.worked()
            self.actions[action_id] = (first_id, str(after))
            if (
                after == "under_way"
                and self.kind_of(action_id) == "DIALOGUE"
                and not self.has_started(action_id)
            ):
                life.note(MilestoneKind.FIRST_RESPONSE, self.house.now)

    def kind_of(self, action_id: str) -> str:
        with self.house.store.looking("test", self.house.now) as work:
            return work.scalars(select(Action.kind).where(Action.id == action_id)).one()

    def has_started(self, action_id: str) -> bool:
        """Whether it had started before the move just made."""
        with self.house.store.looking("test", self.house.now) as work:
            starts = select(func.count()).where(History.subject_id == action_id, History.deed == "start")
            return (work.scalar(starts) or 0) > 1

    @precondition(lambda self: self.actions)
    @rule(data=st.data())
    def an_outcome_is_told(self, data: st.DataObject) -> None:
        action_id = data.draw(st.sampled_from(list(self.actions)))
        first_id, status = self.actions[action_id]
        life = self.lives[self.where(first_id)]
        legal = status in STARTED and (life.is_open or life.state is AlertState.CLOSED)

        def tell() -> None:
            told = OutcomeTold(OutcomeResult.EASED, "Calm.", "CSO", HowKnown.BY_MAIL, self.house.now, AMBER)
            actions.record_outcome(self.house.store, self.ana, action_id, told, self.house.now)

        if self.tries(tell, legal=legal):
            if life.is_open:
                life.worked()
            life.note(MilestoneKind.OUTCOME, self.house.now)

    @precondition(lambda self: self.lives)
    @rule(data=st.data(), how=st.sampled_from(["close", "close because", "dismiss"]))
    def is_ended(self, data: st.DataObject, how: str) -> None:
        alert_id, life = self.some(data)
        store = self.house.store
        if how == "dismiss":
            deed = lambda: alerts.dismiss(store, self.ana, alert_id, "too_small", self.house.now)  # noqa: E731
        else:
            why = ("calm", None) if how == "close because" else (None, None)
            deed = lambda: alerts.close(store, self.ana, alert_id, self.house.now, why)  # noqa: E731
        legal = life.is_open and (how != "close" or life.may_close)
        if self.tries(deed, legal=legal):
            life.state = AlertState.DISMISSED if how == "dismiss" else AlertState.CLOSED

    @precondition(lambda self: len(self.lives) > 1)
    @rule(data=st.data())
    def is_merged(self, data: st.DataObject) -> None:
        (alert_id, life), (into_id, into) = self.some(data), self.some(data)
        if alert_id != into_id and self.tries(
            lambda: alerts.merge(self.house.store, self.ana, alert_id, into_id, self.house.now),
            legal=life.is_open and into.is_open,
        ):
            self.merged(alert_id, into_id)

    def merged(self, alert_id: str, into_id: str) -> None:
        life, into = self.lives[alert_id], self.lives[into_id]
        life.state, life.into = AlertState.MERGED, into_id
        for kind, at in life.facts.items():
            into.facts.setdefault(kind, []).extend(at)
        into.decided = sorted([*into.decided, *life.decided], key=lambda each: str(each[0]))
        life.facts, life.decided = {}, []
        assert alerts.where_merged(self.house.store, self.ana, alert_id, self.house.now) == into_id

    @precondition(lambda self: self.lives)
    @rule(data=st.data())
    def is_reopened(self, data: st.DataObject) -> None:
        ended = [id_ for id_, life in self.lives.items() if life.state in ENDED]
        alert_id = data.draw(st.sampled_from(ended or list(self.lives)))
        life = self.lives[alert_id]
        held = self.holder(life.country)
        went: list[str] = []
        if self.tries(
            lambda: went.append(alerts.reopen(self.house.store, self.ana, alert_id, self.house.now)),
            legal=life.state in ENDED,
        ):
            assert went == [held or alert_id]
            if held is None:
                life.worked()
            else:
                self.merged(alert_id, held)

    @invariant()
    def each_stands_where_its_moves_led_and_its_history_says_so(self) -> None:
        with self.house.store.looking("test", self.house.now) as work:
            rows = {row.id: row for row in work.scalars(select(Alert))}
            said = work.scalars(
                select(History).where(History.subject.in_(("alert", "action"))).order_by(History.id)
            ).all()
            statuses = {row.id: row.status for row in work.scalars(select(Action))}
        told = {row.subject_id: row.to_state for row in said if row.to_state}
        for alert_id, life in self.lives.items():
            row = rows[alert_id]
            assert (row.state, row.owner_id, row.merged_into) == (life.state, life.owner, life.into)
            assert (row.open_key is not None) == life.is_open
            assert (row.closed_at is None) == life.is_open
            assert told[alert_id] == life.state, "the history says otherwise"
        for action_id, (_, status) in self.actions.items():
            assert statuses[action_id] == ActionStatus(status)
            assert told[action_id] == status
        held = [life.country for life in self.lives.values() if life.is_open]
        assert len(held) == len(set(held)), "two open alerts of one country and theme"
        assert len(said) >= self.history, "history was lost"
        self.history = len(said)

    def figures_are_those_of_the_exported_chains(self) -> None:
        """Count by hand what the export says, and by hand what the model knows: the figures say the same."""
        store, now = self.house.store, self.house.later(minutes=7)
        rows = [row for row in export(store, "alerts", self.ana, ExportFilter(), now)]
        counted = [row for row in rows if row["state"] not in (AlertState.MERGED, AlertState.DISMISSED)]
        with store.viewing(self.ana) as view:
            since = now - timedelta(days=90)
            chains = chains_since(view, since, now)
            figures = gap(chains, signal_counts(view, since, now), policy_in_force(store, now).deadlines, now)
        funnel = figures.funnel
        for kind, count in (
            (MilestoneKind.DELIVERED, funnel.delivered),
            (MilestoneKind.DECIDED, funnel.decided),
            (MilestoneKind.FIRST_RESPONSE, funnel.response_started),
            (MilestoneKind.OUTCOME, funnel.outcome_known),
        ):
            assert count == sum(row[f"{kind}_at"] is not None for row in counted), kind
            for row in counted:
                noted = self.lives[row["id"]].facts.get(kind, [])
                assert row[f"{kind}_at"] == min(noted, default=None), (kind, row["id"])
        assert funnel.alerts == len(counted)
        assert figures.apart.dismissed == sum(row["state"] == AlertState.DISMISSED for row in rows)
        undecided = [row for row in counted if row["state"] in OPEN and row["decided_at"] is None]
        late = {row["id"] for row in undecided if self.decision_due(chains, row["id"]) < now}
        assert {each.alert_id for each in figures.waiting} == late

    def decision_due(self, chains: list[AlertChain], alert_id: str) -> datetime:
        allowed = {Level.CRITICAL: 4, Level.HIGH: 24, Level.MEDIUM: 72}
        (chain,) = [chain for chain in chains if chain.alert_id == alert_id]
        return min(at + timedelta(hours=allowed[level]) for level, at in chain.raised)
