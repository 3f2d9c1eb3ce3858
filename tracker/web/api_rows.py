"""The rows that the API hands out, as JSON objects. What is not known is null. Pure."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from tracker.domain.chain import Milestone
from tracker.domain.countries import country_name
from tracker.domain.country_names import read_country
from tracker.domain.labels import highest, strictest
from tracker.domain.words import MilestoneKind
from tracker.ingest.reports import Received
from tracker.ingest.submission import Submission
from tracker.store.reads.actions import ActionRow
from tracker.store.reads.alerts import AlertRow
from tracker.store.reads.inbox import SignalRow
from tracker.store.reads.items import ItemRow

Row = Mapping[str, Any]


def taken_in(received: Received, submission: Submission) -> Row:
    """Return the receipt, and where the country is not certain, those that are nearest to what was written."""
    if submission.country is not None:
        return {"receipt": received.code}
    near = read_country(submission.country_said or "").near
    nearest = [{"code": code, "name": country_name(code)} for code in near]
    return {"receipt": received.code, "country_uncertain": True, "nearest": nearest}


def conflict(received: Received) -> Row:
    """Return what is wrong with a client id that was used; the receipt is of what was sent now, once."""
    problem = "It was used for another report. What you sent is kept beside it until an analyst has looked."
    return {"field": "client_id", "problem": problem, "receipt": received.code}


def alert(row: AlertRow, owner: str | None) -> Row:
    """Return an alert; `owner` is how its owner is shown to whoever asks."""
    reached = row.chain.reached
    return {
        "id": row.id,
        "ref": row.ref,
        "country": row.country,
        "theme": row.theme,
        "level": highest(level for level, _ in row.raised),
        "tlp": strictest(row.tlp),
        "state": row.state,
        "stage": row.chain.stage,
        "verification": row.verification,
        "owner": owner,
        "opened_at": row.opened_at,
        "closed_at": row.closed_at,
        "merged_into": row.merged_into,
        "source_count": row.source_count,
        "milestones": {
            kind: _milestone(reached[kind]) if kind in reached else None for kind in MilestoneKind
        },
    }


def _milestone(milestone: Milestone) -> Row:
    return {
        "happened_at": milestone.happened_at,
        "learned_at": milestone.learned_at,
        "told_by": milestone.told_by,
        "how_known": milestone.how_known,
    }


def signal(row: SignalRow, alert_id: str | None) -> Row:
    """Return a signal with the alert that it went to."""
    return asdict(row) | {"country": row.country or None, "alert_id": alert_id}


def item(row: ItemRow, countries: list[str]) -> Row:
    """Return an item with the countries it is about, the main one first."""
    return asdict(row) | {"countries": countries}


def action(row: ActionRow) -> Row:
    """Return an action."""
    return asdict(row)
