"""Which country a sender means by what they wrote: a code or a name. Where it could be several, none. Pure.

Never guessed from who sent it. Names are those of CLDR in the seven languages of the form, and those that CLDR has
not, after the United Nations' list of member States. Case, accents and signs do not matter.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from tracker.domain.countries import alpha2_by_code, country_name

LANGUAGES = ("en", "fr", "es", "pt", "ar", "ru", "sw")
_OTHER_NAMES: Mapping[str, str] = {
    "BOL": "Bolivia (Plurinational State of)",
    "BRN": "Brunei Darussalam",
    "CIV": "Ivory Coast, Cote d'Ivoire",
    "COD": "DR Congo, DRC, RDC, Congo-Kinshasa, Congo (Democratic Republic of the), République démocratique du Congo,"
    "República Democrática del Congo, República Democrática do Congo, Democratic Republic of Congo",
    "COG": "Congo-Brazzaville, Republic of Congo, République du Congo, Republic of the Congo, República del Congo",
    "CPV": "Cape Verde",
    "CZE": "Czech Republic",
    "FSM": "Micronesia (Federated States of)",
    "GBR": "UK, Great Britain, United Kingdom of Great Britain and Northern Ireland",
    "IRN": "Iran (Islamic Republic of)",
    "KOR": "Republic of Korea, Korea (Republic of)",
    "LAO": "Lao People's Democratic Republic",
    "MDA": "Republic of Moldova, Moldova (Republic of)",
    "MKD": "Macedonia",
    "MMR": "Burma, Myanmar",
    "PRK": "Democratic People's Republic of Korea, Korea (Democratic People's Republic of), DPRK",
    "PSE": "Palestine, State of Palestine",
    "RUS": "Russian Federation",
    "SSD": "South Soudan, Sud-Soudan",
    "SWZ": "Swaziland",
    "SYR": "Syrian Arab Republic",
    "TLS": "East Timor",
    "TUR": "Turkey",
    "TZA": "United Republic of Tanzania, Tanzania (United Republic of)",
    "USA": "USA, US, United States of America",
    "VAT": "Holy See",
    "VEN": "Venezuela (Bolivarian Republic of)",
    "VNM": "Viet Nam",
    "CAF": "CAR, Central African Rep., RCA",
}
_SHARED = ("Congo", "Kongo", "Конго", "الكونغو", "Guinea", "Guinée", "Guiné", "Gine", "Гвинея", "غينيا")
"""Names of one country that people also write for its namesakes."""

_AT_MOST = 5
_ALIKE = 0.75
"""Share of letters that two names have in common (difflib's ratio, 0..1) from which one may be the other misspelt."""


@dataclass(frozen=True)
class CountryRead:
    """The country meant, None where that is not certain; then those that are `near`, nearest first."""

    code: str | None
    near: tuple[str, ...] = ()


def read_country(said: str) -> CountryRead:
    """Read a country from its ISO 3166-1 code, of three letters or two, or from a name in one of seven languages."""
    bare = said.strip()
    codes = alpha2_by_code()
    if bare.upper() in codes:
        return CountryRead(bare.upper())
    by_two = {two: three for three, two in codes.items()}
    if len(bare) == len("NA") and bare.upper() in by_two:
        return CountryRead(by_two[bare.upper()])
    folded = _fold(bare)
    meant = _by_name().get(folded, frozenset())
    if len(meant) == 1 and folded not in map(_fold, _SHARED):
        return CountryRead(next(iter(meant)))
    return CountryRead(None, _near(folded))


def _near(folded: str) -> tuple[str, ...]:
    """Return the countries whose names hold these words, then those whose names are written most alike."""
    if not folded:
        return ()
    names = _by_name()
    holding = [name for name in names if f" {folded} " in f" {name} "]
    alike = [] if holding else get_close_matches(folded, names, n=2 * _AT_MOST, cutoff=_ALIKE)
    found = dict.fromkeys(
        code for name in [*sorted(holding, key=len), *alike] for code in sorted(names[name])
    )
    return tuple(found)[:_AT_MOST]


@cache
def _by_name() -> dict[str, frozenset[str]]:
    """Return folded name → the countries that it names."""
    found: dict[str, set[str]] = defaultdict(set)
    for code in alpha2_by_code():
        names = [country_name(code, lang) for lang in LANGUAGES]
        names += _OTHER_NAMES.get(code, "").split(",") if code in _OTHER_NAMES else []
        for name in names:
            found[_fold(name)].add(code)
    return {name: frozenset(codes) for name, codes in found.items()}


def _fold(name: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    words = re.sub(r"[\W_]+", " ", re.sub(r"[\"'’]", "", plain.replace("&", " and "))).split()
    return " ".join(word for word in words if word != "the")
