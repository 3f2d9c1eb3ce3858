"""The rules in force that response needs: deadlines, vocabularies, which level opens an alert by itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from tracker.domain.deadlines import DeadlinePolicy, Step
from tracker.domain.reminders import NoticePolicy
from tracker.domain.rules import Rules, read_deadlines
from tracker.domain.taxonomy import Taxonomy
from tracker.domain.vocabulary import Vocabulary
from tracker.errors import ConfigError
from tracker.settings import RULE_FILES
from tracker.store import Store, SystemSession
from tracker.store.writes.inbox import SignalNow
from tracker.store.writes.rules import rules_in_force
from tracker.understand.stories import StoryRules


@dataclass(frozen=True)
class Policy:
    """What config/ says, as loaded into the database."""

    deadlines: DeadlinePolicy
    notices: NoticePolicy
    vocabulary: Vocabulary
    rules: Rules
    taxonomy: Taxonomy
    stories: StoryRules

    @classmethod
    def read(cls, work: SystemSession) -> Self:
        """Read the versions in force.

        Raises:
            ConfigError: nothing was loaded yet; says to run `tracker init`.
        """
        found = rules_in_force(work)
        missing = [name for name in RULE_FILES if name not in found]
        if missing:
            raise ConfigError(f"No {missing[0]} in the database yet. Run `tracker init`.")
        return cls.of(found)

    @classmethod
    def of(cls, found: Mapping[str, tuple[int, object]]) -> Self:
        """Read the content of every file, by name, each with the number of its version.

        Raises:
            ConfigError: a key is missing or wrong; names file, key and what is allowed.
        """
        return cls(
            deadlines=read_deadlines(found["deadlines"][1]),
            notices=NoticePolicy.read(found["deadlines"][1]),
            vocabulary=Vocabulary.read(found["vocabulary"][1]),
            rules=Rules.read(found["rules"][1], found["rules"][0]),
            taxonomy=Taxonomy.read(found["taxonomy"][1]),
            stories=StoryRules.read(found["stories"][1]),
        )

    def triage_due(self, signal: SignalNow) -> datetime:
        """Return when a signal in the inbox is to be looked at, UTC."""
        due = self.deadlines.due_at(Step.TRIAGE, [(signal.level, signal.flagged_at)])
        return due or signal.flagged_at


def policy_in_force(store: Store, now: datetime) -> Policy:
    """Read the rules in force in a session of its own."""
    with store.looking("read rules", now) as work:
        return Policy.read(work)
