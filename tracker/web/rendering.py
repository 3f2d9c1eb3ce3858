"""Jinja2 templates and the stylesheet, read from the package; one environment for each language of the pages."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from tracker.domain.countries import country_name
from tracker.domain.grades import graded
from tracker.domain.wording import day_words, due_day_words, due_words, said, sentence_case
from tracker.web.languages import ENGLISH, LANGUAGES, catalogue, direction, stamp
from tracker.web.wording import exact, moment


class Templates:
    """Renders pages; every value is escaped, and one that is missing is an error."""

    def __init__(self) -> None:
        self.stylesheet = files("tracker.web").joinpath("static/look.css").read_text(encoding="utf-8")
        digest = hashlib.sha256(self.stylesheet.encode()).hexdigest()[:12]
        self._stylesheet_url = f"/light/look.css?v={digest}"
        self._speaking = cache(self._environment)

    def render(
        self, name: str, now: datetime, zone: str, context: Mapping[str, Any], lang: str = ENGLISH
    ) -> str:
        """Return a page; `zone` is the IANA zone in which its times are shown, `lang` the language it speaks."""
        return self._speaking(lang).get_template(name).render(now=now, zone=zone, **context)

    def _environment(self, lang: str) -> Environment:
        environment = Environment(
            loader=PackageLoader("tracker.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        messages = catalogue(lang)
        environment.install_gettext_translations(messages, newstyle=True)  # type: ignore[attr-defined]
        environment.globals |= {
            "stylesheet_url": self._stylesheet_url,
            "lang": lang,
            "direction": direction(lang),
            "all_languages": LANGUAGES,
        }
        environment.filters |= {
            "country": country_name,
            "day": day_words,
            "due": due_words,
            "due_day": due_day_words,
            "exact": exact,
            "in_words": lambda words: {value: messages.gettext(said) for value, said in words.items()},
            "graded": graded,
            "moment": moment,
            "said": said,
            "sentence": sentence_case,
            "stamp": lambda at: stamp(at, "UTC", lang),
        }
        return environment
