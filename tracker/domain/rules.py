"""The rules in force, read from config/rules.yaml and config/deadlines.yaml (or the copies the store keeps)."""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.domain.deadlines import DeadlinePolicy, Step
from tracker.domain.labels import level_rank
from tracker.domain.reading import Part
from tracker.domain.words import Level

ESCALATION = "escalation"
GRAVE = "grave"
HAND = "hand"
SILENCE = "silence"


@dataclass(frozen=True)
class Threshold:
    """What a level asks for: a count above this quantile of what is expected (0..1), and of at least so many."""

    quantile: float
    count_at_least: int


@dataclass(frozen=True)
class EscalationRule:
    """More in one week than the country's own past lets one expect."""

    baseline_weeks: int
    min_history_weeks: int
    expected_at_least: float
    series_weeks: int
    repeat_after_weeks: int
    levels: Mapping[Level, Threshold]


@dataclass(frozen=True)
class GraveRule:
    """The level of one item that names something too grave to wait."""

    report_level: Level
    news_level: Level


@dataclass(frozen=True)
class SilenceRule:
    """A partner who reports no more. Days; `category` is of the taxonomy."""

    category: str
    usual_reports: int
    reports_remembered: int
    times_usual: int
    at_least_days: int
    forget_after_days: int
    level: Level
    grave_severity: int
    level_after_grave: Level


@dataclass(frozen=True)
class Rules:
    """Everything that decides when a signal is raised; `version` is the number the store gave it.

    `hand_level` is the level of a signal that carries an item added by hand.
    """

    version: int
    raise_for_weeks: int
    opens_alert_at: Level
    two_source_rule: bool
    news_critical_needs_sources: int
    evidence_at_most: int
    escalation: EscalationRule
    grave: GraveRule
    silence: SilenceRule
    hand_level: Level

    @classmethod
    def read(cls, content: object, version: int = 1, file: str = "config/rules.yaml") -> "Rules":
        """Read the rules from the content of their file.

        Raises:
            ConfigError: a key is missing or wrong; names file, key and what is allowed.
        """
        part = Part.whole(file, content)
        grave = part.part(GRAVE)
        return cls(
            version=version,
            raise_for_weeks=part.whole_number("raise_for_weeks", 1),
            opens_alert_at=part.word("opens_alert_at", _LEVELS),
            two_source_rule=part.yes("two_source_rule"),
            news_critical_needs_sources=part.whole_number("news_critical_needs_sources", 2),
            evidence_at_most=part.whole_number("evidence_at_most", 1),
            escalation=_read_escalation(part.part(ESCALATION)),
            grave=GraveRule(grave.word("report_level", _LEVELS), grave.word("news_level", _LEVELS)),
            silence=_read_silence(part.part(SILENCE)),
            hand_level=part.part(HAND).word("level", _LEVELS),
        )

    def opens_alert(self, level: Level) -> bool:
        """Return whether a signal of this level opens an alert by itself."""
        return level_rank(level) >= level_rank(self.opens_alert_at)


_LEVELS: dict[str, Level] = {str(level): level for level in Level}


def _read_escalation(part: Part) -> EscalationRule:
    levels: dict[Level, Threshold] = {}
    for name in part.table("levels"):
        if name not in _LEVELS:
            part.refuse("levels", f"names {name!r}", _LEVELS)
        level = part.part("levels").part(name)
        levels[_LEVELS[name]] = Threshold(
            level.number("quantile", 0.5, 1.0), level.whole_number("count_at_least", 1)
        )
    if not levels:
        part.refuse("levels", "names no level", _LEVELS)
    return EscalationRule(
        baseline_weeks=part.whole_number("baseline_weeks", 1),
        min_history_weeks=part.whole_number("min_history_weeks", 1),
        expected_at_least=part.number("expected_at_least"),
        series_weeks=part.whole_number("series_weeks", 1),
        repeat_after_weeks=part.whole_number("repeat_after_weeks", 1),
        levels=levels,
    )


def _read_silence(part: Part) -> SilenceRule:
    return SilenceRule(
        category=part.text("category"),
        usual_reports=part.whole_number("usual_reports", 2),
        reports_remembered=part.whole_number("reports_remembered", part.whole_number("usual_reports", 2)),
        times_usual=part.whole_number("times_usual", 1),
        at_least_days=part.whole_number("at_least_days", 1),
        forget_after_days=part.whole_number("forget_after_days", 1),
        level=part.word("level", _LEVELS),
        grave_severity=part.whole_number("grave_severity", 1),
        level_after_grave=part.word("level_after_grave", _LEVELS),
    )


def read_deadlines(content: object, file: str = "config/deadlines.yaml") -> DeadlinePolicy:
    """Read the allowed time of every step at every level, when a review must come, and when outcomes are checked.

    Raises:
        ConfigError: a level or step is missing or no duration; names file and key.
    """
    part = Part.whole(file, content)
    levels, review = part.part("levels"), part.part("review_within")
    checks = Part(file, "outcome_checks", part.table("outcome_checks"))
    return DeadlinePolicy(
        allowed={
            level: {step: levels.part(str(level)).duration(str(step)) for step in Step} for level in Level
        },
        review_within={level: review.duration(str(level)) for level in Level},
        outcome_checks={level: checks.durations(str(level)) for level in Level},
    )
