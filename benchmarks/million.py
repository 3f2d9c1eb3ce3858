"""Fills a store with a million items, 20,000 alerts with their chains, and 200 users in 20 organisations.

    python benchmarks/million.py URL [--items 1000000] [--alerts 20000]

Made-up rows go straight into the tables (COPY on PostgreSQL): it is the shape and the size that count here.
The same seed gives the same store.
"""

import argparse
import json
import random
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert, text

from tracker.domain.countries import alpha2_by_code
from tracker.domain.times import iso_week
from tracker.domain.words import Level, MilestoneKind, Tlp
from tracker.store import Store
from tracker.store.migrate import upgrade
from tracker.store.tables import Base

NOW = datetime(2026, 11, 25, 9, 40, tzinfo=UTC)
DAYS = 730
THEMES = ["violence", "threats", "displacement", "rights", "politics", "forces", "resources", "peace"]
CATEGORIES = ["CLASH", "SHELL", "CIVKILL", "HATE", "DISPLACE", "CIVSPACE", "ELECT", "LAND", None, None, None]
WORDS = [
    "market",
    "road",
    "village",
    "council",
    "river",
    "patrol",
    "school",
    "leader",
    "border",
    "station",
    "group",
    "radio",
    "elders",
    "march",
]
Row = dict[str, Any]


