"""A house that is set up: a store with rules and a host organisation, and people of every role."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import yaml

from tests.support.cli import REPOSITORY
from tracker.access.people import NewPerson, create_user, viewer_of_email
from tracker.domain.viewer import Viewer
from tracker.domain.words import InboxState, Level, Role, Tlp
from tracker.respond.inbox import AlertRef, ByHand, raise_by_hand
from tracker.settings import RULE_FILES
from tracker.store import Store
from tracker.store.columns import new_id
from tracker.store.writes import inbox as write_inbox
from tracker.store.writes.inbox import SignalNow
from tracker.store.writes.log import Label
from tracker.store.writes.people import ensure_host
from tracker.store.writes.rules import load_rules

NOW = datetime(2026, 11, 25, 9, 40, tzinfo=UTC)
"""A Wednesday of week 2026-W48."""


@dataclass
class House:
    """A store and the people in it; `later` moves its clock on."""

    store: Store
    now: datetime = NOW

    def viewer(self, role: Role, org: str = "Platform", *, name: str = "", **limits: object) -> Viewer:
        """Add a person and return them as a viewer."""
        email = f"{name or role}.{org}@example.org".replace(" ", "-").lower()
        person = NewPerson(email, role, org, name or str(role), **limits)  # type: ignore[arg-type]
        create_user(self.store, person, self.now)
        return viewer_of_email(self.store, email, self.now)

    def later(self, **time: float) -> datetime:
        """Move on and return the new instant."""
        self.now += timedelta(**time)
        return self.now

    def alert(
        self, by: Viewer, country: str = "MLI", level: Level = Level.HIGH, tlp: Tlp = Tlp.AMBER
    ) -> AlertRef:
        """Raise an alert by hand."""
        said = ByHand(
            country, self.theme, level, "A call from the field.", tlp, self.now - timedelta(hours=5)
        )
        return raise_by_hand(self.store, by, said, self.now)

    def signal(self, by: Viewer, country: str = "MLI", level: Level = Level.HIGH) -> str:
        """Leave a signal of a rule in the inbox, held by somebody's organisation; return its ULID."""
        with self.store.acting("job:detect", "test", self.now) as work:
            signal = SignalNow(
                id=new_id(self.now),
                country=country,
                theme=self.theme,
                rule="escalation",
                level=level,
                label=Label(Tlp.AMBER, by.org_id, country),
                state=InboxState.WAITING,
                emerged_at=self.now,
                flagged_at=self.now,
                revision=1,
            )
            sentence = "Reports: 31 this week, 9 expected."
            write_inbox.raise_by_hand(work, signal.id, sentence, signal, self.now)
        return signal.id

    @property
    def theme(self) -> str:
        """The code of some theme of the taxonomy."""
        return str(config("taxonomy")["themes"][0]["code"])


@cache
def config(name: str) -> dict[str, Any]:
    """Return the content of a file of config/, read once a run: parsing it takes longer than most tests."""
    content = yaml.safe_load((REPOSITORY / "config" / f"{name}.yaml").read_text(encoding="utf-8"))
    return dict(content)


@contextmanager
def house_at(url: str) -> Iterator[House]:
    """Open a migrated database and set the house up in it."""
    store = Store.open(url)
    try:
        with store.acting("operator", "init", NOW) as work:
            ensure_host(work, "Platform")
            for name in RULE_FILES:
                load_rules(work, name, config(name), name)
        yield House(store)
    finally:
        store.close()
