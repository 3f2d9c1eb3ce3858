from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from nacl.public import PrivateKey, SealedBox
from sqlalchemy import select

from tests.support.house import House, house_at
from tracker.access.people import NewPerson, create_user, end_access, show_people, viewer_of_email
from tracker.access.sealing import create_keys, seal
from tracker.access.signin import (
    make_link,
    make_token,
    sign_in,
    sign_out,
    viewer_of_cookie,
    viewer_of_token,
)
from tracker.domain.words import Role, Tlp
from tracker.errors import ConfigError, NotFoundError, SubmissionError
from tracker.store.tables import AuditRow, Grant, SignIn, SignInLink
from tracker.store.writes.digest import subscribers
from tracker.store.writes.people import grant, newest_public_key, people


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with house_at(database_url) as house:
        yield house


def key_of(link: str) -> str:
    return parse_qs(urlsplit(link).query)["key"][0]


def test_an_address_signs_in_once(house: House) -> None:
    ana = house.viewer(Role.ANALYST)
    key = key_of(make_link(house.store, ana.user_id, "https://x.example", house.now))
    cookie = sign_in(house.store, key, house.later(hours=1))
    assert viewer_of_cookie(house.store, cookie, house.now) == ana
    assert sign_in(house.store, key, house.now) is None


def test_an_address_runs_out_after_three_days(house: House) -> None:
    ana = house.viewer(Role.ANALYST)
    key = key_of(make_link(house.store, ana.user_id, "https://x.example", house.now))
    assert sign_in(house.store, key, house.now + timedelta(days=3, seconds=1)) is None


def test_a_cookie_ends_with_the_sign_out_and_after_twelve_hours(house: House) -> None:
    ana = house.viewer(Role.ANALYST)
    cookies = []
    for _ in range(2):
        key = key_of(make_link(house.store, ana.user_id, "https://x.example", house.now))
        cookies.append(sign_in(house.store, key, house.now) or "")
    sign_out(house.store, cookies[0], house.now)
    assert viewer_of_cookie(house.store, cookies[0], house.now) is None
    assert viewer_of_cookie(house.store, cookies[1], house.later(hours=11)) == ana
    assert viewer_of_cookie(house.store, cookies[1], house.later(hours=2)) is None


@pytest.mark.parametrize("cookie", [None, "", "made up"])
def test_nobody_is_signed_in_with_a_wrong_cookie(house: House, cookie: str | None) -> None:
    assert viewer_of_cookie(house.store, cookie, house.now) is None


def test_no_secret_is_stored_as_it_is(house: House) -> None:
    ana = house.viewer(Role.ANALYST)
    key = key_of(make_link(house.store, ana.user_id, "https://x.example", house.now))
    cookie = sign_in(house.store, key, house.now)
    with house.store.looking("test", house.now) as work:
        stored = {*work.scalars(select(SignInLink.secret_hash)), *work.scalars(select(SignIn.secret_hash))}
    assert not stored & {key, cookie}


def test_a_new_token_of_the_same_name_stops_the_old(house: House) -> None:
    partner = house.viewer(Role.PARTNER)
    old = make_token(house.store, partner.user_id, "phone", house.now)
    new = make_token(house.store, partner.user_id, "phone", house.now)
    assert viewer_of_token(house.store, new, house.now) == partner
    assert viewer_of_token(house.store, old, house.now) is None


def test_a_wrong_token_is_nobodys(house: House) -> None:
    assert viewer_of_token(house.store, "eat_made-up", house.now) is None


