"""All figures of a period, against a naive recomputation from random chains."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.deadlines import DeadlinePolicy, Step
from tracker.domain.words import (
    AlertState,
    Answer,
    DecisionKind,
    HowKnown,
    Level,
    MilestoneKind,
    Verification,
)
from tracker.share.figures.loop import Loop, Stop
from tracker.share.figures.rows import metric_rows
from tracker.share.figures.shares import Share
from tracker.share.figures.summary import Seen, Summary, summarise
from tracker.share.figures.waits import End
from tracker.share.figures.words import half_words, headline, within_words
from tracker.store.reads.chains import AlertChain, Decided
from tracker.store.reads.periods import Asked, PeriodFacts, Told

AT = datetime(2026, 11, 23, tzinfo=UTC)
SINCE = AT - timedelta(days=90)
DAY = timedelta(days=1)
POLICY = DeadlinePolicy(
    allowed={
        level: dict.fromkeys(Step, timedelta(days=days)) for level, days in zip(Level, (3, 2, 1), strict=True)
    },
    review_within={},
    outcome_checks={},
)
PEOPLE = (
    MilestoneKind.VERIFIED,
    MilestoneKind.DELIVERED,
    MilestoneKind.DECIDED,
    MilestoneKind.FIRST_RESPONSE,
    MilestoneKind.OUTCOME,
)
AGES = st.floats(0, 90, allow_nan=False).map(lambda days: round(days, 2))


@st.composite
def chains(draw: st.DrawFn) -> AlertChain:
    """An alert of the last ninety days, in any order of facts, as only a wild life could bring about."""
    opened = AT - timedelta(days=draw(AGES))

    def later() -> datetime:
        return opened + (AT - opened) * draw(st.floats(0, 1))

    state = draw(
        st.sampled_from([AlertState.NEW, AlertState.ASSESSING, AlertState.CLOSED, AlertState.DISMISSED])
    )
    ended = state in (AlertState.CLOSED, AlertState.DISMISSED)
    reached = {kind: later() for kind in draw(st.sets(st.sampled_from(PEOPLE)))}
    decided = [
        Decided(kind, later(), "R2", (AT + draw(st.integers(-9, 9)) * DAY).date(), draw(st.booleans()))
        for kind in draw(st.lists(st.sampled_from(DecisionKind), max_size=2))
    ]
    return AlertChain(
        alert_id=str(draw(st.uuids())),
        state=state,
        owner_id=draw(st.sampled_from([None, "U"])),
        opened_at=opened,
        raised=((draw(st.sampled_from(Level)), opened),),
        reached=reached,
        closed_at=later() if ended else None,
        closed_because=draw(st.sampled_from(["calm", "source_withdrew"])) if ended else None,
        verification=draw(st.sampled_from(Verification)),
        source_count=draw(st.integers(0, 4)),
        known={kind: draw(st.sampled_from(HowKnown)) for kind in reached},
        decisions=tuple(sorted(decided, key=lambda each: each.at)),
    )


def summary(found: list[AlertChain], facts: PeriodFacts | None = None) -> Summary:
    return summarise(Seen(SINCE, AT, found, (9, 7), facts or PeriodFacts()), POLICY)


def kept(found: list[AlertChain]) -> list[AlertChain]:
    return [c for c in found if c.state is not AlertState.DISMISSED and c.closed_because != "source_withdrew"]


@given(st.lists(chains(), max_size=25))
def test_counts_and_shares_are_what_counting_one_by_one_gives(found: list[AlertChain]) -> None:
    figures, count = summary(found), kept(found)
    assert figures.n == len(count)
    assert figures.gap.apart.dismissed + figures.gap.apart.withdrawn == len(found) - len(count)
    for step, days in ((Step.VERIFY, 1), (Step.DECIDE, 3), (Step.RESPOND, 7)):
        kind = {
            Step.VERIFY: MilestoneKind.VERIFIED,
            Step.DECIDE: MilestoneKind.DECIDED,
            Step.RESPOND: MilestoneKind.FIRST_RESPONSE,
        }[step]
        met = due = 0
        for c in count:
            limit, done = c.opened_at + days * DAY, c.reached.get(kind)
            if limit <= AT and not (done is None and c.closed_at and c.closed_at < limit):
                due += 1
                met += bool(done and done <= limit)
        assert figures.gap.on_time[step] == Share(met, due)
        assert sum((m.on_time[step] for m in figures.months), Share(0, 0)) == Share(met, due)
        assert figures.halves[step].older + figures.halves[step].newer == Share(met, due)
        in_time = sum(c.reached[kind] <= c.opened_at + days * DAY for c in count if kind in c.reached)
        assert figures.known[kind].in_time.total() == in_time
        assert figures.known[kind].reached.total() == sum(kind in c.reached for c in count)
    verified = [c.verification for c in count]
    assert figures.trust.precision.verified == verified.count(Verification.VERIFIED)
    low, high = figures.trust.precision.range
    assert low.met <= figures.trust.precision.verified <= high.met <= low.of
    assert figures.trust.corroborated == Share(sum(c.source_count > 1 for c in count), len(count))


@given(st.lists(chains(), max_size=25))
def test_every_wait_ends_in_one_way_and_each_late_alert_stops_in_one_place(found: list[AlertChain]) -> None:
    figures, count = summary(found), kept(found)
    ends: Counter[End] = Counter()
    for c in count:
        facts = {End.REACHED: c.reached.get(MilestoneKind.FIRST_RESPONSE)}
        no = [d.at for d in c.decisions if d.kind is DecisionKind.NOT_ACTING_NOW]
        facts[End.DECLINED] = min(no) if no else None
        came = [(at, end is End.REACHED, end) for end, at in facts.items() if at]
        ends[min(came)[2] if came else (End.CLOSED if c.closed_at and c.closed_at < AT else End.OPEN)] += 1
    assert figures.curves[MilestoneKind.FIRST_RESPONSE].ends == ends
    late = [
        c
        for c in count
        if c.opened_at + 7 * DAY <= AT
        and not (
            MilestoneKind.FIRST_RESPONSE not in c.reached
            and c.closed_at
            and c.closed_at < c.opened_at + 7 * DAY
        )
        and not (
            MilestoneKind.FIRST_RESPONSE in c.reached
            and c.reached[MilestoneKind.FIRST_RESPONSE] <= c.opened_at + 7 * DAY
        )
    ]
    assert figures.stops.total() == len(late)
    nobodys = [c for c in late if not c.owner_id and not c.reached and not c.decisions]
    assert figures.stops[Stop.NO_OWNER] >= len(nobodys)
    mature = [c for c in count if c.opened_at <= AT - 14 * DAY]
    assert figures.loops.total() == len(mature)
    assert figures.loops[Loop.ACTED] == sum(MilestoneKind.OUTCOME in c.reached for c in mature)


@given(st.lists(chains(), max_size=25))
def test_no_row_holds_a_share_of_fewer_than_ten(found: list[AlertChain]) -> None:
    for row in metric_rows(summary(found)):
        if row["n"] < 10:
            assert (row["share"], row["low"], row["high"]) == (None, None, None), row
        if row["share"] is not None:
            assert 0 <= row["low"] <= row["share"] + 1e-9
            assert row["share"] <= row["high"] + 1e-9 <= 1 + 2e-9


def plain(
    opened: float, reached: Mapping[MilestoneKind, float] | None = None, decisions: tuple[Decided, ...] = ()
) -> AlertChain:
    """An open alert; milestones are days after its opening."""
    at = AT - timedelta(days=opened)
    return AlertChain(
        alert_id=f"{opened}",
        state=AlertState.NEW,
        owner_id=None,
        opened_at=at,
        raised=((Level.HIGH, at),),
        reached={kind: at + timedelta(days=days) for kind, days in (reached or {}).items()},
        decisions=decisions,
    )


def test_a_loop_is_closed_by_an_outcome_or_a_kept_review_and_by_nothing_else() -> None:
    lapsed = (Decided(DecisionKind.NOT_ACTING_NOW, AT - 20 * DAY, "R1", (AT - DAY).date()),)
    ahead = (Decided(DecisionKind.NOT_ACTING_NOW, AT - 20 * DAY, "R1", (AT + DAY).date()),)
    looked = (Decided(DecisionKind.NOT_ACTING_NOW, AT - 20 * DAY, "R1", (AT - DAY).date(), reviewed=True),)
    decided = {MilestoneKind.DECIDED: 1}
    figures = summary(
        [
            plain(30, decisions=lapsed, reached=decided),
            plain(31, decisions=ahead, reached=decided),
            plain(35, decisions=ahead, reached=decided),
            plain(32, decisions=looked, reached=decided),
            plain(33, reached={MilestoneKind.OUTCOME: 9}),
            plain(34),
            plain(5),
        ]
    )
    assert figures.loops == {Loop.BEGUN: 1, Loop.DECLINED: 3, Loop.ACTED: 1, Loop.NOTHING: 1}


def test_reports_and_briefs_that_are_owed_an_answer_are_counted() -> None:
    facts = PeriodFacts(
        told={"a": Told("9", Answer.RECEIVED), "b": Told("9", None), "c": Told("merged", Answer.ACT)},
        reports={
            "1": Asked(AT - 9 * DAY, AT - 8 * DAY),
            "2": Asked(AT - 9 * DAY, AT - DAY),
            "3": Asked(AT - 9 * DAY, None),
            "4": Asked(AT - DAY, None),
        },
    )
    trust = summary([plain(9)], facts).trust
    assert trust.reporters_answered == Share(1, 3), "late is not in time, and not yet due is left out"
    assert (trust.briefs_answered, trust.answers) == (Share(1, 2), Counter([Answer.RECEIVED]))


def test_words_say_half_or_that_half_is_not_reached_or_that_there_are_too_few() -> None:
    kind = MilestoneKind.FIRST_RESPONSE
    quick = [plain(60 + n, reached={kind: 5.2}) for n in range(12)]
    slow = [plain(20 + n / 10) for n in range(12)]
    assert half_words(kind, summary(quick).curves[kind]) == "Half get a response within 6 days."
    assert half_words(kind, summary(slow).curves[kind]).startswith("Fewer than half get a response so far")
    assert half_words(kind, summary(quick[:3]).curves[kind]).startswith("3 of 3 were answered")
    assert "12 stopped here: nobody took it." in headline(summary(slow))
    assert headline(summary([])) == "No alert was opened in this time."
    assert [within_words(days) for days in (0.01, 1, 1.4, 1.6, 6.1)] == [
        "1 hour",
        "24 hours",
        "34 hours",
        "2 days",
        "7 days",
    ]
