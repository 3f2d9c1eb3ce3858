"""From warning to outcome: the dated milestones of an alert, and where its signals stop on the way."""

from collections.abc import Mapping
from datetime import datetime

from markupsafe import Markup

from dashboards.components.marks import instant
from dashboards.components.markup import html, joined
from tracker.domain.chain import Chain, Milestone
from tracker.domain.wording import counted, due_words, exact, said, span
from tracker.domain.words import MilestoneKind
from tracker.share.figures import Funnel

_STOPS = (
    ("signals", "signals", "/inbox"),
    ("looked_at", "looked at", "/inbox"),
    ("alerts", "alerts", "/alerts?show=all"),
    ("delivered", "delivered", "/alerts?show=all&reached=delivered"),
    ("decided", "decided", "/alerts?show=all&reached=decided"),
    ("response_started", "response started", "/alerts?show=all&reached=first_response"),
    ("outcome_known", "outcome known", "/alerts?show=all&reached=outcome"),
)


def chain(of: Chain, due: Mapping[MilestoneKind, datetime | None], now: datetime, tries: int = 0) -> Markup:
    """Draw the nine milestones: reached, late or still to come.

    `due` holds the deadlines of those that are still asked for, `tries` how often somebody tried to verify.
    """
    cells = []
    for kind in MilestoneKind:
        milestone = of.reached.get(kind)
        note = counted(tries, "try", "tries") if kind is MilestoneKind.VERIFIED and tries else ""
        cells.append(_reached(milestone, now) if milestone else _waiting(kind, due.get(kind), now, note))
    return html('<div class="rail num">{}</div>', joined(cells))


def _reached(milestone: Milestone, now: datetime) -> Markup:
    behind = milestone.learned_at - milestone.happened_at
    learned = f"learned {span(behind)} later" if behind.total_seconds() > 3600 else f"by {milestone.told_by}"
    return html(
        '<div class="ms"><span>{}</span><br><b>{}</b><br><span class="soft">{}</span></div>',
        said(milestone.kind),
        instant(milestone.happened_at, now),
        learned,
    )


def _waiting(kind: MilestoneKind, due_at: datetime | None, now: datetime, note: str) -> Markup:
    if due_at is None:
        return html('<div class="ms waits"><span class="soft">{}<br>{}</span></div>', said(kind), note)
    late = due_at <= now
    words = '<div class="ms {}" title="{}"><span>{}</span><br><span class="{}">{}</span><br>{}</div>'
    return html(
        words,
        "overdue" if late else "waits",
        exact(due_at),
        said(kind),
        "late" if late else "soft",
        due_words(due_at, now),
        note,
    )


def funnel(of: Funnel, days: int) -> Markup:
    """Draw how many warnings of the last so many days came how far; each count leads to what it counts."""
    cell = '<a href="{}" target="_self"><b>{}</b><span>{}</span></a>'
    cells = [
        html(cell, f"{address}&days={days}" if "?" in address else address, getattr(of, name), words)
        for name, words, address in _STOPS
    ]
    return html('<div class="fun">{}</div>', joined(cells))
