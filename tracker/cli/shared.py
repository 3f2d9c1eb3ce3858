"""What every command needs: the store behind the settings, plain words on stderr, rejected input as exit 3."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tracker.settings import Settings
from tracker.store import Store
from tracker.store.migrate import check_schema

REJECTED = 3
"""Exit code: done, but some input was rejected, and the words say where it went."""


@contextmanager
def opened_store() -> Iterator[tuple[Store, Settings]]:
    """Open the store of the environment; it must have been set up.

    Raises:
        ConfigError: an environment that cannot be used.
        StoreError: not set up yet, of an earlier or a later program.
    """
    settings = Settings.read()
    store = Store.open(settings.database_url)
    try:
        check_schema(store)
        yield store, settings
    finally:
        store.close()


def say(words: str) -> None:
    """Write a line for a person to stderr."""
    sys.stderr.write(f"{words}\n")


def give(data: str) -> None:
    """Write a line of data to stdout."""
    sys.stdout.write(f"{data}\n")


def show_progress(done: int, of: int) -> None:
    """Show how far a run is, where stderr is a terminal."""
    if sys.stderr.isatty():
        end = "\n" if done == of else ""
        sys.stderr.write(f"\r{done} of {of} sources{end}")
        sys.stderr.flush()