def test_ending_somebodys_access_ends_all_of_it_and_is_audited(house: House) -> None:
    ana, email = house.viewer(Role.ANALYST, name="Ana"), "ana.platform@example.org"
    other = house.viewer(Role.ANALYST, name="Bo")
    links = [
        key_of(make_link(house.store, who.user_id, "https://x.example", house.now))
        for who in (ana, ana, other)
    ]
    cookie = sign_in(house.store, links[0], house.now)
    token = make_token(house.store, ana.user_id, "script", house.now)
    with house.store.acting("test", "grant", house.now) as work:
        grant(work, ana.user_id, ["row"])
        grant(work, other.user_id, ["row"])
    end_access(house.store, f" {email.upper()} ", house.later(hours=1))
    assert viewer_of_cookie(house.store, cookie, house.now) is None
    assert viewer_of_token(house.store, token, house.now) is None
    assert sign_in(house.store, links[1], house.now) is None
    assert sign_in(house.store, links[2], house.now) is not None
    with house.store.looking("test", house.now) as work:
        assert list(work.scalars(select(Grant.user_id))) == [other.user_id]
        assert ana.user_id not in subscribers(work, inside_only=False)
        assert [person.id for person in people(work)] == [other.user_id]
        assert [person.id for person in people(work, [ana.user_id])] == [ana.user_id]
        deed = work.scalars(select(AuditRow).where(AuditRow.deed == "user disabled")).one()
    assert (deed.subject, deed.actor) == (ana.user_id, "operator")


def test_whose_access_was_ended_gets_no_new_one(house: House) -> None:
    house.viewer(Role.ANALYST, name="Ana")
    email = "ana.platform@example.org"
    end_access(house.store, email, house.now)
    for again in (end_access, viewer_of_email):
        with pytest.raises(NotFoundError):
            again(house.store, email, house.now)
    with pytest.raises(ConfigError, match="lost their access"):
        create_user(house.store, NewPerson(email, Role.ANALYST, "Platform"), house.now)


@pytest.mark.parametrize(
    ("person", "said"),
    [
        (NewPerson("no address", Role.ANALYST, "X"), "not an e-mail address"),
        (NewPerson("a@b.org", Role.OFFICER, "X", countries=("Mali",)), "ISO 3166-1 alpha-3"),
        (NewPerson("a@b.org", Role.MEMBER_STATE, "X"), "needs the State"),
    ],
)
def test_a_person_who_cannot_be_added_says_why(house: House, person: NewPerson, said: str) -> None:
    with pytest.raises(SubmissionError, match=said):
        create_user(house.store, person, house.now)


def test_a_taken_address_is_refused(house: House) -> None:
    house.viewer(Role.ANALYST, name="Ana")
    with pytest.raises(ConfigError, match="already"):
        house.viewer(Role.ANALYST, name="Ana")


def test_a_member_states_first_country_is_its_own_and_no_scope(house: House) -> None:
    mali = house.viewer(Role.MEMBER_STATE, "Mali", countries=("MLI",))
    assert (mali.own_country, mali.scope, mali.clearance) == ("MLI", None, Tlp.GREEN)


def test_outside_ones_organisation_a_person_is_a_role(house: House) -> None:
    ana, bo = house.viewer(Role.ANALYST, name="Ana"), house.viewer(Role.ANALYST, "Accord", name="Bo")
    omar = house.viewer(Role.OFFICER, "UN", name="Omar")
    assert show_people(house.store, ana, [bo.user_id, omar.user_id], house.now)[omar.user_id] == "Omar"
    assert show_people(house.store, omar, [bo.user_id], house.now) == {bo.user_id: "analyst, Accord"}


def test_only_the_private_key_opens_who_reported(house: House, tmp_path: Path) -> None:
    private = create_keys(house.store, tmp_path / "keys", house.now)
    with house.store.looking("test", house.now) as work:
        key = newest_public_key(work)
    assert key is not None
    sealed = seal(key, "A. Reporter", "+223 1234")
    assert b"Reporter" not in sealed.box
    opened = SealedBox(PrivateKey(bytes.fromhex(private.read_text()))).decrypt(sealed.box)
    assert b"A. Reporter" in opened
    assert oct(private.stat().st_mode & 0o777) == "0o600"


def test_a_private_key_is_never_overwritten(house: House, tmp_path: Path) -> None:
    create_keys(house.store, tmp_path, house.now)
    with pytest.raises(ConfigError, match="exists already"):
        create_keys(house.store, tmp_path, house.now)
