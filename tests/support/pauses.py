"""Races, played slowly: a step that stops where a test wants it, on a thread of its own."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import text

from tracker.store import Store

LONG_S = 20.0
_SHORT_S = 0.3


class Step:
    """Something done on a thread of its own; `result` waits for it and raises what it raised."""

    def __init__(self, doing: Callable[[], Any]) -> None:
        self._failed: BaseException | None = None
        self._result: Any = None
        self._thread = threading.Thread(target=self._run, args=(doing,), daemon=True)
        self._thread.start()

    def _run(self, doing: Callable[[], Any]) -> None:
        try:
            self._result = doing()
        except BaseException as error:  # noqa: BLE001 - it is raised again where the test asks for the result
            self._failed = error

    @property
    def ended(self) -> bool:
        return not self._thread.is_alive()

    def result(self) -> Any:
        self._thread.join(LONG_S)
        assert self.ended, "it still waits"
        if self._failed is not None:
            raise self._failed
        return self._result


class Pause:
    """Stops whoever comes by, once; `reached` waits for them, `go` lets them on."""

    def __init__(self) -> None:
        self._here, self._on = threading.Event(), threading.Event()

    def stop(self) -> None:
        self._here.set()
        assert self._on.wait(LONG_S), "nobody said go"

    def reached(self) -> None:
        assert self._here.wait(LONG_S), "it never came here"

    def go(self) -> None:
        self._on.set()


@contextmanager
def paused_before(monkeypatch: pytest.MonkeyPatch, name: str) -> Iterator[Pause]:
    """Stop before the function of this dotted name is called."""
    pause = Pause()
    module, _, attribute = name.rpartition(".")
    kept = getattr(__import__(module, fromlist=[attribute]), attribute)

    def stopping(*args: Any, **kwargs: Any) -> Any:
        pause.stop()
        return kept(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(name, stopping)
        try:
            yield pause
        finally:
            pause.go()


def until_stuck_or_done(store: Store, step: Step) -> None:
    """Wait until a step has ended or waits for a lock (on SQLite: has had a while to come to one)."""
    if store.writer.dialect.name == "sqlite":
        time.sleep(_SHORT_S)
        return
    until = time.monotonic() + LONG_S
    while not step.ended and time.monotonic() < until:
        with store.writer.connect() as connection:
            waits = text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND wait_event_type = 'Lock'"
            )
            if connection.scalar(waits):
                return
        time.sleep(0.02)
