"""The sections of a digest: pure, from what two sessions of one reader saw of a week.

`green` is the week cut at the label that mail may carry: only from it comes what is shown. `full` is the week as
the reader may see it when signed in: from it come counts, and what has meanwhile been decided.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from tracker.domain.countries import country_name
from tracker.domain.deadlines import Step
from tracker.domain.labels import highest, level_rank
from tracker.domain.vocabulary import NOT_ACTING
from tracker.domain.wording import counted
from tracker.domain.words import ActionStatus, DecisionKind, Level, MilestoneKind, OutcomeResult
from tracker.respond.policy import Policy
from tracker.share.figures import Waiting, days, on_time_words
from tracker.share.week import WeekSeen

SHOWN_AT_MOST = 10
"""Entries of one section; the others are counted (domain.md 6.2: one screen before section 2)."""

LEVEL_SHOWN = {
    Level.CRITICAL: ("◆", "Critical"),
    Level.HIGH: ("▲", "High"),
    Level.MEDIUM: ("●", "Medium"),
}

_RESULTS = {
    OutcomeResult.PREVENTED_CLAIMED: "violence was prevented, so the claim",
    OutcomeResult.EASED: "it eased",
    OutcomeResult.NO_CHANGE: "no change",
    OutcomeResult.WORSE: "it got worse",
    OutcomeResult.NOT_KNOWN: "not known yet",
}


@dataclass(frozen=True)
class Entry:
    """One line: level, country and ref where it is a named alert's, what is said, and what is said softly."""

    text: str
    lead: str = ""
    level: Level | None = None
    ref: str = ""
    soft: str = ""

    @property
    def mark(self) -> str:
        """The shape and word of the level: `◆ Critical`."""
        return " ".join(LEVEL_SHOWN[self.level]) if self.level else ""


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Reading:
    """What the sections are made from: the two weeks, the words in force, whether the reader is inside."""

    green: WeekSeen
    full: WeekSeen
    policy: Policy
    inside: bool

    @property
    def waiting(self) -> list[Waiting]:
        """The open gap that may be shown: not decided above the mail's cut; a delivery above it counts."""
        known = {late.alert_id: late for late in self.full.gap.waiting}
        shown = [(late, known.get(late.alert_id)) for late in self.green.gap.waiting]
        return [replace(late, is_delivered=whole.is_delivered) for late, whole in shown if whole]

    @property
    def waiting_above(self) -> int:
        """How many alerts wait that the mail may not show."""
        return len(self.full.waiting) - len(self.waiting)

    @property
    def news_above(self) -> int:
        """How many further alerts have news this week that the mail may not show."""
        return len(self.full.touched - self.green.touched - self.full.waiting)


def sections(reading: Reading) -> tuple[Section, ...]:
    """Return the sections of one reader's digest, those that are empty left out but for the gap."""
    inside, outside = (_new, _not_acting, _acted, _closed), (_released,)
    makers: tuple[Callable[[Reading], Section | None], ...] = inside if reading.inside else outside
    if not reading.inside and not reading.full.gap.funnel.alerts and not reading.full.waiting:
        return tuple(section for maker in makers if (section := maker(reading)))
    made = [_the_gap(reading), *(maker(reading) for maker in makers), _figures(reading)]
    return tuple(section for section in made if section)


def _capped(title: str, entries: list[Entry]) -> Section | None:
    if not entries:
        return None
    more = len(entries) - SHOWN_AT_MOST
    shown = entries[:SHOWN_AT_MOST]
    if more > 0:
        shown.append(Entry(f"And {more} more: sign in to see them."))
    return Section(title, tuple(shown))


def _the_gap(reading: Reading) -> Section:
    shown = reading.waiting
    entries = [_late(reading, late) for late in shown if _may_name(reading, late.alert_id)]
    nameless = len(shown) - len(entries)
    section = _capped("The gap", entries) or Section("The gap", ())
    return Section(section.title, (*section.entries, *_rest_of_gap(reading, nameless)))


def _rest_of_gap(reading: Reading, nameless: int) -> Iterable[Entry]:
    if not reading.full.waiting:
        yield Entry("No open gap is news: every alert has its decision or is still in time.")
    if nameless:
        has, it = ("has", "it") if nameless == 1 else ("have", "them")
        yield Entry(f"{nameless} of them {has} no line that may leave the house: sign in to read about {it}.")
    if not reading.inside and reading.full.unreleased:
        yield Entry(counted(reading.full.unreleased, "alert waits for release.", "alerts wait for release."))


def _may_name(reading: Reading, alert_id: str) -> bool:
    return reading.inside or alert_id in reading.green.lines


def _late(reading: Reading, late: Waiting) -> Entry:
    owner = "" if late.has_owner else ", no owner"
    said = f"{days(late.days_late)} late{owner}."
    if not late.has_owner:
        step = "name an owner today"
    else:
        step = "ask again for the answer" if late.is_delivered else "deliver a brief to who can decide"
    return _about(reading, late.alert_id, said, f"Next: {step}." if reading.inside else "")


