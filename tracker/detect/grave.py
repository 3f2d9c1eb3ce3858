"""One item that names something too grave to wait. Pure."""

from dataclasses import dataclass

from tracker.detect.candidates import SignalCandidate
from tracker.domain.counts import Cut
from tracker.domain.keys import SignalSubject
from tracker.domain.rules import GRAVE, GraveRule
from tracker.domain.taxonomy import Taxonomy
from tracker.domain.words import ItemKind, Subject, Tlp


@dataclass(frozen=True)
class GraveItem:
    """An item as the rule sees it; `trigger` is the code that the tagger found, None for none."""

    id: str
    country: str
    kind: ItemKind
    theme: str | None
    trigger: str | None
    tlp: Tlp
    org_id: str


@dataclass(frozen=True)
class GraveVerdict:
    """The signal to raise, or None; `reason` says why either way."""

    candidate: SignalCandidate | None
    reason: str


def judge_item(item: GraveItem, rule: GraveRule, taxonomy: Taxonomy) -> GraveVerdict:
    """Decide whether one item alone is a signal. It carries the item's own label, RED included."""
    if item.trigger is None:
        return GraveVerdict(None, "no trigger was found in it")
    if item.trigger not in taxonomy.trigger_by_code:
        return GraveVerdict(None, f"trigger {item.trigger} is no longer in force")
    theme = taxonomy.theme_by_code.get(item.theme or "")
    if theme is None or not theme.raises:
        return GraveVerdict(None, f"the theme {item.theme} raises no signal")
    level = rule.report_level if item.kind is ItemKind.REPORT else rule.news_level
    holder = item.org_id if item.tlp in (Tlp.AMBER_STRICT, Tlp.RED) else None
    candidate = SignalCandidate(
        rule=GRAVE,
        country=item.country,
        theme=theme.code,
        subject=SignalSubject(Subject.ITEM, item.id),
        level=level,
        cut=Cut(item.tlp, holder),
    )
    return GraveVerdict(candidate, f"trigger {item.trigger} in a {item.kind} item")
