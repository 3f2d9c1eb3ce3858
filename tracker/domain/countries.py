"""Countries by ISO 3166-1 alpha-3 plus XKX, with their CLDR names. Data come from babel (CLDR, Unicode licence)."""

import unicodedata
from functools import cache

from babel import Locale
from babel.core import get_global

_FORMER = frozenset(
    {
        *("AAA", "BUR", "ZAR", "DDR", "FXX", "TMP", "YMD", "ASC", "CPT", "DGA"),
        *("TAA", "SUN", "YUG", "SCG", "ANT", "NTZ", "ZZZ", "QOO", "EUE", "QUU"),
    }
)


@cache
def alpha2_by_code() -> dict[str, str]:
    """Return ISO 3166-1 alpha-3 → alpha-2 for every present country or territory, `XKX` → `XK` included."""
    names = Locale.parse("en").territories
    codes = {
        alias: targets[0]
        for alias, targets in get_global("territory_aliases").items()
        if len(alias) == 3
        and alias.isalpha()
        and alias not in _FORMER
        and len(targets) == 1
        and len(targets[0]) == 2
        and targets[0] in names
        and not (alias.startswith("X") and alias != "XKX")
    }
    return codes | {"XKX": "XK"}


def is_country(code: str) -> bool:
    """Return whether `code` is an ISO 3166-1 alpha-3 code, or XKX."""
    return code in alpha2_by_code()


@cache
def country_name(code: str, lang: str = "en") -> str:
    """Return the CLDR name of a country in a language; the code itself where CLDR has none."""
    return str(Locale.parse(lang).territories.get(alpha2_by_code().get(code, ""), code))


@cache
def country_choices(lang: str = "en") -> tuple[tuple[str, str], ...]:
    """Return (code, name) of every country in a language, in its alphabetical order."""
    pairs = ((code, country_name(code, lang)) for code in alpha2_by_code())
    return tuple(sorted(pairs, key=lambda pair: _alphabetical(pair[1])))


def _alphabetical(name: str) -> str:
    """Return what a name is sorted by: marks on letters do not count, but й is a letter of its own, after и."""
    spread = (char if char == "й" else unicodedata.normalize("NFD", char) for char in name.casefold())
    return "".join(char for char in "".join(spread) if not unicodedata.combining(char))
