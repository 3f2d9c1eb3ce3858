"""A small store to try detection on: a host, a second organisation, sources, and items as ingest leaves them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import insert, select

from tests.support.house import config
from tests.support.villages import village
from tracker.domain.deadlines import DeadlinePolicy
from tracker.domain.rules import Rules, read_deadlines
from tracker.domain.taxonomy import Taxonomy
from tracker.domain.words import ItemKind, Tlp
from tracker.store import Store
from tracker.store.columns import new_id
from tracker.store.tables import (
    DirtyWeek,
    FieldReport,
    Item,
    ItemContent,
    ItemCountry,
    ItemTag,
    ItemVersion,
    Organisation,
    Signal,
    SignalEvidence,
    Source,
    WeekCount,
)
from tracker.understand.stories import StoryRules

NOW = datetime(2026, 11, 25, 9, 40, tzinfo=UTC)
"""A Wednesday of week 2026-W48."""


def read_config(name: str) -> Any:
    """Return the content of one of our own configuration files."""
    return config(name)


def taxonomy() -> Taxonomy:
    return Taxonomy.read(read_config("taxonomy"))


def rules() -> Rules:
    return Rules.read(read_config("rules"))


def stories() -> StoryRules:
    return StoryRules.read(read_config("stories"))


def deadlines() -> DeadlinePolicy:
    return read_deadlines(read_config("deadlines"))


@contextmanager
def open_desk(url: str) -> "Iterator[Desk]":
    """Open a store that holds two organisations and nothing else."""
    store = Store.open(url)
    try:
        yield Desk(store)
    finally:
        store.close()


@dataclass
class Desk:
    """A store and its two organisations; `sources` are made as they are named."""

    store: Store
    host: str = field(default_factory=lambda: new_id(NOW))
    other: str = field(default_factory=lambda: new_id(NOW))
    sources: dict[str, str] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        with self.store.acting("operator", "set up", NOW) as work:
            work.execute(
                insert(Organisation),
                [
                    {"id": self.host, "name": "Host", "is_host": True},
                    {"id": self.other, "name": "Other", "is_host": False},
                ],
            )

    def source(self, name: str, lang: str | None = "en", group: str | None = None) -> str:
        if name not in self.sources:
            self.sources[name] = new_id(NOW)
            with self.store.acting("operator", "add source", NOW) as work:
                work.execute(
                    insert(Source).values(
                        id=self.sources[name],
                        org_id=self.host,
                        tlp=Tlp.CLEAR,
                        name=name,
                        kind="feed",
                        url=f"http://{name}.test/feed",
                        independence_group=group or name,
                        lang=lang,
                        reliability="F",
                        default_tlp=Tlp.CLEAR,
                        state="active",
                        created_at=NOW,
                    )
                )
        return self.sources[name]

    def add(
        self, title: str, text: str = "", *, at: datetime = NOW, source: str = "wire", **given: Any
    ) -> str:
        """Add one pending item; with a theme or a story it was placed already.

        `killed`, `report_kind` and `country` make it a field report.
        """
        killed, kind = given.pop("killed", None), given.pop("report_kind", None)
        is_report = given.get("kind") is ItemKind.REPORT
        item, version, source_id = new_id(at), new_id(at), self.source(source)
        row = {
            "id": item,
            "source_id": source_id,
            "kind": ItemKind.NEWS,
            "story_id": item,
            "wire_id": item if given.keys() & {"story_id", "theme"} else None,
            "published_at": at,
            "date_origin": "claimed",
            "date_precision": "minute",
            "fetched_at": at,
            "version_id": version,
            "org_id": self.host,
            "tlp": Tlp.CLEAR,
            **given,
        }
        with self.store.acting("job:ingest", "add item", at) as work:
            work.execute(insert(Item).values(**row))
            work.execute(
                insert(ItemVersion).values(id=version, item_id=item, number=1, seen_at=at, content_digest="0")
            )
            work.execute(insert(ItemContent).values(version_id=version, title=title, text=text))
            if is_report:
                work.execute(insert(FieldReport).values(item_id=item, kind=kind, killed=killed))
                work.execute(
                    insert(ItemCountry).values(item_id=item, country=row["country"], rank=0, published_at=at)
                )
        return item

    def add_many(self, many: int, title: str, *, at: datetime = NOW, **given: Any) -> list[str]:
        """Add items that tell of as many events: each names another village."""
        return [
            self.add(
                f"{title}, {village(next(self._numbers))}",
                at=at + timedelta(minutes=number),
                source=f"s{number % 4}",
                **given,
            )
            for number in range(many)
        ]

    def all_of(self, table: Any) -> list[dict[str, Any]]:
        """Return every row of a table as plain values, in the order of their keys."""
        with self.store.looking("look", NOW) as work:
            rows = work.scalars(select(table).order_by(*table.__table__.primary_key.columns)).all()
            return [
                {column.key: getattr(row, column.key) for column in table.__mapper__.columns} for row in rows
            ]

    @property
    def signals(self) -> list[dict[str, Any]]:
        return self.all_of(Signal)

    def snapshot(self) -> dict[str, list[dict[str, Any]]]:
        """Return everything that detection writes; ids of counts are left out, since counts are rebuilt."""
        tables = (DirtyWeek, Signal, SignalEvidence, ItemTag, ItemCountry)
        kept = {table.__tablename__: self.all_of(table) for table in tables}
        counts = [{key: value for key, value in row.items() if key != "id"} for row in self.all_of(WeekCount)]
        kept["week_count"] = sorted(counts, key=str)
        return kept
