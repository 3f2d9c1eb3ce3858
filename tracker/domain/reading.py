"""Reads parts of a configuration file and says, where a part is wrong, which file, which key, what is allowed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NoReturn, TypeVar

from tracker.errors import ConfigError

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_Word = TypeVar("_Word", bound=str)


@dataclass(frozen=True)
class Part:
    """A mapping inside a file; `path` is the dotted key that leads to it, empty for the whole file."""

    file: str
    path: str
    content: Mapping[str, Any]

    @classmethod
    def whole(cls, file: str, content: object) -> "Part":
        """Start at the top of a file.

        Raises:
            ConfigError: the file holds no mapping.
        """
        if not isinstance(content, Mapping):
            raise ConfigError(f"{file} must hold keys and values, not {type(content).__name__}.")
        return cls(file, "", content)

    def refuse(self, key: str, problem: str, allowed: Iterable[str] = ()) -> NoReturn:
        """Raise the ConfigError for a key of this part."""
        said = ", ".join(sorted(allowed))
        where = f"{self.path}.{key}" if self.path else key
        raise ConfigError(f"{self.file}: {where} {problem}" + (f"; allowed: {said}" if said else "") + ".")

    def _get(self, key: str, kind: type | tuple[type, ...], called: str, default: Any) -> Any:
        value = self.content.get(key, default)
        if value is None:
            self.refuse(key, f"is missing; it must be {called}")
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.refuse(key, f"is {value!r}; it must be {called}")
        return value

    def text(self, key: str) -> str:
        """Return a text that is not empty."""
        value: str = self._get(key, str, "a text", None)
        return value.strip() or self.refuse(key, "is empty")

    def yes(self, key: str, default: bool = False) -> bool:
        """Return a yes or no; `default` where the key is absent."""
        return bool(self._get(key, bool, "true or false", default))

    def whole_number(self, key: str, at_least: int = 0, default: int | None = None) -> int:
        """Return a whole number of at least so much."""
        value: int = self._get(key, int, f"a whole number of at least {at_least}", default)
        return value if value >= at_least else self.refuse(key, f"is {value}; at least {at_least} is needed")

    def number(self, key: str, above: float = 0.0, below: float = float("inf")) -> float:
        """Return a number strictly between `above` and `below`."""
        value = float(self._get(key, (int, float), "a number", None))
        if not above < value < below:
            self.refuse(key, f"is {value}; it must lie between {above} and {below}")
        return value

    def word(self, key: str, allowed: Mapping[str, _Word]) -> _Word:
        """Return one of the allowed words."""
        value = str(self.content.get(key))
        if value not in allowed:
            self.refuse(key, f"is {self.content.get(key)!r}", allowed)
        return allowed[value]

    def duration(self, key: str) -> timedelta:
        """Return a duration written as a whole number and m, h or d, such as `4h`."""
        return self._duration(key, str(self.content.get(key, "")))

    def durations(self, key: str) -> tuple[timedelta, ...]:
        """Return a list of durations, shortest first; empty where the key is absent."""
        return tuple(sorted(self._duration(key, said) for said in self.texts(key)))

    def _duration(self, key: str, said: str) -> timedelta:
        if said[-1:] not in _UNITS or not said[:-1].isdigit():
            self.refuse(key, f"is {said!r}; write a whole number and a unit such as 4h", _UNITS)
        return int(said[:-1]) * _UNITS[said[-1]]

    def part(self, key: str) -> "Part":
        """Return the mapping under a key."""
        content = self._get(key, Mapping, "keys and values", None)
        return Part(self.file, f"{self.path}.{key}" if self.path else key, content)

    def parts(self, key: str) -> list["Part"]:
        """Return the mappings of a list under a key, each named by its code or its place."""
        found: list[Part] = []
        for place, content in enumerate(self._get(key, list, "a list", None)):
            if not isinstance(content, Mapping):
                self.refuse(key, f"[{place}] must hold keys and values")
            name = content.get("code", place)
            found.append(Part(self.file, f"{self.path}.{key}[{name}]".lstrip("."), content))
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; empty where the key is absent."""
        values: list[Any] = self._get(key, list, "a list of texts", [])
        for value in values:
            if not isinstance(value, str):
                self.refuse(key, f"holds {value!r}, which is no text; put it in quotes")
        return tuple(values)

    def words(self, key: str, allowed: Iterable[str]) -> tuple[str, ...]:
        """Return a list of texts, each of which is allowed."""
        known = frozenset(allowed)
        values = self.texts(key)
        for value in values:
            if value not in known:
                self.refuse(key, f"names {value!r}", known)
        return values

    def table(self, key: str) -> Mapping[str, Any]:
        """Return a mapping with its keys as text; empty where the key is absent."""
        return {str(name): value for name, value in self._get(key, Mapping, "keys and values", {}).items()}
