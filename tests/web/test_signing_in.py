"""One-time addresses: opening one changes nothing, the button signs in, once."""

from dataclasses import replace

import httpx

from tests.web.conftest import Site, hidden, served, words
from tracker.domain.viewer import Viewer
from tracker.domain.words import Role
from tracker.settings import Settings
from tracker.web.app import create_app
from tracker.web.visitors import COOKIE


def test_opening_the_address_signs_nobody_in_and_the_button_does_once(site: Site, officer: Viewer) -> None:
    key, client = site.key(officer), site.browser()
    for _ in range(3):
        assert client.get("/sign-in", params={"key": key}).status_code == 200
    assert client.get("/my").headers["location"] == "/sign-in"
    done = client.post("/sign-in", data={"key": key})
    assert (done.status_code, done.headers["location"]) == (303, "/my")
    assert client.get("/my").status_code == 200
    refused = site.browser().post("/sign-in", data={"key": key})
    assert refused.status_code == 403
    assert "no longer works" in words(refused)


def test_everybody_goes_to_where_their_role_works(site: Site) -> None:
    for role in Role:
        viewer = site.house.viewer(role, countries=("GHA",) if role is Role.MEMBER_STATE else ())
        done = site.browser().post("/sign-in", data={"key": site.key(viewer)})
        assert done.headers["location"] == ("/" if viewer.inside else "/my")


def cookie_of(url: str, key: str) -> str:
    return httpx.post(f"{url}/sign-in", data={"key": key}).headers["set-cookie"].lower()


def test_the_cookie_is_for_this_site_alone_and_secure_where_the_site_is(
    site: Site, officer: Viewer, settings: Settings
) -> None:
    plain = cookie_of(site.url, site.key(officer))
    assert "httponly" in plain
    assert "samesite=lax" in plain
    assert "secure" not in plain
    behind_tls = create_app(site.house.store, replace(settings, public_url="https://early.example.org"))
    with served(behind_tls) as url:
        assert "secure" in cookie_of(url, site.key(officer))


def test_without_an_address_the_page_says_how_to_get_one(site: Site) -> None:
    assert "an address that works once" in words(site.browser().get("/sign-in"))
    assert site.browser().post("/sign-in").status_code == 403


def test_signing_out_needs_the_page_of_this_browser_and_ends_the_cookie(
    site: Site, officer: Viewer, partner: Viewer
) -> None:
    client = site.browser(officer)
    foreign = hidden(site.browser(partner).get("/my"), "csrf")
    assert client.post("/sign-out", data={"csrf": foreign}).status_code == 403
    assert client.post("/sign-out").status_code == 403
    kept = client.cookies[COOKIE]
    assert client.post("/sign-out", data={"csrf": hidden(client.get("/my"), "csrf")}).status_code == 303
    client.cookies.set(COOKIE, kept)
    assert client.get("/my").status_code == 303
    assert "You are signed out" in words(client.get("/sign-out"))


def test_a_form_of_whoever_was_signed_out_meanwhile_says_so(site: Site, officer: Viewer) -> None:
    token = hidden(site.browser(officer).get("/my"), "csrf")
    answer = site.browser().post("/brief/01/answer", data={"csrf": token, "answer": "act"})
    assert answer.status_code == 401
    assert "nothing was recorded" in words(answer)
