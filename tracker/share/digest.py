"""The digest of one ISO week for one subscriber: what it says, before it takes the form of a mail.

It is composed in the recipient's own sessions, one of them cut at the label that mail may carry. Inside the
Platform an alert is named in codes (level, country, theme), outside by its release line or not at all. No word of
an item, a brief or a decision can enter: nothing here reads one.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tracker.domain.labels import tlp_rank
from tracker.domain.viewer import Viewer
from tracker.domain.wording import counted, sentence_case
from tracker.domain.words import Role, Tlp
from tracker.respond.policy import policy_in_force
from tracker.share.draft import Draft
from tracker.share.figures import days, headline
from tracker.share.lead import countries_in, may_read_lead
from tracker.share.numbers import not_seen_words
from tracker.share.reading import Entry, Reading, Section, day
from tracker.share.sections import sections
from tracker.share.week import LATELY, RUMOUR, Period, read_week
from tracker.store import Store
from tracker.store.reads.digest import reports_between
from tracker.store.writes import digest as write
from tracker.store.writes import people
from tracker.store.writes.digest import ITEM, LINE, SIGNAL, TakenBack

MAIL_TLP = Tlp.GREEN
"""What mail carries at most (design.md, rule 4)."""

AUDIENCE = "Platform members and listed UN focal points"
"""Who the GREEN community is (domain.md 4.2)."""

_SIGN_IN = "sign in to see"


@dataclass(frozen=True)
class Digest:
    """One subscriber's digest. `subject` is fit for a mail header; all texts are single lines.

    `lead` is the editor's, `editor` says by role whose; both are empty where there is none for this reader.
    """

    subject: str
    label: str
    audience: str
    period: str
    data_cut: str
    headline: str
    not_seen: str
    lead: str
    editor: str
    above: tuple[str, ...]
    sections: tuple[Section, ...]


def compose(store: Store, viewer: Viewer, week: str, now: datetime, zone: str = "UTC") -> Digest:
    """Compose the digest of an ISO week for one subscriber, with data up to its Sunday 23:59 UTC.

    `zone` is the IANA zone in which the reader is told how far the data go.

    Raises:
        SubmissionError: not an ISO week, or one that has not begun.
        ConfigError: no rules were loaded yet.
    """
    period = Period.of(week, now)
    with store.looking("read draft", now) as work:
        draft = Draft.of(write.week_now(work, week).edits)
        withdrawn = write.taken_back(work, period.since, period.cut)
        editors = people.people(work, [draft.editor_id]) if draft.editor_id else []
    reading = read_for(store, viewer, period, now, draft)
    said = _headline(viewer, reading)
    has_lead = draft.lead and may_read_lead(viewer, countries_in(draft.lead, reading.policy))
    return Digest(
        subject=single_line(f"[TLP:{MAIL_TLP}] Early warning {period.name} – {_short(said)}"),
        label=f"TLP:{MAIL_TLP}",
        audience=AUDIENCE,
        period=f"{sentence_case(period.name)}, {_span(period)}",
        data_cut=_data_cut(period, zone),
        headline=said,
        not_seen=not_seen_words(reading.full),
        lead=single_line(draft.lead) if has_lead else "",
        editor=f"Editor: the {editors[0].role.replace('_', ' ')}" if has_lead and editors else "",
        above=tuple(_above(reading)),
        sections=tuple(map(_tidy, sections(reading) + _corrections(viewer, withdrawn))),
    )


def read_for(store: Store, viewer: Viewer, period: Period, now: datetime, draft: Draft) -> Reading:
    """Read a week for one subscriber, as far as mail may carry it and as they may see it when signed in."""
    policy = policy_in_force(store, now)
    with store.viewing(viewer) as view:
        full = read_week(view, period, policy)
        reports = reports_between(view, period.cut - LATELY, period.cut) if viewer.inside else []
    with store.viewing(cut_for_mail(viewer)) as view:
        green = read_week(view, period, policy)
    told = {*green.alerts, *green.lines, *(new.alert_id for new in green.new_lines)}
    with store.looking("read rumours", now) as work:
        on_rumours = frozenset(write.resting_on(work, told, RUMOUR))
        unanswered = write.unanswered(work, reports)
    return Reading(green, full, policy, viewer.inside, draft, on_rumours, unanswered)


def cut_for_mail(viewer: Viewer) -> Viewer:
    """Return the same person with no more clearance than mail may carry."""
    return replace(viewer, clearance=min(viewer.clearance, MAIL_TLP, key=tlp_rank))


def sees_all_of_it(viewer: Viewer) -> bool:
    """Return whether a person sees every country up to the label that mail may carry."""
    return viewer.scope is None and tlp_rank(viewer.clearance) >= tlp_rank(MAIL_TLP)


def single_line(text: str) -> str:
    """Return a text without line breaks and control characters: fit for a header and a line of plain text."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _tidy(section: Section) -> Section:
    entries = (replace(e, text=single_line(e.text), soft=single_line(e.soft)) for e in section.entries)
    return Section(section.title, tuple(entries))


