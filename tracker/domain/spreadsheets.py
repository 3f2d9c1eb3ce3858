"""Texts in tables that people open in a spreadsheet: harmless on the way out, read back as they were. Pure."""

import re
from datetime import date, timedelta

_RUN_BY_A_SPREADSHEET = re.compile(r"\s*[=+\-@\t\r\n＝＋－＠]")  # noqa: RUF001 - letters of the language
_DAY_NOUGHT = date(1899, 12, 30)
"""Day 0 of Excel's serial days, so that those since March 1900 come out right (ECMA-376, 18.17.4.1)."""

_SERIALS = range(20_000, 80_000)
"""Whole numbers that are taken for serial days: 1954 to 2119."""

_SERIAL = re.compile(r"([0-9]{5})(?:\.[0-9]*)?")
"""Of as many digits as a serial day has: Python refuses to read a number of thousands of them."""


def neutral(text: str) -> str:
    """Return a text that a spreadsheet shows and never runs."""
    return f"'{text}" if _RUN_BY_A_SPREADSHEET.match(text) else text


def guarded(text: str) -> str:
    """Return a text that is harmless and can be read back by `unguarded`, whatever it begins with."""
    return f"'{text}" if text.startswith("'") else neutral(text)


def unguarded(text: str) -> str:
    """Return what `guarded` was given."""
    return text[1:] if text.startswith("'") else text


def serial_day(said: str) -> date | None:
    """Return the day that a spreadsheet's serial number stands for; None for any other text."""
    found = _SERIAL.fullmatch(said)
    day = int(found[1]) if found else 0
    return _DAY_NOUGHT + timedelta(days=day) if day in _SERIALS else None
