"""One country's weeks: is this normal here?"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import streamlit as st

from dashboards.components import marks
from dashboards.components.curve import Weeks, curve
from dashboards.session import Visit
from tracker.detect.normal import Standing, standing
from tracker.domain.rules import EscalationRule
from tracker.domain.times import iso_week
from tracker.store.reads.alerts import AlertRow
from tracker.store.reads.countries import WeekRow
from tracker.store.reads.inbox import SignalRow


@dataclass(frozen=True)
class CountrySeries:
    """A country's ISO weeks, oldest first, with their counts by theme, and what was done in them."""

    weeks: Sequence[str]
    counts: Sequence[WeekRow]
    signals: Sequence[SignalRow]
    alerts: Sequence[AlertRow]
    started: Sequence[datetime]

    @property
    def by_theme(self) -> dict[str, dict[str, int]]:
        """Stories by theme and week."""
        found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for each in self.counts:
            found[each.theme][each.week] += each.story_count
        return found

    @property
    def totals(self) -> tuple[int, ...]:
        """Stories of all themes, by week."""
        by_theme = self.by_theme
        return tuple(sum(theme.get(week, 0) for theme in by_theme.values()) for week in self.weeks)

    def standing(self, rule: EscalationRule) -> Standing:
        """Return how the present week stands against those before it."""
        return standing(self.totals, rule)


def draw_series(here: Visit, of: CountrySeries) -> None:
    """Draw all themes together with what is normal, alerts and actions; then each theme by itself."""
    by_theme = of.by_theme
    with st.container(border=True, key="card-series"):
        marks.title("Stories a week, all themes, with the range that is normal here")
        if not by_theme:
            marks.note("No story of this country was counted in these weeks.")
            return
        total = _total(here, of)
        narrow, wide = curve(total, large=True), curve(total, wide=True)
        marks.write('<div class="when-wide">{}</div><div class="when-narrow">{}</div>', wide, narrow)
        marks.write(
            '<p class="small">{}. <span class="soft">▲ an alert was opened, ● an action started.</span></p>',
            total.words,
        )
        marks.title("By theme")
        _themes(here, of, by_theme)


def _total(here: Visit, of: CountrySeries) -> Weeks:
    judged = of.standing(here.policy.rules.escalation)
    return Weeks(
        tuple(of.weeks),
        tuple(map(float, of.totals)),
        judged.expected,
        judged.bound,
        alerts=tuple(week for each in of.alerts if (week := iso_week(each.opened_at)) in of.weeks),
        actions=tuple(week for at in of.started if (week := iso_week(at)) in of.weeks),
    )


def _themes(here: Visit, of: CountrySeries, by_theme: dict[str, dict[str, int]]) -> None:
    busiest = sorted(by_theme, key=lambda theme: -sum(by_theme[theme].values()))
    for start in range(0, len(busiest), 3):
        for cell, theme in zip(st.columns(3), busiest[start : start + 3], strict=False):
            seen = tuple(float(by_theme[theme].get(week, 0)) for week in of.weeks)
            drawn = Weeks(tuple(of.weeks), seen)
            flagged = next((s for s in of.signals if s.theme == theme and s.bound is not None), None)
            if flagged:
                drawn = replace(drawn, expected=flagged.expected, bound=flagged.bound)
            with cell:
                words = '<p class="small"><b>{}</b> <span class="soft">{}</span></p>{}'
                marks.write(words, here.theme_name(theme), drawn.words, curve(drawn, large=True))
