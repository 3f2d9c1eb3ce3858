"""All figures of one period, as one viewer may see them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.domain.deadlines import MILESTONE_OF, DeadlinePolicy, Step
from tracker.domain.words import Answer, MilestoneKind
from tracker.share.figures.curves import Curve, aalen_johansen, kaplan_meier
from tracker.share.figures.gap import Gap, counted_apart, gap, in_time
from tracker.share.figures.known import Known, how_known
from tracker.share.figures.loop import Loop, Stop, late_for_response, loop_closing, reasons, stops
from tracker.share.figures.months import Halves, Month, by_month, halves
from tracker.share.figures.shares import Share
from tracker.share.figures.trust import (
    Precision,
    briefs_answered,
    corroborated,
    precision,
    refuted_after_action,
    reopened,
    reporters_answered,
    with_options,
)
from tracker.share.figures.waits import waits_for, waits_for_response
from tracker.store.reads.chains import AlertChain
from tracker.store.reads.periods import PeriodFacts

TIMED = (MilestoneKind.VERIFIED, MilestoneKind.DECIDED, MilestoneKind.OUTCOME)
"""Steps that nothing but time keeps an open alert from; a first response competes with deciding against it."""


@dataclass(frozen=True)
class Seen:
    """What a viewer may see of a period: its alerts' chains, signals flagged and looked at, and other facts.

    `older` are the chains of alerts that were opened before and still open when it began to end.
    """

    since: datetime
    at: datetime
    chains: Sequence[AlertChain]
    signals: tuple[int, int]
    facts: PeriodFacts
    older: Sequence[AlertChain] = ()


@dataclass(frozen=True)
class Trust:
    """Whether warnings are right, and whether those who warn and those who are warned are answered."""

    precision: Precision
    corroborated: Share
    with_options: Share
    reporters_answered: Share
    briefs_answered: Share
    answers: Counter[Answer]
    reopened: Share
    refuted_after_action: Share


@dataclass(frozen=True)
class Summary:
    """All figures of one viewer and one period, as of `at` (UTC).

    `by_level` is like the gap's `on_time`, against the deadline of each alert's own level. `undeclined` is the
    curve of first responses with alerts decided against counted as still waiting until then.
    """

    since: datetime
    at: datetime
    gap: Gap
    curves: Mapping[MilestoneKind, Curve]
    undeclined: Curve
    known: Mapping[MilestoneKind, Known]
    by_level: Mapping[Step, Share]
    months: Sequence[Month]
    halves: Mapping[Step, Halves]
    loops: Counter[Loop]
    stops: Counter[Stop]
    reasons: Counter[str]
    trust: Trust

    @property
    def n(self) -> int:
        """How many alerts the figures are made of."""
        return self.gap.funnel.alerts


def summarise(seen: Seen, policy: DeadlinePolicy) -> Summary:
    """Compute the figures of a period."""
    at, facts = seen.at, seen.facts
    chains, _ = counted_apart(seen.chains)
    late = late_for_response(chains, at)
    response = waits_for_response(chains, at)
    curves = {kind: kaplan_meier(waits_for(kind, chains, at)) for kind in TIMED}
    return Summary(
        since=seen.since,
        at=at,
        gap=gap(seen.chains, seen.signals, policy, at, seen.older),
        curves=curves | {MilestoneKind.FIRST_RESPONSE: aalen_johansen(response)},
        undeclined=kaplan_meier(response),
        known=how_known(chains),
        by_level={step: on_time_by_level(chains, step, policy, at) for step in MILESTONE_OF},
        months=by_month(chains, at),
        halves=halves(chains, seen.since, at),
        loops=loop_closing(chains, at),
        stops=stops(chains, facts.blocked, at),
        reasons=reasons(late),
        trust=_trust(chains, facts, at),
    )


def _trust(chains: Sequence[AlertChain], facts: PeriodFacts, at: datetime) -> Trust:
    kept = {each.alert_id for each in chains}
    answered, answers = briefs_answered(told for told in facts.told.values() if told.alert_id in kept)
    return Trust(
        precision=precision(chains),
        corroborated=corroborated(chains),
        with_options=with_options(chains),
        reporters_answered=reporters_answered(facts.reports.values(), at),
        briefs_answered=answered,
        answers=answers,
        reopened=reopened(chains, facts.reopened),
        refuted_after_action=refuted_after_action(chains),
    )


def on_time_by_level(chains: Iterable[AlertChain], step: Step, policy: DeadlinePolicy, at: datetime) -> Share:
    """Count, of the alerts whose deadline for a step has come, those that had it done by then (M6).

    The deadline is that of the alert's own signals, as the viewer sees them; one that was closed before it is left
    out.
    """
    return in_time(chains, step, at, lambda each: policy.due_at(step, each.raised))
