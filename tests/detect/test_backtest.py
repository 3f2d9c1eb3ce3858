"""A rule tried on the past: no row depends on later ones, unknown is never nought, bad rows are named."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.detect.desk import rules
from tests.support.cli import run
from tracker.detect.backtest import Fault, Judged, Period, backtest, read_series

RULE = rules().escalation
COUNTS = st.lists(st.none() | st.integers(0, 3000), min_size=1, max_size=40)


def _periods(counts: Sequence[int | None], country: str = "MLI") -> list[Period]:
    return [
        Period(country, f"{2000 + n // 12}-{n % 12 + 1:02d}-01", deaths=count)
        for n, count in enumerate(counts)
    ]


def _judged(counts: Sequence[int | None]) -> list[Judged]:
    return list(backtest(_periods(counts), RULE))


@given(COUNTS, COUNTS)
def test_no_row_depends_on_what_comes_later(past: list[int | None], future: list[int | None]) -> None:
    assert _judged(past + future)[: len(past)] == _judged(past)


@given(COUNTS, COUNTS)
def test_no_country_depends_on_another(one: list[int | None], other: list[int | None]) -> None:
    both = list(backtest(_periods(one) + _periods(other, "NER"), RULE))
    assert [row for row in both if row.country == "MLI"] == _judged(one)


@given(COUNTS)
def test_an_unknown_count_is_not_judged_and_nothing_is_judged_by_it(counts: list[int | None]) -> None:
    known = [count for count in counts if count is not None]
    told = [(row.level, row.score) for row in _judged(counts) if row.reason != "no count was given"]
    assert told == [(row.level, row.score) for row in _judged(known)]


def test_a_country_that_leaves_its_own_normal_is_flagged_and_says_why() -> None:
    calm_then_grave = _judged([2] * 24 + [40])
    assert {row.level for row in calm_then_grave[8:-1]} == {"none"}
    last = calm_then_grave[-1]
    assert (last.level, last.expected) == ("high", 2.0)
    assert last.reason == f"40 is above the bound of {last.bound}"
    assert last.score == max(row.score for row in calm_then_grave)


def test_bad_rows_are_named_and_the_others_go_on() -> None:
    rows = csv.DictReader(
        io.StringIO(
            "country,period,events,fatalities\n"
            "MLI,2020-01,3,\nMali,2020-01,3,\nMLI,soon,3,\nMLI,2020-02,3,many\nMLI,2020-01,4,\nNA,2020-01,1,1\n"
        )
    )
    periods, faults = read_series(rows)
    assert periods == [Period("MLI", "2020-01", events=3)]
    assert [fault.row for fault in faults] == [3, 4, 5, 6, 7]
    assert faults[3] == Fault(6, "MLI 2020-01 was told before; the first row counts")


ROWS = st.lists(st.tuples(st.none() | st.integers(0, 99), st.none() | st.integers(0, 99)), max_size=20)


def _answered(rows: list[tuple[int | None, int | None]]) -> list[Judged]:
    table: list[dict[str | None, object]] = [
        {
            "country": "MLI",
            "period": f"{2000 + n // 12}-{n % 12 + 1:02d}",
            "events": _cell(e),
            "fatalities": _cell(d),
        }
        for n, (e, d) in enumerate(rows)
    ]
    return list(backtest(read_series(table)[0], RULE))


def _cell(number: int | None) -> str:
    return "" if number is None else str(number)


@given(ROWS, ROWS)
def test_no_answer_depends_on_which_numbers_later_rows_of_the_file_hold(
    past: list[tuple[int | None, int | None]], future: list[tuple[int | None, int | None]]
) -> None:
    assert _answered(past + future)[: len(past)] == _answered(past)


def test_events_count_until_deaths_are_told_and_then_deaths_alone() -> None:
    rows = _answered([(10, None), (50, None), (9, 3), (9, None)])
    assert [row.reason.split()[0] for row in rows] == ["10", "50", "3", "no"]
    assert rows[2].expected == RULE.expected_at_least


def test_periods_that_would_not_sort_are_refused() -> None:
    names = ["2026-09", "2026-9", "2026-xyz", "2026-13", "2026-W40", "2026-10-01", "2026-W54", "2026-10"]
    rows: list[dict[str | None, object]] = [
        {"country": "MLI", "period": name, "events": "1"} for name in names
    ]
    periods, faults = read_series(rows)
    assert [period.name for period in periods] == ["2026-09", "2026-10"]
    assert [fault.row for fault in faults] == [3, 4, 5, 6, 7, 8]


def test_the_command_answers_every_row_and_rejects_what_it_cannot_use(tmp_path: Path) -> None:
    series, out = tmp_path / "series.csv", tmp_path / "flags.csv"
    months = "".join(f"MLI,2019-{month:02d}-01,,{month}\n" for month in range(1, 13))
    series.write_text(f"\ufeffcountry,period,events,fatalities\n{months}XXX,2019-01-01,,1\n")
    done = run("backtest", str(series), str(out), env={"TRACKER_DATA_DIR": str(tmp_path)}, check=False)
    assert done.returncode == 3
    assert "row 14: country is 'XXX'" in done.stderr
    answer = list(csv.DictReader(out.read_text().splitlines()))
    assert list(answer[0]) == ["country", "period", "level", "score", "expected", "bound", "reason"]
    assert [row["period"] for row in answer] == [f"2019-{month:02d}-01" for month in range(1, 13)]


def test_the_command_says_what_a_file_lacks(tmp_path: Path) -> None:
    (tmp_path / "series.csv").write_text("country,month\nMLI,1\n")
    env = {"TRACKER_DATA_DIR": str(tmp_path)}
    done = run("backtest", str(tmp_path / "series.csv"), env=env, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "no period is there" in done.stderr
    assert run("backtest", str(tmp_path / "none.csv"), env=env, check=False).returncode == 2
