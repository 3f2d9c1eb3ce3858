"""Looks at the weeks that are dirty, counts them anew, and raises what the rules find in the recent ones.

One country at a time, each in one transaction that ends by taking the marks away: whoever dies before loses
nothing, and doing it twice changes nothing. Older weeks are only counted.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.detect.candidates import SignalCandidate, still_to_raise
from tracker.detect.cuts import began_by_cut, series_of
from tracker.detect.escalation import escalation
from tracker.detect.grave_rows import GraveRows
from tracker.detect.raising import Said, Terms, new_signal, standing
from tracker.detect.run_silence import look_at_silences
from tracker.detect.sentence import escalation_sentence
from tracker.domain.counts import cuts_of
from tracker.domain.deadlines import DeadlinePolicy
from tracker.domain.rules import Rules
from tracker.domain.taxonomy import Taxonomy
from tracker.domain.times import as_utc, iso_week, week_start, weeks_before
from tracker.domain.words import Subject
from tracker.store import Store, SystemSession
from tracker.store.writes.counts import (
    clear_dirty,
    dirty_countries,
    first_weeks,
    lock_dirty,
    read_counts,
    read_evidence,
    rebuild_counts,
)
from tracker.store.writes.people import host_org
from tracker.store.writes.signals import (
    NewSignal,
    raise_signals,
    raised_about,
    raised_on_stories,
)

ACTOR = "job:detect"


@dataclass(frozen=True)
class DetectSummary:
    """What one run did: countries looked at, (country, week) pairs counted anew, signals raised."""

    countries: int
    weeks_counted: int
    signals_raised: int


def detect(
    store: Store, rules: Rules, taxonomy: Taxonomy, deadlines: DeadlinePolicy, now: datetime
) -> DetectSummary:
    """Look at every dirty week and raise what is new.

    The ISO week that is still running counts as recent and is judged as observed so far.

    Raises:
        ConfigError: there is no host organisation yet.
    """
    with store.looking("find dirty weeks", now) as work:
        countries = dirty_countries(work)
        terms = Terms(rules, taxonomy, deadlines, host_org(work))
    weeks = signals = 0
    for country in countries:
        with store.acting(ACTOR, "detect", now) as work:
            seen, raised = _look_at(work, country, terms)
        weeks += seen
        signals += raised
    with store.acting(ACTOR, "detect", now) as work:
        signals += look_at_silences(work, terms)
    return DetectSummary(len(countries), weeks, signals)


def _look_at(work: SystemSession, country: str, terms: Terms) -> tuple[int, int]:
    marks = lock_dirty(work, country)
    rebuild_counts(work, country, marks.keys(), terms.host)
    recent = [week for week in marks if week_start(week) >= _oldest_recent(work.now, terms.rules)]
    raised = _raise_in(work, country, recent, terms) if recent else 0
    clear_dirty(work, country, marks)
    return len(marks), raised


def _oldest_recent(now: datetime, rules: Rules) -> datetime:
    return week_start(iso_week(as_utc(now))) - timedelta(weeks=rules.raise_for_weeks - 1)


def _raise_in(work: SystemSession, country: str, weeks: Collection[str], terms: Terms) -> int:
    grave = GraveRows.read(work, country, weeks)
    candidates = _escalations(work, country, weeks, terms) + grave.candidates(terms.rules, terms.taxonomy)
    repeat_after = terms.rules.escalation.repeat_after_weeks
    about = {each.subject.value for each in candidates}
    raised = raised_about(work, [country], about.union(*(weeks_before(week, repeat_after) for week in weeks)))
    raised += raised_on_stories(work, country, grave.items)
    new = still_to_raise(candidates, map(standing, raised), repeat_after)
    return raise_signals(work, [_new_signal(work, each, grave, terms) for each in new])


def _escalations(
    work: SystemSession, country: str, weeks: Collection[str], terms: Terms
) -> list[SignalCandidate]:
    rule = terms.rules.escalation
    past = {week: weeks_before(week, rule.baseline_weeks) for week in weeks}
    wanted = {*weeks, *(each for before in past.values() for each in before)}
    rows = read_counts(work, country, wanted)
    cuts = cuts_of((row.tlp, row.org_id) for row in rows)
    began = began_by_cut(cuts, first_weeks(work, country))
    found: list[SignalCandidate] = []
    for theme in (each.code for each in terms.taxonomy.themes if each.raises):
        of_theme = [row for row in rows if row.theme == theme]
        for week in sorted(weeks):
            series = {cut: series_of(cut, of_theme, week, past[week], began[cut]) for cut in cuts}
            found.extend(escalation(country, theme, series, rule))
    return found


def _new_signal(work: SystemSession, candidate: SignalCandidate, grave: GraveRows, terms: Terms) -> NewSignal:
    subject, cut = candidate.subject, candidate.cut
    if subject.kind is Subject.WEEK:
        cell = (candidate.country, candidate.theme, subject.value)
        evidence = read_evidence(work, cell, cut, terms.rules.evidence_at_most)
        sentence = escalation_sentence(candidate, terms.taxonomy, evidence.source_count)
    else:
        evidence = grave.evidence(candidate, terms.rules.evidence_at_most)
        sentence = grave.sentence(candidate, evidence, terms.taxonomy)
    org_id = cut.holder or grave.holder(candidate) or terms.host
    return new_signal(candidate, Said(sentence, evidence, org_id), terms, work.now)
