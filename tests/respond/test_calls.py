"""A call that an analyst writes down is a report of the partner who called, and names nobody."""

from typing import Any

import pytest
from sqlalchemy import select

from tests.support.house import House
from tracker.domain.viewer import Viewer
from tracker.domain.words import Role, SourceKind, Tlp
from tracker.errors import NotAllowedError, TrackerError
from tracker.respond.calls import log_call
from tracker.store.tables import AuditRow, FieldReport, History, Item, Source

SAID: dict[str, Any] = {
    "what": "Leaflets tell people to leave.",
    "country": "MLI",
    "source_code": "k 012",
    "channel": "messenger",
    "may_share_un": True,
    "read_aloud": True,
}


def test_it_is_a_report_of_the_source_with_that_code_and_no_row_names_who_wrote_it_down(
    house: House, analyst: Viewer
) -> None:
    first = log_call(house.store, analyst, SAID, house.now)
    second = log_call(house.store, analyst, {**SAID, "source_code": "K-12", "what": "More."}, house.now)
    assert first.code
    assert first.code != second.code
    with house.store.looking("test", house.now) as work:
        [source] = work.scalars(select(Source)).all()
        assert (source.name, source.kind, source.item_count) == ("Partner K-12", SourceKind.PARTNER, 2)
        report = work.get_one(FieldReport, first.item_id)
        assert (report.channel, report.may_share_un, report.may_contact) == ("messenger", True, False)
        assert work.get_one(Item, first.item_id).tlp is Tlp.AMBER_STRICT
        actors = [*work.scalars(select(History.actor)), *work.scalars(select(AuditRow.actor))]
    assert not any(analyst.user_id in actor for actor in actors)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"source_code": "Amina"}, "never a name"),
        ({"source_code": ""}, "never a name"),
        ({"channel": "pigeon"}, "Choose one of: phone"),
        ({"read_aloud": False}, "read aloud"),
        ({"what": " "}, "what"),
        ({"country": None}, "country"),
        ({"tlp": "RED"}, "coordinator"),
    ],
)
def test_what_is_missing_or_wrong_is_told_and_nothing_is_kept(
    house: House, analyst: Viewer, wrong: dict[str, Any], says: str
) -> None:
    with pytest.raises(TrackerError, match=says):
        log_call(house.store, analyst, {**SAID, **wrong}, house.now)
    with house.store.looking("test", house.now) as work:
        assert work.scalars(select(Item)).all() == []


@pytest.mark.parametrize("role", [Role.PARTNER, Role.OFFICER, Role.MEMBER_STATE, Role.ADMIN])
def test_only_those_who_triage_write_down_a_call_and_no_partner_speaks_as_another_source(
    house: House, role: Role
) -> None:
    with pytest.raises(NotAllowedError, match="triage"):
        log_call(house.store, house.viewer(role, "UN", countries=("SSD",)), SAID, house.now)
    with house.store.looking("test", house.now) as work:
        assert work.scalars(select(Source).where(Source.name == "Partner K-12")).all() == []
        assert work.scalars(select(Item)).all() == []
