"""Where is it not normal, and where do we not see?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import streamlit as st
from markupsafe import Markup

from dashboards.components import filters, marks
from dashboards.components.curve import Weeks, curve
from dashboards.components.markup import html, table
from dashboards.session import Visit, enter
from tracker.detect.normal import Normal, Standing, standing
from tracker.domain.countries import country_name
from tracker.domain.labels import level_rank
from tracker.domain.times import iso_week, weeks_before
from tracker.domain.wording import counted
from tracker.store.reads.countries import (
    CountryRow,
    Watched,
    countries_with_alerts,
    signalled_countries,
    watched_countries,
    week_totals,
)

_AT_ONCE = 60
_RECENT = timedelta(days=14)
_SAYS = {Normal.ABOVE: "above its normal", Normal.USUAL: "as usual", Normal.UNSEEN: "nobody reports"}
_SHOWN = {
    "alerts": "With open alerts",
    Normal.ABOVE.value: "Above their normal",
    "blind": "Blind spots",
}


@dataclass(frozen=True)
class _Country:
    """One row: open alerts, signals of two weeks, sources of its own, and how its week stands."""

    code: str
    alerts: CountryRow | None
    signals: int
    watched: Watched
    counts: tuple[int, ...]
    standing: Standing

    @property
    def is_blind(self) -> bool:
        """Whether nobody reports, or no source of its own works."""
        return self.standing.normal is Normal.UNSEEN or self.watched.working == 0


def page() -> None:
    """Draw one row a country that has alerts, signals or sources."""
    here = enter()
    weeks = _weeks(here)
    found = _countries(here, weeks)
    top = st.container()
    shown = filters.choose("Show", "show", _SHOWN, "Every country", width=320)
    kept = [each for each in found if shown is None or _fits(each, shown)]
    with top:
        right = html("stories a week, the last {} weeks", len(weeks))
        marks.head(None, right, _headline(found), _under(found))
    if kept:
        heads = ("Level", "Country", "Lately", "Stories a week", "Seen by")
        start = filters.current_page() * _AT_ONCE
        start = start if start < len(kept) else 0
        rows = (_cells(each, weeks) for each in kept[start : start + _AT_ONCE])
        marks.show(html('<div class="stack countries">{}</div>', table(rows, heads)))
        filters.page_number(more=len(kept) > start + _AT_ONCE, back="Countries before", on="More countries")
    else:
        marks.note(
            "No country fits. One is listed once it has an open alert, a signal or a source of its own."
        )


def _weeks(here: Visit) -> list[str]:
    this_week = iso_week(here.now)
    return [*weeks_before(this_week, here.policy.rules.escalation.series_weeks - 1), this_week]


def _countries(here: Visit, weeks: Sequence[str]) -> list[_Country]:
    with here.store.viewing(here.viewer) as view:
        alerts = {each.country: each for each in countries_with_alerts(view)}
        signals = signalled_countries(view, here.now - _RECENT)
        watched, totals = watched_countries(view), week_totals(view, weeks[0])
    scope = here.viewer.scope
    codes = {*alerts, *signals, *watched}
    found = [
        _country(here, code, alerts.get(code), signals.get(code, 0), watched, _counts(totals, code, weeks))
        for code in codes
        if scope is None or code in scope
    ]
    return sorted(found, key=_order)


def _counts(totals: Mapping[str, Mapping[str, int]], code: str, weeks: Sequence[str]) -> tuple[int, ...]:
    return tuple(totals.get(code, {}).get(week, 0) for week in weeks)


def _country(
    here: Visit,
    code: str,
    alerts: CountryRow | None,
    signals: int,
    watched: Mapping[str, Watched],
    counts: tuple[int, ...],
) -> _Country:
    judged = standing(counts, here.policy.rules.escalation)
    return _Country(code, alerts, signals, watched.get(code, Watched()), counts, judged)


def _order(each: _Country) -> tuple[int, bool, int, str]:
    rank = level_rank(each.alerts.level) if each.alerts else -1
    return (-rank, each.standing.normal is not Normal.ABOVE, -each.signals, country_name(each.code))


def _fits(each: _Country, shown: str) -> bool:
    if shown == "alerts":
        return each.alerts is not None
    return each.is_blind if shown == "blind" else each.standing.normal is Normal.ABOVE


def _headline(found: Sequence[_Country]) -> str:
    above = [each for each in found if each.standing.normal is Normal.ABOVE]
    blind = [each for each in found if each.alerts and not each.watched.working]
    if not found:
        return "No country has an alert, a signal or a source of its own yet."
    count = counted(len(above), "country is", "countries are") if above else "No country is"
    words = f"{count} above normal, this week or last."
    if blind:
        has = "has" if len(blind) == 1 else "have"
        words += f" {len(blind)} with an open alert {has} no working source of their own."
    return words


def _under(found: Sequence[_Country]) -> str:
    busy = sum(each.alerts is not None for each in found)
    listed = counted(len(found), "country", "countries")
    return f"{listed}, {busy} with an open alert: by level, then those above their normal."


def _cells(each: _Country, weeks: Sequence[str]) -> tuple[object, ...]:
    drawn = Weeks(tuple(weeks), tuple(map(float, each.counts)), each.standing.expected, each.standing.bound)
    return (
        marks.level(each.alerts.level) if each.alerts else html('<span class="soft">no alert</span>'),
        _name(each),
        html('<span class="{}">{}</span>', each.standing.normal, _SAYS[each.standing.normal]),
        html('<span title="{}">{}</span>', drawn.words, curve(drawn)),
        _seen_by(each.watched),
    )


def _name(each: _Country) -> Markup:
    parts = []
    if each.alerts:
        parts.append(counted(each.alerts.open_count, "open alert"))
    if each.signals:
        parts.append(f"{counted(each.signals, 'signal')} in two weeks")
    words = ", ".join(parts) or "nothing flagged lately"
    return html('<b>{}</b><br><span class="small soft">{}</span>', marks.country(each.code), words)


def _seen_by(watched: Watched) -> Markup:
    if not watched.sources:
        return html('<span class="soft">no source of its own</span>')
    words = counted(watched.sources, "source")
    if watched.failing:
        return html('{}, <span class="late">{} failing</span>', words, watched.failing)
    return html("{}", words)


page()
