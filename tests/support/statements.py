"""What is said to a database while a test does something."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from tracker.store import Store


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """Give the list that every statement is added to, in order; one of many rows is one."""
    said: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(" ".join(statement.split()))

    engines = {store.writer, store.reader}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", listen)
    try:
        yield said
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", listen)
