"""Weekly counts and the mark that says which of them no longer agree with the items."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, or_, select, tuple_

from tracker.domain.counts import CountRow, Cut
from tracker.domain.independence import independent_sources
from tracker.domain.times import week_end, week_start
from tracker.domain.words import ItemKind, Tlp
from tracker.store.columns import new_id
from tracker.store.session import SystemSession
from tracker.store.tables import DirtyWeek, Item, Source, WeekCount
from tracker.store.upsert import insert_ignoring, insert_into

COUNTED = tuple(label for label in Tlp if label is not Tlp.RED)
"""Labels that enter a count, loosest first; RED enters none."""


@dataclass(frozen=True)
class Evidence:
    """What a set of items amounts to: (version, item) pairs, and figures over all of them.

    `source_count` are the independent sources (`domain.independence`).
    """

    versions: tuple[tuple[str, str], ...]
    emerged_at: datetime
    source_count: int
    gravity: int | None


def mark_dirty(work: SystemSession, country_weeks: Iterable[tuple[str, str]]) -> None:
    """Mark (country, ISO week) pairs as no longer agreeing with their items."""
    rows = [
        {"country": country, "week": week, "marked_at": work.now}
        for country, week in sorted(set(country_weeks))
    ]
    if not rows:
        return
    marks = insert_into(work, DirtyWeek)
    work.execute(
        marks.on_conflict_do_update(
            index_elements=["country", "week"], set_={"marked_at": marks.excluded.marked_at}
        ),
        rows,
    )


def dirty_countries(work: SystemSession) -> list[str]:
    """Return the countries with a dirty week."""
    return list(work.scalars(select(DirtyWeek.country).distinct().order_by(DirtyWeek.country)))


def lock_dirty(work: SystemSession, country: str) -> dict[str, datetime]:
    """Return a country's dirty weeks and when each was marked; no one marks them anew until we are done."""
    marks = select(DirtyWeek.week, DirtyWeek.marked_at).where(DirtyWeek.country == country)
    rows = work.execute(marks.order_by(DirtyWeek.week).with_for_update())
    return {row.week: row.marked_at for row in rows}


def clear_dirty(work: SystemSession, country: str, marks: Mapping[str, datetime]) -> None:
    """Take away the marks that were seen; one that was set anew since stays."""
    seen = list(marks.items())
    if seen:
        work.execute(
            delete(DirtyWeek).where(
                DirtyWeek.country == country, tuple_(DirtyWeek.week, DirtyWeek.marked_at).in_(seen)
            )
        )


def rebuild_counts(work: SystemSession, country: str, weeks: Collection[str], host: str) -> None:
    """Count a country's weeks anew from its items; `host` is the ULID of the host organisation.

    An item counts once it was placed into a story, in its main country and the week of its used date. A story counts
    once in a week: in the row of the loosest label among its items, under the theme of the first of those; at
    AMBER+STRICT once for each holder.
    """
    work.execute(delete(WeekCount).where(WeekCount.country == country, WeekCount.week.in_(weeks)))
    rows = [row for week in sorted(weeks) for row in _count_week(work, country, week, host)]
    insert_ignoring(work, WeekCount, rows)


def _count_week(work: SystemSession, country: str, week: str, host: str) -> list[dict[str, Any]]:
    rank = case({label: place for place, label in enumerate(COUNTED)}, value=Item.tlp)
    holder = case((Item.tlp == Tlp.AMBER_STRICT, Item.org_id), else_=host)
    alike = [Item.story_id, rank, holder]
    is_report = case((Item.kind == ItemKind.REPORT, 1), else_=0)
    items = (
        select(
            Item.theme,
            rank.label("rank"),
            holder.label("holder"),
            func.min(rank).over(partition_by=Item.story_id).label("loosest"),
            func.row_number().over(partition_by=alike, order_by=[Item.published_at, Item.id]).label("turn"),
            func.max(is_report).over(partition_by=alike).label("is_report"),
            func.max(func.coalesce(Item.severity, 0)).over(partition_by=alike).label("severity"),
        )
        .where(*_counting(country, week), Item.theme.is_not(None))
        .subquery()
    )
    stories = items.c
    cells = (
        select(
            stories.theme,
            stories.rank,
            stories.holder,
            stories.is_report,
            func.count(),
            func.sum(stories.severity),
        )
        .where(stories.rank == stories.loosest, stories.turn == 1)
        .group_by(stories.theme, stories.rank, stories.holder, stories.is_report)
    )
    return [
        {
            "id": new_id(work.now),
            "country": country,
            "theme": theme,
            "week": week,
            "item_kind": ItemKind.REPORT if is_report else ItemKind.NEWS,
            "tlp": COUNTED[place],
            "org_id": org_id,
            "story_count": count,
            "severity_sum": severity,
        }
        for theme, place, org_id, is_report, count, severity in work.execute(cells)
    ]


def _counting(country: str, week: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Item.country == country,
        Item.published_at >= week_start(week),
        Item.published_at < week_end(week),
        Item.hidden_at.is_(None),
        Item.relevant.is_(True),
        Item.wire_id.is_not(None),
        Item.tlp.in_(COUNTED),
    )


def read_counts(work: SystemSession, country: str, weeks: Collection[str]) -> list[CountRow]:
    """Return the count rows of a country in the given ISO weeks."""
    rows = select(
        WeekCount.theme,
        WeekCount.week,
        WeekCount.tlp,
        WeekCount.org_id,
        func.sum(WeekCount.story_count),
    ).where(WeekCount.country == country, WeekCount.week.in_(weeks), WeekCount.hidden_at.is_(None))
    cells = rows.group_by(WeekCount.theme, WeekCount.week, WeekCount.tlp, WeekCount.org_id)
    return [CountRow(*row) for row in work.execute(cells)]


def first_weeks(work: SystemSession, country: str) -> dict[tuple[Tlp, str], str]:
    """Return the earliest ISO week in which a country was counted, by label and holder."""
    rows = select(WeekCount.tlp, WeekCount.org_id, func.min(WeekCount.week)).where(
        WeekCount.country == country, WeekCount.hidden_at.is_(None)
    )
    return {
        (tlp, org_id): week
        for tlp, org_id, week in work.execute(rows.group_by(WeekCount.tlp, WeekCount.org_id))
    }


def read_evidence(work: SystemSession, cell: tuple[str, str, str], cut: Cut, limit: int) -> Evidence:
    """Return what the items of a (country, theme, ISO week) within a cut amount to.

    Every field report is named, so that withdrawing one finds all that rests on it, then at most `limit` news
    items, each newest first; the figures are over all.
    """
    country, theme, week = cell
    kept = or_(Item.tlp != Tlp.AMBER_STRICT, Item.org_id == cut.holder)
    where = (*_counting(country, week), Item.theme == theme, Item.tlp.in_(cut.labels), kept)
    newest = select(Item.version_id, Item.id).where(*where).order_by(Item.published_at.desc(), Item.id.desc())
    reports = newest.where(Item.kind == ItemKind.REPORT)
    news = newest.where(Item.kind != ItemKind.REPORT).limit(limit)
    figures = select(func.min(Item.published_at), func.max(Item.severity)).where(*where)
    emerged_at, gravity = work.execute(figures).one()
    tellings = (
        select(Source.independence_group, Item.wire_id).join(Source, Source.id == Item.source_id).distinct()
    )
    sources = independent_sources((group, wire or "") for group, wire in work.execute(tellings.where(*where)))
    versions = tuple((version, item) for rows in (reports, news) for version, item in work.execute(rows))
    return Evidence(versions, emerged_at, sources, gravity)
