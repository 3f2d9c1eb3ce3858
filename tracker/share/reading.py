"""What a digest is told from, and how a line about one alert is told. Pure.

`green` is the week cut at the label that mail may carry: only from it comes what is shown. `full` is the week as
the reader may see it when signed in: from it come counts, and what has meanwhile been decided.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tracker.domain.countries import country_name
from tracker.domain.labels import highest
from tracker.domain.words import Level
from tracker.respond.policy import Policy
from tracker.share.draft import Draft
from tracker.share.figures import Waiting
from tracker.share.week import WeekSeen

SHOWN_AT_MOST = 10
"""Entries of one section; the others are counted (domain.md 6.2: one screen before section 2)."""

LEVEL_SHOWN = {
    Level.CRITICAL: ("◆", "Critical"),
    Level.HIGH: ("▲", "High"),
    Level.MEDIUM: ("●", "Medium"),
}

_RUMOUR_SAID = "A rumour is going round."


@dataclass(frozen=True)
class Entry:
    """One line: level, country and ref where it is a named alert's, what is said, and what is said softly."""

    text: str
    lead: str = ""
    level: Level | None = None
    ref: str = ""
    soft: str = ""
    alert_id: str | None = None

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
    """What the sections are made from: the two weeks, the words in force, the editors' choices, who reads.

    `on_rumours` holds the alerts that rest on a rumour, whether or not the reader may see that.
    """

    green: WeekSeen
    full: WeekSeen
    policy: Policy
    inside: bool
    draft: Draft = field(default_factory=Draft)
    on_rumours: frozenset[str] = frozenset()
    unanswered_reporters: int = 0

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

    @property
    def left_out(self) -> int:
        """How many alerts the reader would have been shown, had the editor not left them out."""
        return len(self.draft.dropped.intersection(self.green.alerts))

    def line_of(self, alert_id: str) -> str | None:
        """Return the release line that may be repeated in a mail: never one about a rumour."""
        return None if alert_id in self.on_rumours else self.green.lines.get(alert_id)

    def may_name(self, alert_id: str) -> bool:
        """Return whether something can be told of an alert: inside in codes, outside by its release line.

        Outside, a rumour is told of as such where the reader sees that it is one; else nothing is told.
        """
        if self.inside:
            return alert_id in self.green.alerts
        has_line = alert_id in self.green.lines
        return has_line and (alert_id not in self.on_rumours or alert_id in self.green.rumours)


def about(reading: Reading, alert_id: str, said: str, soft: str = "") -> Entry:
    """Say something of an alert: by its release line where there is one, else in codes alone."""
    line = _RUMOUR_SAID if alert_id in reading.green.rumours else reading.line_of(alert_id)
    if not reading.inside:
        return Entry(f"{line or ''} {said}".strip(), soft=soft, alert_id=alert_id)
    head = reading.green.alerts[alert_id]
    theme = reading.policy.taxonomy.theme_by_code.get(head.theme)
    what = line or f"{theme.name if theme else head.theme}."
    return Entry(
        f"{what} {said}".strip(),
        lead=country_name(head.country),
        level=highest(level for level, _ in head.raised),
        ref=f"{head.ref}.",
        soft=soft,
        alert_id=alert_id,
    )


def section(
    reading: Reading, title: str, entries: Iterable[Entry], after: Sequence[Entry] = ()
) -> Section | None:
    """Return a section as the editor placed its alerts: pinned ones first, dropped ones out; None where empty."""
    kept = [entry for entry in entries if entry.alert_id not in reading.draft.dropped]
    pinned = {alert_id: number for number, alert_id in enumerate(reading.draft.pinned)}
    kept.sort(key=lambda entry: pinned.get(entry.alert_id or "", len(pinned)))
    shown, more = kept[:SHOWN_AT_MOST], len(kept) - SHOWN_AT_MOST
    if more > 0:
        shown.append(Entry(f"And {more} more: sign in to see them."))
    shown += after
    return Section(title, tuple(shown)) if shown else None


def sentence(parts: Iterable[str]) -> str:
    """Join what there is into one sentence; "" for nothing."""
    said = ", ".join(part for part in parts if part)
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def day(on: date) -> str:
    """Say a day: `6 December`."""
    return f"{on.day} {on:%B}"
