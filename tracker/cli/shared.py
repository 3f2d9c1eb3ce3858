"""What every command needs: the store behind the settings, plain words on stderr, rejected input as exit 3."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import typer

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


def reading(path: str, encoding: str = "utf-8") -> TextIO:
    """Open a file to read, or stdin for `-`; bad usage where it cannot be."""
    try:
        return sys.stdin if path == "-" else Path(path).open(encoding=encoding, errors="replace", newline="")
    except OSError as error:
        raise typer.BadParameter(f"{path} cannot be read: {error.strerror}") from error


def writing(path: str) -> TextIO:
    """Open a file to write, or stdout for `-`; bad usage where it cannot be."""
    try:
        return sys.stdout if path == "-" else Path(path).open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise typer.BadParameter(f"{path} cannot be written: {error.strerror}") from error


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
