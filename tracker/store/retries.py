"""Work that other work stood in the way of is done again, from its beginning."""

from collections.abc import Callable
from time import monotonic, sleep
from typing import TypeVar

from tracker.errors import BusyError

_T = TypeVar("_T")
_PAUSES_S = (0.1, 0.2, 0.4, 0.8)
_SOON_S = 10.0
"""A deadlock is refused within a second or two; SQLite has waited before it refuses (`busy_timeout`)."""


def until_free(transaction: Callable[[], _T]) -> _T:
    """Return what a whole transaction returns, which is begun anew a few times where it was soon refused.

    Raises:
        BusyError: other work stood in the way every time, or for long.
    """
    began = monotonic()
    for pause in _PAUSES_S:
        try:
            return transaction()
        except BusyError:
            if monotonic() - began > _SOON_S:
                raise
            sleep(pause)
    return transaction()
