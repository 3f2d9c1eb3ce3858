"""The numbers of a digest: what could not be seen, and how fast warnings led to something. Pure."""

from tracker.domain.deadlines import Step
from tracker.domain.wording import counted
from tracker.share.figures import Gap, on_time_words
from tracker.share.reading import Entry, Reading, Section
from tracker.share.week import WeekSeen
from tracker.store.reads.figures import Blindness


def not_seen_words(seen: WeekSeen) -> str:
    """Say in one line what could not be seen; "" where there is nothing to look with."""
    blind = seen.blindness
    parts = [_failing(blind)] if blind.failing else []
    parts += [_silent(blind)] if blind.silent else []
    if parts:
        return f"What we could not see: {'; '.join(parts)}."
    return "All our sources answered." if blind.feeds or blind.partners else ""


def not_seen(reading: Reading) -> Section | None:
    """Tell those inside what each blind spot asks of them; the first screen has said it in one line."""
    if not reading.inside:
        return None
    blind, entries = reading.full.blindness, []
    if blind.failing:
        entries.append(Entry(f"{_failing(blind)}.", soft="Why, and what to do: sign in, Sources."))
    if blind.silent:
        said = f"{_silent(blind)} this week."
        entries.append(Entry(said, soft="Nothing is sent to them unasked: call, where that is safe."))
    if reading.unanswered_reporters:
        one, many = "report waits", "reports wait"
        said = f"{counted(reading.unanswered_reporters, one, many)} for our answer, of the last four weeks."
        entries.append(Entry(said, soft="Their senders read it with their receipt code."))
    return Section("What we could not see, and whom we did not answer", tuple(entries)) if entries else None


def _failing(blind: Blindness) -> str:
    verb = "fails" if blind.failing == 1 else "fail"
    return f"{blind.failing} of {counted(blind.feeds, 'feed')} {verb}"


def _silent(blind: Blindness) -> str:
    return f"{blind.silent} of {counted(blind.partners, 'partner')} said nothing"


def figures(reading: Reading) -> Section | None:
    """Tell how far warnings got, and 1-3-7 over ninety days and over the last four weeks, each with its n."""
    gap = reading.full.gap
    funnel = gap.funnel
    if not funnel.alerts and not funnel.signals:
        return None
    reach = (
        f"{counted(funnel.signals, 'signal', 'signals')}, {funnel.looked_at} looked at. "
        f"{counted(funnel.alerts, 'alert', 'alerts')}: {funnel.delivered} delivered, {funnel.decided} decided, "
        f"{funnel.response_started} with a response, {funnel.outcome_known} with a known outcome."
    )
    soft = "Counted among those whose time has come; what is still open counts as late."
    lately = f"The last four weeks, {counted(reading.full.lately.funnel.alerts, 'alert')}. "
    return Section(
        "Figures, last 90 days",
        (
            Entry(reach),
            Entry(_one_three_seven(gap), soft=soft),
            Entry(lately + _one_three_seven(reading.full.lately)),
        ),
    )


def _one_three_seven(gap: Gap) -> str:
    on_time = gap.on_time
    return (
        f"Verified within 1 day: {on_time_words(on_time[Step.VERIFY])}; "
        f"decided within 3 days: {on_time_words(on_time[Step.DECIDE])}; "
        f"first response within 7 days: {on_time_words(on_time[Step.RESPOND])}."
    )
