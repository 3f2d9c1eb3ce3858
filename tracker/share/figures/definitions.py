"""What each figure answers, how it is counted, and what it does not show."""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.domain.words import MilestoneKind


@dataclass(frozen=True)
class Definition:
    """A figure's question, how it is counted, and what it does not show."""

    question: str
    counted: str
    hides: str


_WAIT = (
    "From the opening of an alert to the first {}. Alerts that still wait are counted up to now, closed ones up to "
    "their closing (Kaplan–Meier); the band holds 95 %."
)
TIMES: Mapping[MilestoneKind, Definition] = {
    MilestoneKind.VERIFIED: Definition(
        "How long until a warning is verified?",
        _WAIT.format("check with a verdict"),
        "Grave alerts are decided before anyone can verify them, so slow here need not mean slow to act.",
    ),
    MilestoneKind.DECIDED: Definition(
        "How long until somebody decides?",
        _WAIT.format("decision of any kind: act, watch or not acting now"),
        "A decision that nobody told us of counts as none.",
    ),
    MilestoneKind.FIRST_RESPONSE: Definition(
        "How long until somebody acts?",
        "From the opening of an alert to the start of the first action that is more than a step, such as checking. "
        "A decision not to act before that ends the wait, even where somebody acted later (Aalen–Johansen); the band "
        "holds 95 %.",
        "Starting is not succeeding, and what is done without our knowing is not here.",
    ),
    MilestoneKind.OUTCOME: Definition(
        "How long until we know what came of it?",
        _WAIT.format("outcome that somebody claimed"),
        "An outcome is a claim; whose it is stands on the alert.",
    ),
}
FUNNEL = Definition(
    "Where do warnings stop?",
    "Signals flagged in the period, those that somebody or the machine settled, and the alerts opened in it by the "
    "steps they reached. Merged alerts are left out, dismissed and withdrawn ones counted apart.",
    "Young alerts had less time to get far.",
)
ON_TIME = Definition(
    "Are we in time, and getting faster?",
    "Of the alerts whose 1, 3 or 7 days are over, those verified, decided or answered in them. Open and overdue "
    "counts as failure; closed before its day came is left out. By the month of opening; bars hold 95 % (Wilson).",
    "The same days for every level. If a share becomes a target, teams stop opening alerts: look at the number too.",
)
BY_LEVEL = Definition(
    "Are the deadlines of each level kept?",
    "As above, against the deadline of the alert's own level (config/deadlines.yaml), from when its signals were "
    "flagged.",
    "Levels are proposals of the rules; a higher one has less time.",
)
STUCK = Definition(
    "Where do late ones stick?",
    "Alerts without a first response seven days after they were opened, by where they stand now.",
    "The step they stand at, not who is to blame; it may be waiting for the other side.",
)
LOOP = Definition(
    "Is the loop closed?",
    "Of the alerts opened two weeks ago or earlier: those with an outcome, or decided not to act with the day to "
    "look again kept. Nothing recorded is the gap.",
    "Closing the loop is not preventing violence.",
)
KNOWN = Definition(
    "How do we know?",
    "The first of each step by how we learned of it, and how many of those kept to 1-3-7.",
    "What is told or inferred may be later, or other, than what was done.",
)
TRUST: Mapping[str, Definition] = {
    "precision": Definition(
        "Proved true",
        "Verified, of those verified or refuted. The range counts the unverifiable as false, then as true.",
        "Alerts that nobody checked.",
    ),
    "corroborated": Definition(
        "Two or more independent sources",
        "The most independent sources under one of the alert's signals; forty copies of one wire count once.",
        "Whether those sources are right.",
    ),
    "with_options": Definition(
        "Delivered with options",
        "A brief goes out with two options or more, each with its owner.",
        "Whether anybody took one up.",
    ),
    "briefs_answered": Definition(
        "Briefs answered",
        "Any answer counts, “received” too; there is no hidden tracking.",
        "Briefs that were read and not answered.",
    ),
    "reporters_answered": Definition(
        "Reporters answered within 7 days",
        "Reports whose sender may be contacted, and whose seven days are over.",
        "Answers that were never fetched with the receipt code.",
    ),
    "reopened": Definition("Reopened after closing", "Alerts closed at some time.", "Closed too late."),
    "refuted_after_action": Definition(
        "Refuted after a response",
        "Alerts with a first response that a check refuted.",
        "That acting on a wrong warning may still have been right.",
    ),
}
NOT_MEASURED = (
    "Not measurable here: violence that no alert foresaw, how long before it an alert came, and violence after a "
    "decision not to act. Each needs a reference list of violent events, which this Platform does not have."
)
