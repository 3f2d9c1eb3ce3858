"""Many keys asked for at once: one parameter and one compiled statement, however many they are."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, ColumnElement, TableValuedAlias, and_, bindparam, cast, column, func
from sqlalchemy.orm import InstrumentedAttribute

from tracker.store.session import SystemSession


@dataclass(frozen=True)
class Asked:
    """Keys as a table to join, and the condition on which a row bears one of them."""

    table: TableValuedAlias
    borne: ColumnElement[bool]


def asked(
    work: SystemSession, keys: Sequence[Sequence[str]], columns: Sequence[InstrumentedAttribute[Any]]
) -> Asked:
    """Return keys as a table; each has one text for each of the columns, in their order."""
    said: ColumnElement[str] = bindparam(None, json.dumps(keys))
    if work.get_bind().dialect.name == "postgresql":
        rows = func.json_array_elements(cast(said, JSON)).table_valued(column("value", JSON))
    else:
        rows = func.json_each(said).table_valued(column("value", JSON))
    each = rows.c.value
    return Asked(rows, and_(*(one == each[at].as_string() for at, one in enumerate(columns))))
