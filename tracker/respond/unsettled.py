"""What a field report leaves for a person to settle: which country is meant, which of two under one id holds."""

from datetime import datetime
from enum import StrEnum

from tracker.access.permissions import Deed, require
from tracker.domain.countries import is_country
from tracker.domain.viewer import Viewer
from tracker.domain.words import Hidden
from tracker.errors import NotFoundError, StaleError, SubmissionError
from tracker.store import Store, SystemSession
from tracker.store.reads.items import item_exists, items_by_id
from tracker.store.writes import reports as write
from tracker.store.writes.hiding import withdraw_item
from tracker.store.writes.reports import OpenQuestion


class Holds(StrEnum):
    """Which of two reports under one id counts from now on."""

    BOTH = "both"
    FIRST = "first"
    LATER = "later"


def settle_country(store: Store, viewer: Viewer, item_id: str, country: str | None, now: datetime) -> None:
    """Say which country a report is about, None where it names none that can be known; it is read again.

    Raises:
        NotAllowedError, NotFoundError: not theirs to do, or to see.
        StaleError: somebody settled it before.
        SubmissionError: no such country, or one outside their countries: they would no longer see it.
    """
    require(viewer, Deed.TRIAGE)
    if country is not None and not is_country(country):
        raise SubmissionError("country", "Choose a country by its ISO 3166-1 alpha-3 code, such as MLI.")
    if country is not None and viewer.scope is not None and country not in viewer.scope:
        raise SubmissionError(
            "country", "This country is not among yours. Ask your coordinator to settle it."
        )
    with store.viewing(viewer) as view:
        item_exists(view, item_id)
    with store.acting(viewer.actor, "settle country", now) as work:
        if not _question(work, item_id).country_uncertain:
            raise StaleError(
                "Somebody else settled this country while you were looking. Nothing was changed."
            )
        write.settle_country(work, item_id, country)


def settle_conflict(store: Store, viewer: Viewer, item_id: str, holds: Holds, now: datetime) -> None:
    """Say which of two reports under one id counts; the other one is hidden, with every signal that rests on it.

    It is asked only of those who may see both: who may not, and where one was withdrawn, all answers are refused in
    the same words as where there is nothing to settle.

    Args:
        store: the database.
        viewer: who settles it.
        item_id: the later of the two.
        holds: both, where the id was used twice by mistake.
        now: aware UTC.

    Raises:
        NotAllowedError, NotFoundError: not theirs to do, or to see.
        StaleError: nothing is left to settle that the viewer may see.
    """
    require(viewer, Deed.TRIAGE)
    with store.viewing(viewer) as view:
        item_exists(view, item_id)
        seen = items_by_id(view, [item_id]).get(item_id)
    if seen is None:
        raise NotFoundError("field report", item_id)
    with store.acting(viewer.actor, "settle conflict", now) as work:
        first = _question(work, item_id).conflicts_with
        if first is None or first != seen.conflicts_with:
            raise StaleError(
                "Nothing is left to settle here: somebody else did, or one of the two was taken back. "
                "Nothing was changed."
            )
        write.settle_conflict(work, item_id)
        if holds is Holds.FIRST:
            withdraw_item(work, item_id, Hidden.SUPERSEDED)
        elif holds is Holds.LATER:
            withdraw_item(work, first, Hidden.SUPERSEDED)
            write.succeed(work, first, item_id)


def _question(work: SystemSession, item_id: str) -> OpenQuestion:
    question = write.open_question(work, item_id)
    if question is None:
        raise NotFoundError("field report", item_id)
    return question
