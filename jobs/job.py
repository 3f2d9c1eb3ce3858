"""What a job is: a name, and one function of the library that says in a line what it did."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tracker.settings import Settings
from tracker.store import Store


@dataclass(frozen=True)
class Job:
    """A job of the house. `run` gets the store, the settings and the present instant (UTC)."""

    name: str
    run: Callable[[Store, Settings, datetime], str]
