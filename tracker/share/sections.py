"""The sections of a digest, in their order. Pure, from what two sessions of one reader saw of a week."""

import re
from collections.abc import Callable, Iterable

from tracker.domain.labels import highest, level_rank
from tracker.domain.vocabulary import NOT_ACTING
from tracker.domain.wording import counted, sentence_case, shortened
from tracker.domain.words import ActionStatus, DecisionKind, Level, MilestoneKind, OutcomeResult
from tracker.share.figures import Waiting, days
from tracker.share.numbers import figures, not_seen
from tracker.share.reading import Entry, Reading, Section, about, day, section, sentence
from tracker.store.reads.digest import Coming, Matter

_LESSON_LENGTH = 200
_RESULTS = {
    OutcomeResult.PREVENTED_CLAIMED: "violence was prevented, so the claim",
    OutcomeResult.EASED: "it eased",
    OutcomeResult.NO_CHANGE: "no change",
    OutcomeResult.WORSE: "it got worse",
    OutcomeResult.NOT_KNOWN: "not known yet",
}
LINES = "New this week"
"""The section of release lines, which is for readers outside."""

_NO_GAP = "No open gap is news: every alert has its decision or is still in time."

Maker = Callable[[Reading], Section | None]


def sections(reading: Reading) -> tuple[Section, ...]:
    """Return the sections of one reader's digest, empty ones left out, but for the gap of who may see alerts."""
    sees_alerts = reading.inside or reading.full.gap.funnel.alerts or reading.full.waiting
    told = _made(reading, (_the_gap, *_WEEK) if sees_alerts else ())
    lines = None if reading.inside else _released(reading, told)
    return tuple(each for each in (*told, lines, not_seen(reading), figures(reading)) if each)


def to_be_placed(reading: Reading) -> tuple[Section, ...]:
    """Return all that an editor can place: what is told inside of each alert, and each further release line."""
    told = _made(reading, (_the_gap, *_WEEK))
    made = (*told, _released(reading, told))
    named = ((each.title, tuple(e for e in each.entries if e.alert_id)) for each in made if each)
    return tuple(Section(title, entries) for title, entries in named if entries)


def _made(reading: Reading, makers: Iterable[Maker]) -> list[Section]:
    return [each for maker in makers if (each := maker(reading))]


def _the_gap(reading: Reading) -> Section | None:
    entries = [_late(reading, late) for late in reading.waiting if reading.may_name(late.alert_id)]
    return section(reading, "The gap", entries, list(_rest_of_gap(reading, entries)))


def _rest_of_gap(reading: Reading, entries: list[Entry]) -> Iterable[Entry]:
    if not reading.full.waiting:
        yield Entry(_NO_GAP)
    if reading.inside:
        return
    told = sum(entry.alert_id not in reading.draft.dropped for entry in entries)
    if untold := len(reading.waiting) - told:
        is_, it = ("is", "it") if untold == 1 else ("are", "them")
        yield Entry(f"{untold} of them {is_} not told of by mail: sign in to read about {it}.")
    if reading.full.unreleased:
        yield Entry(counted(reading.full.unreleased, "alert waits for release.", "alerts wait for release."))


def _late(reading: Reading, late: Waiting) -> Entry:
    owner = "" if late.has_owner else ", no owner"
    said = sentence_case(f"{days(late.days_late)} late{owner}.")
    if not late.has_owner:
        step = "name an owner today"
    else:
        step = "ask again for the answer" if late.is_delivered else "deliver a brief to who can decide"
    return about(reading, late.alert_id, said, f"Next: {step}." if reading.inside else "")


def _new(reading: Reading) -> Section | None:
    fresh = [reading.green.alerts[alert_id] for alert_id in reading.green.opened]
    fresh = [head for head in fresh if head.id not in reading.green.waiting]
    grave = [head for head in fresh if highest(level for level, _ in head.raised) is not Level.MEDIUM]
    grave.sort(key=lambda head: (-level_rank(highest(level for level, _ in head.raised)), head.opened_at))
    entries = []
    for head in grave:
        if not reading.may_name(head.id):
            continue
        sources = counted(head.source_count, "source", "independent sources") if head.source_count else ""
        checked = reading.full.alerts[head.id].chain.at(MilestoneKind.VERIFIED)
        said = [sources, "" if checked else "not verified yet"]
        entries.append(about(reading, head.id, sentence(said)))
    medium = len(fresh) - len(grave) if reading.inside else 0
    said_medium = counted(medium, "new alert", "new alerts") + " at medium level."
    return section(reading, "Grave and new", entries, [Entry(said_medium)] if medium else [])


