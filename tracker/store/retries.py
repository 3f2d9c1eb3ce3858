"""Work that other work stood in the way of is done again, from its beginning."""

from collections.abc import Callable
from time import sleep
from typing import TypeVar

from tracker.errors import BusyError

_T = TypeVar("_T")
_PAUSES_S = (0.1, 0.2, 0.4, 0.8)


def until_free(transaction: Callable[[], _T]) -> _T:
    """Return what a whole transaction returns, which is begun anew where it met a lock, a few times.

    Raises:
        BusyError: other work stood in the way every time.
    """
    for pause in _PAUSES_S:
        try:
            return transaction()
        except BusyError:
            sleep(pause)
    return transaction()
