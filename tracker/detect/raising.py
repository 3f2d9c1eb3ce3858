"""From a candidate to the signal that is stored, and back to what stands already. Pure."""

from dataclasses import dataclass
from datetime import datetime

from tracker.detect.candidates import Raised, SignalCandidate
from tracker.domain.counts import Cut
from tracker.domain.deadlines import DeadlinePolicy, Step
from tracker.domain.keys import SignalSubject, signal_key
from tracker.domain.rules import Rules
from tracker.domain.taxonomy import Taxonomy
from tracker.store.writes.counts import Evidence
from tracker.store.writes.log import Label
from tracker.store.writes.signals import NewSignal, RaisedRow


@dataclass(frozen=True)
class Terms:
    """What is in force while countries are looked at; `host` is the ULID of the host organisation."""

    rules: Rules
    taxonomy: Taxonomy
    deadlines: DeadlinePolicy
    host: str


@dataclass(frozen=True)
class Said:
    """What a signal says and rests on; `org_id` holds it."""

    sentence: str
    evidence: Evidence
    org_id: str


def standing(row: RaisedRow) -> Raised:
    """Return a stored signal as rules compare with it."""
    subject = SignalSubject(row.subject, row.subject_value)
    return Raised(row.rule, row.theme, subject, row.level, Cut.of(row.tlp, row.org_id), row.bound, row.over)


def new_signal(candidate: SignalCandidate, said: Said, terms: Terms, now: datetime) -> NewSignal:
    """Return the signal to raise at `now`, aware UTC, with its key and when it is to be looked at."""
    subject, cut = candidate.subject, candidate.cut
    due = terms.deadlines.due_at(Step.TRIAGE, [(candidate.level, now)])
    return NewSignal(
        key=signal_key(
            candidate.rule,
            candidate.country,
            candidate.theme,
            subject,
            candidate.level,
            (cut.tlp, said.org_id),
        ),
        rule=candidate.rule,
        rule_version=terms.rules.version,
        theme=candidate.theme,
        subject=subject.kind,
        subject_value=subject.value,
        level=candidate.level,
        label=Label(cut.tlp, said.org_id, candidate.country),
        sentence=said.sentence,
        evidence=said.evidence,
        inbox_due_at=due or now,
        observed=candidate.observed,
        expected=candidate.expected,
        bound=candidate.bound,
        unusual=_ratio(candidate),
        series=candidate.series,
    )


def _ratio(candidate: SignalCandidate) -> float | None:
    if candidate.observed is None or candidate.bound is None:
        return None
    return candidate.observed / max(candidate.bound, 1)