def _not_acting(reading: Reading) -> Section | None:
    names = reading.policy.vocabulary.reasons[NOT_ACTING]
    entries = []
    for fact in reading.green.decided:
        if fact.kind is DecisionKind.ACT or not _told(reading, fact.alert_id):
            continue
        kind = "Watching" if fact.kind is DecisionKind.WATCH else "Not acting now"
        reason = names.get(fact.reason or "", "")
        again = f"Looked at again on {day(fact.review_on)}." if fact.review_on else ""
        said = f"{kind}: {reason[:1].lower()}{reason[1:]}." if reason else f"{kind}."
        entries.append(about(reading, fact.alert_id, said, again))
    return section(reading, "Not acting now", entries)


def _acted(reading: Reading) -> Section | None:
    kinds, said = reading.policy.vocabulary.action_kinds, dict[str, list[str]]()
    for fact in reading.green.acted:
        if reading.policy.vocabulary.is_response(fact.kind):
            stands = "done" if fact.status is ActionStatus.DONE else "under way"
            said.setdefault(fact.alert_id, []).append(f"{kinds[fact.kind].name}: {stands}.")
    for alert_id, result in reading.green.outcomes:
        said.setdefault(alert_id, []).append(f"What came of it: {_RESULTS[result]}.")
    entries = [
        about(reading, alert_id, " ".join(parts))
        for alert_id, parts in said.items()
        if _told(reading, alert_id)
    ]
    return section(reading, "Acted, and what came of it", entries)


def _told(reading: Reading, alert_id: str) -> bool:
    return alert_id in reading.green.alerts and reading.may_name(alert_id)


def _closed(reading: Reading) -> Section | None:
    """Name the closed ones, with the words of one lesson: the first whose label lets it out."""
    closed = [alert_id for alert_id in reading.green.closed if reading.may_name(alert_id)]
    shown = [alert_id for alert_id in closed if alert_id not in reading.draft.dropped]
    first = next((alert_id for alert_id in _pinned_first(reading, shown) if _lesson(reading, alert_id)), None)
    entries = []
    for alert_id in closed:
        soft = ""
        if alert_id in reading.green.lessons:
            soft = (
                _lesson(reading, alert_id) if alert_id == first else "A lesson was kept: sign in to read it."
            )
        entries.append(about(reading, alert_id, "Closed.", soft))
    return section(reading, "Closed", entries)


def _pinned_first(reading: Reading, alert_ids: list[str]) -> list[str]:
    pinned = [alert_id for alert_id in reading.draft.pinned if alert_id in alert_ids]
    return [*pinned, *(alert_id for alert_id in alert_ids if alert_id not in pinned)]


def _lesson(reading: Reading, alert_id: str) -> str:
    """Return a lesson's first sentence, "" where there is none to tell, or where it is about a rumour."""
    note = " ".join(reading.green.lessons.get(alert_id, "").split())
    if not note or alert_id in reading.on_rumours:
        return ""
    first = re.split(r"(?<=[.!?؟。])\s", note, maxsplit=1)[0]
    return f"Lesson: {shortened(first, _LESSON_LENGTH)}"


def _coming(reading: Reading) -> Section | None:
    entries = [
        about(reading, fact.alert_id, _due(reading, fact))
        for fact in reading.green.coming
        if _told(reading, fact.alert_id)
    ]
    return section(reading, "Coming up", entries)


def _due(reading: Reading, fact: Coming) -> str:
    if fact.matter is Matter.REVIEW:
        return f"To be looked at again on {day(fact.on)}."
    kind = reading.policy.vocabulary.action_kinds.get(fact.action_kind)
    name = kind.name if kind else "An action"
    if fact.matter is Matter.CHECK:
        return f"{name}: ask on {day(fact.on)} what came of it."
    return f"{name}, due on {day(fact.on)}."


def _released(reading: Reading, told: list[Section]) -> Section | None:
    """Tell the release lines of the week about what was not told of above; count those that no mail repeats."""
    above = {entry.alert_id for each in told for entry in each.entries}
    fresh = [new for new in reading.green.new_lines if new.alert_id not in above | reading.draft.dropped]
    kept = [new for new in fresh if new.alert_id not in reading.on_rumours]
    held = len(fresh) - len(kept)
    is_, it = ("is", "it") if held == 1 else ("are", "them")
    said = f"{counted(held, 'line')} {is_} not repeated by mail: sign in to read {it}."
    entries = [Entry(new.line, alert_id=new.alert_id) for new in kept]
    return section(reading, LINES, entries, [Entry(said)] if held else [])


_WEEK: tuple[Maker, ...] = (_new, _not_acting, _acted, _closed, _coming)
