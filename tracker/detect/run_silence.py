"""Looks at partners who report no more, and clears a silence from the inbox once its partner has reported again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from tracker.detect.candidates import SignalCandidate, still_to_raise
from tracker.detect.raising import Said, Terms, new_signal, standing
from tracker.detect.silence import LastReport, Silence, silence_candidate, silence_of, silence_sentence
from tracker.domain.rules import SILENCE
from tracker.domain.words import InboxState
from tracker.errors import ConfigError
from tracker.store import SystemSession
from tracker.store.writes.counts import Evidence
from tracker.store.writes.inbox import TriageNote, settle_signals, store_triage
from tracker.store.writes.log import Change, record
from tracker.store.writes.signals import NewSignal, raise_signals, raised_about
from tracker.store.writes.silence import ReportRow, lock_in_inbox, newest_reports, reported_again

_REPORTED_AGAIN = "reported_again"
"""A reason of `signal_dismissals` in config/vocabulary.yaml."""


def look_at_silences(work: SystemSession, terms: Terms) -> int:
    """Raise each partner's silence once, dismiss those that ended; return how many are new.

    Raises:
        ConfigError: the rule names a category that the taxonomy lacks.
    """
    _dismiss_ended(work)
    rule = terms.rules.silence
    since, before = (timedelta(days=days) for days in (rule.forget_after_days, rule.at_least_days))
    rows = newest_reports(work, work.now - since, work.now - before, rule.reports_remembered)
    by_source = groupby(rows, key=lambda row: row.source_id)
    judged = (_judge(list(reports), work.now, terms) for _, reports in by_source)
    found = _not_yet_said(work, [each for each in judged if each is not None], terms)
    return raise_signals(work, [_signal(each, terms, work.now) for each in found]) if found else 0


@dataclass(frozen=True)
class _Silent:
    """A partner's silence after their newest report, and the signal that it would be."""

    newest: ReportRow
    silence: Silence
    candidate: SignalCandidate


def _judge(reports: list[ReportRow], now: datetime, terms: Terms) -> _Silent | None:
    rule, newest = terms.rules.silence, reports[-1]
    last = LastReport(newest.item_id, newest.country, newest.severity, newest.tlp, newest.org_id)
    silence = silence_of([report.arrived_at for report in reports], now, rule)
    if silence is None or last.country is None:
        return None
    return _Silent(newest, silence, silence_candidate(last, last.country, _theme(terms), rule))


def _not_yet_said(work: SystemSession, found: list[_Silent], terms: Terms) -> list[_Silent]:
    countries = {each.candidate.country for each in found}
    said = raised_about(work, countries, [each.newest.item_id for each in found])
    repeat = terms.rules.escalation.repeat_after_weeks
    return [
        each
        for each in found
        if still_to_raise(
            [each.candidate],
            [standing(row) for row in said if row.country == each.candidate.country],
            repeat,
        )
    ]


def _signal(found: _Silent, terms: Terms, now: datetime) -> NewSignal:
    newest, candidate = found.newest, found.candidate
    overdue = newest.arrived_at + timedelta(days=found.silence.allowed)
    evidence = Evidence(((newest.version_id, newest.item_id),), overdue, 1, newest.severity)
    said = Said(silence_sentence(candidate.country, found.silence), evidence, newest.org_id)
    return new_signal(candidate, said, terms, now)


def _theme(terms: Terms) -> str:
    name = terms.rules.silence.category
    category = terms.taxonomy.by_code.get(name)
    if category is None:
        raise ConfigError(
            f"config/rules.yaml: silence.category is {name!r}; config/taxonomy.yaml has none such."
        )
    return category.theme


def _dismiss_ended(work: SystemSession) -> None:
    """Dismiss silences whose partner has reported what all may see who see the silence; else they stay."""
    told = {each.signal_id for each in reported_again(work, SILENCE) if each.report.covers(each.silence)}
    after = InboxState.DISMISSED
    signals = lock_in_inbox(work, told) if told else []
    if not signals:
        return
    settle_signals(work, signals, after)
    store_triage(work, *(TriageNote(each.id, after, each.label, reason=_REPORTED_AGAIN) for each in signals))
    changes = (
        Change("signal", each.id, after, each.label, None, each.state, after, _REPORTED_AGAIN)
        for each in signals
    )
    record(work, *changes)
