"""The grave items of a country as rows: what the rules say of them, and what a signal then rests on."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from tracker.detect.candidates import SignalCandidate
from tracker.detect.grave import (
    GraveItem,
    alone,
    judge_item,
    judge_story,
    sources_of,
    why_not,
    within_cut,
)
from tracker.detect.sentence import grave_sentence, grave_story_sentence
from tracker.domain.rules import Rules
from tracker.domain.taxonomy import Taxonomy
from tracker.domain.words import ItemKind, Subject
from tracker.store import SystemSession
from tracker.store.writes.counts import Evidence
from tracker.store.writes.signals import GraveRow, grave_items


@dataclass(frozen=True)
class GraveRows:
    """The grave items of one country, and what else tells their stories, by id, the oldest first."""

    items: dict[str, GraveItem]
    rows: dict[str, GraveRow]

    @classmethod
    def read(cls, work: SystemSession, country: str, weeks: Collection[str]) -> Self:
        """Read the items of these ISO weeks, and what else tells their stories."""
        rows = {row.id: row for row in grave_items(work, country, weeks)}
        return cls({row.id: _item(row, country) for row in rows.values()}, rows)

    def candidates(self, rules: Rules, taxonomy: Taxonomy) -> list[SignalCandidate]:
        """Return what the rules would say: of each item that is judged by itself, and of each story."""
        verdicts = (judge_item(item, rules, taxonomy) for item in self.items.values() if alone(item))
        found = [verdict.candidate for verdict in verdicts if verdict.candidate is not None]
        for story in dict.fromkeys(item.story for item in self.items.values()):
            found += judge_story(self._story(story), rules, taxonomy)
        return found

    def evidence(self, candidate: SignalCandidate, news_at_most: int) -> Evidence:
        """Return what a candidate rests on: all reports, and at most so many news items, the newest first."""
        told = self._told(candidate)
        rows = [self.rows[item.id] for item in reversed(told)]
        reports = [row for row in rows if row.kind is ItemKind.REPORT]
        news = [row for row in rows if row.kind is not ItemKind.REPORT][:news_at_most]
        return Evidence(
            versions=tuple((row.version_id, row.id) for row in (*reports, *news)),
            emerged_at=rows[-1].published_at,
            source_count=sources_of(told),
            gravity=max((row.severity for row in rows if row.severity is not None), default=None),
        )

    def sentence(self, candidate: SignalCandidate, evidence: Evidence, taxonomy: Taxonomy) -> str:
        """Return the sentence of a candidate."""
        told = self._told(candidate)
        first = next(item for item in told if why_not(item, taxonomy) is None)
        trigger = first.trigger or ""
        if candidate.subject.kind is Subject.ITEM or evidence.source_count == 1:
            return grave_sentence(candidate.country, first.kind, trigger, taxonomy)
        return grave_story_sentence(candidate.country, trigger, evidence.source_count, taxonomy)

    def holder(self, candidate: SignalCandidate) -> str | None:
        """Return who holds the item that a candidate speaks of; None where it speaks of more."""
        return self.rows[candidate.subject.value].org_id if candidate.subject.kind is Subject.ITEM else None

    def _told(self, candidate: SignalCandidate) -> list[GraveItem]:
        subject = candidate.subject
        if subject.kind is Subject.ITEM:
            return [self.items[subject.value]]
        return within_cut(self._story(subject.value), candidate.cut)

    def _story(self, story: str) -> list[GraveItem]:
        return [item for item in self.items.values() if item.story == story]


def _item(row: GraveRow, country: str) -> GraveItem:
    return GraveItem(
        id=row.id,
        country=country,
        kind=row.kind,
        theme=row.theme,
        trigger=row.trigger,
        tlp=row.tlp,
        org_id=row.org_id,
        story=row.story_id,
        group=row.independence_group,
        wire=row.wire_id,
    )
