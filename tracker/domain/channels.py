"""Which channels people may choose to be told by, from config/channels.yaml; and how an address is shown. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Self
from urllib.parse import unquote

from tracker.domain.reading import Part
from tracker.domain.wording import listed
from tracker.errors import SubmissionError

_LONGEST = 500
_WEBHOOKS = ("json", "jsons", "form", "forms", "xml", "xmls")
_SHOWN, _SHOWN_OF_AT_LEAST = 3, 24


@dataclass(frozen=True)
class Service:
    """A service that notices may go by: the schemes of its addresses, and an address as an example."""

    code: str
    name: str
    schemes: tuple[str, ...]
    example: str


@dataclass(frozen=True)
class Services:
    """What config/channels.yaml allows."""

    listed: tuple[Service, ...]
    time_limit_s: int
    give_up_after: timedelta

    @classmethod
    def read(cls, content: Mapping[str, object]) -> Self:
        """Read the file.

        Raises:
            ConfigError: a key is missing or wrong; names it.
        """
        whole = Part.whole("config/channels.yaml", content)
        services = (
            Service(each.text("code"), each.text("name"), each.texts("schemes"), each.text("example"))
            for each in whole.parts("services")
        )
        return cls(tuple(services), whole.whole_number("time_limit_s", 1), whole.duration("give_up_after"))

    def of(self, address: str) -> Service:
        """Return the service that an address belongs to.

        Raises:
            SubmissionError: it is none of those listed, or no address; never repeats the address.
        """
        scheme, sep, rest = address.partition("://")
        found = next((each for each in self.listed if scheme.lower() in each.schemes), None)
        if not sep or found is None:
            names = listed([each.name for each in self.listed])
            raise SubmissionError("address", "This is no address of %(names)s.", names=names)
        is_short = bool(rest.strip("/")) and len(address) <= _LONGEST and address.isprintable()
        if not is_short or (scheme.lower() in _WEBHOOKS and _shapes_request(rest)):
            raise SubmissionError("address", "Write it like this: %(example)s", example=found.example)
        return found

    def masked(self, address: str) -> str:
        """Return an address as it is shown once it is kept: its service, and at most the last three letters."""
        end = address[-_SHOWN:] if len(address) >= _SHOWN_OF_AT_LEAST else ""
        return f"{self.of(address).name} · …{end}"


def _shapes_request(rest: str) -> bool:
    """Return whether an address asks for another method, or for headers or values of its own (`+`, `-`, `:`)."""
    keys = re.split("[?&;]", rest)[1:]
    names = [unquote(key).partition("=")[0].strip(" ").lower() for key in keys]
    return any(name == "method" or name.startswith(("+", "-", ":")) for name in names)