@dataclass
class World:
    """What the rows refer to, made once from the seed; `newest` may be evidence, `told` are late stories."""

    random: random.Random
    orgs: list[str]
    users: list[str]
    sources: list[str]
    countries: list[str]
    weights: list[float]
    newest: list[tuple[str, str]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    last: int = 0

    def id(self) -> str:
        """Return the next identifier: 26 characters, growing, like a ULID's."""
        self.last += 1
        return f"01BENCH{self.last:019d}"

    def story(self, item_id: str) -> str:
        """Return the story that an item tells: a late one for four of ten, else a new one."""
        if self.told and self.random.random() < 0.4:
            return self.random.choice(self.told)
        self.told = [*self.told[-199:], item_id]
        return item_id

    def country(self) -> str:
        """Return a country, a few of them far more often than the others."""
        return self.random.choices(self.countries, self.weights)[0]

    def past(self, days: int = DAYS) -> datetime:
        """Return an instant of the last so many days."""
        return NOW - timedelta(seconds=self.random.randrange(days * 86_400))

    def label(self, strict: float) -> Tlp:
        """Return a label, stricter ones with the given share."""
        if self.random.random() >= strict:
            return Tlp.CLEAR if self.random.random() < 0.9 else Tlp.GREEN
        return self.random.choices([Tlp.AMBER, Tlp.AMBER_STRICT, Tlp.RED], [4, 5, 1])[0]

    def labelled(self, country: str | None, strict: float = 0.5) -> Row:
        """Return the columns that every labelled row has."""
        hidden = self.random.random() < 0.002
        return {
            "id": self.id(),
            "org_id": self.random.choice(self.orgs),
            "country": country,
            "tlp": self.label(strict),
            "hidden_at": NOW if hidden else None,
            "hidden_because": "withdrawn" if hidden else None,
        }


def main() -> None:
    """Fill the store of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--alerts", type=int, default=20_000)
    wanted = parser.parse_args()
    fill(wanted.url, wanted.items, wanted.alerts)


def fill(url: str, items: int, alerts: int) -> None:
    """Create the database at `url` and fill it."""
    began = time.monotonic()
    upgrade(url)
    store = Store.open(url)
    world = _world()
    with store.writer.begin() as connection:
        writer = _Writer(connection)
        for table, rows in _people(world).items():
            writer.write(table, rows)
        for batch in _batches(_items(world, items), 20_000):
            writer.write_many(batch)
        for batch in _batches(_alerts(world, alerts), 2_000):
            writer.write_many(batch)
        writer.write("week_count", _week_counts(world))
    with store.writer.begin() as connection:
        connection.execute(text("ANALYZE"))
    store.close()
    print(f"{items} items and {alerts} alerts in {time.monotonic() - began:.0f} s")


class _Writer:
    """Writes batches of rows of several tables; by COPY where the database has it."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._copies = connection.dialect.name == "postgresql"

    def write_many(self, batch: Iterable[tuple[str, Row]]) -> None:
        by_table: dict[str, list[Row]] = {}
        for table, row in batch:
            by_table.setdefault(table, []).append(row)
        for table in (name for name in _ORDER if name in by_table):
            self.write(table, by_table[table])

    def write(self, table: str, rows: Iterable[Row]) -> None:
        rows = list(rows)
        if not rows:
            return
        if not self._copies:
            self._connection.execute(insert(Base.metadata.tables[table]), rows)
            return
        names = list(rows[0])
        cursor = self._connection.connection.dbapi_connection.cursor()
        with cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([_plain(row[name]) for name in names])


def _plain(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list | dict) else value


_ORDER = [table.name for table in Base.metadata.sorted_tables]


def _batches(rows: Iterator[list[tuple[str, Row]]], size: int) -> Iterator[list[tuple[str, Row]]]:
    while chunk := list(islice(rows, size)):
        yield [row for rows_of_one in chunk for row in rows_of_one]


def _world() -> World:
    countries = sorted(alpha2_by_code())
    chance = random.Random(20261125)
    chance.shuffle(countries)
    weights = [1 / (place + 2) for place in range(len(countries))]
    world = World(chance, [], [], [], countries, weights)
    world.orgs = [world.id() for _ in range(20)]
    world.users = [world.id() for _ in range(200)]
    world.sources = [world.id() for _ in range(120)]
    return world


def _people(world: World) -> dict[str, list[Row]]:
    roles = ["analyst", "officer", "member_state", "partner"]
    clearances = {
        "analyst": "AMBER+STRICT",
        "officer": "AMBER",
        "member_state": "GREEN",
        "partner": "AMBER+STRICT",
    }
    users, scopes = [], []
    for place, user_id in enumerate(world.users):
        role = roles[place % 4]
        users.append(
            {
                "id": user_id,
                "email": f"u{place}@example.org",
                "name": f"User {place}",
                "role": role,
                "clearance": clearances[role],
                "org_id": world.orgs[place % 20],
                "own_country": world.countries[place % 50] if role == "member_state" else None,
                "time_zone": "UTC",
                "created_at": NOW,
            }
        )
        if role == "officer":
            picked = world.random.sample(world.countries[:60], 5)
            scopes += [{"user_id": user_id, "country": country} for country in picked]
    return {
        "organisation": [
            {"id": org_id, "name": f"Organisation {place}", "is_host": place == 0}
            for place, org_id in enumerate(world.orgs)
        ],
        "app_user": users,
        "user_country": scopes,
        "source": [_source(world, place, source_id) for place, source_id in enumerate(world.sources)],
    }


def _source(world: World, place: int, source_id: str) -> Row:
    feed = place < 100
    return world.labelled(None, 0.0) | {
        "id": source_id,
        "hidden_at": None,
        "hidden_because": None,
        "name": f"Source {place}",
        "kind": "feed" if feed else "partner",
        "url": f"https://feed{place}.example.org/rss" if feed else None,
        "independence_group": f"group {place % 60}",
        "reliability": "F",
        "default_tlp": "CLEAR" if feed else "AMBER+STRICT",
        "no_redistribute": False,
        "state": "failing" if place % 17 == 0 else "active",
        "guid_churns": False,
        "created_at": NOW,
        "failure_count": 0,
        "item_count": 0,
    }


def _items(world: World, count: int) -> Iterator[list[tuple[str, Row]]]:
    for number in range(count):
        yield _item(world, number)


def _item(world: World, number: int) -> list[tuple[str, Row]]:
    report = number % 33 == 0
    country, at = world.country(), world.past()
    item = world.labelled(country, 0.9 if report else 0.01)
    version_id, words = world.id(), " ".join(world.random.choices(WORDS, k=9))
    category = world.random.choice(CATEGORIES)
    item |= {
        "source_id": world.random.choice(world.sources[100:] if report else world.sources[:100]),
        "kind": "report" if report else "news",
        "story_id": (story := world.story(item["id"])),
        "wire_id": story if number % 4 == 0 else item["id"],
        "published_at": at,
        "date_origin": "claimed",
        "date_precision": "second",
        "fetched_at": at + timedelta(minutes=20),
        "version_id": version_id,
        "version_count": 1,
        "tagged_with": 1,
        "lang": "en",
        "category": category,
        "theme": world.random.choice(THEMES) if category else None,
        "severity": world.random.randint(1, 5) if category else None,
        "relevant": category is not None,
        "revision": 1,
    }
    rows: list[tuple[str, Row]] = [
        ("item", item),
        (
            "item_version",
            {"id": version_id, "item_id": item["id"], "number": 1, "seen_at": at, "content_digest": "0" * 32},
        ),
        (
            "item_content",
            {
                "version_id": version_id,
                "title": words,
                "text": f"{words}. " * 4,
                "url": f"https://example.org/{number}",
                "guid": str(number),
            },
        ),
        (
            "item_key",
            {
                "source_id": item["source_id"],
                "kind": "guid",
                "value": f"{number:032d}",
                "item_id": item["id"],
            },
        ),
    ]
    others = {country, world.country()} if number % 5 == 0 else {country}
    rows += [
        (
            "item_country",
            {"item_id": item["id"], "country": code, "rank": int(code != country), "published_at": at},
        )
        for code in sorted(others)
    ]
    if number % 20 == 0:
        world.newest.append((item["id"], version_id))
    if report:
        rows.append(
            (
                "field_report",
                {
                    "item_id": item["id"],
                    "may_contact": False,
                    "may_share_un": True,
                    "may_share_authorities": False,
                    "country_uncertain": number % 3300 == 0,
                },
            )
        )
    return rows


def _alerts(world: World, count: int) -> Iterator[list[tuple[str, Row]]]:
    for number in range(count):
        ago = timedelta(days=DAYS * (1 - number / count))
        yield _alert(world, number, NOW - ago, is_open=number >= count - count // 60)


def _alert(world: World, number: int, opened: datetime, *, is_open: bool) -> list[tuple[str, Row]]:
    country, theme = world.country(), THEMES[number % 8]
    alert_id, level = world.id(), world.random.choice(list(Level))
    alert = {
        "id": alert_id,
        "ref": f"{country}-{number:05d}",
        "country": country,
        "theme": theme,
        "open_key": f"{country}|{theme}|{number}" if is_open else None,
        "state": world.random.choice(["new", "assessing"]) if is_open else "closed",
        "level": level,
        "owner_id": world.random.choice([None, *world.users[:8]]),
        "opened_at": opened,
        "closed_at": None if is_open else min(NOW, opened + timedelta(days=20)),
        "verification": "unverified",
        "decide_due_at": opened + timedelta(days=3),
        "revision": 1,
    }
    rows: list[tuple[str, Row]] = [("alert", alert)]
    for place in range(world.random.randint(1, 4)):
        rows += _signal(world, alert, level, opened + timedelta(hours=place))
    rows += _chain(world, alert, opened)
    rows += _response(world, alert, opened)
    if number % 40 == 0:
        rows += _signal(world, alert | {"id": None}, level, world.past(7))
    return rows


def _signal(world: World, alert: Row, level: Level, at: datetime) -> list[tuple[str, Row]]:
    row = world.labelled(alert["country"], 0.4)
    attached = alert["id"] is not None
    row |= {
        "key": row["id"],
        "rule": "escalation",
        "rule_version": 1,
        "theme": alert["theme"],
        "subject": "week",
        "subject_value": iso_week(at),
        "level": level,
        "observed": 31.0,
        "expected": 9.0,
        "bound": 17.0,
        "gravity": 3,
        "unusual": 1.8,
        "source_count": 3,
        "sentence": "Reports: 31 this week, 9 expected, at most 17 in 19 weeks of 20; 3 sources.",
        "emerged_at": at,
        "flagged_at": at,
        "inbox_state": "promoted" if attached else "waiting",
        "inbox_due_at": at + timedelta(days=1),
        "revision": 1,
    }
    link = {"signal_id": row["id"], "alert_id": alert["id"], "attached_at": at}
    evidence = [
        ("signal_evidence", {"signal_id": row["id"], "version_id": version_id, "item_id": item_id})
        for item_id, version_id in world.random.sample(world.newest, 6)
    ]
    weeks = [{"week": f"2026-W{week:02d}", "count": week % 9} for week in range(20, 46)]
    joined = [("alert_signal", link), ("milestone", _fact(row, alert, MilestoneKind.ALERTED, row["id"], at))]
    return [
        ("signal", row),
        ("signal_series", {"signal_id": row["id"], "weeks": weeks}),
        *evidence,
        *(joined if attached else []),
    ]


def _fact(label: Row, alert: Row, kind: MilestoneKind, fact_id: str, at: datetime) -> Row:
    return {name: label[name] for name in ("org_id", "country", "tlp", "hidden_at", "hidden_because")} | {
        "id": fact_id,
        "alert_id": alert["id"],
        "kind": kind,
        "fact_id": fact_id,
        "told_by": "the rules",
        "how_known": "in_the_tool",
        "happened_at": at,
        "learned_at": at,
    }


def _chain(world: World, alert: Row, opened: datetime) -> list[tuple[str, Row]]:
    rows: list[tuple[str, Row]] = []
    kinds = [kind for kind in MilestoneKind if kind is not MilestoneKind.ALERTED]
    for place, kind in enumerate(kinds[: world.random.randint(3, len(kinds))]):
        at = opened + timedelta(hours=place * 7)
        label = world.labelled(alert["country"], 0.4)
        rows.append(("milestone", _fact(label, alert, kind, label["id"], at)))
        change = {
            "subject": "alert",
            "subject_id": alert["id"],
            "alert_id": alert["id"],
            "deed": str(kind),
            "actor": f"user:{world.users[0]}",
            "happened_at": at,
            "learned_at": at,
        }
        rows.append(("history", world.labelled(alert["country"], 0.4) | change))
    return rows


def _response(world: World, alert: Row, opened: datetime) -> list[tuple[str, Row]]:
    brief = world.labelled(alert["country"], 0.6) | {
        "alert_id": alert["id"],
        "number": 1,
        "state": "frozen",
        "headline": "Leaflets tell people to leave",
        "bottom_line": "Organised threats carry a date. " * 3,
        "why_now": "Three villages since Monday.",
        "outlook": "likely",
        "confidence": "medium",
        "would_change_our_mind": "A normal market day.",
        "options": [{"what": "Call", "owner": "adviser", "by": "today"}] * 2,
        "decision_needed_by": opened + timedelta(days=3),
        "author_id": world.users[0],
        "written_at": opened,
        "revision": 1,
    }
    officer = world.random.choice(world.users[1::4])
    same = {name: brief[name] for name in ("tlp", "org_id", "country", "hidden_at", "hidden_because")}
    delivery = {
        "id": world.id(),
        "alert_id": alert["id"],
        "brief_id": brief["id"],
        "recipient_id": officer,
        "delivered_by": "user:a",
        "delivered_at": opened + timedelta(days=1),
        "revision": 1,
    }
    decision = world.labelled(alert["country"]) | {
        "alert_id": alert["id"],
        "kind": "watch" if alert["closed_at"] is None else "act",
        "review_on": date(2026, 11, 20) if alert["closed_at"] is None else None,
        "decided_by": "desk officer",
        "recorded_by": "user:a",
        "how_known": "in_the_tool",
        "decided_at": opened + timedelta(days=2),
        "recorded_at": opened + timedelta(days=2),
    }
    mail_reply = world.labelled(alert["country"], 0.9) | {
        "delivery_id": delivery["id"],
        "fingerprint": delivery["id"],
        "text": "WATCH until 20 November because talks go on.",
        "from_recipient": True,
        "sent_at": opened + timedelta(days=2),
        "received_at": opened + timedelta(days=2),
        "proposed": "watch",
        "state": "waiting" if alert["closed_at"] is None else "confirmed",
    }
    action = world.labelled(alert["country"]) | {
        "alert_id": alert["id"],
        "kind": "DIALOGUE",
        "title": "Bring both groups together",
        "owner": "local peace committee",
        "due_on": (opened + timedelta(days=9)).date(),
        "status": "done" if alert["closed_at"] else "under_way",
        "created_at": opened,
        "revision": 1,
    }
    outcome = world.labelled(alert["country"]) | {
        "alert_id": alert["id"],
        "action_id": action["id"],
        "result": "eased",
        "note": "The market is open.",
        "claimed_by": "partner",
        "how_known": "told_in_a_call",
        "happened_at": opened + timedelta(days=12),
        "recorded_at": opened + timedelta(days=12),
        "recorded_by": "user:a",
    }
    line = world.labelled(alert["country"], 0.0) | {
        "alert_id": alert["id"],
        "line": "Threats with a date were reported; mediators are at work.",
        "consent": "partner",
        "approved_by_id": world.users[0],
        "approved_at": opened + timedelta(days=2),
    }
    grants = [
        {"user_id": officer, "row_id": row_id, "granted_at": opened}
        for row_id in (brief["id"], delivery["id"])
    ]
    return [
        ("brief", brief),
        ("delivery", delivery | same),
        ("decision", decision),
        ("mail_reply", mail_reply),
        ("action", action),
        ("outcome", outcome),
        *([("release_line", line)] if world.last % 2 else []),
        *(("access_grant", grant) for grant in grants),
    ]


def _week_counts(world: World) -> Iterator[Row]:
    weeks = [iso_week(NOW - timedelta(weeks=back)) for back in range(104)]
    for country in world.countries[:150]:
        for theme in THEMES:
            for week in weeks:
                for kind, tlp in (("news", Tlp.CLEAR), ("report", Tlp.AMBER_STRICT)):
                    yield world.labelled(country, 0.0) | {
                        "org_id": world.orgs[0],
                        "tlp": tlp,
                        "hidden_at": None,
                        "hidden_because": None,
                        "theme": theme,
                        "week": week,
                        "item_kind": kind,
                        "story_count": world.random.randint(1, 20),
                        "severity_sum": 30,
                    }


if __name__ == "__main__":
    main()
