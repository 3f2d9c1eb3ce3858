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
    ("signals", "signals"),
    ("looked_at", "looked at"),
    ("alerts", "alerts"),
    ("delivered", "delivered"),
    ("decided", "decided"),
    ("response_started", "response started"),
    ("outcome_known", "outcome known"),
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


def funnel(of: Funnel) -> Markup:
    """Draw how many warnings came how far."""
    cells = [html("<div><b>{}</b><span>{}</span></div>", getattr(of, name), words) for name, words in _STOPS]
    return html('<div class="fun">{}</div>', joined(cells))
