"""What is too grave to wait: one field report, or a story in the news as far as independent sources tell it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.detect.candidates import SignalCandidate
from tracker.domain.counts import Cut, cuts_of
from tracker.domain.independence import independent_sources
from tracker.domain.keys import SignalSubject
from tracker.domain.labels import highest, level_rank
from tracker.domain.rules import GRAVE, Rules
from tracker.domain.taxonomy import Taxonomy
from tracker.domain.words import ItemKind, Level, Subject, Tlp


@dataclass(frozen=True)
class GraveItem:
    """An item as the rule sees it.

    `trigger` is the code that the tagger found, None for none; `group` who owns or syndicates its source, `wire` the
    text it carries.
    """

    id: str
    country: str
    kind: ItemKind
    theme: str | None
    trigger: str | None
    tlp: Tlp
    org_id: str
    story: str
    group: str
    wire: str


@dataclass(frozen=True)
class GraveVerdict:
    """The signal to raise, or None; `reason` says why either way."""

    candidate: SignalCandidate | None
    reason: str


def why_not(item: GraveItem, taxonomy: Taxonomy) -> str | None:
    """Return why an item raises nothing; None where it does."""
    if item.trigger is None:
        return "no trigger was found in it"
    if item.trigger not in taxonomy.trigger_by_code:
        return f"trigger {item.trigger} is no longer in force"
    theme = taxonomy.theme_by_code.get(item.theme or "")
    if theme is None or not theme.raises:
        return f"the theme {item.theme} raises no signal"
    return None


def alone(item: GraveItem) -> bool:
    """Return whether an item is judged by itself: a field report, and what is RED, which folds with nothing."""
    return item.kind is ItemKind.REPORT or item.tlp is Tlp.RED


def judge_item(item: GraveItem, rules: Rules, taxonomy: Taxonomy) -> GraveVerdict:
    """Decide whether one item alone is a signal. It carries the item's own label, RED included."""
    reason = why_not(item, taxonomy)
    if reason is not None:
        return GraveVerdict(None, reason)
    is_report = item.kind is ItemKind.REPORT
    level = rules.grave.report_level if is_report else rules.grave.news_level
    cut = Cut.of(item.tlp, item.org_id)
    candidate = _candidate(item, SignalSubject(Subject.ITEM, item.id), level, cut)
    return GraveVerdict(candidate, f"trigger {item.trigger} in a {item.kind} item")


def judge_story(told: Sequence[GraveItem], rules: Rules, taxonomy: Taxonomy) -> list[SignalCandidate]:
    """Return the signals of one story in the news: the loosest cut at which each level is reached.

    Args:
        told: the relevant items of the story, oldest first; not each of them need name something grave.
        rules: thresholds in force.
        taxonomy: themes and triggers in force.

    Returns:
        Each cut is judged by what may be seen in it; at a stricter one only what is higher than at every looser cut
        that the same people may see.
    """
    found: list[SignalCandidate] = []
    for cut in cuts_of((item.tlp, item.org_id) for item in told):
        seen = within_cut(told, cut)
        grave = [item for item in seen if not alone(item) and why_not(item, taxonomy) is None]
        if not grave:
            continue
        level = _news_level(seen, rules)
        if not any(each.cut.covers(cut) and level_rank(each.level) >= level_rank(level) for each in found):
            found.append(_candidate(grave[0], SignalSubject(Subject.STORY, grave[0].story), level, cut))
    return found


def within_cut(told: Iterable[GraveItem], cut: Cut) -> list[GraveItem]:
    """Return the items that somebody with this clearance may see."""
    return [item for item in told if cut.holds(item.tlp, item.org_id)]


def sources_of(told: Iterable[GraveItem]) -> int:
    """Count the independent sources that tell of it: of other owners, in words of their own."""
    return independent_sources((item.group, item.wire) for item in told)


def _news_level(seen: Sequence[GraveItem], rules: Rules) -> Level:
    corroborated = rules.two_source_rule and sources_of(seen) >= rules.news_critical_needs_sources
    return highest([rules.grave.news_level, Level.CRITICAL] if corroborated else [rules.grave.news_level])


def _candidate(item: GraveItem, subject: SignalSubject, level: Level, cut: Cut) -> SignalCandidate:
    assert item.theme is not None  # why_not looked
    return SignalCandidate(
        rule=GRAVE, country=item.country, theme=item.theme, subject=subject, level=level, cut=cut
    )
