"""Jinja2 templates and the stylesheet, read from the package."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from tracker.domain.countries import country_name
from tracker.domain.wording import day_words, due_day_words, due_words, said, sentence_case
from tracker.web.wording import exact, moment


class Templates:
    """Renders pages; every value is escaped, and one that is missing is an error."""

    def __init__(self) -> None:
        self.stylesheet = files("tracker.web").joinpath("static/look.css").read_text(encoding="utf-8")
        self._environment = Environment(
            loader=PackageLoader("tracker.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        digest = hashlib.sha256(self.stylesheet.encode()).hexdigest()[:12]
        self._environment.globals["stylesheet_url"] = f"/light/look.css?v={digest}"
        self._environment.filters |= {
            "country": country_name,
            "day": day_words,
            "due": due_words,
            "due_day": due_day_words,
            "exact": exact,
            "moment": moment,
            "said": said,
            "sentence": sentence_case,
        }

    def render(self, name: str, now: datetime, zone: str, context: Mapping[str, Any]) -> str:
        """Return a page; `zone` is the IANA zone in which its times are shown."""
        return self._environment.get_template(name).render(now=now, zone=zone, **context)
