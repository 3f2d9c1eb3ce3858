"""The one place that reads the clock.

`TRACKER_NOW` (tests and the demo only) holds the RFC 3339 instant at which the program's clock starts,
or `@FILE`, a file that holds one and is read again whenever it changes. From there the clock ticks at
its usual pace. Everything else in the program is given its `now`.
"""

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tracker.errors import ConfigError


@dataclass(frozen=True)
class _Start:
    said: str
    at: datetime
    ticks: float


_start: _Start | None = None


def utc_now() -> datetime:
    """Return the present instant, aware and in UTC; follows `TRACKER_NOW` where that is set.

    Raises:
        ConfigError: `TRACKER_NOW` holds no RFC 3339 instant with a zone.
    """
    said = os.environ.get("TRACKER_NOW", "").strip()
    if not said:
        return real_now()
    return _ticking_from(_read_file(said[1:]) if said.startswith("@") else said)


def real_now() -> datetime:
    """Return the machine's own instant in UTC, whatever `TRACKER_NOW` says: for heartbeats between processes."""
    return datetime.now(UTC)


def _read_file(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ConfigError(f"TRACKER_NOW names the file {path}, which cannot be read: {error}") from error


def _ticking_from(said: str) -> datetime:
    global _start
    if _start is None or _start.said != said:
        _start = _Start(said, parse_instant(said, "TRACKER_NOW"), time.monotonic())
    return _start.at + timedelta(seconds=time.monotonic() - _start.ticks)


def parse_instant(said: str, where: str) -> datetime:
    """Read an RFC 3339 instant; `where` names its origin in the error.

    Raises:
        ConfigError: not an instant, or one without a zone.
    """
    try:
        at = datetime.fromisoformat(said)
    except ValueError as error:
        raise ConfigError(f"{where} is {said!r}; write an instant such as 2026-11-25T09:40:00Z") from error
    if at.tzinfo is None:
        raise ConfigError(f"{where} is {said!r}, without a zone; end it with Z or an offset")
    return at.astimezone(UTC)
