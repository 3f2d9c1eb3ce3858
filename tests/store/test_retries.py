"""Work that met a lock is done again, but nobody waits for it much longer than the database made them wait once."""

from typing import NoReturn

import pytest

from tracker.errors import BusyError
from tracker.store.retries import until_free


class Watch:
    """A clock that goes on only by what is done, and counts the tries."""

    def __init__(self, try_s: float) -> None:
        self.now = 0.0
        self.tries = 0
        self._try_s = try_s

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def refused(self) -> NoReturn:
        self.tries += 1
        self.now += self._try_s
        raise BusyError("The database is locked by other work.")


@pytest.mark.parametrize(("try_s", "tries", "at_most_s"), [(0.01, 5, 2), (1.0, 5, 7), (30.0, 1, 30)])
def test_only_a_refusal_that_came_soon_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, try_s: float, tries: int, at_most_s: float
) -> None:
    watch = Watch(try_s)
    monkeypatch.setattr("tracker.store.retries.sleep", watch.sleep)
    monkeypatch.setattr("tracker.store.retries.monotonic", lambda: watch.now, raising=False)
    with pytest.raises(BusyError):
        until_free(watch.refused)
    assert watch.tries == tries
    assert watch.now <= at_most_s
