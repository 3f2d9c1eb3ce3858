"""The languages of the pages for reporters: which one a page speaks, and what its messages are in it.

Catalogues are the .po files in `locale/`, each read once, when its language is first asked for. A message without
a translation is shown in English. No cookie remembers the choice: it travels in forms and links.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from gettext import NullTranslations
from importlib.resources import files
from io import BytesIO
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from fastapi import Request

from tracker.errors import SubmissionError

ENGLISH = "en"
LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "fr": "Français",
    "es": "Español",
    "pt": "Português",
    "ar": "العربية",
    "ru": "Русский",
    "sw": "Kiswahili",
}
"""Language → its own name, in the order in which pages offer them."""

_LEFT_TO_RIGHT = "\u2066{}\u2069"
"""Keeps an hour and its zone in order within a line from right to left (Unicode isolates)."""

_WRITTEN_AS = {ENGLISH: "en_GB"}


@cache
def catalogue(lang: str) -> NullTranslations:
    """Return the messages of a language; English has them in the code."""
    if lang == ENGLISH:
        return NullTranslations()
    with files("tracker.web").joinpath(f"locale/{lang}/LC_MESSAGES/messages.po").open("rb") as source:
        messages = read_po(source, locale=lang)
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return Translations(compiled)


def direction(lang: str) -> str:
    """Return "rtl" for a language that is written from right to left, "ltr" for the others."""
    return str(Locale.parse(lang).text_direction)


def stamp(at: datetime, zone: str, lang: str) -> str:
    """Return an instant as a language writes it: "25 November 2026, 09:40 UTC"; `zone` is an IANA name."""
    local, locale = at.astimezone(ZoneInfo(zone)), _WRITTEN_AS.get(lang, lang)
    day = format_date(local.date(), "long", locale=locale)
    hour = f"{format_time(local, 'HH:mm', tzinfo=ZoneInfo(zone), locale=locale)} {local:%Z}"
    return f"{day}، {_LEFT_TO_RIGHT.format(hour)}" if direction(lang) == "rtl" else f"{day}, {hour}"


def problem_in(lang: str, error: SubmissionError) -> str:
    """Return what is wrong with a field, in a language."""
    return error.said_by(catalogue(lang).gettext)


def asked_language(request: Request, form: Mapping[str, str] | None = None) -> str | None:
    """Return the language that was asked for, by a form or else the address; None where none of ours was."""
    said = (form or {}).get("lang") or request.query_params.get("lang") or ""
    lang = said.strip().casefold().partition("-")[0]
    return lang if lang in LANGUAGES else None


def language_of(request: Request, form: Mapping[str, str] | None = None) -> str:
    """Return the language to answer in: the one asked for, else the browser's first that we have, else English."""
    asked = asked_language(request, form)
    return asked or next(iter(_accepted(request.headers.get("accept-language", ""))), ENGLISH)


def _accepted(header: str) -> list[str]:
    """Return the languages of ours that a browser accepts, its favourite first."""
    weighed = []
    for said in header.split(","):
        tag, _, weight = said.partition(";")
        lang = tag.strip().casefold().partition("-")[0]
        if lang in LANGUAGES and _weight(weight) > 0:
            weighed.append((_weight(weight), lang))
    return [lang for _, lang in sorted(weighed, key=lambda pair: -pair[0])]


def _weight(said: str) -> float:
    try:
        return float(said.strip().removeprefix("q=") or 1)
    except ValueError:
        return 0
