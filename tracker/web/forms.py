"""Reads what a browser or a program sends, and says how a form is shown again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request

from tracker.errors import SubmissionError

Form = dict[str, str]


@dataclass(frozen=True)
class Shown:
    """How a form is shown: blank, or again with what was typed, the faults by field, and what else to say."""

    said: Form = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    notice: str | None = None
    status: int = 200


BLANK = Shown()


async def read_form(request: Request) -> Form:
    """Return the text fields of a form, url-encoded or multipart; of a field sent twice, the last.

    Raises:
        HTTPException: 413 where it is too large, 400 where it cannot be read or carries files.
    """
    async with request.form(max_files=0, max_fields=100) as fields:
        return {name: value for name, value in fields.items() if isinstance(value, str)}


async def read_json(request: Request) -> dict[str, Any]:
    """Return the JSON object that a program sends.

    Raises:
        SubmissionError: it is not one.
        HTTPException: 413 where it is too large.
    """
    try:
        sent = json.loads(await request.body())
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        raise SubmissionError("body", "Send one JSON object in UTF-8.")
    return sent
