"""Tells whether a missing server or browser skips a test or fails it."""

import os
from typing import NoReturn

import pytest


def miss(what: str, reason: str) -> NoReturn:
    """Skip the running test for want of `what`, or fail it where `TRACKER_REQUIRE` names it.

    Args:
        what: `postgres` or `browser`, as written in the comma-separated `TRACKER_REQUIRE`.
        reason: what is missing and how to get it.
    """
    required = {name.strip() for name in os.environ.get("TRACKER_REQUIRE", "").split(",")}
    if what in required:
        pytest.fail(f"{reason} (TRACKER_REQUIRE names {what})", pytrace=False)
    pytest.skip(reason)
