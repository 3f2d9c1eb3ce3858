"""Small worlds for the proof of the predicate: at least one row of every mapped class, as plain dicts.

A labelled row is described by one number (`LABELS` of them): label, holder, countries, hidden or not, and
which of the earlier rows it hangs on. So Hypothesis draws little and shrinks well, and a fixed world is a list
of numbers. Whatever a row needs besides is filled in by the type of its column.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import product
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import JSON, Engine, Enum, LargeBinary, insert

from tracker.domain.viewer import Viewer
from tracker.domain.words import Hidden, Role, Tlp
from tracker.store.columns import UtcDateTime
from tracker.store.tables import Base

NOW = datetime(2026, 11, 25, 9, 40, tzinfo=UTC)
COUNTRIES = ("AAA", "BBB", "CCC")
ORGS = ("ORG0", "ORG1")
LABELLED = {
    "source", "item", "signal", "triage", "week_count", "alert_check", "history", "milestone", "brief",
    "delivery", "decision", "action", "outcome", "lesson", "release_line", "mail_reply",
}  # fmt: skip
_PLACES = [frozenset(c for i, c in enumerate(COUNTRIES) if bits >> i & 1) for bits in range(8)]
_HIDDEN = [None, None, None, None, None, *Hidden]
_LINKS = 64
LABELS = len(Tlp) * len(ORGS) * len(_PLACES) * len(_HIDDEN) * _LINKS

Row = dict[str, Any]


@dataclass
class World:
    """Rows by table name, and who looks at them."""

    viewers: list[Viewer]
    rows: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, table: str, **given: Any) -> Row:
        """Add a row of a table, filling in what is not given."""
        rows = self.rows.setdefault(table, [])
        rows.append(_filled(table, len(rows), given))
        return rows[-1]

    def pick(self, table: str, number: int) -> Any:
        """Return the id of one of the table's rows."""
        rows = self.rows[table]
        return rows[number % len(rows)]["id"]

    def write(self, engine: Engine) -> None:
        """Make the database hold this world and nothing else."""
        with engine.begin() as connection:
            for table in reversed(Base.metadata.sorted_tables):
                connection.execute(table.delete())
            for table in Base.metadata.sorted_tables:
                connection.execute(insert(table), self.rows[table.name])


def code(tlp: Tlp, org: int = 0, places: str = "", hidden: Hidden | None = None, link: int = 0) -> int:
    """Return the number of a labelled row; `places` as `AB` for AAA and BBB."""
    bits = sum(1 << "ABC".index(letter) for letter in places)
    number = link * len(_HIDDEN) + _HIDDEN.index(hidden)
    return ((number * len(_PLACES) + bits) * len(ORGS) + org) * len(Tlp) + list(Tlp).index(tlp)


@dataclass(frozen=True)
class _Label:
    columns: Row
    places: frozenset[str]
    link: int


def _label(number: int) -> _Label:
    number, tlp = divmod(number, len(Tlp))
    number, org = divmod(number, len(ORGS))
    number, place = divmod(number, len(_PLACES))
    link, hidden = divmod(number, len(_HIDDEN))
    because = _HIDDEN[hidden]
    columns = {
        "tlp": list(Tlp)[tlp],
        "org_id": ORGS[org],
        "country": min(_PLACES[place], default=None),
        "hidden_at": NOW if because else None,
        "hidden_because": because,
    }
    return _Label(columns, _PLACES[place], link)


def _filled(table: str, number: int, given: Row) -> Row:
    columns = Base.metadata.tables[table].columns
    row: Row = {}
    for column in columns:
        if column.name in given:
            row[column.name] = given[column.name]
        elif column.name == "id":
            row["id"] = f"{table}-{number}"
        elif column.nullable:
            row[column.name] = None
        else:
            row[column.name] = _value(column.type, f"{column.name[:3]}-{number}", number)
    return row


