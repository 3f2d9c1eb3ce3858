"""The reporters' pages in seven languages: complete catalogues, the right language chosen, and kept to the end."""

import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from tests.support.cli import REPOSITORY
from tests.web.conftest import Site, hidden, words
from tests.web.test_receipt import sent
from tests.web.test_report_form import send, stored
from tracker.domain.countries import country_choices
from tracker.web.languages import LANGUAGES

TRANSLATED = [lang for lang in LANGUAGES if lang != "en"]
_PLACES = re.compile(r"%\(\w+\)\w|</?\w+>")


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Every message of the code and the templates, as `make words` collects them."""
    target = tmp_path_factory.mktemp("words") / "messages.pot"
    command = (
        f"pybabel -q extract -F {REPOSITORY / 'pyproject.toml'} -k gettext_noop -o {target} {REPOSITORY}"
    )
    CommandLineInterface().run(command.split())  # type: ignore[no-untyped-call]
    with target.open("rb") as source:
        return read_po(source)


def catalogue_file(lang: str) -> Catalog:
    path = REPOSITORY / "tracker/web/locale" / lang / "LC_MESSAGES/messages.po"
    with path.open("rb") as source:
        return read_po(source, locale=lang, abort_invalid=True)


@pytest.mark.parametrize("lang", TRANSLATED)
def test_every_message_is_translated_and_no_translation_is_left_over(lang: str, extracted: Catalog) -> None:
    found = catalogue_file(lang)
    wanted = {message.id for message in extracted if message.id}
    assert len(wanted) > 100
    assert {message.id for message in found if message.id and message.string and not message.fuzzy} == wanted
    assert not found.obsolete


@pytest.mark.parametrize("lang", TRANSLATED)
def test_every_translation_keeps_the_places_and_marks_of_its_message(lang: str) -> None:
    for message in catalogue_file(lang):
        if message.id:
            said, translated = str(message.id), str(message.string)
            assert sorted(_PLACES.findall(said)) == sorted(_PLACES.findall(translated)), said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_form_is_small_in_every_language_and_says_which_it_speaks(site: Site, lang: str) -> None:
    form = site.browser().get("/report", params={"lang": lang})
    assert len(form.content) < 40_000
    assert f'<html lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}">' in form.text
    assert form.headers["content-language"] == lang
    assert all(name in form.text for name in LANGUAGES.values())
    assert dict(country_choices(lang))["CIV"] in words(form)


@pytest.mark.parametrize(
    ("address", "accepts", "speaks"),
    [
        ("/report?lang=sw", "fr", "sw"),
        ("/report?lang=xx", "fr-CA, en;q=0.8", "fr"),
        ("/report", "en;q=0.3, ru-RU;q=0.9, *;q=0.1", "ru"),
        ("/report", "ha, ar;q=0", "en"),
        ("/report", "", "en"),
        ("/report", ";;q=x,,pt;q=one,es", "es"),
        ("/receipt?lang=pt-BR", "fr", "pt"),
        ("/receipt/AAAAA-BBBBB", "es", "es"),
    ],
)
def test_the_address_decides_then_the_browser(site: Site, address: str, accepts: str, speaks: str) -> None:
    shown = site.browser().get(address, headers={"accept-language": accepts})
    assert f'<html lang="{speaks}"' in shown.text


def test_faults_come_back_in_the_language_of_the_form(site: Site) -> None:
    client = site.browser()
    form = client.get("/report?lang=fr")
    assert '<input type="hidden" name="lang" value="fr">' in form.text
    fields = {"client_id": hidden(form, "client_id"), "lang": "fr", "killed": "beaucoup"}
    back = client.post("/report", data={**fields, "help": "x" * 1001})
    said = words(back)
    assert back.status_code == 422
    assert "Choisissez le pays." in said
    assert "Écrivez un nombre entier" in said
    assert "1000 caractères au plus ; il y en a 1001" in said
    assert "Choose the country" not in said


def test_the_language_can_be_changed_without_losing_what_was_typed(site: Site) -> None:
    client = site.browser()
    fields = {"client_id": hidden(client.get("/report"), "client_id"), "lang": "en", "place": "Molo"}
    refused = client.post("/report", data=fields)
    assert 'name="show_in" value="sw"' in refused.text
    changed = client.post("/report", data={**fields, "show_in": "sw"})
    assert '<html lang="sw"' in changed.text
    assert 'value="Molo"' in changed.text
    assert hidden(changed, "lang") == "sw"
    assert stored(site) == []


def test_a_report_keeps_the_language_of_its_form_and_its_receipt_answers_in_it(site: Site) -> None:
    client = site.browser()
    client.headers["accept-language"] = "en"
    shown = send(client, lang="sw")
    assert "Ripoti yako imefika. Asante." in words(shown)
    assert stored(site)[0][0].lang == "sw"
    code = re.search(r'id="code"[^>]*>([^<]+)<', shown.text)
    assert code is not None
    for receipt in (client.get(f"/receipt/{code[1]}"), client.post("/receipt", data={"code": code[1]})):
        assert '<html lang="sw"' in receipt.text
        assert re.search(r"25 Novemba 2026, \d\d:\d\d UTC", words(receipt))
    asked = client.post("/receipt", data={"code": code[1], "lang": "fr"})
    assert "Personne ne l’a encore lu." in words(asked)
    stopping = client.post("/receipt/stop", data={"code": code[1], "lang": "fr"})
    assert hidden(stopping, "lang") == "fr"


def test_a_receipt_changes_its_language_without_its_code_in_an_address(site: Site) -> None:
    code = sent(site)
    receipt = site.browser().get(f"/receipt/{code}").text
    assert 'method="post" action="/receipt"' in receipt
    assert not re.search(rf'(?:href|action)="[^"]*{code}', receipt)


def test_what_goes_wrong_is_said_in_the_reporters_language(site: Site) -> None:
    client = site.browser()
    client.headers["accept-language"] = "es"
    assert "Es demasiado grande" in words(client.post("/report", data={"what": "x" * 200_000}))
    assert "Esta página no acepta eso" in words(client.put("/report"))
    assert "There is no such page" in words(client.get("/nowhere"))


def test_what_goes_wrong_is_said_in_the_language_of_the_form_whatever_the_browser_speaks(site: Site) -> None:
    client = site.browser()
    client.headers["accept-language"] = "en"
    action = re.search(r'<form method="post" action="([^"]+)"', client.get("/report?lang=sw").text)
    assert action is not None
    assert "Hii ni kubwa mno" in words(client.post(action[1], data={"what": "x" * 200_000}))


def test_no_french_sign_stands_alone_at_the_beginning_of_a_line() -> None:
    for message in catalogue_file("fr"):
        assert not message.id or not re.search(r" [:;?!»]|« |\d \d", str(message.string)), message.string


def test_countries_stand_in_the_alphabetical_order_of_their_language() -> None:
    french = [name for _, name in country_choices("fr")]
    assert (
        french.index("Espagne") < french.index("Estonie") < french.index("États-Unis") < french.index("Fidji")
    )
    russian = [name for _, name in country_choices("ru")]
    assert russian.index("Италия") < russian.index("Йемен") < russian.index("Казахстан")
    arabic = [name for _, name in country_choices("ar")]
    assert arabic.index("إثيوبيا") < arabic.index("أذربيجان") < arabic.index("ألبانيا")
    assert all(len({name for _, name in country_choices(lang)}) == 250 for lang in LANGUAGES)


def test_the_catalogues_say_who_has_not_read_them_yet() -> None:
    for lang in ("ar", "ru", "sw"):
        path = REPOSITORY / "tracker/web/locale" / lang / "LC_MESSAGES/messages.po"
        assert "Awaits a native reader" in path.read_text(encoding="utf-8")
