"""A small house full of rows for the tests of what leaves it: every word that must stay inside is a canary."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import JSON, Enum, LargeBinary

from tracker.clock import parse_instant
from tracker.domain.viewer import DEFAULT_CLEARANCE, Viewer
from tracker.domain.words import AlertState, InboxState, Level, MilestoneKind, Role, SourceState, Tlp
from tracker.settings import RULE_FILES, Settings
from tracker.store import Store
from tracker.store.columns import UtcDateTime, new_id
from tracker.store.tables import (
    Alert,
    AlertSignal,
    Base,
    Grant,
    Item,
    ItemContent,
    ItemCountry,
    ItemVersion,
    MilestoneFact,
    Organisation,
    ReleaseLine,
    Signal,
    SignalEvidence,
    Source,
    User,
    UserCountry,
)
from tracker.store.writes.people import viewer
from tracker.store.writes.rules import load_rules

WEEK = "2026-W47"
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
CANARY = "canarybird"
_R = TypeVar("_R", bound=Base)


def at(said: str) -> datetime:
    """Return an instant of November 2026, UTC: `16 08:30`."""
    return parse_instant(f"2026-11-{said.replace(' ', 'T')}:00Z", "the test")


@dataclass
class House:
    """A store with its host organisation and rules; adds rows, filling what is not given with canaries."""

    store: Store
    org: str = ""
    people: dict[str, str] = field(default_factory=dict)
    count: int = 0

    @classmethod
    def build(cls, store: Store, settings: Settings) -> "House":
        house = cls(store)
        with store.acting("operator", "init", NOW) as work:
            for name in RULE_FILES:
                load_rules(work, name, settings.read_config(name), name)
        house.org = house.add(Organisation, name="Platform", is_host=True).id
        return house

    def add(self, cls: type[_R], **given: Any) -> _R:
        """Add one row and return it; a labelled one is GREEN and held by the host unless told."""
        self.count += 1
        values = {column.name: self._value(cls, column, given) for column in cls.__table__.columns}
        row = cls(**values)
        with self.store.acting("test", "build", NOW) as work:
            work.add(row)
        return row

    def _value(self, cls: type[Base], column: Any, given: dict[str, Any]) -> Any:
        if column.name in given:
            return given[column.name]
        known = {"id": new_id(NOW), "org_id": self.org, "tlp": Tlp.GREEN}
        if column.name in known:
            return known[column.name]
        if column.foreign_keys and column.nullable:
            return None
        return self._filled(column)

    def _filled(self, column: Any) -> Any:
        kind = column.type
        if isinstance(kind, JSON):
            return [{"what": f"{CANARY}json{self.count}"}]
        if isinstance(kind, Enum):
            return None if column.nullable else next(iter(kind.enum_class or []))
        if isinstance(kind, LargeBinary):
            return CANARY.encode()
        if isinstance(kind, UtcDateTime):
            return None if column.nullable else NOW
        if kind.python_type is str:
            short = kind.length is not None and kind.length < 20
            return None if short and column.nullable else f"{CANARY}{self.count}"[-(kind.length or 99) :]
        return (
            None if column.nullable else {int: 0, bool: False, float: 1.0, date: NOW.date()}[kind.python_type]
        )

    def user(self, name: str, role: Role, **given: Any) -> Viewer:
        """Add a person; `scope` holds their countries, `tlp` their clearance."""
        scope, clearance = given.pop("scope", ()), given.pop("tlp", DEFAULT_CLEARANCE[role])
        row = self.add(
            User,
            email=f"{name}@example.org",
            name=f"{CANARY}-{name}",
            role=role,
            clearance=clearance,
            time_zone="UTC",
            **{"digest_stopped_at": None, "own_country": None, **given},
        )
        for country in scope:
            self.add(UserCountry, user_id=row.id, country=country)
        self.people[name] = row.id
        return self.viewer(name)

    def viewer(self, name: str) -> Viewer:
        with self.store.looking("test", NOW) as work:
            found = viewer(work, self.people[name])
        assert found is not None
        return found

    def grant(self, name: str, *row_ids: str) -> None:
        for row_id in row_ids:
            self.add(Grant, user_id=self.people[name], row_id=row_id)

    def alert(self, country: str, theme: str, level: Level, opened: datetime, **given: Any) -> str:
        """Add an open alert that rests on one signal, itself resting on one item; `tlp` labels both."""
        label = {
            "tlp": given.pop("tlp", Tlp.GREEN),
            "org_id": given.pop("org_id", self.org),
            "country": country,
        }
        signal_id, alert_id = self.signal(level, opened, theme=theme, **label), new_id(NOW)
        row = {"state": AlertState.NEW, "level": level, "owner_id": None, "open_key": None, **given}
        self.add(
            Alert,
            id=alert_id,
            ref=f"{country}-{self.count:04}",
            country=country,
            theme=theme,
            opened_at=opened,
            **row,
        )
        self.add(AlertSignal, signal_id=signal_id, alert_id=alert_id, attached_at=opened)
        self.milestone(alert_id, MilestoneKind.ALERTED, opened, fact_id=signal_id, **label)
        return alert_id

    def signal(self, level: Level, flagged: datetime, **given: Any) -> str:
        """Add a signal that was looked at, resting on one item of the same label."""
        label = {name: given[name] for name in ("tlp", "org_id", "country")}
        row = {
            "level": level,
            "flagged_at": flagged,
            "emerged_at": flagged,
            "inbox_state": InboxState.PROMOTED,
        }
        signal = self.add(Signal, source_count=2, hidden_because=None, **row, **given)
        item_id, version_id = self.item(published_at=flagged, **label)
        self.add(SignalEvidence, signal_id=signal.id, version_id=version_id, item_id=item_id)
        return signal.id

    def item(self, source_id: str | None = None, **given: Any) -> tuple[str, str]:
        """Add an item with its words; return its id and its version's."""
        words = {name: given.pop(name) for name in ("title", "text", "url") if name in given}
        version_id = new_id(NOW)
        source_id = source_id or self.source().id
        item = self.add(Item, version_id=version_id, source_id=source_id, story_id=version_id, **given)
        self.add(ItemVersion, id=version_id, item_id=item.id, number=1)
        self.add(ItemContent, version_id=version_id, **words)
        if item.country:
            self.add(ItemCountry, item_id=item.id, country=item.country, rank=0)
        return item.id, version_id

    def source(self, **given: Any) -> Source:
        """Add a feed that is well."""
        row = {"state": SourceState.ACTIVE, "no_redistribute": False, "guid_churns": False, **given}
        return self.add(Source, name=f"{CANARY} source", **row)

    def milestone(self, alert_id: str, kind: MilestoneKind, when: datetime, **given: Any) -> None:
        """Note a fact of a chain, learned when it happened unless told."""
        row = {"learned_at": when, "fact_id": new_id(NOW), **given}
        self.add(MilestoneFact, alert_id=alert_id, kind=kind, happened_at=when, **row)

    def line(self, alert_id: str, country: str, line: str, approved: datetime, **given: Any) -> str:
        """Release a line about an alert."""
        row = {"alert_id": alert_id, "country": country, "line": line, "approved_at": approved, **given}
        approver = next(iter(self.people.values()))
        return self.add(ReleaseLine, approved_by_id=approver, **row).id


def days(count: float) -> timedelta:
    return timedelta(days=count)
