"""The top of an alert's page: level and title, how grave, how unusual, how sure."""

from dashboards.components import marks
from dashboards.components.markup import html
from dashboards.components.rows import title_of
from dashboards.sections.opened import Opened
from tracker.domain.wording import counted, number, said
from tracker.domain.words import Subject


def draw_head(page: Opened) -> None:
    """Draw label, title and the line that says how grave, how unusual and how sure."""
    alert = page.alert
    right = html(
        "{} · opened {} · {}", alert.ref, marks.instant(alert.opened_at, page.now), said(alert.state)
    )
    title = html("{}&ensp;{}", marks.level(page.level), title_of(page.here, alert))
    under = html(
        "How grave {} · how unusual: {} · how sure: {} · {}",
        _grave(page),
        _unusual(page),
        _sure(page),
        marks.country(alert.country),
    )
    marks.head(marks.strictest_of(page.labels), right, title, under)


def _grave(page: Opened) -> str:
    known = [signal.gravity for signal in page.file.signals if signal.gravity]
    return f"{max(known)} of 5" if known else "not known"


def _unusual(page: Opened) -> str:
    weeks = [signal for signal in page.file.signals if signal.subject is Subject.WEEK]
    if not weeks:
        return "not a matter of counts"
    newest = weeks[0]
    return f"{number(newest.observed)} in the week, {number(newest.expected)} expected"


def _sure(page: Opened) -> str:
    words = counted(page.alert.source_count, "independent source")
    words = words if page.alert.source_count else "raised by hand"
    grade = page.file.checks[0].credibility if page.file.checks else None
    return f"{words}, {said(page.alert.verification)}" + (f" (information {grade})" if grade else "")