def _about(reading: Reading, alert_id: str, said: str, soft: str = "") -> Entry:
    """Say something of an alert: by its release line where there is one, else in codes alone."""
    line = reading.green.lines.get(alert_id)
    if not reading.inside:
        return Entry(f"{line or ''} {said}".strip())
    head = reading.green.alerts[alert_id]
    theme = reading.policy.taxonomy.theme_by_code.get(head.theme)
    what = line or f"{theme.name if theme else head.theme}."
    return Entry(
        f"{what} {said}".strip(),
        lead=country_name(head.country),
        level=highest(level for level, _ in head.raised),
        ref=f"{head.ref}.",
        soft=soft,
    )


def _new(reading: Reading) -> Section | None:
    fresh = [reading.green.alerts[alert_id] for alert_id in reading.green.opened]
    fresh = [head for head in fresh if head.id not in reading.green.waiting]
    grave = [head for head in fresh if highest(level for level, _ in head.raised) is not Level.MEDIUM]
    grave.sort(key=lambda head: (-level_rank(highest(level for level, _ in head.raised)), head.opened_at))
    entries = []
    for head in grave:
        sources = counted(head.source_count, "source", "independent sources") if head.source_count else ""
        checked = reading.full.alerts[head.id].chain.at(MilestoneKind.VERIFIED)
        said = [sources, "" if checked else "not verified yet"]
        entries.append(_about(reading, head.id, _sentence(said)))
    medium = len(fresh) - len(grave)
    if medium:
        entries.append(Entry(counted(medium, "new alert", "new alerts") + " at medium level."))
    return _capped("Grave and new", entries)


def _sentence(parts: Iterable[str]) -> str:
    said = ", ".join(part for part in parts if part)
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def _not_acting(reading: Reading) -> Section | None:
    names = reading.policy.vocabulary.reasons[NOT_ACTING]
    entries = []
    for fact in reading.green.decided:
        if fact.kind is DecisionKind.ACT or fact.alert_id not in reading.green.alerts:
            continue
        kind = "watching" if fact.kind is DecisionKind.WATCH else "not acting now"
        reason = names.get(fact.reason or "", "")
        again = f"Looked at again on {day(fact.review_on)}." if fact.review_on else ""
        said = (
            _sentence([kind])
            if not reason
            else f"{_sentence([kind])[:-1]}: {reason[:1].lower()}{reason[1:]}."
        )
        entries.append(_about(reading, fact.alert_id, said, again))
    return _capped("Not acting now", entries)


def _acted(reading: Reading) -> Section | None:
    kinds, said = reading.policy.vocabulary.action_kinds, dict[str, list[str]]()
    for fact in reading.green.acted:
        if reading.policy.vocabulary.is_response(fact.kind):
            stands = "done" if fact.status is ActionStatus.DONE else "under way"
            said.setdefault(fact.alert_id, []).append(f"{kinds[fact.kind].name}: {stands}.")
    for alert_id, result in reading.green.outcomes:
        said.setdefault(alert_id, []).append(f"What came of it: {_RESULTS[result]}.")
    entries = [
        _about(reading, alert_id, " ".join(parts))
        for alert_id, parts in said.items()
        if alert_id in reading.green.alerts
    ]
    return _capped("Acted, and what came of it", entries)


def _closed(reading: Reading) -> Section | None:
    lesson = "A lesson was kept: sign in to read it."
    entries = [
        _about(reading, alert_id, "Closed.", lesson if alert_id in reading.green.lessons else "")
        for alert_id in reading.green.closed
    ]
    return _capped("Closed", entries)


def _released(reading: Reading) -> Section | None:
    gap_lines = {reading.green.lines.get(late.alert_id) for late in reading.waiting}
    lines = [line for line in reading.green.new_lines if line not in gap_lines]
    return _capped("New this week", [Entry(line) for line in lines])


def _figures(reading: Reading) -> Section | None:
    gap = reading.full.gap
    funnel, on_time = gap.funnel, gap.on_time
    if not funnel.alerts and not funnel.signals:
        return None
    reach = (
        f"{counted(funnel.signals, 'signal', 'signals')}, {funnel.looked_at} looked at. "
        f"{counted(funnel.alerts, 'alert', 'alerts')}: {funnel.delivered} delivered, {funnel.decided} decided, "
        f"{funnel.response_started} with a response, {funnel.outcome_known} with a known outcome."
    )
    said = (
        f"Verified within 1 day: {on_time_words(on_time[Step.VERIFY])}; "
        f"decided within 3 days: {on_time_words(on_time[Step.DECIDE])}; "
        f"first response within 7 days: {on_time_words(on_time[Step.RESPOND])}."
    )
    soft = "Counted among those whose time has come; what is still open counts as late."
    return Section("Figures, last 90 days", (Entry(reach), Entry(said, soft=soft)))


def day(on: date) -> str:
    """Say a day: `6 December`."""
    return f"{on.day} {on:%B}"
