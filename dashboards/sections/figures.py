"""One card a question: a sentence, its picture, the table behind it, how it is counted and what it does not show."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st
from markupsafe import Markup

from dashboards.components import chain, marks
from dashboards.components.markup import EMPTY, html, joined, table, two_lines
from dashboards.components.steps import Frame, steps
from dashboards.components.trend import trend
from dashboards.sections.gap import RESPONSE, stops
from dashboards.session import Visit
from tracker.domain.deadlines import Step
from tracker.domain.wording import counted, said, sentence_case
from tracker.domain.words import HowKnown, MilestoneKind
from tracker.share.figures import definitions as defined
from tracker.share.figures.curves import Curve
from tracker.share.figures.definitions import Definition
from tracker.share.figures.gap import on_time_words
from tracker.share.figures.known import Known
from tracker.share.figures.loop import closed_share
from tracker.share.figures.months import Month
from tracker.share.figures.shares import Share, between_words, share_words
from tracker.share.figures.summary import Summary
from tracker.share.figures.words import (
    LOOPS,
    STEPS,
    STOPS,
    change_words,
    ends_words,
    half_words,
    known_words,
)

_FRAMES = {
    MilestoneKind.VERIFIED: Frame(days=7, goal=1, marked=(0, 1, 3, 7)),
    MilestoneKind.DECIDED: Frame(days=14, goal=3, marked=(0, 3, 7, 14)),
    MilestoneKind.FIRST_RESPONSE: RESPONSE,
    MilestoneKind.OUTCOME: Frame(days=90, goal=None, marked=(0, 30, 60, 90)),
}


def apart_words(found: Summary) -> str:
    """Say what no figure of the page holds."""
    apart = found.gap.apart
    return (
        f"Counted apart: {apart.dismissed} dismissed, {apart.withdrawn} withdrawn by their source. "
        "Merged alerts are left out. With fewer than ten, a figure is a count."
    )


def draw_funnel(found: Summary, days: int) -> None:
    """Draw how far warnings get."""
    with st.container(border=True, key="card-funnel"):
        _question(defined.FUNNEL)
        marks.show(chain.funnel(found.gap.funnel, days))
        _small(stops(found.gap), defined.FUNNEL.hides)


def draw_times(found: Summary) -> None:
    """Draw the curve of each step."""
    for pair in (
        (MilestoneKind.FIRST_RESPONSE, MilestoneKind.DECIDED),
        (MilestoneKind.VERIFIED, MilestoneKind.OUTCOME),
    ):
        for cell, kind in zip(st.columns(2, gap="medium"), pair, strict=True):
            with cell, st.container(border=True, key=f"card-{kind}"):
                _curve(found, kind)


def _curve(found: Summary, kind: MilestoneKind) -> None:
    curve, frame, told = found.curves[kind], _FRAMES[kind], defined.TIMES[kind]
    words = f"{half_words(kind, curve)} {ends_words(curve)}"
    _question(told)
    if curve.points:
        marks.show(steps(curve, frame, words))
    known = known_words(found.known[kind])
    _small(
        html("<b>{}</b> {}", half_words(kind, curve), ends_words(curve)),
        f"We know: {known}." if known else "",
    )
    if kind is MilestoneKind.FIRST_RESPONSE and found.undeclined.median is not None:
        _small(f"Of those not decided against: {half_words(kind, found.undeclined).lower()}", "")
    with st.expander("Table and definition"):
        if curve.points:
            days = [day for day in frame.marked if day]
            heads = ("Within", "Share", "95 % between")
            marks.show(table((_on_day(curve, day) for day in days), heads))
        marks.write('<p class="small soft">{} {}</p>', told.counted, told.hides)


def _on_day(curve: Curve, day: int) -> Sequence[object]:
    point = curve.by(day)
    if point is None:
        return (counted(day, "day"), "none", "")
    return (counted(day, "day"), f"{point.share:.0%}", f"{point.low:.0%} and {point.high:.0%}")


def draw_on_time(found: Summary) -> None:
    """Draw how many steps were in time, by month."""
    with st.container(border=True, key="card-on-time"):
        _question(defined.ON_TIME)
        for cell, step in zip(st.columns(3, gap="medium"), STEPS, strict=True):
            with cell:
                _on_time(found, step)
        with st.expander("Table and definition"):
            heads = ("Month", "Alerts", *STEPS.values())
            marks.show(table((_month(month) for month in found.months), heads))
            marks.write('<p class="small soft">{} {}</p>', defined.ON_TIME.counted, defined.ON_TIME.hides)


def draw_by_level(found: Summary) -> None:
    """Draw whether each level's own deadlines are kept."""
    with st.container(border=True, key="card-by-level"):
        _question(defined.BY_LEVEL)
        rows = (
            (STEPS[step].split(" within")[0], on_time_words(of), between_words(of))
            for step, of in found.by_level.items()
        )
        marks.show(table(rows, ("Step", "In time", "95 %")))
        _small("", defined.BY_LEVEL.hides)


