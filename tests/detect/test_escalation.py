from hypothesis import given
from hypothesis import strategies as st

from tests.detect.desk import rules, taxonomy
from tracker.detect.cuts import Series, began_by_cut, series_of
from tracker.detect.escalation import escalation
from tracker.detect.sentence import escalation_sentence
from tracker.domain.counts import CountRow, Cut, cuts_of
from tracker.domain.labels import level_rank
from tracker.domain.times import weeks_before
from tracker.domain.words import Level, Tlp

RULE = rules().escalation
WEEK = "2026-W48"
PAST = weeks_before(WEEK, RULE.baseline_weeks)
ROWS = st.lists(
    st.builds(
        CountRow,
        st.just("fighting"),
        st.sampled_from([WEEK, *PAST[-12:]]),
        st.sampled_from(list(Tlp)),
        st.sampled_from(["A", "B"]),
        st.integers(1, 20),
    ),
    max_size=25,
)


def _series(rows: list[CountRow]) -> dict[Cut, Series]:
    cuts = cuts_of((row.tlp, row.org_id) for row in rows)
    first: dict[tuple[Tlp, str], str] = {}
    for row in rows:
        first[row.tlp, row.org_id] = min(row.week, first.get((row.tlp, row.org_id), row.week))
    began = began_by_cut(cuts, first)
    return {cut: series_of(cut, rows, WEEK, PAST, began[cut]) for cut in cuts}


@given(ROWS)
def test_cuts_never_count_red(rows: list[CountRow]) -> None:
    without = [row for row in rows if row.tlp is not Tlp.RED]
    assert _series(rows) == _series(without)


@given(ROWS)
def test_a_stricter_cut_never_has_less_than_a_looser_one(rows: list[CountRow]) -> None:
    series = _series(rows)
    for loose, seen in series.items():
        for strict, more in series.items():
            if loose.covers(strict):
                assert seen.observed <= more.observed
                known = dict(zip(more.weeks, more.counts, strict=True))
                assert all(count <= known[week] for week, count in zip(seen.weeks, seen.counts, strict=True))


@given(ROWS)
def test_what_a_holder_keeps_changes_nothing_for_anyone_else(rows: list[CountRow]) -> None:
    kept = [row for row in rows if not (row.tlp is Tlp.AMBER_STRICT and row.org_id == "B")]
    before, after = _series(rows), _series(kept)
    assert all(before[cut] == after[cut] for cut in after)


@given(ROWS)
def test_a_stricter_cut_speaks_only_to_say_a_higher_level(rows: list[CountRow]) -> None:
    found = escalation("MLI", "fighting", _series(rows), RULE)
    for place, each in enumerate(found):
        for before in found[:place]:
            if before.cut.covers(each.cut):
                assert level_rank(before.level) < level_rank(each.level)


def _rows(count: int, tlp: Tlp, org: str = "A", week: str = WEEK) -> CountRow:
    return CountRow("fighting", week, tlp, org, count)


def test_the_loosest_label_at_which_it_fires_is_the_signals() -> None:
    (signal,) = escalation("MLI", "fighting", _series([_rows(4, Tlp.CLEAR), _rows(2, Tlp.GREEN)]), RULE)
    assert (signal.cut, signal.level, signal.observed) == (Cut(Tlp.GREEN), Level.MEDIUM, 6)


def test_a_higher_level_at_a_stricter_cut_is_a_second_signal() -> None:
    rows = [_rows(5, Tlp.CLEAR), _rows(9, Tlp.AMBER_STRICT, "A"), _rows(1, Tlp.AMBER_STRICT, "B")]
    found = escalation("MLI", "fighting", _series(rows), RULE)
    assert [(each.cut, each.level) for each in found] == [
        (Cut(Tlp.CLEAR), Level.MEDIUM),
        (Cut(Tlp.AMBER_STRICT, "A"), Level.HIGH),
    ]


def test_the_sentence_can_be_checked() -> None:
    rows = [_rows(10, Tlp.CLEAR, week=week) for week in PAST] + [_rows(17, Tlp.CLEAR)]
    (signal,) = escalation("MLI", "fighting", _series(rows), RULE)
    assert escalation_sentence(signal, taxonomy(), 4) == (
        "Fighting between armed sides in Mali: 17 stories in week 2026-W48, 10 expected, "
        "at most 15 in 19 weeks of 20; 4 sources."
    )