def _value(kind: Any, name: str, number: int) -> Any:
    if isinstance(kind, Enum):
        return next(iter(kind.enum_class or []))
    if isinstance(kind, JSON):
        return []
    if isinstance(kind, LargeBinary):
        return name.encode()
    if isinstance(kind, UtcDateTime):
        return NOW
    text = name[: getattr(kind, "length", None) or 99]
    return {str: text, int: number, bool: False, float: 1.0, date: NOW.date()}[kind.python_type]


def build(viewers: Sequence[Viewer], labels: dict[str, list[int]], grants: list[tuple[int, int]]) -> World:
    """Make a world of these viewers, labelled rows (numbers by table) and grants (viewer, row)."""
    world = World(list(viewers))
    _add_people(world)
    for table in ("source", "item", "signal"):
        for number in labels[table]:
            _ADD[table](world, _label(number))
    for _ in range(max(1, len(labels["signal"]) // 2)):
        world.add("alert", ref=f"REF-{len(world.rows.get('alert', []))}", country="AAA")
    for number, (signal, label) in enumerate(zip(world.rows["signal"], labels["signal"], strict=True)):
        if number == 0 or label % 5:
            world.add(
                "alert_signal", signal_id=signal["id"], alert_id=world.pick("alert", _label(label).link)
            )
    for table in sorted(LABELLED - {"source", "item", "signal"}, key=_ORDER.index):
        for number in labels[table]:
            _add_under(world, table, _label(number))
    _add_grants(world, grants)
    _add_closed(world)
    return world


def _add_people(world: World) -> None:
    for org in ORGS:
        world.add("organisation", id=org, name=org)
    for viewer in world.viewers:
        told = {"role": viewer.role, "clearance": viewer.clearance, "own_country": viewer.own_country}
        world.add("app_user", id=viewer.user_id, email=viewer.user_id, org_id=viewer.org_id, **told)
        for country in viewer.scope or COUNTRIES[:1]:
            world.add("user_country", user_id=viewer.user_id, country=country)


def _add_source(world: World, label: _Label) -> None:
    world.add("source", **label.columns)


def _add_item(world: World, label: _Label) -> None:
    item = world.add("item", **label.columns, source_id=world.pick("source", label.link))
    about = {"item_id": item["id"]}
    for rank, country in enumerate(sorted(label.places) or ["---"]):
        if country != "---" or not world.rows.get("item_country"):
            world.add("item_country", **about, country=country, rank=rank)
    world.add("field_report", **about)
    world.add("story_move", **about)
    world.add("receipt", **about, source_id=item["source_id"])
    for number in range(1 + label.link % 2):
        version = world.add("item_version", **about, number=number)
        world.add("item_content", version_id=version["id"])
        world.add("item_tag", version_id=version["id"])


def _add_signal(world: World, label: _Label) -> None:
    signal = world.add("signal", **label.columns)
    for bit, version in enumerate(world.rows["item_version"][:6]):
        if label.link >> bit & 1 or not world.rows.get("signal_evidence"):
            ids = {"version_id": version["id"], "item_id": version["item_id"]}
            world.add("signal_evidence", signal_id=signal["id"], **ids)
    world.add("signal_series", signal_id=signal["id"])


_ADD = {"source": _add_source, "item": _add_item, "signal": _add_signal}
_ORDER = [
    "triage", "week_count", "alert_check", "history", "milestone", "brief", "delivery", "decision", "action",
    "outcome", "lesson", "release_line", "mail_reply",
]  # fmt: skip


def _add_under(world: World, table: str, label: _Label) -> None:
    number, given = len(world.rows.get(table, [])), dict(label.columns)
    for column in Base.metadata.tables[table].columns:
        for key in column.foreign_keys:
            parent = key.column.table.name
            if column.name not in given:
                given[column.name] = world.pick(parent, label.link)
    if table == "week_count":
        given["country"] = given["country"] or "---"
    if "recipient_id" in Base.metadata.tables[table].columns:
        world.add("app_user", id=f"reader-{number}", email=f"reader-{number}", org_id=ORGS[0])
        given["recipient_id"] = f"reader-{number}"
    world.add(table, **given)


def _add_grants(world: World, grants: list[tuple[int, int]]) -> None:
    ids = [row["id"] for name in sorted(LABELLED | {"alert", "item_version"}) for row in world.rows[name]]
    given = {(world.viewers[who % len(world.viewers)].user_id, ids[row % len(ids)]) for who, row in grants}
    for user, row in sorted(given) or [("nobody", "nothing")]:
        if user == "nobody":
            world.add("app_user", id="nobody", email="nobody", org_id=ORGS[0])
        world.add("access_grant", user_id=user, row_id=row)


def _add_closed(world: World) -> None:
    world.add("rule_version")
    world.add("public_key")
    for table in Base.metadata.sorted_tables:
        if table.name in world.rows:
            continue
        keys = {
            column.name: world.rows[key.column.table.name][0][key.column.name]
            for column in table.columns
            for key in column.foreign_keys
        }
        world.add(table.name, **keys)


def _subsets() -> st.SearchStrategy[frozenset[str]]:
    return st.sampled_from(_PLACES)


@st.composite
def viewers(draw: st.DrawFn, number: int) -> Viewer:
    """Anyone: each role with each clearance, in either organisation, scoped or not."""
    return Viewer(
        user_id=f"user-{number}",
        name=f"user-{number}",
        role=draw(st.sampled_from(Role)),
        clearance=draw(st.sampled_from(list(reversed(Tlp)))),
        org_id=draw(st.sampled_from(ORGS)),
        scope=draw(st.none() | _subsets()),
        own_country=draw(st.sampled_from([*COUNTRIES, None])),
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Two viewers, up to five items and signals, one or two rows of every other labelled class, grants."""
    labels = st.integers(0, LABELS - 1)
    sizes = dict.fromkeys(LABELLED, 2) | {"item": 5, "signal": 4, "release_line": 3}
    numbers = {
        table: draw(st.lists(labels, min_size=1, max_size=size)) for table, size in sorted(sizes.items())
    }
    grants = draw(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 60)), max_size=8))
    return build([draw(viewers(0)), draw(viewers(1))], numbers, grants)


def fixed_world() -> World:
    """Every label with every holder and several countries, hidden rows, and one viewer for every clause."""
    everyone = [
        _viewer(0, Role.ANALYST, Tlp.AMBER_STRICT),
        _viewer(1, Role.ANALYST, Tlp.CLEAR, 1),
        _viewer(2, Role.COORDINATOR, Tlp.RED),
        _viewer(3, Role.ADMIN, Tlp.AMBER, 0, "C"),
        _viewer(4, Role.OFFICER, Tlp.RED, 1, "A"),
        _viewer(5, Role.OFFICER, Tlp.AMBER, 0, ""),
        _viewer(6, Role.PARTNER, Tlp.AMBER_STRICT),
        _viewer(7, Role.PARTNER, Tlp.RED, 1, "BC"),
        _viewer(8, Role.MEMBER_STATE, Tlp.GREEN, own="A"),
        _viewer(9, Role.MEMBER_STATE, Tlp.RED, 1, "AB", "B"),
    ]
    every = [
        code(tlp, org, places, link=link * 7 % _LINKS)
        for link, (tlp, org, places) in enumerate(product(Tlp, range(2), ("", "A", "CB")))
    ]
    every += [code(Tlp.CLEAR, 0, "A", hidden, 3) for hidden in Hidden]
    labels = {table: every[(number % 3) :: 3] for number, table in enumerate(sorted(LABELLED))}
    labels |= {"item": every, "signal": every, "release_line": every}
    grants = [(number, number * 3) for number in range(150)]
    return build(everyone, labels, grants)


def _viewer(
    number: int, role: Role, clearance: Tlp, org: int = 0, scope: str | None = None, own: str | None = None
) -> Viewer:
    limited = None if scope is None else frozenset(letter * 3 for letter in scope)
    return Viewer(
        f"user-{number}", f"user-{number}", role, clearance, ORGS[org], limited, own * 3 if own else None
    )


__all__ = ["NOW", "Row", "World", "build", "code", "fixed_world", "viewers", "worlds"]