def _on_time(found: Summary, step: Step) -> None:
    figure = found.gap.on_time[step]
    words = f"{STEPS[step]}: {on_time_words(figure)}"
    marks.write('<p class="small"><b>{}</b></p>', words)
    marks.show(trend([(_short(month.month), month.on_time[step]) for month in found.months], words))
    marks.write('<p class="small soft">{}</p>', sentence_case(change_words(found.halves[step])))


def _month(month: Month) -> Sequence[object]:
    return (_short(month.month), month.alerts, *(on_time_words(month.on_time[step]) for step in STEPS))


def _short(month: str) -> str:
    return f"{datetime.fromisoformat(f'{month}-01'):%b}"


def draw_stuck(here: Visit, found: Summary) -> None:
    """Draw where late alerts stand, and the reasons that were given."""
    with st.container(border=True, key="card-stuck"):
        _question(defined.STUCK)
        late = found.stops.total()
        if not late:
            marks.note("No alert is past its seven days without a first response.")
            return
        rows = [
            (sentence_case(STOPS[stop]), _bar(found.stops[stop], late)) for stop in STOPS if found.stops[stop]
        ]
        marks.show(table(rows))
        name = here.policy.vocabulary.reason_name
        given = [f"{name(code)}: {count}" for code, count in found.reasons.most_common(3)]
        why = (
            f"Reasons given most for not acting: {'; '.join(given)}."
            if given
            else "No reason for not acting was given."
        )
        _small(why, defined.STUCK.hides)


def _bar(count: int, of: int) -> Markup:
    width = round(100 * count / of)
    return html(
        '<span class="bar" style="width:{}%"></span><span class="num">{} of {}</span>', width, count, of
    )


def draw_loop(found: Summary) -> None:
    """Draw whether mature alerts came to an end."""
    with st.container(border=True, key="card-loop"):
        _question(defined.LOOP)
        mature = found.loops.total()
        closed = closed_share(found.loops)
        spread = f" ({between_words(closed)})" if closed.interval else ""
        ended = html("<b>{}</b> came to an end{}.", share_words(closed), spread)
        _small(ended if mature else "No alert is two weeks old yet.", "")
        if mature:
            marks.show(table((sentence_case(LOOPS[loop]), _bar(found.loops[loop], mature)) for loop in LOOPS))
        _small("", defined.LOOP.hides)


def draw_trust(found: Summary) -> None:
    """Draw whether warnings are right, and whether people are answered."""
    with st.container(border=True, key="card-trust"):
        marks.title("Can warnings be trusted, and do we keep faith?")
        trust = found.trust
        low, high = trust.precision.range
        figures: dict[str, Share] = {
            "precision": trust.precision.share,
            "corroborated": trust.corroborated,
            "with_options": trust.with_options,
            "briefs_answered": trust.briefs_answered,
            "reporters_answered": trust.reporters_answered,
            "reopened": trust.reopened,
            "refuted_after_action": trust.refuted_after_action,
        }
        marks.show(
            table(
                (_defined(defined.TRUST[name]), share_words(of, "none"), between_words(of))
                for name, of in figures.items()
            )
        )
        if trust.precision.unverifiable:
            words = f"{trust.precision.unverifiable} could not be verified:"
            words += f" true are {share_words(low)} to {share_words(high)}."
            _small(words, "")
        answers = ", ".join(f"{count} {said(answer)}" for answer, count in trust.answers.most_common())
        _small("", f"Answers to briefs: {answers}." if answers else "No brief was answered.")
        with st.expander("Definitions"):
            marks.show(table((each.question, each.counted, each.hides) for each in defined.TRUST.values()))


def draw_known(found: Summary) -> None:
    """Draw how we know of each step."""
    with st.container(border=True, key="card-known"):
        _question(defined.KNOWN)
        used = [how for how in HowKnown if any(known.reached[how] for known in found.known.values())]
        if not used:
            marks.note("No step was taken yet.")
            return
        rows = (
            (sentence_case(said(kind)), *(_told(known, how, kind) for how in used))
            for kind, known in found.known.items()
        )
        marks.show(table(rows, ("First", *(sentence_case(said(how)) for how in used))))
        _small("", defined.KNOWN.hides)


def _told(known: Known, how: HowKnown, kind: MilestoneKind) -> object:
    if not known.reached[how]:
        return "–"
    if kind is MilestoneKind.OUTCOME:
        return known.reached[how]
    return two_lines(known.reached[how], f"{known.in_time[how]} in time")


def draw_not_measured() -> None:
    """Say what no figure here can tell."""
    marks.note(defined.NOT_MEASURED)


def _question(of: Definition) -> None:
    marks.write('<h2>{} <abbr tabindex="0" title="{}">how it is counted</abbr></h2>', of.question, of.counted)


def _defined(of: Definition) -> Markup:
    return html('<abbr tabindex="0" title="{} Not shown: {}">{}</abbr>', of.counted, of.hides, of.question)


def _small(words: object, soft: str) -> None:
    said_too = html(' <span class="soft">{}</span>', soft) if soft else EMPTY
    marks.show(html('<p class="small">{}</p>', joined([html("{}", words), said_too])))