def _headline(viewer: Viewer, reading: Reading) -> str:
    if viewer.role in (Role.PARTNER, Role.MEMBER_STATE):
        count = sum(new.alert_id not in reading.draft.dropped for new in reading.green.new_lines)
        return (
            f"{counted(count, 'new release line', 'new release lines')} this week"
            if count
            else "Nothing new to pass on"
        )
    shown, above = reading.waiting, reading.waiting_above
    if not above:
        return headline(shown)
    total = counted(len(shown) + above, "alert waits", "alerts wait")
    if not shown:
        return f"{total} for a decision, above TLP:{MAIL_TLP}"
    return f"{total} for a decision, the oldest shown {days(shown[0].days_late)}"


def _short(said: str) -> str:
    return said.replace("the oldest", "oldest")


def _above(reading: Reading) -> list[str]:
    lines = []
    if reading.waiting_above:
        said = counted(reading.waiting_above, "alert", "alerts")
        verb = "waits" if reading.waiting_above == 1 else "wait"
        lines.append(f"{said} above TLP:{MAIL_TLP} {verb} for a decision: {_SIGN_IN}.")
    if reading.news_above:
        said = counted(reading.news_above, "more alert has", "more alerts have")
        lines.append(f"{said} news above TLP:{MAIL_TLP}: {_SIGN_IN}.")
    if left_out := reading.left_out if reading.inside else 0:
        lines.append(f"The editor left out {counted(left_out, 'alert')}: {_SIGN_IN}.")
    if reading.full.unanswered:
        said = counted(reading.full.unanswered, "brief waits", "briefs wait")
        lines.append(f"{said} for your answer: {_SIGN_IN}.")
    return lines


def _corrections(viewer: Viewer, rows: list[TakenBack]) -> tuple[Section, ...]:
    """Say what to delete. Hidden rows pass no predicate, so the reader's countries cut them here."""
    mine = [row for row in rows if _was_theirs(viewer, row)]
    if not mine:
        return ()
    named = (
        (sum(row.what == ITEM for row in mine), "item", "items"),
        (sum(row.what == SIGNAL for row in mine), "signal", "signals"),
        (sum(row.what == LINE for row in mine), "line we passed on", "lines we passed on"),
    )
    said = ", ".join(counted(*each) for each in named if each[0])
    refs = sorted({row.alert_ref for row in mine if row.alert_ref}) if viewer.inside else []
    about = f" about {', '.join(refs)}" if refs else ""
    text = f"Withdrawn this week: {said}{about}. Please delete your copy of what rested on it."
    return (Section("Corrections", (Entry(text),)),)


def _was_theirs(viewer: Viewer, row: TakenBack) -> bool:
    if viewer.scope is not None and row.country not in viewer.scope:
        return False
    if viewer.role is Role.MEMBER_STATE:
        return row.what == LINE and row.country not in (None, viewer.own_country)
    return viewer.inside or row.what == LINE


def _span(period: Period) -> str:
    first, last = period.since.date(), (period.until - timedelta(days=1)).date()
    if first.year != last.year:
        return f"{day(first)} {first.year}–{day(last)} {last.year}"
    start = f"{first.day}" if first.month == last.month else day(first)
    return f"{start}–{day(last)} {last.year}"


def _data_cut(period: Period, zone: str) -> str:
    last = period.cut - timedelta(minutes=1) if period.cut == period.until else period.cut
    return f"data to {last.astimezone(ZoneInfo(zone)):%A %H:%M %Z}"
