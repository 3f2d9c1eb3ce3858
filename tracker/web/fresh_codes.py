"""Shows a receipt code again to whoever pressed "Send" twice: their browser shows the second answer only.

The store keeps a hash of a code, so without this the code would be lost with the first answer. Kept in memory, for
as long as a phone on a bad line takes to give up and be asked again, under the digest of the source and the form's
own random id.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from weakref import WeakValueDictionary

from tracker.access.secrets import digest
from tracker.ingest.reports import Received

KEPT_FOR = timedelta(minutes=10)
_MOST_KEPT = 1000


@dataclass
class FreshCodes:
    """The codes of the last minutes. Presses of one form are taken in one after the other, other forms meanwhile."""

    _given: OrderedDict[str, tuple[str, datetime]] = field(default_factory=OrderedDict)
    _presses: WeakValueDictionary[str, Lock] = field(default_factory=WeakValueDictionary)
    _lock: Lock = field(default_factory=Lock)

    def code_of(
        self, source_id: str, client_id: str | None, submit: Callable[[], Received], now: datetime
    ) -> str | None:
        """Submit a report and return its code; for one that had arrived, the code that was given just before."""
        if client_id is None:
            return submit().code
        form = digest(f"{source_id} {client_id}")
        with self._press_of(form):
            code = submit().code
            with self._lock:
                self._forget_old(now)
                if code is not None:
                    self._given[form] = (code, now)
                return self._given.get(form, (code, now))[0]

    def _press_of(self, form: str) -> Lock:
        with self._lock:
            return self._presses.setdefault(form, Lock())

    def _forget_old(self, now: datetime) -> None:
        while self._given:
            oldest = next(iter(self._given))
            if len(self._given) <= _MOST_KEPT and self._given[oldest][1] > now - KEPT_FOR:
                return
            del self._given[oldest]
