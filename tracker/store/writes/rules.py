"""Vocabularies and rules in force: each load that differs is a new version; the newest of a name counts."""

from typing import Any

from sqlalchemy import func, select

from tracker.store.columns import new_id
from tracker.store.session import SystemSession
from tracker.store.tables import RuleVersion


def load_rules(work: SystemSession, name: str, content: dict[str, Any], digest: str) -> int:
    """Keep a rule file's content as a new version, unless the one in force is the same; return its number."""
    number, in_force = work.execute(
        select(func.max(RuleVersion.number), func.max(RuleVersion.digest)).where(
            RuleVersion.name == name,
            RuleVersion.number
            == select(func.max(RuleVersion.number)).where(RuleVersion.name == name).scalar_subquery(),
        )
    ).one()
    if in_force == digest:
        return int(number)
    row = RuleVersion(
        id=new_id(work.now),
        name=name,
        number=(number or 0) + 1,
        digest=digest,
        content=content,
        loaded_at=work.now,
    )
    work.add(row)
    return row.number


def rules_in_force(work: SystemSession) -> dict[str, tuple[int, dict[str, Any]]]:
    """Return each rule file's newest version: name → (number, content)."""
    newest = select(RuleVersion.name, func.max(RuleVersion.number)).group_by(RuleVersion.name)
    numbers = {name: number for name, number in work.execute(newest)}
    rows = work.scalars(select(RuleVersion).order_by(RuleVersion.number))
    return {row.name: (row.number, row.content) for row in rows if numbers.get(row.name) == row.number}
