"""Instants as the light pages say them: with the hour, in the reader's own zone. Pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

from tracker.domain.wording import day_words

_NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}


def moment(at: datetime, now: datetime, zone: str) -> str:
    """Say an instant with its hour: "today 18:00", "tomorrow 09:00", "27 Nov 18:00"."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    day = _NEAR.get((local.date() - today).days) or day_words(local.date(), today)
    return f"{day} {local:%H:%M}"


def exact(at: datetime, zone: str) -> str:
    """Return an instant in full, for hovering: "Wednesday 25 November 2026, 09:40 UTC"."""
    return f"{at.astimezone(ZoneInfo(zone)):%A %-d %B %Y, %H:%M %Z}"
