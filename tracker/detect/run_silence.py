"""Looks at partners who report no more, and clears a silence from the inbox once its partner has reported again."""

from datetime import timedelta
from itertools import groupby

from tracker.detect.candidates import still_to_raise
from tracker.detect.raising import Said, Terms, new_signal, standing
from tracker.detect.silence import LastReport, silence_candidate, silence_of, silence_sentence
from tracker.domain.rules import SILENCE
from tracker.domain.words import InboxState
from tracker.errors import ConfigError
from tracker.store import SystemSession
from tracker.store.writes.counts import Evidence
from tracker.store.writes.inbox import TriageNote, settle_signal, store_triage
from tracker.store.writes.log import Change, record
from tracker.store.writes.signals import NewSignal, raise_signals, raised_about
from tracker.store.writes.silence import ReportRow, broken_silences, newest_reports

_REPORTED_AGAIN = "reported_again"
"""A reason of `signal_dismissals` in config/vocabulary.yaml."""


def look_at_silences(work: SystemSession, terms: Terms) -> int:
    """Raise each partner's silence once, dismiss those that ended; return how many are new.

    Raises:
        ConfigError: the rule names a category that the taxonomy lacks.
    """
    _dismiss_broken(work)
    rule = terms.rules.silence
    since, before = (timedelta(days=days) for days in (rule.forget_after_days, rule.at_least_days))
    rows = newest_reports(work, work.now - since, work.now - before)
    by_source = groupby(rows, key=lambda row: row.source_id)
    found = [signal for _, reports in by_source if (signal := _judge(work, list(reports), terms))]
    return raise_signals(work, found) if found else 0


def _judge(work: SystemSession, reports: list[ReportRow], terms: Terms) -> NewSignal | None:
    rule, newest = terms.rules.silence, reports[-1]
    last = LastReport(newest.item_id, newest.country, newest.severity, newest.tlp, newest.org_id)
    silence = silence_of([report.arrived_at for report in reports], work.now, rule)
    if silence is None or last.country is None:
        return None
    candidate = silence_candidate(last, last.country, _theme(terms), rule)
    raised = map(standing, raised_about(work, last.country, [last.item_id]))
    if not still_to_raise([candidate], raised, terms.rules.escalation.repeat_after_weeks):
        return None
    overdue = newest.arrived_at + timedelta(days=silence.allowed)
    evidence = Evidence(((newest.version_id, newest.item_id),), overdue, 1, newest.severity)
    said = Said(silence_sentence(last.country, silence), evidence, last.org_id)
    return new_signal(candidate, said, terms, work.now)


def _theme(terms: Terms) -> str:
    name = terms.rules.silence.category
    category = terms.taxonomy.by_code.get(name)
    if category is None:
        raise ConfigError(
            f"config/rules.yaml: silence.category is {name!r}; config/taxonomy.yaml has none such."
        )
    return category.theme


def _dismiss_broken(work: SystemSession) -> None:
    for signal in broken_silences(work, SILENCE):
        after = InboxState.DISMISSED
        settle_signal(work, signal, after)
        store_triage(work, TriageNote(signal.id, after, signal.label, reason=_REPORTED_AGAIN))
        states = (signal.state, after)
        record(work, Change("signal", signal.id, after, signal.label, None, *states, _REPORTED_AGAIN))
