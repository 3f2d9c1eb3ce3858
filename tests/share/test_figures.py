"""The gap figures, from chains alone."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.deadlines import DeadlinePolicy, Step
from tracker.domain.words import AlertState, Level, MilestoneKind
from tracker.share.figures import WITHIN, Share, gap, headline, on_time_words
from tracker.store.reads.chains import AlertChain

AT = datetime(2026, 11, 23, tzinfo=UTC)
POLICY = DeadlinePolicy(
    outcome_checks={},
    allowed={
        Level.CRITICAL: dict.fromkeys(Step, timedelta(hours=4)),
        Level.HIGH: dict.fromkeys(Step, timedelta(days=1)),
        Level.MEDIUM: dict.fromkeys(Step, timedelta(days=3)),
    },
    review_within={},
)


def alert(
    opened: float,
    reached: dict[MilestoneKind, float] | None = None,
    level: Level = Level.MEDIUM,
    state: AlertState = AlertState.NEW,
    closed: float | None = None,
    owner_id: str | None = None,
) -> AlertChain:
    """An alert whose times are days before the data cut."""
    times = {kind: AT - timedelta(days=ago) for kind, ago in (reached or {}).items()}
    opened_at = AT - timedelta(days=opened)
    closed_at = None if closed is None else AT - timedelta(days=closed)
    return AlertChain(f"alert {opened}", state, owner_id, opened_at, ((level, opened_at),), times, closed_at)


def test_the_open_gap_names_the_longest_overdue_first() -> None:
    decided = alert(20, {MilestoneKind.DECIDED: 1})
    figures = gap([alert(5), alert(12, owner_id="U"), alert(2), decided], (9, 7), POLICY, AT)
    assert [(late.alert_id, late.days_late, late.has_owner) for late in figures.waiting] == [
        ("alert 12", 9, True),
        ("alert 5", 2, False),
    ]
    assert headline(figures.waiting) == "2 alerts wait for a decision, the oldest 9 days"
    assert headline([]) == "No alert waits for a decision"


def test_a_level_that_the_viewer_may_see_sets_the_deadline_and_is_the_level_shown() -> None:
    medium = alert(2)
    both = AlertChain(
        "both",
        AlertState.NEW,
        None,
        medium.opened_at,
        (*medium.raised, (Level.CRITICAL, AT - timedelta(days=1))),
        medium.reached,
    )
    assert gap([medium], (0, 0), POLICY, AT).waiting == ()
    (late,) = gap([both], (0, 0), POLICY, AT).waiting
    assert (late.level, late.late_for) == (Level.CRITICAL, timedelta(hours=20))


def test_an_alert_closed_after_the_data_cut_still_waited_at_the_cut() -> None:
    after = alert(9, state=AlertState.CLOSED, closed=-0.5)
    before = alert(9, state=AlertState.CLOSED, closed=0.5)
    assert len(gap([after], (0, 0), POLICY, AT).waiting) == 1
    assert gap([before], (0, 0), POLICY, AT).waiting == ()


def test_older_open_alerts_wait_without_entering_the_figures_of_the_period() -> None:
    figures = gap([alert(5)], (0, 0), POLICY, AT, older=[alert(200)])
    assert len(figures.waiting) == 2
    assert figures.funnel.alerts == 1


def test_open_and_overdue_counts_as_failure_and_what_is_not_due_is_left_out() -> None:
    chains = [
        alert(10, {MilestoneKind.VERIFIED: 9.5}),
        alert(10, {MilestoneKind.VERIFIED: 8}),
        alert(10),
        alert(0.5),
        alert(10, state=AlertState.DISMISSED, closed=9.5),
    ]
    assert gap(chains, (0, 0), POLICY, AT).on_time[Step.VERIFY] == Share(1, 3)


def test_below_ten_a_figure_is_a_count_and_never_a_share() -> None:
    assert on_time_words(Share(4, 9)) == "4 of 9"
    assert on_time_words(Share(4, 10)) == "4 of 10 (40%)"
    assert on_time_words(Share(0, 0)) == "none due yet"
    assert Share(9, 9).share is None


@given(
    st.lists(
        st.tuples(st.floats(0, 90), st.dictionaries(st.sampled_from(MilestoneKind), st.floats(0, 90))),
        max_size=20,
    )
)
def test_no_figure_exceeds_its_n(drawn: list[tuple[float, dict[MilestoneKind, float]]]) -> None:
    chains = [alert(opened, reached) for opened, reached in drawn]
    figures = gap(chains, (0, 0), POLICY, AT)
    due = [figures.on_time[step].of for step in WITHIN]
    assert due == sorted(due, reverse=True) or any(reached for _, reached in drawn)
    assert all(figure.met <= figure.of <= len(chains) for figure in figures.on_time.values())
    assert figures.funnel.decided + len(figures.waiting) <= len(chains)
