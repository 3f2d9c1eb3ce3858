"""Adds weekly counts up to the series that each cut sees. Pure; RED is never counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracker.domain.counts import CountRow, Cut
from tracker.domain.words import Tlp


@dataclass(frozen=True)
class Series:
    """Stories a week: `weeks` (ISO, oldest first) with their counts, then the week that is judged."""

    weeks: tuple[str, ...]
    counts: tuple[int, ...]
    week: str
    observed: int


def series_of(
    cut: Cut, rows: Iterable[CountRow], week: str, past: Sequence[str], began: str | None
) -> Series:
    """Return what a cut sees of one theme.

    Args:
        cut: whose view.
        rows: the theme's rows of the country, in any order and of any label.
        week: the ISO week that is judged.
        past: the ISO weeks before it that may serve as history, oldest first.
        began: the first ISO week in which this cut saw anything of the country; what lies before is unknown,
            not nought. None where it never did.
    """
    sums: dict[str, int] = {}
    for row in rows:
        if cut.holds(row.tlp, row.org_id):
            sums[row.week] = sums.get(row.week, 0) + row.story_count
    weeks = tuple(each for each in past if began is not None and each >= began)
    return Series(weeks, tuple(sums.get(each, 0) for each in weeks), week, sums.get(week, 0))


def began_by_cut(cuts: Iterable[Cut], first_weeks: Mapping[tuple[Tlp, str], str]) -> Mapping[Cut, str | None]:
    """Return the first week that each cut saw, from the first week of each (label, holder)."""
    return {
        cut: min((week for (tlp, org), week in first_weeks.items() if cut.holds(tlp, org)), default=None)
        for cut in cuts
    }
